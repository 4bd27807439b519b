"""Known questions: a right and a wrong program, and whether a slot can still tell them apart.

The question is new each time, so that a slot which repeats what it once answered is found out. The right program must
give the value that is expected here; the wrong one must not, and must be seen to fail as it does. Slots without Python
are asked to echo, in a language that was tested there.
"""

import secrets
import time
from collections.abc import Iterable

from sandboxes import languages, stages
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.slot import Slot

CANARY_SECONDS = 60.0
"""Between two canaries of a slot."""
_LIMITS = Limits(cpu_seconds=20.0)
_RIGHT = "n = int(input())\nprint(n * n + 1)\n"
_WRONG = "n = int(input())\nprint(n * n - 1)\nraise SystemExit(3)\n"
_WRONG_STATUS = 3
_WIDEST = 1 << 30


def is_due(slot: Slot) -> bool:
    """Whether the slot was asked long ago."""
    return time.monotonic() - slot.checked_at >= CANARY_SECONDS


async def sing(slot: Slot, tested: Iterable[str]) -> str:
    """Ask a slot; return what is wrong with its answer, empty where nothing is. `tested` are languages to echo in.

    Raises:
        SandboxError: it did not answer.
    """
    slot.checked_at = time.monotonic()
    spoken = slot.hello.languages if slot.hello is not None else ()
    language = "python" if "python" in spoken else next((name for name in tested if name in spoken), None)
    if language is None:
        return ""
    with stages.watched(None):  # nobody's traffic
        return await (_ask(slot) if language == "python" else _echo(slot, language))


async def _ask(slot: Slot) -> str:
    n = secrets.randbelow(_WIDEST)
    right = await _run(slot, Program("python", _RIGHT), b"%d\n" % n)
    if right.status is not Status.OK or right.stdout.split() != [b"%d" % (n * n + 1)]:
        return f"a right program was judged wrong: {_told(right)}"
    wrong = await _run(slot, Program("python", _WRONG), b"%d\n" % n)
    if wrong.status is Status.OK or wrong.stdout == right.stdout:
        return f"a wrong program was judged right: {_told(wrong)}"
    if wrong.exit_code != _WRONG_STATUS or wrong.stdout.split() != [b"%d" % (n * n - 1)]:
        return f"a wrong program failed in another way: {_told(wrong)}"
    return ""


async def _echo(slot: Slot, language: str) -> str:
    text = secrets.token_hex(8).encode() + b"\n"
    said = await _run(slot, Program(language, languages.discover()[language].self_test), text)
    return "" if said.status is Status.OK and said.stdout == text else f"{language} does not echo: {_told(said)}"


async def _run(slot: Slot, program: Program, stdin: bytes) -> Execution:
    refused = await slot.prepare(program, _LIMITS)
    return refused if refused is not None else await slot.run(Invocation(stdin=stdin), _LIMITS)


def _told(execution: Execution) -> str:
    said = execution.error or execution.stderr.decode(errors="replace") or execution.stdout.decode(errors="replace")
    return f"{execution.status.value}, {said}"[:200]
