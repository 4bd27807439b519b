"""`POST /consensus`: which answer most of a prompt's completions agree on."""

import asyncio

from fastapi import APIRouter, Response

from reward_server.errors import TaskError
from reward_server.grading.consensus import ConsensusRequest, ConsensusResponse, consensus
from reward_server.http.answers import RequestRefused
from reward_server.http.bodies import JsonRoute
from reward_server.wire import ErrorResponse, Problem, completion_text

router = APIRouter(route_class=JsonRoute)


@router.post("/consensus", response_model=ConsensusResponse, summary="The answer most of k completions agree on")
async def majority(body: ConsensusRequest) -> Response:
    """Count equivalent answers together and name the majority; with a ground truth, grade it too."""
    completions = [completion_text(completion)[0] for completion in body.completions]
    try:
        found = await asyncio.to_thread(consensus, completions, body.task)
    except TaskError as error:
        problem = Problem(row=None, field="task", message=str(error), input="")
        raise RequestRefused(422, ErrorResponse(detail=str(error), problems=[problem])) from None
    return Response(found.model_dump_json(), media_type="application/json")
