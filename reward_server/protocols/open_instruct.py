"""open-instruct's code API: `POST /test_program` and `/test_program_stdio`, for its `--code_api_url`.

    --code_api_url http://127.0.0.1:8000/test_program

Request and answer as `open_instruct/code_utils/api.py` (e6c3044) has them:

    {"program": "def add(a, b): …", "tests": ["assert add(1, 2) == 3"], "max_execution_time": 1.0}
    {"results": [1], "runtimes": [0.00003]}

`tests` may be a JSON string, or the packed form of the data set (zlib and base64 of a pickled list, whose container
opcodes are read; nothing is executed). Each test is graded on its own, as `POST /score` would: asserts run in a process
that the program does not reach, expected outputs never meet it. A runtime is in CPU seconds, −1 for an
assert that failed and for a program that did not end well.
The client turns whatever is not 200 into a score of 0, so a failure of ours is 503 after everything was tried here.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from reward_server.errors import TaskError
from reward_server.http.bodies import JsonRoute
from reward_server.http.items import fenced, grade_items, refused
from reward_server.testing.stored.packing import unpack

_MEASURED = ("correct", "incorrect")
router = APIRouter(route_class=JsonRoute)


class TestRequest(BaseModel):
    """A program with its tests."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    program: str
    tests: Any
    max_execution_time: float = Field(default=1.0, gt=0)
    """CPU seconds for each test."""


@router.post("/test_program", summary="open-instruct: asserts against a program", response_model=None)
async def test_program(request: Request, body: TestRequest) -> Response:
    """Grade each assert."""
    tests = await _tests(body)
    if not all(isinstance(test, str) for test in tests):
        raise refused("tests", "must be texts, each with an assert")
    return await _graded(request, body, [[test] for test in tests])


@router.post("/test_program_stdio", summary="open-instruct: inputs and outputs of a program", response_model=None)
async def test_program_stdio(request: Request, body: TestRequest) -> Response:
    """Grade each pair of input and output."""
    tests = await _tests(body)
    if not all(isinstance(test, Mapping) and {"input", "output"} <= test.keys() for test in tests):
        raise refused("tests", "must be objects with `input` and `output`")
    pairs = [[{"stdin": test["input"], "stdout": test["output"]}] for test in tests]
    return await _graded(request, body, pairs, measured=True)


async def _tests(body: TestRequest) -> list[Any]:
    try:
        tests = await asyncio.to_thread(unpack, body.tests)
        tests = json.loads(tests) if isinstance(tests, str) else tests
    except (TaskError, ValueError) as error:
        raise refused("tests", str(error)) from None
    if not isinstance(tests, list) or not tests:
        raise refused("tests", "must be a list of tests, or one packed as the data set has it")
    return tests


async def _graded(request: Request, body: TestRequest, tests: list[list[Any]], *, measured: bool = False) -> Response:
    completion = fenced(body.program, "python")
    limit = {"kind": "code", "cpu_seconds": min(max(body.max_execution_time, 0.01), 120.0)}
    items = [{"task": {**limit, "tests": each}, "completion": completion} for each in tests]
    records = await grade_items(request, items)
    lost = [record for record in records if record["reward"] is None]
    if lost:
        status = 503 if lost[0]["retryable"] else 422
        detail = f"{len(lost)} of {len(records)} tests have no verdict: {lost[0]['evidence'].get('reason')}"
        return JSONResponse({"detail": detail}, status, {"Retry-After": "1"} if status == 503 else {})  # noqa: PLR2004
    passed = [record["outcome"] == "correct" for record in records]
    times = [record["evidence"].get("cpu_seconds", 0.0) for record in records]
    ended = [record["outcome"] in _MEASURED for record in records] if measured else passed
    runtimes = [time if well else -1.0 for time, well in zip(times, ended, strict=True)]
    return JSONResponse({"results": list(map(int, passed)), "runtimes": runtimes})
