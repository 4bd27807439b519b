"""OpenEnv's environment server: one question an episode, whose reward is the answer's.

    GenericEnvClient(base_url="http://127.0.0.1:8000")     # WebSocket /ws, or HTTP /reset and /step

The tasks are those that this server keeps (`REWARD_TASKS_FILE`); their ground truths never leave it. `reset` takes the
task by `task_id` (its name), or by `seed` (its number, counted round); the observation is `{"question"}`. `step` takes
the action `{"response"}` and ends the episode. Requests, answers and WebSocket frames as openenv 0.10 has them.

A null is `reward: null` with the reason in `metadata`, which OpenEnv allows: trainers leave such an episode out. Over
HTTP episodes are told apart by `episode_id`, given or made by `reset` and found in its `metadata`; `step` without one
is refused, since it could be graded against another client's question.
"""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from reward_server.errors import Overloaded
from reward_server.http.answers import RequestRefused
from reward_server.http.bodies import JsonRoute
from reward_server.http.items import grade_items, refused
from reward_server.http.registry import KeptTask, Registry
from reward_server.http.sessions import Sessions, task_at

_MOST_FRAME_CHARACTERS = 16 << 20
_NO_TASKS = "this server keeps no tasks: start it with REWARD_TASKS_FILE"
router = APIRouter(route_class=JsonRoute)
_sessions = Sessions()


class Answer(BaseModel):
    """The action: what the model wrote."""

    model_config = ConfigDict(extra="ignore")

    response: str


class Question(BaseModel):
    """The observation."""

    question: str = ""
    done: bool = False
    reward: float | None = None
    metadata: dict[str, Any] = {}


@router.get("/health", include_in_schema=False)
async def health() -> dict[str, str]:
    """Say that the process lives, in the words of OpenEnv and open-instruct."""
    return {"status": "healthy"}


@router.get("/schema", include_in_schema=False)
async def schema() -> dict[str, Any]:
    """Return the schemas of actions, observations and states."""
    states = {"type": "object", "properties": {"episode_id": {"type": "string"}, "step_count": {"type": "integer"}}}
    observation = Question.model_json_schema()
    return {"action": Answer.model_json_schema(), "observation": observation, "state": states}


@router.get("/metadata", include_in_schema=False)
async def metadata() -> dict[str, Any]:
    """Return what the environment is."""
    return {"name": "reward-server", "description": "questions whose answers are graded", "version": "1.0.0"}


@router.get("/state", include_in_schema=False)
async def state(episode_id: str | None = None) -> dict[str, Any]:
    """Return how far an episode is: nothing is kept of it but its question."""
    return {"episode_id": episode_id, "step_count": 0}


@router.post("/reset", summary="OpenEnv: begin an episode", response_model=None)
async def reset(request: Request, body: dict[str, Any]) -> Response:
    """Hand out a question."""
    kept = _chosen(request.app.state.registry, body)
    episode = _sessions.open(str(body.get("episode_id") or ""), kept)
    return JSONResponse(_asked(kept) | {"metadata": {"episode_id": episode, "task_id": kept.name}})


@router.post("/step", summary="OpenEnv: answer the question", response_model=None)
async def step(request: Request, body: dict[str, Any]) -> Response:
    """Grade the answer; the episode is over."""
    episode = str(body.get("episode_id") or "")
    kept = _sessions.task_of(episode)
    if kept is None:
        raise refused("episode_id", "is missing or not known here: `reset` gives it in `metadata`")
    return JSONResponse(await _graded(request, kept, body.get("action")))


@router.websocket("/ws")
async def episodes(socket: WebSocket) -> None:
    """Speak frames of `{"type": "reset" | "step" | "state" | "close", "data"}`: one episode at a time."""
    origin = socket.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != socket.headers.get("host"):
        await socket.close(1008, "another site's page may not connect")
        return
    await socket.accept()
    kept: KeptTask | None = None
    steps = 0
    try:
        while True:
            received = await socket.receive()
            if received["type"] == "websocket.disconnect":
                return
            frame = _frame(received.get("text") or received.get("bytes") or "")
            told = frame.get("type")
            given = frame.get("data")
            data: dict[str, Any] = given if isinstance(given, dict) else {}
            if told == "close":
                await socket.close()
                return
            try:
                if told == "reset":
                    kept, steps = _chosen(socket.app.state.registry, data), 0
                    answer = _asked(kept)
                elif told == "step" and kept is not None:
                    answer, steps = await _graded(socket, kept, data), steps + 1
                elif told == "state":
                    await socket.send_json({"type": "state", "data": {"episode_id": None, "step_count": steps}})
                    continue
                else:
                    raise refused("type", "must be reset, step, state or close, and reset comes first")
                await socket.send_json({"type": "observation", "data": answer})
            except (RequestRefused, Overloaded) as error:
                await socket.send_json({"type": "error", "data": {"message": str(error), "code": "REFUSED"}})
    except WebSocketDisconnect:
        return


def _frame(text: str | bytes) -> dict[str, Any]:
    if len(text) > _MOST_FRAME_CHARACTERS:
        return {}
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return frame if isinstance(frame, dict) else {}


def _chosen(registry: Registry, data: dict[str, Any]) -> KeptTask:
    name = data.get("task_id")
    if name is not None:
        found = next((kept for kept in registry.tasks if kept.name == str(name)), None)
        if found is None:
            raise refused("task_id", f"no kept task is called {str(name)[:60]!r}")
        return found
    seed = data.get("seed") or 0
    found = task_at(registry, seed) if isinstance(seed, int) else None
    if found is None:
        raise refused("seed", _NO_TASKS if not registry.tasks else "must be a whole number")
    return found


def _asked(kept: KeptTask) -> dict[str, Any]:
    return {"observation": {"metadata": {}, "question": kept.prompt}, "reward": None, "done": False}


async def _graded(request: Any, kept: KeptTask, action: Any) -> dict[str, Any]:
    said = action.get("response") if isinstance(action, dict) else None
    if not isinstance(said, str):
        raise refused("action.response", "must be a text: what the model wrote")
    (record,) = await grade_items(request, [{"task": kept.name, "completion": said}])
    told: dict[str, Any] = {"outcome": record["outcome"]}
    if record["reward"] is None:
        told |= {"reason": record["evidence"].get("reason", ""), "retryable": record["retryable"]}
    observation = {"metadata": told, "question": ""}
    return {"observation": observation, "reward": record["reward"], "done": True, "metadata": told}
