"""SandboxFusion's API, so that its clients change only a URL: `POST /run_code`, `/run_jupyter`, `/submit`.

    verl:        reward.sandbox_fusion.url=http://127.0.0.1:8000/run_code
    its SDK:     set_sandbox_endpoint("http://127.0.0.1:8000")
    tinker:      SANDBOX_URL=http://127.0.0.1:8000/run_code

Requests and answers as SandboxFusion 469de08 has them. `run_code` and `run_jupyter` run a program and say what it did:
the client judges, so whoever's tests stand beside the program, or who trusts its exit status, can be cheated as there.
`submit` grades here, by `POST /score`'s rules: expected outputs never meet the program.

What differs on purpose:

- Time limits count CPU time, so that a busy machine fails nobody; a sleeper is ended 5 s of wall time after its limit.
  `execution_time` is wall time.
- `status: "SandboxError"` is for what this server does not run at all (a language, `custom_extract_logic`). A failure
  that may pass is 504, which verl's client asks again; it takes every other failure for a failed test.
- Output is kept up to 16 MiB, and cut nowhere before.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from reward_server.errors import Overloaded, ServiceError
from reward_server.grading.notebook import cells_of, notebook
from reward_server.grading.programs import TIMED_OUT, Asked, NotRunHere, compiles, exit_code, stderr_text
from reward_server.http.bodies import JsonRoute
from reward_server.http.items import grade_items, refused, relative_path
from sandboxes.execution import Execution, Status

_LANGUAGES = {
    "python": "python", "pytest": "python", "cpp": "cpp", "nodejs": "javascript", "go": "go", "java": "java",
    "php": "php", "csharp": "csharp", "bash": "bash", "typescript": "typescript", "sql": "sql", "rust": "rust",
    "lua": "lua", "R": "r", "perl": "perl", "D_ut": "d", "ruby": "ruby", "scala": "scala", "kotlin_script": "kotlin",
    "swift": "swift", "racket": "racket",
}  # fmt: skip
"""SandboxFusion's names of the languages that run here."""
_NOT_HERE = frozenset(
    "python2 go_test cuda julia junit jest verilog python_gpu lean gtest react".split()  # noqa: SIM905
)
_PYTEST = "\n\nif __name__ == '__main__':\n    import pytest, sys\n    sys.exit(pytest.main(['-q', __file__]))\n"
_RETRY_AFTER = {"Retry-After": "1"}

router = APIRouter(route_class=JsonRoute)


