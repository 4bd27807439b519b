"""Reading what is long leaves the interpreter to other threads again and again, the event loop's among them."""

import gc
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import orjson
import pytest

from reward_server.graders.code import GRADER, CodeTask
from reward_server.grading.compilation import _fingerprint_of_large, weight_of
from reward_server.http.requests import decode
from reward_server.serving import draining
from sandboxes.arguments import written_in_pieces

_LISTS: list[Any] = [[] for _ in range(600_000)]
_NUMBERS = [7, 3] * 1_400_000


@pytest.fixture(autouse=True)
def _as_served() -> Iterator[None]:
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    draining.calm()
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def _task(**fields: Any) -> CodeTask:
    return CodeTask.model_validate({"fn_name": "f", **fields})


def _code(tests: str) -> Callable[[], Any]:
    return lambda: GRADER.compile(CodeTask(tests=tests))


def _stored(output: str) -> Callable[[], Any]:
    return lambda: GRADER.compile(_task(tests={"inputs": ["1"], "outputs": [output]}))


WORK: dict[str, Callable[[], Any]] = {
    "a body of lists": partial(decode, orjson.dumps({"items": _LISTS})),
    "a body of numbers": partial(decode, orjson.dumps({"items": _NUMBERS})),
    "the name of a task of lists": lambda: _fingerprint_of_large(_task(tests=_LISTS)),
    "the name of a task of numbers": lambda: _fingerprint_of_large(_task(tests=_NUMBERS)),
    "the weight of a task": lambda: weight_of(_task(tests=[_LISTS, _NUMBERS])),
    "arguments": lambda: written_in_pieces({"args": [_NUMBERS, _LISTS]}),
    "a line of test code": _code("assert f(1) == " + " + ".join(["1"] * 1_000) + " + [" + "1, " * 300_000 + "]"),
    "a statement of test code": _code("assert f(1) == [\n" + "    g(7),\n" * 60_000 + "]"),
    "a literal of Python": _stored(str([(7,)] * 200_000)),
    "a text of JSON": _stored(str([[7]] * 800_000)),
}


@pytest.mark.parametrize("name", WORK)
def test_others_run_meanwhile(name: str) -> None:
    longest, whole = _longest_hold(WORK[name])
    assert longest < max(0.05, whole / 8), (longest, whole)


def _longest_hold(work: Callable[[], Any]) -> tuple[float, float]:
    """Return the most CPU time of this process in which this thread was not let run, and that of all the work."""
    made: list[Any] = []
    worker = threading.Thread(target=lambda: made.append(work()))
    began = last = time.process_time()
    longest = 0.0
    worker.start()
    while worker.is_alive():
        time.sleep(0.0005)
        now = time.process_time()
        longest, last = max(longest, now - last), now
    return longest, last - began
