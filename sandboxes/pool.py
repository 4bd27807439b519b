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
        self._checked: dict[int, float] = {}
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
