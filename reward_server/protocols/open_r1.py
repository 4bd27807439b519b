"""open-r1's code router: `POST /execute_batch`, for its `--e2b_router_url` and `--morph_router_url`.

Request and answer as `open_r1/utils/routed_sandbox.py` (1416fa0) has them. Programs run as they are and say what they
print; open-r1's scripts judge themselves and print a number, which a program inside them can print too.
`timeout` counts CPU seconds; `request_timeout` is the client's own matter.
"""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from reward_server.errors import ServiceError
from reward_server.grading.programs import TIMED_OUT, Asked, NotRunHere, stderr_text
from reward_server.http.bodies import JsonRoute
from reward_server.http.items import refused
from reward_server.testing.languages import language_of
from sandboxes.execution import Execution, Status

_MOST_SCRIPTS = 4096
router = APIRouter(route_class=JsonRoute)


class BatchRequest(BaseModel):
    """Scripts, each with its language."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    scripts: list[str] = Field(max_length=_MOST_SCRIPTS)
    languages: list[str]
    timeout: float = Field(default=30, gt=0)
    request_timeout: float = 60


@router.post("/execute_batch", summary="open-r1: run scripts", response_model=None)
async def execute_batch(request: Request, body: BatchRequest) -> Response:
    """Run each; 503 for a failure of ours, so that none becomes a number."""
    if len(body.scripts) != len(body.languages):
        raise refused("languages", f"has {len(body.languages)} entries for {len(body.scripts)} scripts")
    asked = []
    for row, (script, name) in enumerate(zip(body.scripts, body.languages, strict=True)):
        language = language_of(name)
        if language is None:
            raise refused("languages", f"{name[:40]!r} is not run here", row)
        asked.append(Asked(language, script, cpu_seconds=body.timeout))
    service = request.app.state.service
    ran = await asyncio.gather(*(service.run(each) for each in asked), return_exceptions=True)
    told = []
    for one in ran:
        if isinstance(one, NotRunHere):
            told.append({"execution": None, "exception_str": str(one)})
        elif isinstance(one, ServiceError):
            return JSONResponse({"detail": str(one)}, 503, {"Retry-After": "1"})
        elif isinstance(one, BaseException):
            raise one
        else:
            told.append(_told(one))
    return JSONResponse(told)


def _told(execution: Execution) -> dict[str, Any]:
    if execution.status in TIMED_OUT:
        return {"execution": None, "exception_str": "TimeoutError: the script ran into its time limit"}
    out, err = execution.stdout.decode("utf-8", "replace"), stderr_text(execution)
    failed = execution.status is not Status.OK
    last = execution.error or (err.strip().splitlines() or [execution.status.value])[-1]
    error = {"name": last.partition(":")[0], "value": last.partition(":")[2].strip(), "traceback": err}
    return {
        "execution": {
            "text": out.strip() or None,
            "logs": {"stdout": [out], "stderr": [err]},
            "error": error if failed else None,
            "results": [],
            "execution_count": 1,
        },
        "exception_str": None,
    }
