"""Call functions of programs in other languages than Python with JSON arguments, by a harness around the program.

The harness (`callers`) reads `{"name", "args"}` from a file, since examples under a function often read standard input,
calls the function and writes its value behind a mark, as the same canonical JSON that Python values travel in. Whatever
the program does to the harness it can only change the value, which is compared outside. More than one mark is a sign of
forgery: no result.
"""

import json
from dataclasses import replace
from typing import Any

import orjson

from reward_server.testing.harness.callers import callers
from sandboxes.execution import Execution, Invocation, Status

_MARK = b"\n\x01reward-value:"
_CALL = "reward-call.json"


def languages() -> frozenset[str]:
    """Return the languages whose functions are called so."""
    return frozenset(callers())


def typed(language: str) -> bool:
    """Say whether the program's own types say what its arguments become."""
    return language in callers() and callers()[language].typed


def harnessed(language: str, source: str, invocation: Invocation) -> str:
    """Return the program with the harness that makes calls like the invocation's."""
    assert invocation.function is not None, "a plan of values calls one"
    return callers()[language].harnessed(source, invocation.function, len(invocation.args))


def as_script_run(invocation: Invocation) -> Invocation:
    """Return the run of the harnessed program that makes the call."""
    order = {"name": invocation.function, "args": list(invocation.args)}
    files = {**invocation.files, _CALL: json.dumps(order).encode()}
    return replace(invocation, files=files, function=None, args=())


def with_value(execution: Execution) -> Execution:
    """Return the execution with the value its output ends in, or with `NO_RESULT` when it delivered none."""
    if execution.status is not Status.OK:
        return execution
    head, mark, text = execution.stdout.rpartition(_MARK)
    value, readable = _read(text) if mark else (None, False)
    if not readable:
        return replace(execution, status=Status.NO_RESULT, error="the program ended without a value")
    if _MARK in head:
        flags = (*execution.flags, "several_results")
        return replace(execution, status=Status.NO_RESULT, error="more than one value", flags=flags)
    return replace(execution, stdout=head, value=value)


def _read(text: bytes) -> tuple[Any, bool]:
    try:
        return orjson.loads(text), True
    except orjson.JSONDecodeError:
        return None, False
