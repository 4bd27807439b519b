"""The contract every launcher keeps: run a program on some inputs, return what happened, or say that we failed.

Compile once, run many: `run` compiles the program and then runs the invocations in order, each in a process of its
own that sees nothing of the others. `stop(index, execution)` is asked after each run and lets the caller, who alone
knows the expected values, end the sequence at the first failure.

What an implementation promises:

- the result has one Execution for each invocation that was run, in order; a program that does not compile gives
  exactly one, with status COMPILE_ERROR;
- whatever the program does, wrong, slow or hostile, is an Execution; only a failure of the infrastructure raises;
- a killed container, agent or zygote raises `SandboxError`, never a fabricated Execution;
- a run leaves nothing behind: no process, no file, no memory, and cannot see or disturb another run;
- limits are charged in CPU time of the program's process tree, so a busy machine changes no status.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from sandboxes.execution import Execution, Invocation, Limits, Program


class SandboxError(Exception):
    """The infrastructure failed: the program is not to blame and nothing is known about it. Retry elsewhere."""


class LaunchError(SandboxError):
    """No slot could be started: nothing was tried, and it may be possible again in a moment."""


class OutOfSlots(LaunchError):  # noqa: N818 - named after the state
    """No slot lives and none could be launched for a while: worth another try later, not now."""


class LanguageUnavailable(SandboxError):  # noqa: N818 - named after the state
    """The language is known to the project but not installed where this sandbox runs."""


Stop = Callable[[int, Execution], bool | Awaitable[bool]]
"""Says after a run whether it was the last one. Others may have been begun meanwhile: nothing is known of those."""


async def is_last(said: bool | Awaitable[bool]) -> bool:
    """Return what a `Stop` said, now or later."""
    return said if isinstance(said, bool) else await said


class Sandbox(Protocol):
    """One place to run programs, or a pool of such places."""

    async def run(
        self, program: Program, invocations: Sequence[Invocation], limits: Limits, stop: Stop | None = None
    ) -> list[Execution]:
        """Compile `program`, run it on each invocation until `stop` says so.

        Raises:
            SandboxError: the infrastructure failed.
            LanguageUnavailable: this sandbox has no such language.
        """
        ...

    async def close(self) -> None:
        """End every process and container this sandbox started; idempotent."""
        ...
