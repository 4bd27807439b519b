"""A family: slots of one kind, from one image or on this machine. How they are launched, checked and thought sound.

A launch that fails makes the family rest, longer each time. A slot whose level is too weak is refused. A language
serves once its self-test, an echo, has been compiled and has echoed in a slot of the family.
"""

import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandboxes import languages, stages
from sandboxes.execution import Invocation, Limits, Program, Status
from sandboxes.hello import Hello
from sandboxes.sandbox import LanguageUnavailable, LaunchError, SandboxError
from sandboxes.slot import Slot

WEAKEST_LEVEL = 1
_FIRST_REST_SECONDS, _LONGEST_REST_SECONDS = 0.1, 2.0
_TEST_LIMITS = Limits(cpu_seconds=20.0)
_TEST_INPUT = b"echo 42\n"

Launch = Callable[[], Awaitable[Slot]]


class WeakIsolationError(SandboxError):
    """The machine grants no real isolation and nobody allowed to do without."""


@dataclass(slots=True, eq=False)
class Family:
    """Slots of one kind."""

    name: str
    launch: Launch
    languages: frozenset[str] | None = None
    """What it is known to offer before any of its slots has said hello; None: ask."""
    image: str = ""
    """Digest of its image, empty without one."""
    start_seconds: float = 0.0
    """How long the first slot may take to be there, where somebody else starts it."""
    patience_seconds: float = 2.0
    """How long submissions wait while no slot lives and none can be launched."""
    present: Callable[[], bool] = lambda: True
    """Whether there is such a family here at all, where somebody else starts its slots."""
    idle: deque[Slot] = field(default_factory=deque)
    hello: Hello | None = None
    versions: dict[str, str] = field(default_factory=dict)
    """Of the languages tested so far."""
    alive: int = 0
    """Slots launched, or being launched, and not ended."""
    failures: int = 0
    resting_until: float = 0.0

    def offered(self) -> frozenset[str]:
        """What its slots run, as far as is known."""
        said = frozenset(self.hello.languages) if self.hello else frozenset[str]()
        return said if self.languages is None else self.languages

    def offers(self, language: str) -> bool:
        """Whether a slot of this family may run the language."""
        if not self.present():
            return False
        return language in self.offered() or (self.languages is None and self.hello is None)

    def environment(self, language: str) -> str:
        """What verdicts on programs in the language depend on here; empty as long as it is not known."""
        if self.hello is None or language not in self.versions:
            return ""
        installed = self.image or f"python {self.hello.python} {self.hello.packages} {self.versions[language]}"
        return f"level {self.hello.level} {installed}"

    def describe(self, hello: Hello) -> dict[str, Any]:
        """For /readyz and the doctor."""
        return {
            "level": hello.level,
            "user_namespace": hello.user_namespace,
            "reasons": list(hello.reasons),
            "features": dict(hello.features),
            "python": hello.python,
            "lacking": list(hello.lacking),
            "languages": {name: self._about(name) for name in sorted(self.offered())},
            "image": self.image,
            "idle": len(self.idle),
        }

    def _about(self, language: str) -> dict[str, Any]:
        """Its version, empty as long as it was not used, and what its runtime is granted beyond a task's limits."""
        known = languages.discover()[language]
        granted = ("cpu_factor", "extra_memory_bytes", "extra_processes", "compile_cpu_seconds", "compile_memory_bytes")
        return {"version": self.versions.get(language, ""), **{name: getattr(known, name) for name in granted}}

    async def fresh_slot(self, allow_weak: bool) -> Slot:
        """Launch one.

        Raises:
            LaunchError: it did not come up.
            WeakIsolationError: its level is too weak.
        """
        self.alive += 1
        try:
            slot = await self.launch()
        except SandboxError as error:
            self.alive -= 1
            self.rest_after_failure()
            raise LaunchError(str(error)) from error
        except BaseException:
            self.alive -= 1
            raise
        self.failures = 0
        self.hello = slot.hello
        if slot.hello is None or (slot.hello.level < WEAKEST_LEVEL and not allow_weak):
            await self.end(slot)
            reasons = "; ".join(slot.hello.reasons) if slot.hello else "no hello"
            raise WeakIsolationError(f"no real isolation here ({reasons}); allow weak isolation by name to go on")
        return slot

    def rest_after_failure(self) -> None:
        """Launch nothing for a while, longer after each failure in a row."""
        self.failures += 1
        rest = min(_LONGEST_REST_SECONDS, _FIRST_REST_SECONDS * 2 ** min(self.failures, 10))
        self.resting_until = time.monotonic() + rest

    async def end(self, slot: Slot) -> None:
        """End one of its slots."""
        self.alive -= 1
        await slot.close()


async def self_test(slot: Slot, language: str) -> str:
    """Empty if the language's self-test copies its input to its output here, else what it did instead.

    Raises:
        SandboxError: the infrastructure failed.
        LanguageUnavailable: no such language.
    """
    known = languages.discover().get(language)
    if known is None:
        raise LanguageUnavailable(f"unknown language {language}")
    with stages.watched(None):  # nobody's traffic
        refused = await slot.prepare(Program(language, known.self_test), _TEST_LIMITS)
        if refused is not None:
            return f"its self-test does not compile: {refused.error}"
        execution = await slot.run(Invocation(stdin=_TEST_INPUT), _TEST_LIMITS)
    if execution.status is Status.OK and execution.stdout == _TEST_INPUT:
        return ""
    said = execution.error or execution.stderr.decode(errors="replace") or "other output"
    return f"its self-test does not echo: {execution.status.value}, {said}"[:300]
