"""What a grader is, and how graders are found: a file `graders/<kind>.py` with a constant `GRADER`.

Grading goes in three steps, so that each costs what it must and no more:

1. `compile(task)` reads the ground truth once for each distinct task and is kept; it raises `TaskError` when the row
   is broken, which becomes outcome `bad_ground_truth` for the items of that task alone.
2. `fast(compiled, completion)` runs inline on the event loop: microseconds, deterministic, no I/O, bounded whatever
   the text; on texts over `inline_characters` in a thread. It returns a verdict, or None for "this needs the slow
   tier".
3. `slow(compiled, completion, resources)` may wait for sandboxes and worker processes. Its verdicts are cached.

Completions are untrusted: no step may raise because of what a completion says.
"""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import entry_points
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from reward_server.errors import GraderError, NotInstalled, ServiceError, TaskError, blame
from reward_server.verdict import Outcome, Verdict, bad_ground_truth, ungradable


class Task(BaseModel):
    """What a completion answers. A grader's task adds `kind: Literal["…"]` and its own fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class Completion:
    """The model's whole output, with the chat structure already resolved."""

    text: str
    """What counts as the answer's text: the completion string, or the last assistant message's content."""
    thinking: str | None = None
    """`reasoning_content` of that message, when the trainer sent it apart; never searched for answers."""
    token_count: int | None = None
    """The trainer's count of the completion's tokens; for reward parts alone."""
    token_ids: tuple[int, ...] | None = None
    """The completion's tokens; for reward parts alone."""


@dataclass(frozen=True, slots=True)
class Example:
    """A task and completion with the outcome they must get; run by `/readyz` and by the contract tests."""

    task: dict[str, Any]
    completion: str
    outcome: Outcome


@dataclass(frozen=True)
class Resources:
    """What slow graders may use. Each is None where this process was started without it."""

    sandboxes: Any = None
    """A `sandboxes.pool.SandboxPool`."""
    lacking: str = "this server was started without sandboxes"
    """Why `sandboxes` is None, for a person: what kept them from starting, and what to do."""
    workers: Any = None
    """A `reward_server.grading.workers.WorkerPool`: killable processes for CPU-bound work."""
    lean: Any = None
    """A `reward_server.proofs.kimina.LeanServer`."""
    minimum_trust: str = "exit_status"
    """How far tests of code have to be kept from the programs; `reward_server.testing` has the levels."""


T = TypeVar("T", bound=Task)
C = TypeVar("C")


@dataclass(frozen=True)
class Grader(Generic[T, C]):
    """One kind of task. `version` goes up with every change that can change a verdict: it is in the cache key."""

    task: type[T]
    version: int
    compile: Callable[[T], C]
    fast: Callable[[C, Completion], Verdict | None]
    examples: list[Example]
    slow: Callable[[C, Completion, Resources], Awaitable[Verdict]] | None = None
    cache_key: Callable[[C, Completion], str | bytes] | None = None
    """Narrows the cache key of the slow tier to what the verdict depends on, such as the extracted answer or program;
    the whole completion where None. Task, grader version and `environment` are always in the key."""
    environment: Callable[[C, Resources], str] = field(default=lambda _compiled, _resources: "")
    """What the slow tier runs on and a verdict may depend on: the sandbox's image digest, compiler or interpreter."""
    needs_sandbox: bool = False
    """Whether the slow tier runs programs: without sandboxes, or where they fail, the kind is ungradable."""
    mixed: Callable[[C], bool] | None = None
    """Tells which tasks of a kind run programs, where only some do; `needs_sandbox` holds for all where None."""
    lacking: Callable[[Resources], str] = field(default=lambda _resources: "")
    """What keeps this process from grading the kind, such as an extra that is not installed, with what to
    do about it; empty where nothing does. Its items are then `ungradable`."""
    estimate_cpu_seconds: Callable[[C], float] = field(default=lambda _compiled: 0.0)
    """Expected cost of one slow grading, for admission."""
    inline_characters: int = 65_536
    """Of a completion's text, up to which `fast` and `cache_key` take the event loop microseconds, at worst a few
    milliseconds; longer ones are read in a thread."""
    readings: Callable[[C], int] = field(default=lambda _compiled: 1)
    """How often they read it: `inline_characters` are shared among so many readings."""

    state: Callable[[C], str | None] = field(default=lambda _compiled: None)
    """A completion that gives exactly the ground truth, by which `lint` holds a row against itself; None where the task
    holds no answer."""
    constant_answers: Callable[[Sequence[C]], list[str]] = field(default=lambda _compiled: [])
    """Completions that could be given to all of these tasks without having read one, such as the mean of their ground
    truths; `lint` says what they would be paid."""

    def runs_programs(self, compiled: C) -> bool:
        """Tell whether the slow tier of a compiled task runs programs."""
        return self.needs_sandbox if self.mixed is None else self.mixed(compiled)

    def read(self, compiled: C, completion: Completion) -> Verdict | None:
        """Return what `fast` says, or whose fault it is that it could not. Raises nothing."""
        try:
            with blame(GraderError, f"grade {self.label}"):
                return self.fast(compiled, completion)
        except (TaskError, ServiceError) as error:
            return _whose_fault(error)

    async def decide(self, compiled: C, completion: Completion, resources: Resources) -> Verdict:
        """Return what `slow` says, or whose fault it is that it could not. Raises nothing."""
        if self.slow is None:
            return ungradable(f"{self.label} decided nothing and has no slow tier")
        try:
            with blame(GraderError, f"grade {self.label}"):
                return await self.slow(compiled, completion, resources)
        except (TaskError, ServiceError) as error:
            return _whose_fault(error)

    @cached_property
    def kind(self) -> str:
        """The name on the wire, which is also the file's name."""
        return str(self.task.model_fields["kind"].default)

    @cached_property
    def label(self) -> str:
        """Kind and version, such as `math/3`."""
        return f"{self.kind}/{self.version}"

    def inline_limit(self, compiled: C) -> int:
        """Return the longest text that this task's `fast` and `cache_key` read on the event loop."""
        return self.inline_characters // self.readings(compiled)


def _whose_fault(error: TaskError | ServiceError) -> Verdict:
    if isinstance(error, TaskError):
        return bad_ground_truth(str(error))
    return ungradable(str(error), retryable=not isinstance(error, NotInstalled))


@cache
def discover() -> dict[str, Grader[Any, Any]]:
    """Import every module of this package and return its `GRADER`, by kind.

    After them come those that installed distributions name under the entry point `reward_server.graders`, such as
    `parity = "my_package.parity:GRADER"`.

    Raises:
        TypeError: a module has no `GRADER`, or one whose kind is not its file name.
    """
    graders: dict[str, Grader[Any, Any]] = {}
    for module_info in pkgutil.iter_modules(__path__):
        if module_info.name.startswith("_"):
            continue
        grader = getattr(importlib.import_module(f"{__name__}.{module_info.name}"), "GRADER", None)
        if not isinstance(grader, Grader) or grader.kind != module_info.name:
            raise TypeError(f"graders/{module_info.name}.py must define GRADER with kind {module_info.name!r}")
        graders[grader.kind] = grader
    for entry in entry_points(group=__name__):
        grader = entry.load()
        if not isinstance(grader, Grader) or grader.kind != entry.name or entry.name in graders:
            raise TypeError(f"{entry.value}: must be a Grader of a kind {entry.name!r} that is not built in")
        graders[grader.kind] = grader
    return graders
