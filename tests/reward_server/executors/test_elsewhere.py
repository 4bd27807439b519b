"""What leaves this process, and what cannot."""

import asyncio
from collections.abc import Mapping
from typing import Any

from reward_server.executors import Work
from reward_server.executors.elsewhere import ProgramsElsewhere
from reward_server.executors.local import LocalExecutor
from reward_server.executors.orders import unpacked
from reward_server.graders import Completion, Resources, discover
from reward_server.graders.code import CodeTask
from reward_server.grading.compilation import TaskCompiler
from reward_server.verdict import Outcome, Verdict


class Heard:
    """Other machines, which keep what they were sent."""

    replies = "r"

    def __init__(self) -> None:
        self.tests: list[Any] = []

    async def fulfil(self, number: str, order: bytes) -> Verdict:
        self.tests.append(unpacked(order).task["tests"])
        if len(self.tests) > 1:
            raise KeyError("a bug")
        return Verdict(Outcome.CORRECT, 1.0)

    def lacking(self) -> str:
        return ""

    def describe(self) -> Mapping[str, Any]:
        return {}


def graded(there: Heard, tests: Any) -> Verdict:
    async def grade() -> Verdict:
        task = CodeTask(fn_name="f", tests=[{"input": [1], "output": 1}])
        compiled = await TaskCompiler(discover()).compile(task)
        sent = Work(compiled, task.model_copy(update={"tests": tests}))
        return await ProgramsElsewhere(LocalExecutor(Resources()), there).grade(sent, Completion("x"))

    return asyncio.run(grade())


def test_expected_values_are_sent_as_they_are():
    there, tests = Heard(), [{"input": [10**5000], "output": float("-inf")}]
    assert graded(there, tests).outcome is Outcome.CORRECT
    assert there.tests == [tests]


def test_what_cannot_be_sent_and_what_breaks_meanwhile_is_ungradable_and_raises_nothing():
    deep: list[Any] = []
    for _ in range(2000):
        deep = [deep]
    there = Heard()
    for tests in (deep, [{"output": {1, 2}}], [{(1, 2): 3}]):
        told = graded(there, tests)
        assert (told.outcome, told.retryable, there.tests) == (Outcome.UNGRADABLE, False, [])
    there.tests.append(None)
    told = graded(there, 1)
    assert (told.outcome, told.retryable) == (Outcome.UNGRADABLE, True)
