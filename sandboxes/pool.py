"""Slots lent to one submission at a time; what fails on our side is tried again elsewhere.

Theory of operation. A pool has as many turns as the machine has cores, so that waiting is done here, in a fair queue,
and not by programs fighting over a processor. Whoever has a turn borrows an idle slot of the language's family (one
image, or this machine), or has one launched. A slot that failed, was cancelled in the middle, or is worn out is never
lent again: it is ended and another takes its place. `SandboxError` means another slot, up to `ATTEMPTS` times, going on
at the invocation that failed; what a program did is never tried again.

A language serves once its self-test has echoed inside a slot; a slot serves again once a minute only after its canary,
a program whose answer is known, has given that answer.

Refused: levels below real isolation, unless allowed by name.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sandboxes import languages
from sandboxes.conversation import Conversation, relay
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.sandbox import LanguageUnavailable, SandboxError, Stop
from sandboxes.slot import Hello, Slot
from sandboxes.turns import Turns

ATTEMPTS = 3
RUNS_PER_SLOT = 2000
"""After this many a slot is replaced: whatever may have built up goes with it."""
CANARY_SECONDS = 60.0
WEAKEST_LEVEL = 1
NAMESPACES = 3
_FIRST_BACK_OFF_SECONDS, _LONGEST_BACK_OFF_SECONDS = 0.2, 10.0
_TEST_LIMITS = Limits(cpu_seconds=20.0)
_TEST_INPUT = b"canary 42\n"
_UNKNOWN_CPU_SECONDS = 0.1
"""Assumed of a submission while nothing is known about its language."""
_MEMORY_OF_AVERAGE = 0.05

Launch = Callable[[], Awaitable[Slot]]


class WeakIsolationError(SandboxError):
    """The machine grants no real isolation and nobody allowed to do without."""


@dataclass(slots=True)
class Family:
    """Slots of one kind: one image, or this machine."""

    name: str
    launch: Launch
    languages: frozenset[str] | None = None
    """What it is known to offer before any of its slots has said hello; None: ask."""
    idle: deque[Slot] = field(default_factory=deque)
    hello: Hello | None = None
    image: str = ""
    failures: int = 0
    resting_until: float = 0.0

    def offers(self, language: str) -> bool:
        """Whether a slot of this family may run the language."""
        known = self.languages if self.hello is None else frozenset(self.hello.languages)
        return known is None or language in known


class SandboxPool:
    """The `Sandbox` that a server uses."""

    def __init__(
        self, families: Sequence[Family], *, slots: int, allow_weak_isolation: bool = False,
        runs_per_slot: int = RUNS_PER_SLOT,
    ) -> None:  # fmt: skip
        """`slots` is how many submissions run at once, over all families: the number of cores."""
        self.slots = slots
        self._families = tuple(families)
        self._turns = Turns(slots)
        self._allow_weak = allow_weak_isolation
        self._runs_per_slot = runs_per_slot
        self._lent: set[Slot] = set()
        self._tests: dict[str, asyncio.Task[str]] = {}
        self._cpu_average: dict[str, float] = {}
        self._waiting_cpu = 0.0
        self._counts = {"submissions": 0, "runs": 0, "retries": 0, "replaced": 0, "failures": 0}
        self._background: set[asyncio.Task[None]] = set()
        self._closed = False

    async def start(self) -> None:
        """Launch the first family's slots, test Python; the other languages are tested as they are first used.

        Raises:
            SandboxError: no slot could be launched.
            WeakIsolationError: see the module.
        """
        first = self._families[0]
        async with asyncio.TaskGroup() as group:
            launched = [group.create_task(self._launch(first)) for _ in range(self.slots)]
        first.idle.extend(task.result() for task in launched)

    async def run(
        self, program: Program, invocations: Sequence[Invocation], limits: Limits, stop: Stop | None = None
    ) -> list[Execution]:
        """Compile `program`, run it on each invocation until `stop` says so.

        Raises:
            SandboxError: the infrastructure failed on `ATTEMPTS` slots.
            LanguageUnavailable: no family has the language, or its self-test fails.
        """
        family = await self._family_for(program.language)
        estimate = self._cpu_average.get(program.language, _UNKNOWN_CPU_SECONDS)
        self._waiting_cpu += estimate
        try:
            done = await self._run(family, program, invocations, limits, stop)
        finally:
            self._waiting_cpu -= estimate
        self._learn(program.language, sum(execution.cpu_seconds for execution in done))
        return done

    async def converse(
        self, program: Program, interactor: Program, program_call: Invocation, interactor_call: Invocation,
        limits: Limits, interactor_limits: Limits,
    ) -> Conversation:  # fmt: skip
        """Run two programs in two slots, the output of each being the input of the other.

        The interactor may hold the answer: nothing but bytes passes between the slots, and they pass here. Its files
        and arguments are its own; the program sees none of it. Takes one turn for both.

        Raises:
            SandboxError, LanguageUnavailable: as `run`.
        """
        families = [await self._family_for(each.language) for each in (program, interactor)]
        for attempt in range(ATTEMPTS):
            try:
                async with self._turns.take(), self._borrow(families[0]) as left, self._borrow(families[1]) as right:
                    return await relay(
                        (left, program, program_call, limits), (right, interactor, interactor_call, interactor_limits)
                    )
            except LanguageUnavailable:
                raise
            except SandboxError:
                self._count_failure(attempt)
        raise SandboxError("unreachable")

    def backlog_cpu_seconds(self) -> float:
        """Estimated CPU seconds of all submissions that run or wait: what admission is decided by."""
        return self._waiting_cpu

    def describe(self) -> dict[str, Any]:
        """For /readyz and the doctor: level, why no higher, languages and versions, image digests, figures."""
        hellos = [family.hello for family in self._families if family.hello]
        return {
            "isolation_level": min((hello.level for hello in hellos), default=None),
            "families": {
                family.name: {
                    "level": family.hello.level, "user_namespace": family.hello.user_namespace,
                    "reasons": list(family.hello.reasons), "features": dict(family.hello.features),
                    "languages": {**family.hello.languages, "python": family.hello.python},
                    "image": family.image, "idle": len(family.idle),
                }
                for family in self._families if family.hello
            },
            "untested_or_failing": self._test_results(),
            "slots": self.slots, "waiting": self._turns.waiting(), "backlog_cpu_seconds": round(self._waiting_cpu, 3),
            **self._counts,
        }  # fmt: skip

    def image_of(self, language: str) -> str:
        """What the verdict of a program depends on beside the program: image digest, or interpreter and compiler."""
        for family in self._families:
            if family.offers(language) and family.hello:
                return family.image or f"{family.hello.python} {family.hello.languages.get(language, '')}"
        return ""

    async def close(self) -> None:
        """End every slot; idempotent."""
        self._closed = True
        for task in (*self._background, *self._tests.values()):
            task.cancel()
        await asyncio.gather(*self._background, *self._tests.values(), return_exceptions=True)
        slots = [*self._lent, *(slot for family in self._families for slot in family.idle)]
        for family in self._families:
            family.idle.clear()
        await asyncio.gather(*(slot.close() for slot in slots))

    async def _run(
        self, family: Family, program: Program, invocations: Sequence[Invocation], limits: Limits, stop: Stop | None
    ) -> list[Execution]:
        done: list[Execution] = []
        for attempt in range(ATTEMPTS):
            try:
                async with self._turns.take(), self._borrow(family) as slot:
                    await _run_on(slot, program, invocations, limits, stop, done)
                self._counts["submissions"] += 1
                self._counts["runs"] += len(done)
            except LanguageUnavailable:
                raise
            except SandboxError:
                self._count_failure(attempt)
            else:
                return done
        raise SandboxError("unreachable")

    def _count_failure(self, attempt: int) -> None:
        """Inside an `except`: count, and give up after the last attempt."""
        self._counts["failures"] += 1
        if attempt == ATTEMPTS - 1:
            raise  # noqa: PLE0704 - re-raises what the caller handles
        self._counts["retries"] += 1

    @asynccontextmanager
    async def _borrow(self, family: Family) -> AsyncIterator[Slot]:
        slot = await self._idle_slot(family)
        self._lent.add(slot)
        try:
            yield slot
        except BaseException:
            slot.trouble = slot.trouble or "given up"
            raise
        finally:
            self._lent.discard(slot)
            if self._is_spent(slot):
                self._replace(family, slot)
            else:
                family.idle.append(slot)

    def _is_spent(self, slot: Slot) -> bool:
        return bool(self._closed or slot.trouble or slot.worn or slot.runs >= self._runs_per_slot)

    def _replace(self, family: Family, slot: Slot) -> None:
        """End a slot in the background and, unless we are closing, launch another in its place."""

        async def replace() -> None:
            await slot.close()
            if not self._closed:
                self._counts["replaced"] += 1
                try:
                    family.idle.append(await self._launch(family))
                except SandboxError:
                    return  # the next borrower tries, and is told why

        task = asyncio.get_running_loop().create_task(replace())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _idle_slot(self, family: Family) -> Slot:
        while family.idle:
            slot = family.idle.popleft()
            if await self._is_sound(slot):
                return slot
            self._replace(family, slot)
        return await self._launch(family)

    async def _is_sound(self, slot: Slot) -> bool:
        """Run the canary if the last one is long ago."""
        now = time.monotonic()
        if now - slot.checked_at < CANARY_SECONDS:
            return True
        slot.checked_at = now
        try:
            return await _echoes(slot, "python", languages.discover()["python"].self_test)
        except SandboxError:
            return False

    async def _launch(self, family: Family) -> Slot:
        """A fresh slot, not before the family's rest after failures is over.

        Raises:
            SandboxError: it did not come up.
            WeakIsolationError: its level is too weak.
        """
        await asyncio.sleep(max(0.0, family.resting_until - time.monotonic()))
        try:
            slot = await family.launch()
        except SandboxError:
            family.failures += 1
            rest = min(_LONGEST_BACK_OFF_SECONDS, _FIRST_BACK_OFF_SECONDS * 2**family.failures)
            family.resting_until = time.monotonic() + rest
            raise
        family.failures = 0
        family.hello, family.image = slot.hello, slot.image
        if self._closed or slot.hello is None or (slot.hello.level < WEAKEST_LEVEL and not self._allow_weak):
            await slot.close()
            reasons = "; ".join(slot.hello.reasons) if slot.hello else "no hello"
            raise WeakIsolationError(f"no real isolation here ({reasons}); allow weak isolation by name to go on")
        return slot

    async def _family_for(self, language: str) -> Family:
        """The family that offers the language, once its self-test has passed there.

        Raises:
            LanguageUnavailable: none does, or the test failed.
        """
        for family in self._families:
            if not family.offers(language):
                continue
            task = self._tests.get(language)
            if task is None:
                task = asyncio.get_running_loop().create_task(self._test(family, language))
                self._tests[language] = task
            trouble = await asyncio.shield(task)
            if trouble:
                raise LanguageUnavailable(f"{language}: {trouble}")
            return family
        raise LanguageUnavailable(f"no sandbox here has {language}")

    async def _test(self, family: Family, language: str) -> str:
        """Empty if the language's self-test echoes; else what went wrong. A failure of ours is not remembered."""
        known = languages.discover().get(language)
        if known is None:
            return "unknown language"
        try:
            async with self._turns.take(), self._borrow(family) as slot:
                return "" if await _echoes(slot, language, known.self_test) else "its self-test does not echo"
        except LanguageUnavailable:
            return "not installed"
        except BaseException:
            self._tests.pop(language, None)
            raise

    def _test_results(self) -> dict[str, str]:
        finished = {name: task for name, task in self._tests.items() if task.done() and not task.cancelled()}
        return {name: task.result() for name, task in finished.items() if not task.exception() and task.result()}

    def _learn(self, language: str, cpu_seconds: float) -> None:
        known = self._cpu_average.get(language, cpu_seconds)
        self._cpu_average[language] = known + _MEMORY_OF_AVERAGE * (cpu_seconds - known)


async def _run_on(
    slot: Slot, program: Program, invocations: Sequence[Invocation], limits: Limits, stop: Stop | None,
    done: list[Execution],
) -> None:  # fmt: skip
    """Go on where `done` ends, adding to it."""
    refused = await slot.prepare(program, limits)
    if refused is not None:
        done[:] = [refused]
        return
    for index in range(len(done), len(invocations)):
        execution = await slot.run(invocations[index], limits)
        if execution.status is Status.COMPILE_ERROR:
            done[:] = [execution]
            return
        done.append(execution)
        if stop is not None and stop(index, execution):
            return


async def _echoes(slot: Slot, language: str, source: str) -> bool:
    if await slot.prepare(Program(language, source), _TEST_LIMITS) is not None:
        return False
    execution = await slot.run(Invocation(stdin=_TEST_INPUT), _TEST_LIMITS)
    return execution.status is Status.OK and execution.stdout == _TEST_INPUT
