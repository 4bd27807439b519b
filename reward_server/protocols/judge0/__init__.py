"""Judge0's API: submissions, one or a batch, waited for or asked for later; languages, statuses, configuration.

    judge0.Client(endpoint="http://127.0.0.1:8000", headers={"X-Auth-Token": "…"})

Requests, answers, status and language numbers as Judge0 CE has them. `expected_output` stays in this server and is
compared as there: white space at the ends of lines and of the text aside. Times are CPU seconds, memory is kibibytes.

Refused by name: callbacks, compiler options, network, additional files, several runs. `cpu_extra_time` is added to the
limit; limits that this server gives to every program anyway (stack, processes, file size) are taken and not lowered.
A failure of ours is status 13 (Internal Error) with the reason in `message`: Judge0 has nothing else for it, and a
client that takes it for a wrong answer trains on our failure. Tokens live in this process for an hour.
"""

import asyncio
import base64
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from reward_server.errors import Overloaded, ServiceError
from reward_server.grading.programs import TIMED_OUT, Asked, exit_code, stderr_text
from reward_server.http.bodies import JsonRoute
from reward_server.http.items import refused
from reward_server.http.tickets import Tickets
from reward_server.protocols.judge0.tables import BY_SIGNAL, CONFIGURATION, LANGUAGES, STATUSES, VERSION
from sandboxes.execution import Execution, Status

_MOST_IN_A_BATCH = int(CONFIGURATION["max_submission_batch_size"])
_ENCODED = ("source_code", "stdin", "expected_output", "stdout", "stderr", "compile_output", "message")
_FIELDS = "stdout,time,memory,stderr,token,compile_output,message,status"
_REFUSED = ("callback_url", "compiler_options", "enable_network", "additional_files")

router = APIRouter(route_class=JsonRoute)
_tickets: Tickets[dict[str, Any]] = Tickets()


class Submission(BaseModel):
    """A program to run; limits in seconds of CPU time and KiB."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="allow")

    source_code: str
    language_id: int
    stdin: str | None = None
    expected_output: str | None = None
    command_line_arguments: str | None = None
    cpu_time_limit: float | None = Field(default=None, gt=0)
    cpu_extra_time: float | None = Field(default=None, ge=0)
    memory_limit: float | None = Field(default=None, gt=0)
    number_of_runs: int | None = None
    redirect_stderr_to_stdout: bool | None = None


class Batch(BaseModel):
    """Several submissions."""

    submissions: list[Submission] = Field(max_length=_MOST_IN_A_BATCH)


@router.get("/languages", summary="Judge0: languages", response_model=None)
@router.get("/languages/all", include_in_schema=False, response_model=None)
async def languages(request: Request) -> Response:
    """Return the languages that programs may be in here."""
    here = request.app.state.service.language_versions()
    named = [{"id": number, "name": name} for number, (name, language) in LANGUAGES.items() if language in here]
    return JSONResponse(named)


@router.get("/languages/{number}", include_in_schema=False, response_model=None)
async def language(number: int) -> Response:
    """Return one language."""
    if number not in LANGUAGES:
        raise HTTPException(404, f"there is no language {number} here")
    return JSONResponse({"id": number, "name": LANGUAGES[number][0], "is_archived": False})


@router.get("/statuses", include_in_schema=False, response_model=None)
async def statuses() -> Response:
    """Return what a submission's status may be."""
    return JSONResponse([{"id": number, "description": text} for number, text in STATUSES.items()])


@router.get("/about", include_in_schema=False)
async def about() -> dict[str, str]:
    """Say whose numbers are spoken; clients choose language numbers by it."""
    return {"version": VERSION, "homepage": "", "source_code": "", "maintainer": "reward-server"}


@router.get("/config_info", include_in_schema=False)
async def config_info() -> dict[str, Any]:
    """Return what is taken here and what is not."""
    return CONFIGURATION


@router.post("/submissions", summary="Judge0: submit a program", status_code=201, response_model=None)
@router.post("/submissions/", include_in_schema=False, response_model=None)
async def submit(
    request: Request, body: Submission, *, base64_encoded: bool = False, wait: bool = False, fields: str = _FIELDS
) -> Response:
    """Run it; the token at once, or with `wait=true` what came of it."""
    token = _started(request, body, encoded=base64_encoded)
    if not wait:
        return JSONResponse({"token": token}, 201)
    return JSONResponse(await _told(token, fields, encoded=base64_encoded, wait=True), 201)


@router.post("/submissions/batch", summary="Judge0: submit several programs", response_model=None)
async def submit_batch(request: Request, body: Batch, *, base64_encoded: bool = False) -> Response:
    """Run them; one token each."""
    asked = [_read(one, encoded=base64_encoded) for one in body.submissions]
    tokens = [_enter(request, *one) for one in asked]
    return JSONResponse([{"token": token} for token in tokens], 201)


