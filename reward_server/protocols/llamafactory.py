"""LLaMA-Factory's remote reward model: `POST /v1/score/evaluation`, for `reward_model_type: api`.

    reward_model_type: api
    reward_model: http://127.0.0.1:8000/v1/score/evaluation

Request and answer as LLaMA-Factory 0.9.5 has them: `{"model", "messages": [text of prompt and completion, …]}` gives
`{"id", "object", "model", "scores"}`. It sends no ground truth, so the server has to keep the tasks
(`REWARD_TASKS_FILE`): the task is the one whose prompt stands first in the text, and what follows it is the completion.
A text with no prompt that is kept is 422 and names it. `model` may name reward parts: `accuracy:1,format:0.5`.

There is no "no verdict": a failure of ours is 503, at which LLaMA-Factory stops; what a row or completion causes is 0.
"""

import asyncio
import secrets

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from reward_server.http.bodies import JsonRoute
from reward_server.http.items import grade_items, refused, weights
from reward_server.http.labels import no_verdict

_ROLE = ("assistant", "model", "<|assistant|>", "<|im_start|>assistant", "ASSISTANT:", "### Response:")
router = APIRouter(route_class=JsonRoute)


class ScoreEvaluationRequest(BaseModel):
    """Texts to score."""

    model: str = "model"
    messages: list[str]
    max_length: int | None = None


@router.post("/v1/score/evaluation", summary="LLaMA-Factory's remote reward model", response_model=None)
async def score_evaluation(request: Request, body: ScoreEvaluationRequest) -> Response:
    """Score each text."""
    registry = request.app.state.registry
    items = []
    for row, text in enumerate(body.messages):
        told = await asyncio.to_thread(registry.told_by, text)
        if told is None:
            message = "holds no prompt of a task that this server keeps: start it with REWARD_TASKS_FILE"
            raise refused("messages", message, row)
        kept, rest = told
        items.append({"task": kept.name, "completion": _completion(rest)})
    named = [part for part in body.model.split(",") if ":" in part]
    records = await grade_items(request, items, weights(named)) if items else []
    if (failure := no_verdict(records)) is not None:
        return failure
    scores = [float(record["reward"] or 0) for record in records]
    told_id = f"scoreeval-{secrets.token_hex(16)}"
    return JSONResponse({"id": told_id, "object": "score.evaluation", "model": body.model, "scores": scores})


def _completion(rest: str) -> str:
    """Return what the model wrote: the template's word for its turn is cut off the front."""
    text = rest.lstrip()
    for token in ("<|im_end|>", "<|eot_id|>", "</s>", "[/INST]"):
        text = text.removeprefix(token).lstrip()
    for role in _ROLE:
        if text.startswith(role):
            return text.removeprefix(role).lstrip("\n :>")
    return text
