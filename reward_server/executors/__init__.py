"""Who does slow work: this process, or `reward-server work` on any number of machines.

An executor gets what the fast tier, the cache and the work in flight left open, one piece at a time, already admitted.
It answers with a verdict: `ungradable` where it could not do the work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from reward_server.graders import Completion, Task
from reward_server.grading.compilation import CompiledTask
from reward_server.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Work:
    """A task that a completion is to be graded for, in the slow tier."""

    compiled: CompiledTask
    task: Task


class Executor(Protocol):
    """Does slow work."""

    def keeps(self, compiled: CompiledTask) -> bool:
        """Tell whether verdicts of this task may be kept in this process's cache: what they depend on is known here."""

    async def grade(self, work: Work, completion: Completion) -> Verdict:
        """Return the verdict; whoever is cancelled no longer wants it. Raises nothing but that."""

    def lacking(self) -> str:
        """Return why programs cannot be run now, empty if they can or if that is not this executor's to say."""

    def describe(self) -> Mapping[str, Any]:
        """Return its state, as JSON."""
