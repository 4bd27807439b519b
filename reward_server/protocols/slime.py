"""slime's and miles' remote reward model: `POST /remote_rm`, one rollout a request.

    --rm-type remote_rm --rm-url "http://127.0.0.1:8000/remote_rm?kind=math"

Request and answer as `slime/rollout/rm_hub` (624b824) has them: `{"prompt", "response", "label"}` gives a bare number,
or with `?format=dict` (for `--reward-key score`) an object of numbers. A label is a ground truth, a whole task as an
object or JSON text, or `{"data_source": …, "ground_truth": …}`.

slime has no "no verdict" here. A null that the completion or its row causes is 0, and `?format=dict` says so in
`ungradable`; a failure of ours is 503, which slime asks again ten times and then stops at (miles: at once).
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from reward_server.http.bodies import JsonRoute
from reward_server.http.items import grade_items, refused, weights
from reward_server.http.labels import LabelOptions, label_task, no_verdict

router = APIRouter(route_class=JsonRoute)


class RolloutRequest(BaseModel):
    """One rollout."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    prompt: Any = None
    """Text or messages; for the audit log alone."""
    response: str
    label: Any = None


class Options(LabelOptions):
    """The URL's query parameters."""

    format: Literal["number", "dict"] = "number"
    as_dict: bool = Field(default=False, alias="dict")
    """`dict=1` is short for `format=dict`."""


@router.post("/remote_rm", summary="slime's remote reward model", response_model=None)
async def remote_rm(request: Request, body: RolloutRequest, options: Annotated[Options, Query()]) -> Response:
    """Grade one rollout."""
    if body.label is None:
        raise refused("label", "is missing: name the data set's column with --label-key")
    task = label_task("label", body.label, kind=options.kind, data_source=options.data_source)
    records = await grade_items(request, [{"task": task, "completion": body.response}], weights(options.rewards))
    if (failure := no_verdict(records)) is not None:
        return failure
    record = records[0]
    score = record["reward"] or 0
    if options.format == "number" and not options.as_dict:
        return JSONResponse(float(score))
    parts = {name: value or 0 for name, value in record["parts"].items()}
    told = {"score": float(score), "acc": float(record["outcome"] == "correct")}
    return JSONResponse(told | parts | {"ungradable": float(record["reward"] is None)})
