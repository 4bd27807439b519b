"""ROLL's remote reward system: hand in, then ask until it is done.

    submit_url: http://127.0.0.1:8000/reward-system/v1/submit_task
    get_result_url: http://127.0.0.1:8000/reward-system/v1/task_result
    xrl_authorization: <REWARD_API_TOKEN>

Requests and answers as ROLL 8eb27cc's `RewardSystemHandler` has them, with `dimention_reward_score` (sic). The ground
truth is `reward_info.ground_truth`; its kind is told by `reward_info.kind` or `reward_info.data_source`, or by a
`plugin_name` of `reward_manager` that is a kind; mathematics where nothing tells.

ROLL makes 0 of whatever it gets no score for, five timeouts later, and pays the siblings for it. So a failure of ours
is "still running" (errcode 1) and tried again until shortly before the submission's `timeout`; then it is errcode 0
with a `reward_score` that is the reason as text, of which ROLL's worker can make no tensor: the step does not happen.
A null that the row or completion causes is errcode 2 with the reason, which ROLL counts as 0.
"""

import asyncio
import secrets
import time
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from reward_server import graders
from reward_server.errors import Overloaded
from reward_server.files.rows import UnknownRow, task_for
from reward_server.http.answers import RequestRefused
from reward_server.http.bodies import JsonRoute
from reward_server.http.items import grade_items, refused
from reward_server.http.tickets import Tickets
from reward_server.verdict import Outcome

_AGAIN_SECONDS = 1.0
_ASKED_EVERY_SECONDS = 15.0
"""ROLL asks every 2 s, with a time limit of 20 s; what is said after its timeout it does not hear."""
_MOST_BYTES = 65536
_DONE, _RUNNING, _FAILED = 0, 1, 2

router = APIRouter(route_class=JsonRoute)
_tickets: Tickets[dict[str, Any]] = Tickets()


class TaskRequest(BaseModel):
    """One rollout; the fields that only describe the experiment are ignored."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    prompt: Any = None
    response: str
    reward_info: dict[str, Any] = Field(default_factory=dict)
    reward_manager: list[dict[str, Any]] = Field(default_factory=list)
    timeout: float = Field(default=300, gt=0)
    """Seconds after which a failure of ours is given up."""


@router.post("/reward-system/v1/submit_task", summary="ROLL: hand in a rollout", response_model=None)
async def submit_task(request: Request, body: TaskRequest) -> Response:
    """Start grading it; the answer has the number to ask for."""
    item = {"task": _task(body), "completion": body.response}
    token = secrets.token_hex(16)
    _tickets.submit(_graded(request, item, body.timeout), token)
    return JSONResponse({"errcode": _DONE, "errmsg": "", "reward_request_id": token})


@router.get("/reward-system/v1/task_result", summary="ROLL: what came of a rollout", response_model=None)
async def task_result(request: Request, reward_request_id: str = "") -> Response:
    """Answer errcode 0 with the score, 1 while it is graded, 2 where there is none. The id comes as a JSON body."""
    token = reward_request_id or await _token_of(request)
    work = _tickets.find(token)
    if work is None:
        return JSONResponse({"errcode": _FAILED, "errmsg": "the request id is not known here"})
    if not work.done():
        return JSONResponse({"errcode": _RUNNING, "errmsg": ""})
    return JSONResponse(work.result())


async def _token_of(request: Request) -> str:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise refused("reward_request_id", "the body is too long")
    try:
        given = orjson.loads(bytes(body))
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict) or not isinstance(given.get("reward_request_id"), str):
        raise refused("reward_request_id", "is missing")
    token: str = given["reward_request_id"]
    return token


def _task(body: TaskRequest) -> dict[str, Any]:
    info = body.reward_info
    if "ground_truth" not in info:
        raise refused("reward_info.ground_truth", "is missing")
    plugins = [str(manager.get("plugin_name")) for manager in body.reward_manager]
    kind = info.get("kind") or next((name for name in plugins if name in graders.discover()), None)
    try:
        return task_for(info["ground_truth"], kind=kind, data_source=info.get("data_source"))
    except UnknownRow as error:
        raise refused("reward_info", str(error)) from None


async def _graded(request: Request, item: dict[str, Any], seconds: float) -> dict[str, Any]:
    started = time.time()
    patience = max(seconds - _ASKED_EVERY_SECONDS, seconds / 4)
    while True:
        try:
            (record,) = await grade_items(request, [item])
        except Overloaded as full:
            left = started + patience - time.time()
            if left <= 0:
                return _unscored(str(full))
            await asyncio.sleep(min(full.retry_after_seconds, left))
            continue
        except RequestRefused as error:
            return {"errcode": _FAILED, "errmsg": str(error)}
        lost = record["reward"] is None
        if not lost:
            break
        reason = f"{record['outcome']}: {record['evidence'].get('reason', '')}"
        if record["outcome"] != Outcome.UNGRADABLE:
            return {"errcode": _FAILED, "errmsg": reason}
        if not record["retryable"] or time.time() - started > patience:
            return _unscored(reason)
        await asyncio.sleep(_AGAIN_SECONDS)
    parts = {name: {"score": value, "debug_info": {}} for name, value in record["parts"].items()}
    return {
        "errcode": _DONE,
        "errmsg": "",
        "reward_score": record["reward"],
        "dimention_reward_score": parts,
        "start_time": started,
        "end_time": time.time(),
    }


def _unscored(reason: str) -> dict[str, Any]:
    """Return the answer at which ROLL stops."""
    text = f"no verdict: {reason}"
    return {"errcode": _DONE, "errmsg": text, "reward_score": text, "dimention_reward_score": {}}
