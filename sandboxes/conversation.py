"""Two programs that talk: a submission and an interactor in two slots, joined by a relay of bytes on the server's side.

The interactor may hold the answer, so the two never share a slot; neither sees more of the other than its output. Both
are compiled once and hold one conversation after the other.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandboxes import languages
from sandboxes.execution import CLEARLY_OVER, Execution, Invocation, Limits, Program
from sandboxes.line import Listener
from sandboxes.sandbox import SandboxError
from sandboxes.slot import Slot

_TICK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two programs, with its part in each conversation."""

    program: Program
    calls: Sequence[Invocation]
    """An invocation's `stdin` is not sent: the other side is what it reads."""
    limits: Limits


@dataclass(frozen=True, slots=True)
class Conversation:
    """What happened on both sides. One that did not compile leaves the other None."""

    program: Execution | None
    interactor: Execution | None
    program_ended_first: bool = False
    program_spoke: bool = False
    """Whether anything that the program printed went to the interactor."""


Enough = Callable[[Conversation], bool]


async def relay(
    slots: tuple[Slot, Slot], program: Side, interactor: Side, held: list[Conversation], enough: Enough | None
) -> list[Conversation]:
    """Compile both, hold the conversations that are not in `held` yet and add them to it, until one is `enough`.

    Raises:
        SandboxError: the infrastructure failed on either side.
        LanguageUnavailable: a slot lacks its language.
    """
    for slot, side in zip(slots, (program, interactor), strict=True):
        refused = await slot.prepare(side.program, side.limits)
        if refused is not None:
            return [Conversation(refused, None) if side is program else Conversation(None, refused)]
    for index in range(len(held), len(program.calls)):
        held.append(await _converse(slots, program, interactor, index))
        if enough is not None and enough(held[-1]):
            break
    return held


async def _converse(slots: tuple[Slot, Slot], program: Side, interactor: Side, index: int) -> Conversation:
    """Run both, pass each one's output to the other until both have ended."""
    left, right = Part(slots[0], program), Part(slots[1], interactor)
    ended: list[Part] = []

    async def speak(part: Part, other: Part) -> Execution:
        listener = Listener(other.heard.put, part.note, other.patience_seconds)
        execution = await part.slot.run(part.side.calls[index], part.side.limits, listener)
        ended.append(part)
        part.has_ended = True
        other.heard.put_nowait(b"")
        return execution

    try:
        async with asyncio.TaskGroup() as group:
            feeding = [group.create_task(part.listen()) for part in (left, right)]
            one, other = group.create_task(speak(left, right)), group.create_task(speak(right, left))
            watching = group.create_task(end_silence(left, right))
            await asyncio.wait([one, other], return_when=asyncio.ALL_COMPLETED)
            watching.cancel()
            for task in feeding:
                task.cancel()
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return Conversation(one.result(), other.result(), ended[0] is left, program_spoke=right.has_heard)


class Part:
    """One side while it talks.

    What the other says waits in a queue, which the other's output limit bounds: two that flood each other would
    otherwise stop both agents, each busy writing to a server that is busy writing to the other.
    """

    def __init__(self, slot: Slot, side: Side) -> None:
        self.slot, self.side = slot, side
        self.heard = asyncio.Queue[bytes]()
        self.idle = self.has_ended = self.has_heard = False
        self.fed = 0
        language = side.program.language
        self.wall_seconds = side.limits.wall * languages.discover()[language].cpu_factor
        self.patience_seconds = Slot.patience(side.limits, language)

    def note(self, idle: bool, inputs: int) -> None:
        """Take the agent's word, unless something is on its way there that it has not seen."""
        self.idle = idle and inputs == self.fed

    async def listen(self) -> None:
        """Feed the program what the other side says; the end of one is the end of the other's input."""
        try:
            while data := await self.heard.get():
                await self.pass_on(data, last=False)
            await self.pass_on(b"", last=True)
        except OSError as error:
            raise SandboxError(f"{self.slot.name}: {type(error).__name__}: {error}"[:200]) from error

    async def pass_on(self, data: bytes, last: bool) -> None:
        """Send one piece; `last` closes the program's input."""
        self.idle = False
        self.has_heard = self.has_heard or bool(data)
        self.fed += 1
        await self.slot.feed(data, last)

    @property
    def waits(self) -> bool:
        """Nothing of it wants a processor and nothing is on its way to it."""
        return self.has_ended or (self.idle and self.heard.empty())


async def end_silence(*parts: Part) -> None:
    """The wall limit of a conversation: of those who still talk, all are ended."""
    seconds = await silence(*parts)
    for part in parts:
        if not part.has_ended:
            await part.slot.end_silence(seconds)


async def silence(*parts: Part) -> float:
    """Wait until neither side has stirred for the wall limit of who talks, so that no busy machine shortens it.

    Returns how long that was.
    """
    silent, before = 0.0, asyncio.get_running_loop().time()
    while True:
        await asyncio.sleep(_TICK_SECONDS)
        now = asyncio.get_running_loop().time()
        if all(part.waits for part in parts):
            silent += min(now - before, 2 * _TICK_SECONDS)
        before = now
        talking = [part.wall_seconds for part in parts if not part.has_ended]
        if talking and silent > CLEARLY_OVER * min(talking):
            return silent
