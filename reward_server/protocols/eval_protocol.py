"""Fireworks' eval-protocol: `POST /evaluate`, for its `RewardFunction(mode="remote", endpoint=…)`.

Request and answer as eval-protocol 0.3.33 has them: `{"messages", "ground_truth", "kwargs"}` gives
`{"score", "is_score_valid", "reason", "metrics"}`. The last message of role `assistant` is graded. `kwargs` may name
`kind` or `data_source`. "No verdict" is `is_score_valid: false`, which its own runner leaves out; a failure of ours is
503, which raises in `RewardFunction`, and only what the row or completion causes is an invalid 0.

Its TRL adapter (0.3.33) makes 0 of every failure, 503 included: with TRL, `trainer_client.adapters.trl` is the one to
use. Without a column `solution` it sends the prompt's messages as `ground_truth`: those are refused, not graded.
"""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from reward_server.http.bodies import JsonRoute
from reward_server.http.items import grade_items, refused
from reward_server.http.labels import label_task, last_reply, no_verdict, why_null

router = APIRouter(route_class=JsonRoute)
_OPTIONS = ("kind", "data_source")


class EvaluationRequest(BaseModel):
    """One conversation. `kwargs` may hold `kind` or `data_source`, and `rewards` as in `POST /score`."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="allow")

    messages: list[dict[str, Any]] = Field(min_length=1)
    ground_truth: Any = None


@router.post("/evaluate", summary="eval-protocol: grade one conversation", response_model=None)
async def evaluate(request: Request, body: EvaluationRequest) -> Response:
    """Grade the last answer of the assistant."""
    said = last_reply(body.messages)
    if not said:
        raise refused("messages", "hold no message of the role assistant")
    options, truth = (body.model_extra or {}).get("kwargs") or {}, body.ground_truth
    if isinstance(truth, list) and truth and all(isinstance(one, dict) and "role" in one for one in truth):
        raise refused("ground_truth", "holds messages, not an answer: map the data set's answer column to it")
    if not isinstance(options, dict) or not all(isinstance(options.get(name, ""), str) for name in _OPTIONS):
        raise refused("kwargs", "must be an object, in which `kind` and `data_source` are names")
    task = label_task("ground_truth", truth, kind=options.get("kind"), data_source=options.get("data_source"))
    records = await grade_items(request, [{"task": task, "completion": said}], options.get("rewards"))
    if (failure := no_verdict(records)) is not None:
        return failure
    record = records[0]
    valid = record["reward"] is not None
    reason = "" if valid else why_null(record)
    metrics = {
        name: {"score": value or 0, "is_score_valid": value is not None, "reason": ""}
        for name, value in record["parts"].items()
    }
    return JSONResponse({"score": record["reward"] or 0, "is_score_valid": valid, "reason": reason, "metrics": metrics})
