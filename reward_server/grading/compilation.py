"""Tasks compiled once and kept: the completions of a group share one compiled ground truth.

The key is the digest of the task itself, dumped through its own class: dumping it through a field declared with a base
class would leave out the ground truth and give all tasks one key. What is kept is bounded by the size of the tasks.
"""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reward_server.errors import GraderError, TaskError, blame
from reward_server.graders import Grader, Task

_KEPT_BYTES = 256 * 1024 * 1024
_OVERHEAD_BYTES = 2_000
"""What a small compiled task weighs beside its JSON."""


@dataclass(frozen=True, slots=True)
class CompiledTask:
    """A task with its grader, ready to grade any number of completions."""

    grader: Grader[Any, Any]
    label: str
    """Kind and version, such as `math/3`."""
    fingerprint: bytes
    """sha256 of the canonical task; 32 bytes."""
    compiled: Any
    problem: TaskError | None = None
    """Why the task cannot be used; `compiled` is then None."""


class TaskCompiler:
    """Compiles tasks and remembers them, least recently used out first."""

    def __init__(self, graders: Mapping[str, Grader[Any, Any]]) -> None:
        self._graders = graders
        self._kept: OrderedDict[bytes, tuple[CompiledTask, int]] = OrderedDict()
        self._bytes = 0

    def compile(self, task: Task) -> CompiledTask:
        """Return the compiled task; a broken one comes back with its `problem`.

        Raises:
            GraderError: the grader raised something other than TaskError.
        """
        try:
            canonical = task.__pydantic_serializer__.to_json(task)
        except ValueError as error:
            return self._unreadable(task, f"the task cannot be written as JSON: {error}"[:200])
        fingerprint = hashlib.sha256(canonical).digest()
        kept = self._kept.get(fingerprint)
        if kept is not None:
            self._kept.move_to_end(fingerprint)
            return kept[0]
        compiled = self._compile(task, fingerprint)
        self._keep(compiled, len(canonical) + _OVERHEAD_BYTES)
        return compiled

    def _unreadable(self, task: Task, reason: str) -> CompiledTask:
        """Return what a task without a canonical form is: broken, and equal to no other."""
        grader = self._graders[task.kind]  # type: ignore[attr-defined] # every grader's task has it
        label = f"{task.kind}/{grader.version}"  # type: ignore[attr-defined]
        return CompiledTask(grader, label, secrets.token_bytes(32), None, TaskError(reason))

    def _compile(self, task: Task, fingerprint: bytes) -> CompiledTask:
        kind: str = task.kind  # type: ignore[attr-defined] # every grader's task has it
        grader = self._graders[kind]
        label = f"{kind}/{grader.version}"
        try:
            with blame(GraderError, f"compile {label}"):
                return CompiledTask(grader, label, fingerprint, grader.compile(task))
        except TaskError as problem:
            return CompiledTask(grader, label, fingerprint, None, problem)

    def _keep(self, compiled: CompiledTask, weight: int) -> None:
        self._kept[compiled.fingerprint] = (compiled, weight)
        self._bytes += weight
        while self._bytes > _KEPT_BYTES and len(self._kept) > 1:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._bytes -= dropped
