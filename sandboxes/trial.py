"""A program and its tests in two slots, joined by the wire (`agent/wire`): requests one way, answers the other.

Only frames are moved here. What the tests send is read as far as its five bytes of prefix, to tell what is for the
program, where a test begins, and what is a result; what the program sends is not read at all.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandboxes import languages
from sandboxes.agent.wire import pipes
from sandboxes.execution import CLEARLY_OVER, Execution, Invocation, Limits, Program
from sandboxes.sandbox import SandboxError
from sandboxes.slot import Listener, Slot

_TICK_SECONDS = 0.1
_LAP = object()


@dataclass(slots=True)
class Trial:
    """What happened: how both sides ended, and what the tests said in between."""

    program: Execution | None = None
    tests: Execution | None = None
    results: list[dict[str, Any]] = field(default_factory=list)
    laps: list[float] = field(default_factory=list)
    """CPU seconds of the program, first while it was loaded, then for each test that has ended."""
    asked: int = 0
    """Requests that the tests made; the first is for what the program defines."""
    begun: bool = False
    """The first was answered, and the tests themselves began."""

    @property
    def program_took_part(self) -> bool:
        """Whether the tests' end may be its doing: it has not given the first answer, or was asked for more."""
        return self.asked > 0 and (not self.begun or self.asked > 1)


@dataclass(frozen=True, slots=True)
class Exam:
    """A program and the tests it is put to."""

    program: Program
    limits: Limits
    """The program's, for each test."""
    tests: Program
    order: str
    """What the tests' end is told, as JSON."""
    bounds: Limits
    """What the tests' end may use, in all."""


async def hold(slots: tuple[Slot, Slot], exam: Exam) -> Trial:
    """Run both ends until both have ended.

    Raises:
        SandboxError: the infrastructure failed on either side.
        LanguageUnavailable: a slot has no Python.
    """
    said = Trial()
    for slot, program, limits in zip(slots, (exam.program, exam.tests), (exam.limits, exam.bounds), strict=True):
        if (refused := await slot.prepare(program, limits)) is not None:
            said.program = refused
            return said
    left = _End(slots[0], exam.limits, Invocation(wire="program"))
    right = _End(slots[1], exam.bounds, Invocation(wire="tests", setup=exam.order))
    switch = _Switch(said, left)
    ended: asyncio.Queue[None] = asyncio.Queue()

    async def speak(end: _End, other: _End, listener: Listener) -> Execution:
        execution = await end.slot.run(end.call, end.limits, listener)
        end.has_ended = True
        other.heard.put_nowait(b"")
        ended.put_nowait(None)
        return execution

    try:
        async with asyncio.TaskGroup() as group:
            feeding = [group.create_task(end.listen()) for end in (left, right)]
            runs = (
                group.create_task(speak(left, right, Listener(right.heard.put, left.note, said.laps.append))),
                group.create_task(speak(right, left, Listener(switch.hear, right.note, _ignore))),
            )
            watching = group.create_task(_end_silence(left, right))
            await asyncio.wait(runs, return_when=asyncio.ALL_COMPLETED)
            for task in (watching, *feeding):
                task.cancel()
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    said.program, said.tests = runs[0].result(), runs[1].result()
    return said


def _ignore(_seconds: float) -> None:
    return


class _End:
    """One side while it runs; what is on its way to it waits in a queue, which the other's output limit bounds."""

    def __init__(self, slot: Slot, limits: Limits, call: Invocation) -> None:
        self.slot, self.limits, self.call = slot, limits, call
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self.idle = self.has_ended = False
        self.wall_seconds = limits.wall * languages.discover()["python"].cpu_factor

    def note(self, idle: bool) -> None:
        self.idle = idle

    async def listen(self) -> None:
        """Feed it; the end of the other side is the end of its input."""
        try:
            while data := await self.heard.get():
                self.idle = False
                if data is _LAP:
                    await self.slot.lap()
                else:
                    await self.slot.feed(data, last=False)
            self.idle = False
            await self.slot.feed(b"", last=True)
        except OSError as error:
            raise SandboxError(f"{self.slot.name}: {type(error).__name__}: {error}"[:200]) from error

    @property
    def waits(self) -> bool:
        """Nothing of it wants a processor and nothing is on its way to it."""
        return self.has_ended or (self.idle and self.heard.empty())


class _Switch:
    """What the tests say, frame by frame."""

    def __init__(self, said: Trial, program: _End) -> None:
        self.said, self.program = said, program
        self.waiting = bytearray()
        self.actions: dict[int, Callable[[bytes], None]] = {
            pipes.TO_PROGRAM[0]: self._ask,
            pipes.NEXT_TEST[0]: self._begin,
            pipes.RESULT[0]: lambda frame: said.results.append(json.loads(frame[pipes.PREFIX.size :])),
        }

    def _ask(self, frame: bytes) -> None:
        self.said.asked += 1
        self.program.heard.put_nowait(frame)

    def _begin(self, _frame: bytes) -> None:
        self.said.begun = True
        self.program.heard.put_nowait(_LAP)

    async def hear(self, data: bytes) -> None:
        """Pass on or keep each whole frame."""
        self.waiting += data
        while len(self.waiting) >= pipes.PREFIX.size:
            size, whom = pipes.PREFIX.unpack_from(self.waiting)
            end = pipes.PREFIX.size + size
            if len(self.waiting) < end:
                return
            frame = bytes(self.waiting[:end])
            del self.waiting[:end]
            self.actions[whom](frame)


async def _end_silence(*ends: _End) -> None:
    """The wall limit: time in which neither side stirs, so that no busy machine shortens it."""
    silent, before = 0.0, asyncio.get_running_loop().time()
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        now = asyncio.get_running_loop().time()
        if all(end.waits for end in ends):
            silent += min(now - before, 2 * _TICK_SECONDS)
        before = now
        running = [end for end in ends if not end.has_ended]
        if running and silent > CLEARLY_OVER * min(end.wall_seconds for end in running):
            for end in running:
                await end.slot.end_silence(silent)
            return
