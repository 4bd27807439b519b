"""A program and its tests in two slots, joined by the wire (`agent/wire`): requests one way, answers the other.

Only frames are moved here. What the tests send is read as far as its five bytes of prefix, to tell what is for the
program, where a test begins, and what is a result; what the program sends is not read at all.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandboxes.agent.wire import pipes
from sandboxes.conversation import Part, Side, silence
from sandboxes.execution import Execution, Invocation, Limits, Program
from sandboxes.line import Listener
from sandboxes.slot import Slot

_LAP = bytes(bytearray(b"lap"))
"""Told from all other bytes by its identity."""


@dataclass(slots=True)
class Trial:
    """What happened: how both sides ended, and what the tests said in between."""

    program: Execution | None = None
    tests: Execution | None = None
    results: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0
    """Requests that the tests made; the first is for what the program defines."""
    begun: bool = False
    """The first was answered, and the tests themselves began."""
    touched: bool = False
    """They took something from that answer which they need not ask about."""

    @property
    def program_took_part(self) -> bool:
        """Whether the tests' end may be its doing: it was asked for more than its names, or these were enough."""
        return self.asked > 0 and (not self.begun or self.touched or self.asked > 1)


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
    left = _Examined(slots[0], Side(exam.program, [Invocation(wire="program")], exam.limits))
    right = Part(slots[1], Side(exam.tests, [Invocation(wire="tests", setup=exam.order)], exam.bounds))
    hears = right.heard.put, _Switch(said, left).hear

    async def speak(part: Part, other: Part, index: int) -> Execution:
        listener = Listener(hears[index], part.note, other.patience_seconds, laps=True)
        execution = await part.slot.run(part.side.calls[0], part.side.limits, listener)
        part.has_ended = True
        other.heard.put_nowait(b"")
        return execution

    try:
        async with asyncio.TaskGroup() as group:
            feeding = [group.create_task(part.listen()) for part in (left, right)]
            runs = group.create_task(speak(left, right, 0)), group.create_task(speak(right, left, 1))
            watching = group.create_task(_end_silence(left, right))
            await asyncio.wait(runs, return_when=asyncio.ALL_COMPLETED)
            for task in (watching, *feeding):
                task.cancel()
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    said.program, said.tests = runs[0].result(), runs[1].result()
    return said


async def _end_silence(program: Part, tests: Part) -> None:
    """The program is ended first: tests that waited for it say so, and how many they are. They get as long again."""
    tests.wall_seconds = min(program.wall_seconds, tests.wall_seconds)
    while not tests.has_ended:
        seconds = await silence(program, tests)
        await (tests if program.has_ended else program).slot.end_silence(seconds)


class _Examined(Part):
    """The program's side, which is told where a new test begins."""

    lap = False

    async def pass_on(self, data: bytes, last: bool) -> None:
        """Send one piece, or remember that a lap begins with the next."""
        if data is _LAP:
            self.lap = True
            return
        self.idle = False
        self.fed += 1
        await self.slot.feed(data, last, self.lap)
        self.lap = False


class _Switch:
    """What the tests say, frame by frame."""

    def __init__(self, said: Trial, program: _Examined) -> None:
        self.said, self.program = said, program
        self.waiting = bytearray()
        self.actions: dict[int, Callable[[bytes], None]] = {
            pipes.TO_PROGRAM[0]: self._ask,
            pipes.NEXT_TEST[0]: self._begin,
            pipes.TOOK_PART[0]: self._touch,
            pipes.RESULT[0]: lambda frame: said.results.append(json.loads(frame[pipes.PREFIX.size :])),
        }

    def _ask(self, frame: bytes) -> None:
        self.said.asked += 1
        self.program.heard.put_nowait(frame)

    def _touch(self, _frame: bytes) -> None:
        self.said.touched = True

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
