"""Two programs that talk: a submission and an interactor in two slots, joined by a relay of bytes on the server's side.

The interactor may hold the answer, so the two never share a slot; neither sees more of the other than its output.
"""

import asyncio
from dataclasses import dataclass

from sandboxes.execution import Execution, Invocation, Limits, Program
from sandboxes.slot import Slot

Side = tuple[Slot, Program, Invocation, Limits]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What happened on both sides. One that did not compile leaves the other None."""

    program: Execution | None
    interactor: Execution | None


async def relay(program: Side, interactor: Side) -> Conversation:
    """Compile both, run both, pass each one's output to the other until both have ended.

    An invocation's `stdin` is sent before the first byte of the other side.

    Raises:
        SandboxError: the infrastructure failed on either side.
        LanguageUnavailable: a slot lacks its language.
    """
    (left, program_source, program_call, program_limits) = program
    (right, interactor_source, interactor_call, interactor_limits) = interactor
    for slot, source, limits, broken in (
        (left, program_source, program_limits, "program"),
        (right, interactor_source, interactor_limits, "interactor"),
    ):
        refused = await slot.prepare(source, limits)
        if refused is not None:
            sides: dict[str, Execution | None] = {"program": None, "interactor": None, broken: refused}
            return Conversation(**sides)
    async with asyncio.TaskGroup() as group:
        one = group.create_task(_speak(left, right, program_call, program_limits))
        other = group.create_task(_speak(right, left, interactor_call, interactor_limits))
    return Conversation(one.result(), other.result())


async def _speak(speaker: Slot, listener: Slot, call: Invocation, limits: Limits) -> Execution:
    """Run one side; its output goes to the other, and its end is the end of the other's input."""

    async def pass_on(data: bytes) -> None:
        await listener.feed(data, last=False)

    execution = await speaker.run(call, limits, pass_on)
    await listener.feed(b"", last=True)
    return execution