@router.get("/submissions/batch", summary="Judge0: what came of several", response_model=None)
async def batch(tokens: str, *, base64_encoded: bool = False, fields: str = _FIELDS) -> Response:
    """Return each submission's state, null for a token that is not known."""
    named = tokens.split(",")[:_MOST_IN_A_BATCH]
    told = [await _told(token, fields, encoded=base64_encoded) for token in named]
    return JSONResponse({"submissions": told})


@router.get("/submissions/{token}", summary="Judge0: what came of a submission", response_model=None)
async def submission(token: str, fields: str = _FIELDS, *, base64_encoded: bool = False) -> Response:
    """Return its state; 404 for a token that is not known, or not any more."""
    told = await _told(token, fields, encoded=base64_encoded)
    if told is None:
        raise HTTPException(404, "the token is not known here: submissions are kept for an hour")
    return JSONResponse(told)


def _started(request: Request, body: Submission, *, encoded: bool) -> str:
    return _enter(request, *_read(body, encoded=encoded))


def _enter(request: Request, asked: Asked, given: dict[str, Any]) -> str:
    token = secrets.token_hex(16)
    begun = {"token": token, "created_at": _now(), **given}
    _tickets.submit(_judged(request.app.state.service.run, asked, begun), token)
    return token


def _read(body: Submission, *, encoded: bool) -> tuple[Asked, dict[str, Any]]:
    extra = body.model_extra or {}
    for name in _REFUSED:
        if extra.get(name):
            raise refused(name, "is not taken here")
    if (body.number_of_runs or 1) != 1:
        raise refused("number_of_runs", "must be 1: CPU time is measured once, and does not depend on load")
    if body.language_id not in LANGUAGES:
        raise refused("language_id", f"{body.language_id} is not run here; GET /languages lists what is")
    texts = {
        name: _decoded(name, getattr(body, name), encoded=encoded)
        for name in ("source_code", "stdin", "expected_output")
    }
    seconds = (body.cpu_time_limit or CONFIGURATION["cpu_time_limit"]) + (body.cpu_extra_time or 0.0)
    asked = Asked(
        LANGUAGES[body.language_id][1],
        texts["source_code"] or "",
        (texts["stdin"] or "").encode("utf-8", "surrogatepass"),
        tuple((body.command_line_arguments or "").split()),
        cpu_seconds=seconds,
        memory_bytes=int(body.memory_limit or CONFIGURATION["memory_limit"]) << 10,
    )
    return asked, {**body.model_dump(), **texts}


async def _judged(run: Callable[[Asked], Any], asked: Asked, begun: dict[str, Any]) -> dict[str, Any]:
    try:
        execution: Execution = await run(asked)
    except (ServiceError, Overloaded) as failure:
        return begun | _state(13) | {"message": str(failure), "finished_at": _now()}
    out, err = execution.stdout.decode("utf-8", "replace"), stderr_text(execution)
    code, failed = exit_code(execution), execution.status is Status.COMPILE_ERROR
    if begun["redirect_stderr_to_stdout"]:
        out, err = out + err, ""
    return begun | {
        **_state(_status(execution, out, begun["expected_output"])),
        "stdout": None if failed or not out else out,
        "stderr": None if failed or not err else err,
        "compile_output": err if failed else None,
        "message": None,
        "time": f"{execution.cpu_seconds:.3f}",
        "wall_time": f"{execution.wall_seconds:.3f}",
        "memory": execution.memory_bytes >> 10,
        "exit_code": code if code >= 0 else None,
        "exit_signal": -code if code < 0 else None,
        "finished_at": _now(),
    }


def _status(execution: Execution, stdout: str, expected: str | None) -> int:
    if execution.status is Status.COMPILE_ERROR:
        return 6
    if execution.status in TIMED_OUT:
        return 5
    code = exit_code(execution)
    if code:
        return BY_SIGNAL.get(-code, 11 if code > 0 else 12)
    return 3 if expected is None or _stripped(stdout) == _stripped(expected) else 4


def _stripped(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def _state(number: int) -> dict[str, Any]:
    return {"status": {"id": number, "description": STATUSES[number]}, "status_id": number}


async def _told(token: str, fields: str, *, encoded: bool, wait: bool = False) -> dict[str, Any] | None:
    work = _tickets.find(token)
    if work is None:
        return None
    if wait:
        await asyncio.wait([work])
    whole = {"token": token, **_state(2)} if not work.done() else work.result()
    names = list(_WHOLE if fields == "*" else fields.split(","))
    told = {name: whole.get(name) for name in names}
    for name in _ENCODED:
        if encoded and told.get(name) is not None:
            told[name] = base64.b64encode(str(told[name]).encode("utf-8", "replace")).decode()
    return told


_WHOLE = (
    *(name for name in Submission.model_fields),
    *("stdout", "stderr", "compile_output", "message", "status", "status_id", "time", "wall_time", "memory"),
    *("exit_code", "exit_signal", "created_at", "finished_at", "token"),
)


def _decoded(name: str, text: str | None, *, encoded: bool) -> str | None:
    if text is None or not encoded:
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except ValueError:
        raise refused(name, "is not base64, and base64_encoded=true says so") from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
