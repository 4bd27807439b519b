"""The Open Reward Standard: an environment of questions, answered by the tool `submit`.

    OPENREWARD_SESSION_URL=http://127.0.0.1:8000   (the client derives another host without it)

The tasks are those that this server keeps (`REWARD_TASKS_FILE`), in one split `train`; lists of them have ids and
questions, never ground truths. Routes, bodies and events as ors-sdk 0.1.0 has them, with and without the environment's
name in front, since openreward 0.1.167 names it in `X-Deployment`; `/task` also has `env_name`, which TRL asks for.

A null is an error of the tool (`ok: false`), never a reward: the model's turn is not rewarded and the client sees why.
"""

from typing import Any

import orjson
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from reward_server.errors import Overloaded
from reward_server.http.items import grade_items, refused
from reward_server.http.registry import KeptTask, Registry
from reward_server.http.sessions import Sessions

_SPLIT = "train"
_NAME = "reward-server"
_TOOL = {
    "name": "submit",
    "description": "Submit the final answer.",
    "input_schema": {
        "properties": {"answer": {"title": "Answer", "type": "string"}},
        "required": ["answer"],
        "title": "Submit",
        "type": "object",
    },
}
router = APIRouter()
_sessions = Sessions()


@router.get("/list_environments", include_in_schema=False)
async def list_environments() -> list[str]:
    """Name the one environment."""
    return [_NAME]


@router.get("/tools", include_in_schema=False)
@router.get("/task_tools", include_in_schema=False)
@router.get("/{environment}/tools", include_in_schema=False)
@router.get("/{environment}/task_tools", include_in_schema=False)
async def tools() -> dict[str, Any]:
    """Return the one tool."""
    return {"tools": [_TOOL]}


@router.get("/splits", include_in_schema=False)
@router.get("/{environment}/splits", include_in_schema=False)
async def splits() -> list[dict[str, str]]:
    """Name the one split."""
    return [{"name": _SPLIT, "type": _SPLIT}]


@router.post("/tasks", summary="ORS: the questions", response_model=None)
@router.post("/{environment}/tasks", include_in_schema=False, response_model=None)
async def tasks(request: Request) -> Response:
    """Return all questions with their ids."""
    registry: Registry = request.app.state.registry
    return JSONResponse({"tasks": [_shown(kept) for kept in registry.tasks], "env_name": _named(request)})


@router.post("/num_tasks", include_in_schema=False, response_model=None)
@router.post("/{environment}/num_tasks", include_in_schema=False, response_model=None)
async def num_tasks(request: Request) -> Response:
    """Count them."""
    return JSONResponse({"num_tasks": len(request.app.state.registry.tasks)})


@router.post("/task", include_in_schema=False, response_model=None)
@router.post("/{environment}/task", include_in_schema=False, response_model=None)
async def task(request: Request) -> Response:
    """Return the question of an index."""
    kept = _at(request.app.state.registry, (await _body(request)).get("index"))
    return JSONResponse({"task": _shown(kept), "env_name": _named(request)})


@router.post("/task_range", include_in_schema=False, response_model=None)
@router.post("/{environment}/task_range", include_in_schema=False, response_model=None)
async def task_range(request: Request) -> Response:
    """Return questions from `start` to before `stop`."""
    body, registry = await _body(request), request.app.state.registry
    start, stop = body.get("start") or 0, body.get("stop")
    if not isinstance(start, int) or not (stop is None or isinstance(stop, int)):
        raise refused("start", "start and stop must be whole numbers")
    shown = [_shown(kept) for kept in registry.tasks[start:stop]]
    return JSONResponse({"tasks": shown, "env_name": _named(request)})


@router.post("/create_session", summary="ORS: begin a session", response_model=None)
async def create_session() -> Response:
    """Hand out a session's id."""
    return _events(_sessions.open())


