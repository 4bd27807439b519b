"""What leaves this process, and what cannot."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from reward_server.executors import Work
from reward_server.executors.elsewhere import ProgramsElsewhere
from reward_server.executors.local import LocalExecutor
from reward_server.executors.orders import unpacked
from reward_server.graders import Completion, Resources, discover
from reward_server.graders.code import CodeTask
from reward_server.grading.compilation import TaskCompiler
from reward_server.grading.quotas import Tenant, ask_as
from reward_server.verdict import Outcome, Verdict

TASK = CodeTask(fn_name="f", tests=[{"input": [1], "output": 1}])


class Heard:
    """Other machines, which keep what they were sent."""

    replies = "r"
    changed: Callable[[], None]

    def __init__(self) -> None:
        self.tests: list[Any] = []

    def room(self) -> int | None:
        return 1

    async def fulfil(self, number: str, order: bytes, lacked: Callable[[], None]) -> Verdict:
        self.tests.append(unpacked(order).task["tests"])
        if len(self.tests) > 1:
            raise KeyError("a bug")
        return Verdict(Outcome.CORRECT, 1.0)

    def lacking(self) -> str:
        return ""

    def describe(self) -> Mapping[str, Any]:
        return {}


class Narrow(Heard):
    """Other machines with some room, each of whose orders takes until it is let go."""

    def __init__(self, room: int | None) -> None:
        super().__init__()
        self.there, self.sent, self.go = room, list[str](), asyncio.Event()
        self.lacks: Callable[[], None] = lambda: None

    def room(self) -> int | None:
        return self.there

    async def fulfil(self, number: str, order: bytes, lacked: Callable[[], None]) -> Verdict:
        self.sent.append(unpacked(order).completion.text)
        self.lacks = lacked
        await self.go.wait()
        return Verdict(Outcome.CORRECT, 1.0)


@asynccontextmanager
async def asked(there: Narrow, *names: str) -> AsyncIterator[None]:
    """Everybody named asks for a program of their own, in this order; a name's first letter is the tenant."""
    compiled = await TaskCompiler(discover()).compile(TASK)
    executor = ProgramsElsewhere(LocalExecutor(Resources()), there)

    async def one(name: str) -> Verdict:
        ask_as(Tenant(name[0]))
        return await executor.grade(Work(compiled, TASK), Completion(name))

    asking = []
    for name in names:
        asking.append(asyncio.create_task(one(name)))
        await asyncio.sleep(0.05)  # an order is packed in a thread
    yield
    there.go.set()
    async with asyncio.timeout(10):
        assert [told.score for told in await asyncio.gather(*asking)] == [1.0] * len(names)
    assert executor.describe()["waiting"] == 0


def test_one_program_is_not_sent_behind_a_thousand_of_another_tenant():
    async def play() -> None:
        there = Narrow(1)
        async with asked(there, "a1", "a2", "a3", "a4", "b1"):
            assert there.sent == ["a1"]
        assert there.sent == ["a1", "a2", "b1", "a3", "a4"]

    asyncio.run(play())


def test_what_one_machine_lacks_holds_up_nothing_that_others_can_do():
    async def play() -> None:
        there = Narrow(1)
        async with asked(there, "a1", "a2"):
            there.lacks()
            await asyncio.sleep(0)
            assert there.sent == ["a1", "a2"]

    asyncio.run(play())


def test_where_nobody_lives_any_more_all_is_sent_to_be_given_up_at_its_time():
    async def play() -> None:
        there = Narrow(1)
        async with asked(there, "a1", "a2", "a3"):
            there.there = None
            there.changed()
            await asyncio.sleep(0)
            assert there.sent == ["a1", "a2", "a3"]

    asyncio.run(play())


def graded(there: Heard, tests: Any) -> Verdict:
    async def grade() -> Verdict:
        compiled = await TaskCompiler(discover()).compile(TASK)
        sent = Work(compiled, TASK.model_copy(update={"tests": tests}))
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
