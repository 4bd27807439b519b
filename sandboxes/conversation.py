"""Two programs that talk: a submission and an interactor in two slots, joined by a relay of bytes on the server's side.

The interactor may hold the answer, so the two never share a slot; neither sees more of the other than its output. Both
are compiled once and hold one conversation after the other.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandboxes.execution import Execution, Invocation, Limits, Program
from sandboxes.sandbox import SandboxError
from sandboxes.slot import Slot


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
    """Run both, pass each one's output to the other until both have ended.

    What one says waits in a queue, which its output limit bounds: two that flood each other would otherwise stop both
    agents, each busy writing to a server that is busy writing to the other.
    """
    ended: list[Slot] = []

    async def run(speaker: Slot, side: Side, said: asyncio.Queue[bytes]) -> Execution:
        execution = await speaker.run(side.calls[index], side.limits, said.put)
        ended.append(speaker)
        said.put_nowait(b"")
        return execution

    left, right = slots
    try:
        async with asyncio.TaskGroup() as group:
            to_right, to_left = asyncio.Queue[bytes](), asyncio.Queue[bytes]()
            one = group.create_task(run(left, program, to_right))
            other = group.create_task(run(right, interactor, to_left))
            group.create_task(_pass_on(to_right, right))
            group.create_task(_pass_on(to_left, left))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return Conversation(one.result(), other.result(), program_ended_first=ended[0] is left)


async def _pass_on(said: asyncio.Queue[bytes], listener: Slot) -> None:
    """Feed what is said to the other side; the end of one is the end of the other's input."""
    try:
        while data := await said.get():
            await listener.feed(data, last=False)
        await listener.feed(b"", last=True)
    except OSError as error:
        raise SandboxError(f"{listener.name}: {type(error).__name__}: {error}"[:200]) from error
