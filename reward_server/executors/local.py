"""Slow work in this process, with its own sandboxes and SymPy processes."""

from typing import Any

from reward_server.executors import Work
from reward_server.graders import Completion, Resources
from reward_server.grading.compilation import CompiledTask
from reward_server.verdict import Verdict


class LocalExecutor:
    """Calls the grader's slow tier here."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def keeps(self, compiled: CompiledTask) -> bool:
        """Keep every verdict: the cache's key names what ran."""
        del compiled
        return True

    async def grade(self, work: Work, completion: Completion) -> Verdict:
        """Return the verdict of the grader; its failures are ours."""
        return await work.compiled.grader.decide(work.compiled.compiled, completion, self._resources)

    def lacking(self) -> str:
        """Return nothing: the sandboxes say what they lack themselves."""
        return ""

    def describe(self) -> dict[str, Any]:
        """Return that work is done here."""
        return {"kind": "local"}