@router.post("/create", include_in_schema=False, response_model=None)
async def create(request: Request) -> Response:
    """Give a session its task, by `task_spec` or by split and index."""
    session, body, registry = _session(request), await _body(request), request.app.state.registry
    spec = body.get("task_spec")
    if isinstance(spec, dict):
        kept = next((one for one in registry.tasks if one.name == str(spec.get("id"))), None)
        if kept is None:
            raise HTTPException(404, f"no task has the id {str(spec.get('id'))[:60]!r}")
    else:
        kept = _at(registry, body.get("index"))
    _sessions.open(session, kept)
    return JSONResponse({"sid": session})


@router.get("/prompt", include_in_schema=False, response_model=None)
@router.get("/{environment}/prompt", include_in_schema=False, response_model=None)
async def prompt(request: Request) -> Response:
    """Return the session's question."""
    return JSONResponse([{"text": _task_of(request).prompt, "detail": None, "type": "text"}])


@router.post("/call", summary="ORS: submit an answer", response_model=None)
@router.post("/{environment}/call", include_in_schema=False, response_model=None)
async def call(request: Request) -> Response:
    """Grade the answer that the tool `submit` is called with."""
    kept, body = _task_of(request), await _body(request)
    given = body.get("input")
    answer = given.get("answer") if isinstance(given, dict) else None
    if body.get("name") != "submit" or not isinstance(answer, str):
        return _events(_session(request), {"ok": False, "error": "the tool is submit, with a text as `answer`"})
    try:
        (record,) = await grade_items(request, [{"task": kept.name, "completion": answer}])
    except Overloaded as full:
        return _events(_session(request), {"ok": False, "error": f"no verdict: {full}"})
    if record["reward"] is None:
        reason = record["evidence"].get("reason", "")
        return _events(_session(request), {"ok": False, "error": f"no verdict: {record['outcome']}, {reason}"})
    block = {"text": record["outcome"], "detail": None, "type": "text"}
    output = {"blocks": [block], "metadata": None, "reward": record["reward"], "finished": True}
    return _events(_session(request), {"ok": True, "output": output})


@router.post("/ping", include_in_schema=False)
async def ping(request: Request) -> dict[str, str]:
    """Keep a session."""
    _session(request)
    return {"status": "ok"}


@router.post("/delete", include_in_schema=False)
@router.post("/delete_session", include_in_schema=False)
async def delete(request: Request) -> dict[str, str]:
    """End a session."""
    name = request.headers.get("x-session-id", "")
    if request.url.path.endswith("/delete_session"):
        _sessions.close(name)
    return {"sid": name}


def _events(told: str, output: dict[str, Any] | None = None) -> Response:
    end = "" if output is None else orjson.dumps(output).decode()
    text = f"event: task_id\r\ndata: {told}\r\n\r\nevent: end\r\ndata: {end}\r\n\r\n"
    return Response(text, media_type="text/event-stream")


def _session(request: Request) -> str:
    name = request.headers.get("x-session-id", "")
    if name not in _sessions:
        raise HTTPException(404, "X-Session-ID: no such session here, or not any more: create_session makes one")
    return name


def _task_of(request: Request) -> KeptTask:
    kept = _sessions.task_of(_session(request))
    if kept is None:
        raise HTTPException(409, "the session has no task yet: /create gives it one")
    return kept


def _at(registry: Registry, index: Any) -> KeptTask:
    if not isinstance(index, int) or not 0 <= index < len(registry.tasks):
        raise HTTPException(404, f"there is no task {index!r} among the {len(registry.tasks)} that this server keeps")
    return registry.tasks[index]


def _shown(kept: KeptTask) -> dict[str, str]:
    return {"id": kept.name, "question": kept.prompt}


def _named(request: Request) -> str:
    return request.headers.get("x-deployment") or request.path_params.get("environment") or _NAME


async def _body(request: Request) -> dict[str, Any]:
    raw = await request.body()
    try:
        body = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise HTTPException(422, f"the body is not valid JSON: {error}") from error
    return body if isinstance(body, dict) else {}
