"""Tasks compiled once and kept: the completions of a group share one compiled ground truth.

The key is the digest of the task itself, dumped through its own class: dumping it through a field declared with a base
class would leave out the ground truth and give all tasks one key. What is kept is bounded by what it weighs in memory,
which for tests that became syntax trees is a hundred times their text.
"""

import asyncio
import gc
import hashlib
import secrets
import sys
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from pydantic_core import to_json

from reward_server.errors import GraderError, TaskError, blame
from reward_server.graders import Grader, Task
from sandboxes import stages

_KEPT_BYTES = 256 * 1024 * 1024
_OVERHEAD_BYTES = 2_000
_TIMES_JSON = 30
"""What a small compiled task weighs at most, by its JSON; large ones are weighed."""
_LARGE_CHARACTERS, _EACH = 16_384, 8
"""Of text, and what an item of a list counts, beyond which a task is read in a thread."""
_SLICE, _NUMBERS, _DEEPEST = 256, frozenset({int, float, bool, type(None)}), 200
_MOST_COUNTED, _WEIGHED = 2_000_000, 1_000
"""Objects, and items of one list; beyond it the rest is estimated."""


@dataclass(frozen=True, slots=True)
class CompiledTask:
    """A task with its grader, ready to grade any number of completions."""

    grader: Grader[Any, Any]
    fingerprint: bytes
    """sha256 of the canonical task; 32 bytes."""
    compiled: Any
    problem: TaskError | None = None
    """Why the task cannot be used; `compiled` is then None."""

    @property
    def label(self) -> str:
        """Kind and version, such as `math/3`."""
        return self.grader.label


class TaskCompiler:
    """Compiles tasks and remembers them, least recently used out first."""

    def __init__(self, graders: Mapping[str, Grader[Any, Any]]) -> None:
        self._graders = graders
        self._kept: OrderedDict[bytes, tuple[CompiledTask, int]] = OrderedDict()
        self._bytes = 0

    async def compile(self, task: Task) -> CompiledTask:
        """Return the compiled task; a broken one comes back with its `problem`. Large tasks are read in a thread.

        Raises:
            GraderError: the grader raised something other than TaskError.
        """
        if not _is_large(task):
            fingerprint, length = _fingerprint(task)
            if (known := self._known(fingerprint)) is not None:
                return known
            with stages.stage("compile"):
                return self._keep(self._compile(task, fingerprint), length * _TIMES_JSON)
        fingerprint = await asyncio.to_thread(_fingerprint_of_large, task)
        known = self._known(fingerprint)
        if known is not None:
            return known
        with stages.stage("compile"):
            compiled = await asyncio.to_thread(self._compile, task, fingerprint)
            return self._keep(compiled, await asyncio.to_thread(weight_of, compiled.compiled))

    def _known(self, fingerprint: bytes) -> CompiledTask | None:
        kept = self._kept.get(fingerprint)
        if kept is None:
            return None
        self._kept.move_to_end(fingerprint)
        return kept[0]

    def _compile(self, task: Task, fingerprint: bytes) -> CompiledTask:
        kind: str = task.kind  # type: ignore[attr-defined] # every grader's task has it
        grader = self._graders[kind]
        if not fingerprint:
            reason = TaskError("the task is nested too deeply to be written as JSON")
            return CompiledTask(grader, secrets.token_bytes(32), None, reason)
        try:
            with blame(GraderError, f"compile {grader.label}"):
                return CompiledTask(grader, fingerprint, grader.compile(task))
        except TaskError as problem:
            return CompiledTask(grader, fingerprint, None, problem)

    def _keep(self, compiled: CompiledTask, weight: int) -> CompiledTask:
        before = self._kept.pop(compiled.fingerprint, None)  # two requests may have compiled it at the same time
        self._bytes += weight + _OVERHEAD_BYTES - (before[1] if before else 0)
        self._kept[compiled.fingerprint] = (compiled, weight + _OVERHEAD_BYTES)
        while self._bytes > _KEPT_BYTES and len(self._kept) > 1:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._bytes -= dropped
        return compiled


def _fingerprint(task: Task) -> tuple[bytes, int]:
    """Return the digest of the canonical task and its length; no digest where it cannot be written."""
    try:
        canonical = task.__pydantic_serializer__.to_json(task)
    except ValueError:
        return b"", 0
    return hashlib.sha256(canonical).digest(), len(canonical)


def _fingerprint_of_large(task: Task) -> bytes:
    """Return the digest of a large task, made piece by piece: writing it at once would keep every thread waiting."""
    digest = hashlib.sha256(type(task).__qualname__.encode())
    try:
        for name, value in vars(task).items():
            digest.update(f"\0{name}".encode())
            _digest(value, digest, 0)
    except ValueError:
        return b""
    return digest.digest()


def _digest(value: Any, digest: Any, depth: int) -> None:
    """Add a value: short ones as JSON, others item by item between marks that no JSON holds."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if not isinstance(value, dict | list | tuple) or not _exceed([value]):
        digest.update(b"\0" + to_json(value))
    elif isinstance(value, dict):
        digest.update(b"\0{")
        for name, item in value.items():
            digest.update(b"\0" + to_json(name))
            _digest(item, digest, depth + 1)
    else:
        digest.update(b"\0[")
        for start in range(0, len(value), _SLICE):
            part = value[start : start + _SLICE]
            if len(value) > _SLICE and (_NUMBERS.issuperset(map(type, part)) or not _exceed([part])):
                digest.update(b"\0" + to_json(part))
            else:
                for item in part:
                    _digest(item, digest, depth + 1)
    digest.update(b"\0.")


def _is_large(task: Task) -> bool:
    """Say whether reading the task is no work for the event loop."""
    return _exceed(list(vars(task).values()))


def _exceed(waiting: list[Any]) -> bool:
    """Say whether values have more characters and items than are read at once; looks at a bounded part of them."""
    left = _LARGE_CHARACTERS
    while waiting and left > 0:
        item = waiting.pop()
        if isinstance(item, str | bytes):
            left -= len(item)
        elif isinstance(item, dict | list | tuple):
            waiting.extend(islice(item.values() if isinstance(item, dict) else item, max(left, 0)))
        left -= _EACH
    return left <= 0


def weight_of(compiled: Any) -> int:
    """Return about how many bytes a compiled task holds in memory, counting objects that it shares with others too.

    Of a long list or dict the first items stand for all.
    """
    return _weigh([compiled], set())


def _weigh(waiting: list[Any], seen: set[int]) -> int:
    weight = 0
    while waiting and len(seen) < _MOST_COUNTED:
        item = waiting.pop()
        if id(item) in seen or isinstance(item, type | ModuleType | FunctionType | BuiltinFunctionType):
            continue
        seen.add(id(item))
        weight += sys.getsizeof(item)
        if isinstance(item, list | tuple | dict) and len(item) > _WEIGHED:
            held = item.items() if isinstance(item, dict) else item
            weight += _weigh(list(islice(held, _WEIGHED)), seen) * (len(item) // _WEIGHED)
        else:
            waiting.extend(gc.get_referents(item))
    return weight * (1 + len(waiting) // max(1, len(seen)))
