"""Piston's API, version 2: `GET /api/v2/runtimes`, `POST /api/v2/execute`; also under `/api/v2/piston/`.

    PISTON_ENDPOINTS=http://127.0.0.1:8000/api/v2   (open-r1)
    PistonClient(base_url="http://127.0.0.1:8000/api/v2")   (eval-protocol, aiopyston)

Request and answer as engineer-man/piston has them. The first file is the program, the others lie in its working
directory. Programs run as they are and say what they print: the client judges, and so can be cheated as by Piston.
Times are milliseconds; limits count CPU time. `output` is stdout followed by stderr: how they were interleaved is not
kept. Failures of ours are 503; a language that is not run here is 400, as there.
"""

import base64
import binascii
import re
import signal
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from reward_server.errors import ServiceError
from reward_server.grading.programs import TIMED_OUT, Asked, NotRunHere, compiles, exit_code, stderr_text
from reward_server.http.bodies import JsonRoute
from reward_server.http.items import refused, relative_path
from reward_server.testing.languages import language_of
from sandboxes.execution import Execution, Status
from sandboxes.languages import discover

_NAMES = {"cpp": "c++", "csharp": "csharp.net"}
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_STATUS = {Status.OUTPUT_LIMIT: "OL", Status.CPU_LIMIT: "TO", Status.WALL_LIMIT: "TO"}
_MESSAGES = {"OL": "stdout length exceeded", "TO": "Time limit exceeded"}

router = APIRouter(route_class=JsonRoute)


class File(BaseModel):
    """One file of a job."""

    name: str = ""
    content: str
    encoding: Literal["utf8", "base64", "hex"] = "utf8"


class Job(BaseModel):
    """A program to run."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    language: str
    version: str = "*"
    """Taken as it is: there is one version of each language here."""
    files: list[File] = Field(min_length=1)
    stdin: str = ""
    args: list[str] = Field(default_factory=list)
    run_timeout: float = 3000
    """Milliseconds of CPU time."""
    compile_timeout: float = 10000
    run_memory_limit: int = -1
    """Bytes; −1: 512 MiB."""
    compile_memory_limit: int = -1


@router.get("/api/v2/runtimes", summary="Piston: languages", response_model=None)
@router.get("/api/v2/runtimes/", include_in_schema=False, response_model=None)
@router.get("/api/v2/piston/runtimes", include_in_schema=False, response_model=None)
@router.get("/api/v2/piston/runtimes/", include_in_schema=False, response_model=None)
async def runtimes(request: Request) -> Response:
    """Return the languages that programs may be in here."""
    versions = request.app.state.service.language_versions()
    return JSONResponse(
        [
            {
                "language": _NAMES.get(name, name),
                "version": version,
                "aliases": sorted({name, *discover()[name].aliases} - {_NAMES.get(name, name)}),
            }
            for name, version in ((name, _version(told)) for name, told in sorted(versions.items()))
        ]
    )


@router.post("/api/v2/execute", summary="Piston: run a program", response_model=None)
@router.post("/api/v2/execute/", include_in_schema=False, response_model=None)
@router.post("/api/v2/piston/execute", include_in_schema=False, response_model=None)
@router.post("/api/v2/piston/execute/", include_in_schema=False, response_model=None)
async def execute(request: Request, body: Job) -> Response:
    """Run it once."""
    service = request.app.state.service
    language = language_of({"csharp.net": "csharp"}.get(body.language, body.language))
    versions = service.language_versions()
    if language is None or language not in versions:
        raise HTTPException(400, f"{body.language[:40]}-{body.version[:20]} runtime is unknown")
    main, *others = body.files
    memory = 512 << 20 if body.run_memory_limit < 0 else body.run_memory_limit
    files = {relative_path(f"files.{row + 1}.name", file.name): _bytes(file) for row, file in enumerate(others)}
    stdin = body.stdin.encode("utf-8", "surrogatepass")
    source = _bytes(main).decode("utf-8", "replace")
    asked = Asked(language, source, stdin, tuple(body.args), files, body.run_timeout / 1000, memory)
    try:
        execution: Execution = await service.run(asked)
    except NotRunHere as never:
        raise HTTPException(400, str(never)) from never
    except ServiceError as failure:
        raise HTTPException(503, str(failure), {"Retry-After": "1"}) from failure
    return JSONResponse(_told(body.language, _version(versions[language]), language, execution))


def _told(name: str, version: str, language: str, execution: Execution) -> dict[str, Any]:
    whole: dict[str, Any] = {"language": name, "version": version}
    if execution.status is Status.COMPILE_ERROR:
        stage = _stage(execution)
        return whole | {"run": _stage(None) | {"code": None}, "compile": stage}
    whole["run"] = _stage(execution)
    return whole | {"compile": _stage(None)} if compiles(language) else whole


def _stage(execution: Execution | None) -> dict[str, Any]:
    if execution is None:
        empty = {"stdout": "", "stderr": "", "code": 0, "signal": None, "output": "", "message": None, "status": None}
        return empty | {"cpu_time": 0, "wall_time": 0, "memory": 0}
    out, err, code = execution.stdout.decode("utf-8", "replace"), stderr_text(execution), exit_code(execution)
    if execution.status in TIMED_OUT:
        code = -signal.SIGKILL
    status = _STATUS.get(execution.status) or (("SG" if code < 0 else "RE") if code else None)
    return {
        "stdout": out,
        "stderr": err,
        "code": None if code < 0 else code,
        "signal": signal.Signals(-code).name if code < 0 else None,
        "output": out + err,
        "message": _MESSAGES.get(status or ""),
        "status": status,
        "cpu_time": round(execution.cpu_seconds * 1000),
        "wall_time": round(execution.wall_seconds * 1000),
        "memory": execution.memory_bytes,
    }


def _version(told: str) -> str:
    found = _VERSION.search(told)
    return found.group() if found else "0.0.0"


def _bytes(file: File) -> bytes:
    try:
        if file.encoding == "base64":
            return base64.b64decode(file.content, validate=True)
        return bytes.fromhex(file.content) if file.encoding == "hex" else file.content.encode("utf-8", "surrogatepass")
    except (binascii.Error, ValueError):
        raise refused("files", f"the content of {file.name[:40]!r} is not {file.encoding}") from None