class _Fields(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class RunCodeRequest(_Fields):
    """One program to run."""

    code: str
    language: str
    stdin: str | None = None
    compile_timeout: float = 10
    run_timeout: float = Field(default=10, gt=0)
    """CPU seconds."""
    memory_limit_MB: int = -1  # noqa: N815 - the protocol's name
    """-1: 512 MiB."""
    files: dict[str, str | None] = Field(default_factory=dict)
    """Files of the working directory by relative path, in base64."""
    fetch_files: list[str] = Field(default_factory=list)
    """At most one file, read back in base64."""


class RunJupyterRequest(_Fields):
    """Cells to run one after the other in one Python process."""

    cells: list[str]
    cell_timeout: float = 0
    total_timeout: float = Field(default=45, gt=0)
    kernel: str = "python3"
    files: dict[str, str | None] = Field(default_factory=dict)
    fetch_files: list[str] = Field(default_factory=list)


class SubmitRequest(_Fields):
    """A completion to grade on a problem that travels with it."""

    dataset: str
    id: int | str
    completion: str
    config: dict[str, Any] = Field(default_factory=dict)


@router.post("/run_code", summary="SandboxFusion: run a program", response_model=None)
async def run_code(request: Request, body: RunCodeRequest) -> Response:
    """Run it once; what it printed and how it ended."""
    if body.language in _NOT_HERE:
        return JSONResponse(_response("SandboxError", f"{body.language} is not run here", None, None))
    language = _LANGUAGES.get(body.language)
    if language is None:
        raise refused(
            "language", f"{body.language[:40]!r} is not one of {', '.join(sorted({*_LANGUAGES, *_NOT_HERE}))}"
        )
    fetched = _fetched(body.fetch_files)
    code = body.code + _PYTEST if body.language == "pytest" else body.code
    memory = 512 if body.memory_limit_MB < 0 else body.memory_limit_MB
    stdin = (body.stdin or "").encode("utf-8", "surrogatepass")
    files = _decoded(body.files)
    asked = Asked(language, code, stdin, (), files, body.run_timeout, memory << 20, fetched)
    execution = await _execution(request, asked)
    if isinstance(execution, str):
        return JSONResponse(_response("SandboxError", execution, None, None))
    told = _ran(execution, language)
    if fetched and execution.status is Status.OK:
        told["files"] = {body.fetch_files[0]: base64.b64encode(execution.written).decode()}
    return JSONResponse(told)


@router.post("/run_jupyter", summary="SandboxFusion: run notebook cells", response_model=None)
async def run_jupyter(request: Request, body: RunJupyterRequest) -> Response:
    """Run the cells in one process; each one's output, last value and error."""
    if body.kernel not in ("python3", "python"):
        raise refused("kernel", f"{body.kernel[:40]!r} is not run here, python3 is")
    if body.fetch_files:
        raise refused("fetch_files", "files of a notebook are not read back here: print what you need")
    asked, mark = notebook(body.cells, files=_decoded(body.files), cpu_seconds=body.total_timeout)
    execution = await _execution(request, asked)
    if isinstance(execution, str):
        return JSONResponse(_notebook("SandboxError", execution, None, []))
    cells = cells_of(execution.stdout, mark)
    driver = _command(replace(execution, stdout=b""))
    right = execution.status is Status.OK and not any(cell["error"] for cell in cells)
    return JSONResponse(_notebook("Success" if right else "Failed", "", driver, cells))


@router.post("/submit", summary="SandboxFusion: grade a completion on a problem", response_model=None)
async def submit(request: Request, body: SubmitRequest) -> Response:
    """Grade it; `accepted` where every test passes."""
    config, problem = body.config, body.config.get("provided_data")
    if config.get("custom_extract_logic"):
        raise refused("config.custom_extract_logic", "is a program for the server, and is not run")
    if not isinstance(problem, dict) or "test" not in problem:
        raise refused("config.provided_data", "must hold the problem with its `test`: this server keeps no data sets")
    labels = _stored("labels", problem.get("labels")) or {}
    if not isinstance(labels, dict):
        raise refused("config.provided_data.labels", "must be an object, or the JSON text of one")
    language = config.get("language") or labels.get("programming_language") or "python"
    seconds = config.get("run_timeout") or 10
    tests = _stored("test", problem["test"])
    task = {"kind": "code", "tests": _pairs(tests), "language": language, "cpu_seconds": seconds}
    if labels.get("entry_point"):
        task["entry_point"] = labels["entry_point"]
    each = [{**task, "tests": [pair]} for pair in task["tests"]] if isinstance(task["tests"], list) else [task]
    records = await grade_items(request, [{"task": one, "completion": body.completion} for one in each])
    lost = next((record for record in records if record["reward"] is None), None)
    if lost is not None:
        detail = f"no verdict: {lost['outcome']}, {lost['evidence'].get('reason')}"
        if not lost["retryable"]:
            return JSONResponse({"detail": detail}, 422)
        return JSONResponse({"detail": detail}, 504, _RETRY_AFTER)
    given = tests if isinstance(task["tests"], list) else [tests]
    told = [_test(record, test) for record, test in zip(records, given, strict=True)]
    return JSONResponse(
        {
            "id": body.id,
            "accepted": all(record["outcome"] == "correct" for record in records),
            "extracted_code": (records[0]["answer"] or "").removesuffix("\n"),
            "full_code": None,
            "test_code": None,
            "tests": told,
            "extracted_type": None,
            "extra": None,
        }
    )


@router.post("/get_prompts", summary="SandboxFusion: prompts of a data set", response_model=None)
@router.post("/get_prompt_by_id", include_in_schema=False, response_model=None)
async def get_prompts() -> Response:
    """Refuse: this server keeps no data sets."""
    return JSONResponse({"detail": "this server keeps no data sets: send problems as config.provided_data"}, 404)


@router.get("/list_datasets", include_in_schema=False)
async def list_datasets() -> list[str]:
    """Return none."""
    return []


async def _execution(request: Request, asked: Asked) -> Execution | str:
    """Run it; a text says why this server never will.

    Raises:
        HTTPException: 504 for a failure that may pass, which clients ask again.
    """
    try:
        execution: Execution = await request.app.state.service.run(asked)
    except NotRunHere as never:
        return str(never)
    except (ServiceError, Overloaded) as failure:
        raise HTTPException(504, str(failure), _RETRY_AFTER) from failure
    return execution


def _fetched(names: Sequence[str]) -> str:
    if len(names) > 1:
        raise refused("fetch_files", f"{len(names)} files, and one is read back here")
    return relative_path("fetch_files", names[0]) if names else ""


def _decoded(files: dict[str, str | None]) -> dict[str, bytes]:
    decoded = {}
    for name, packed in files.items():
        path = relative_path(f"files.{name[:60]}", name)
        try:
            decoded[path] = base64.b64decode(packed or "", validate=True)
        except ValueError:
            raise refused(f"files.{name[:60]}", "is not base64") from None
    return decoded


def _response(status: str, message: str, compiled: Any, ran: Any) -> dict[str, Any]:
    return {
        "status": status,
        "message": message,
        "compile_result": compiled,
        "run_result": ran,
        "executor_pod_name": None,
        "files": {},
    }


def _ran(execution: Execution, language: str) -> dict[str, Any]:
    if execution.status is Status.COMPILE_ERROR:
        return _response("Failed", "", _command(execution), None)
    quiet = {"status": "Finished", "execution_time": 0.0, "return_code": 0, "stdout": "", "stderr": ""}
    ran = _command(execution)
    status = "Success" if ran["return_code"] == 0 else "Failed"
    return _response(status, "", quiet if compiles(language) else None, ran)


def _command(execution: Execution) -> dict[str, Any]:
    late = execution.status in TIMED_OUT
    return {
        "status": "TimeLimitExceeded" if late else "Finished",
        "execution_time": execution.wall_seconds,
        "return_code": None if late else exit_code(execution),
        "stdout": execution.stdout.decode("utf-8", "replace"),
        "stderr": stderr_text(execution),
    }


def _notebook(status: str, message: str, driver: Any, cells: list[dict[str, Any]]) -> dict[str, Any]:
    whole = _response(status, message, None, None) | {"driver": driver, "cells": cells}
    return {name: whole[name] for name in ("status", "message", "driver", "cells", "executor_pod_name", "files")}


def _stored(column: str, value: Any) -> Any:
    """Return what a column of the problem holds, which may be stored as JSON text."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("[", "{"):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise refused(f"config.provided_data.{column}", "opens like JSON, and is not") from None


def _pairs(tests: Any) -> Any:
    """Return SandboxFusion's pairs `{"input": {"stdin"}, "output": {"stdout"}}` as ours, other tests as they are."""
    if not isinstance(tests, list):
        return tests
    pairs = []
    for row, test in enumerate(tests):
        try:
            pairs.append({"stdin": test["input"].get("stdin", ""), "stdout": test["output"]["stdout"]})
        except (KeyError, TypeError, AttributeError):
            raise refused("config.provided_data.test", f"test {row} has no input.stdin and output.stdout") from None
    return pairs


def _test(record: dict[str, Any], test: Any) -> dict[str, Any]:
    """Return what the client sees of one test: whether it passed, and what the program did as far as that was kept.

    What a program printed is kept where it was wrong; where it was right the expected output stands for it.
    """
    passed = record["outcome"] == "correct"
    failed = next(iter(record["evidence"].get("failed") or [{}]))
    late = record["outcome"] == "time_limit"
    run = {
        "status": "TimeLimitExceeded" if late else "Finished",
        "execution_time": record["evidence"].get("wall_seconds", 0.0),
        "return_code": None if late else int(record["outcome"] == "runtime_error"),
        "stdout": test["output"]["stdout"] if passed and isinstance(test, dict) else failed.get("got", ""),
        "stderr": "" if record["outcome"] == "incorrect" else failed.get("detail", ""),
    }
    broken = record["outcome"] in ("compile_error", "no_answer")
    info = _response("Failed" if late or broken or run["return_code"] else "Success", "", None, None if broken else run)
    return {"passed": passed, "exec_info": info, "test_info": test}
