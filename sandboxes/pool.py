"""Slots lent to one submission at a time; what fails on our side is tried again elsewhere.

Theory of operation. A pool has as many turns as the machine has cores, so that waiting is done here, in a fair queue,
and not by programs fighting over a processor. Whoever has a turn borrows a slot of the language's family (`supply` says
where it comes from). A slot that failed, was cancelled in the middle, or is worn out is never lent again: it is ended
and another takes its place. `SandboxError` means another slot, as often as `attempts` says, going on at the invocation
that failed; what a program did is never tried again.

Levels below real isolation are refused, unless allowed by name.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from sandboxes.attempts import Attempts
from sandboxes.backlog import Backlog
from sandboxes.conversation import Conversation, Enough, Side, relay
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.families import WEAKEST_LEVEL, Family, WeakIsolationError, self_test
from sandboxes.sandbox import LanguageUnavailable, SandboxError, Stop, is_last
from sandboxes.slot import Slot
from sandboxes.stages import stage, watched
from sandboxes.supply import Supply
from sandboxes.trial import Exam, Trial, hold
from sandboxes.turns import Turns

__all__ = ["WEAKEST_LEVEL", "Family", "SandboxPool", "WeakIsolationError"]

RUNS_PER_SLOT = 2000
"""After this many a slot is replaced: whatever may have built up goes with it."""
_GIVEN_UP = "given up"
"""The trouble of a slot that works and was left in the middle of something: its borrower was cancelled."""
_Met = TypeVar("_Met")


class SandboxPool:
    """The `Sandbox` that a server uses."""

    def __init__(
        self,
        families: Sequence[Family],
        *,
        slots: int,
        allow_weak_isolation: bool = False,
        runs_per_slot: int = RUNS_PER_SLOT,
    ) -> None:
        """`slots` is how many submissions run at once, over all families: the number of cores."""
        self.slots = slots
        self._families = tuple(families)
        self._supplies = {
            family.name: Supply(family, slots=slots, allow_weak=allow_weak_isolation) for family in families
        }
        self._turns = Turns(slots)
        self._pairing = asyncio.Lock()
        self._runs_per_slot = runs_per_slot
        self._tests: dict[str, asyncio.Task[str]] = {}
        self._backlog = Backlog()
        self._counts = {"submissions": 0, "runs": 0, "retries": 0, "replaced": 0, "failures": 0}
        self._closed = False
        self._name = secrets.token_hex(8)

    async def start(self) -> None:
        """Launch the first family's slots, test Python; other languages are tested when they are first used.

        Where somebody else starts the slots and none is there yet, the pool goes on looking, and Python waits too.

        Raises:
            SandboxError: no slot could be launched, or Python does not work.
            WeakIsolationError: see the module.
        """
        try:
            await self._supplies[self._families[0].name].start()
        except BaseException:
            await self.close()
            raise
        if self.live:
            await self._family_for("python")

    async def run(
        self, program: Program, invocations: Sequence[Invocation], limits: Limits, stop: Stop | None = None
    ) -> list[Execution]:
        """Compile `program`, run it on each invocation until `stop` says so.

        Raises:
            SandboxError: the infrastructure failed, and trying again did not help.
            LanguageUnavailable: no family has the language, or its self-test fails.
        """
        with self._backlog.work(program.language) as cost:
            done = await self._run_somewhere(program, invocations, limits, stop)
            cost += [execution.cpu_seconds for execution in done]
        return done

    async def converse(self, program: Side, interactor: Side, enough: Enough | None = None) -> list[Conversation]:
        """Run two programs in two slots, the output of each being the input of the other, call by call.

        The interactor may hold the answer: nothing but bytes passes between the slots, here. Takes one turn for both.

        Raises: as `run`.
        """
        held: list[Conversation] = []
        pair = program.program, interactor.program
        return await self._meet(pair, lambda slots: relay(slots, program, interactor, held, enough))

    async def examine(self, exam: Exam) -> Trial:
        """Run tests against a program, each in a slot of its own, over the wire. Takes one turn for both.

        Raises: as `run`.
        """
        with self._backlog.work(exam.program.language) as cost:
            said = await self._meet((exam.program, exam.tests), lambda slots: hold(slots, exam))
            cost += [execution.cpu_seconds for execution in (said.program, said.tests) if execution]
        self._counts["submissions"] += 1
        self._counts["runs"] += 1
        return said

    async def _meet(
        self, programs: tuple[Program, Program], meeting: Callable[[tuple[Slot, Slot]], Awaitable[_Met]]
    ) -> _Met:
        attempts = self._attempts()
        while True:
            try:
                first, second = [await self._family_for(program.language) for program in programs]
                async with self._turns.take(), AsyncExitStack() as held:
                    async with self._pairing:  # or two who hold one slot each would wait for each other's
                        left = await held.enter_async_context(self._borrow(first, programs[0]))
                        borrowed = self._borrow(second, programs[1], held=int(first is second))
                        right = await held.enter_async_context(borrowed)
                    return await meeting((left, right))
            except SandboxError as error:
                attempts.failed(error)

    @property
    def live(self) -> int:
        """Slots that were launched and not ended or lost."""
        return sum(len(supply.live) for supply in self._supplies.values())

    @property
    def alarm(self) -> str:
        """What a slot got wrong of a known question, until another slot of its family answered one rightly."""
        return "; ".join(supply.alarm for supply in self._supplies.values() if supply.alarm)

    def backlog_cpu_seconds(self) -> float:
        """Estimated CPU seconds of all submissions that run or wait: what admission is decided by."""
        return self._backlog.cpu_seconds

    async def survey(self) -> None:
        """Test all languages of the families that run and learn their versions, for who wants to tell them.

        Raises: SandboxError if the infrastructure failed.
        """
        offered = {language for family in self._families if family.hello for language in family.offered()}
        await asyncio.gather(*map(self.check, offered))

    def describe(self) -> dict[str, Any]:
        """For /readyz and the doctor: level and why no higher, languages with the versions known so far, figures."""
        known = {family.name: family.describe(family.hello) for family in self._families if family.hello}
        return {
            "isolation_level": min((family["level"] for family in known.values()), default=None),
            "families": known,
            "unavailable": self._failed_tests(),
            "slots": self.slots,
            "live": self.live,
            "busy": self.slots - self._turns.free,
            "lost": dict(sum((supply.lost for supply in self._supplies.values()), Counter[str]())),
            "waiting": self._turns.waiting(),
            "canaries": dict(sum((supply.canaries for supply in self._supplies.values()), Counter[str]())),
            "alarm": self.alarm,
            "backlog_cpu_seconds": round(self._backlog.cpu_seconds, 3),
            **self._counts,
        }

    def environment_of(self, language: str) -> str:
        """What a verdict depends on beside the program: isolation level, image or interpreter, compiler and packages.

        What is not known before the language was first used is a word that no other pool says: such verdicts are not
        mistaken for those of another compiler.
        """
        family = next((each for each in self._families if each.offers(language)), None)
        return (family and family.environment(language)) or f"unknown to {self._name}"

    def lacking(self) -> tuple[str, ...]:
        """Return the third-party modules that Python programs should find here and do not."""
        family = next((each for each in self._families if each.offers("python")), None)
        return family.hello.lacking if family is not None and family.hello is not None else ()

    async def check(self, language: str) -> str:
        """Empty if the language serves here, else why not; tests it if that was not done yet.

        Raises:
            SandboxError: the infrastructure failed.
        """
        try:
            await self._family_for(language)
        except LanguageUnavailable as error:
            return str(error)
        return ""

    async def close(self) -> None:
        """End every slot; idempotent."""
        self._closed = True
        for test in self._tests.values():
            test.cancel()
        await asyncio.gather(*self._tests.values(), return_exceptions=True)
        await asyncio.gather(*(supply.close() for supply in self._supplies.values()))

    async def _run_somewhere(
        self, program: Program, invocations: Sequence[Invocation], limits: Limits, stop: Stop | None
    ) -> list[Execution]:
        done: list[Execution] = []
        broken: list[Execution] = []

        async def hear(execution: Execution) -> bool:
            if execution.status is Status.COMPILE_ERROR:
                broken.append(execution)
                return True
            done.append(execution)
            self._counts["runs"] += 1
            return stop is not None and await is_last(stop(len(done) - 1, execution))

        attempts = self._attempts()
        while True:
            try:
                family = await self._family_for(program.language)
                async with self._turns.take(), self._borrow(family, program) as slot:
                    await slot.go_on(program, invocations[len(done) :], limits, hear, whole=stop is None)
            except SandboxError as error:
                attempts.failed(error)
            else:
                self._counts["submissions"] += not broken
                return broken or done

    def _attempts(self) -> Attempts:
        return Attempts(self._counts, lambda: self._closed)

    @asynccontextmanager
    async def _borrow(self, family: Family, program: Program | None = None, held: int = 0) -> AsyncIterator[Slot]:
        supply = self._supplies[family.name]
        with stage("slot"):
            slot = await supply.take(program, held)
        try:
            yield slot
        except LanguageUnavailable:
            raise
        except BaseException:
            slot.trouble = slot.trouble or _GIVEN_UP
            raise
        finally:
            if slot.trouble or slot.worn or slot.runs >= self._runs_per_slot or self._closed:
                self._counts["replaced"] += not self._closed
                why = "" if slot.trouble == _GIVEN_UP else slot.trouble
                supply.drop(slot, why)
            else:
                supply.give_back(slot)

    async def _family_for(self, language: str) -> Family:
        """The family that offers the language, once its self-test has passed there.

        Raises:
            LanguageUnavailable: none does, or the test failed.
        """
        family = next((each for each in self._families if each.offers(language)), None)
        if family is None:
            raise LanguageUnavailable(f"no sandbox here has {language}")
        if language not in self._tests:
            self._tests[language] = asyncio.get_running_loop().create_task(self._test(family, language))
        test = self._tests[language]
        try:
            trouble = await asyncio.shield(test)
        except SandboxError:
            self._tests.pop(language, None)  # our failure says nothing about the language
            raise
        if trouble:
            raise LanguageUnavailable(f"{language}: {trouble}")
        return family

    async def _test(self, family: Family, language: str) -> str:
        """Empty if the language's self-test echoes, else what went wrong."""
        try:
            with watched(None):
                async with self._turns.take(), self._borrow(family) as slot:
                    if trouble := await self_test(slot, language):
                        return trouble
                    family.versions[language] = await slot.version(language)
        except LanguageUnavailable as error:
            return str(error)
        return ""

    def _failed_tests(self) -> dict[str, str]:
        done = [(name, test) for name, test in self._tests.items() if test.done() and not test.cancelled()]
        return {name: test.result() for name, test in done if not test.exception() and test.result()}
