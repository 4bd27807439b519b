"""The records between a task's tests and a verdict: a suite made of plans, and the result of one test."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

from reward_server.verdict import Outcome
from sandboxes.execution import CLEARLY_OVER, Execution, Invocation, Limits, Program, Status

OUTCOMES = {
    Status.OK: Outcome.CORRECT,
    Status.COMPILE_ERROR: Outcome.COMPILE_ERROR,
    Status.EXIT: Outcome.RUNTIME_ERROR,
    Status.SIGNAL: Outcome.RUNTIME_ERROR,
    Status.EXCEPTION: Outcome.RUNTIME_ERROR,
    Status.NO_RESULT: Outcome.RUNTIME_ERROR,
    Status.UNSUPPORTED: Outcome.INCORRECT,
    Status.CPU_LIMIT: Outcome.TIME_LIMIT,
    Status.WALL_LIMIT: Outcome.TIME_LIMIT,
    Status.MEMORY_LIMIT: Outcome.MEMORY_LIMIT,
    Status.OUTPUT_LIMIT: Outcome.OUTPUT_LIMIT,
    Status.VIOLATION: Outcome.VIOLATION,
}
"""What the end of a run means for the test that was run; `OK` still has to be compared."""


def certain(execution: Execution) -> bool:
    """Say whether the run would end the same way again: one that was only just over a time limit might not."""
    return execution.status not in (Status.CPU_LIMIT, Status.WALL_LIMIT) or execution.overrun >= CLEARLY_OVER


@dataclass(frozen=True, slots=True)
class TestResult:
    """What became of one test. Texts are shortened for display."""

    __test__ = False

    name: str
    outcome: Outcome
    expected: str = ""
    got: str = ""
    detail: str = ""
    """One line: where the outputs differ, the last line of the traceback, the checker's comment."""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    memory_bytes: int = 0
    flags: tuple[str, ...] = ()
    derived: bool = False
    """Whether `got` is computed from more than what the program gave, so that it may tell what was expected."""
    compared: bool = False
    """Whether it hung on a comparison that the program made itself."""
    unit: str = ""
    """How tests that passed were compiled apart from the program: `units` has the ways."""
    score: float | None = None
    """Between 0 and 1 where a checker gives points; None means 1 for correct, else 0."""

    @property
    def points(self) -> float:
        """The test's own score, in [0, 1]."""
        return self.score if self.score is not None else float(self.outcome is Outcome.CORRECT)


@dataclass(frozen=True, slots=True)
class Weighing:
    """How much a test counts, and which subtask it belongs to."""

    weight: float = 1.0
    subtask: str = ""


class Plan(Protocol):
    """How one form of tests is run and judged. `invocations` go in; `judge` sees what came out, outside."""

    @property
    def trust(self) -> str:
        """`separate`, `opaque` or `exit_status`; see the package's text."""
        ...

    @property
    def weighings(self) -> Sequence[Weighing]:
        """One for each test of the plan."""
        ...

    def for_submission(self, source: str) -> "Plan":
        """Return the plan for one submission: itself, unless each run needs a secret of its own."""
        ...

    def program(self, source: str, language: str) -> Program:
        """Return the program to run: the submission with what the form needs beside it."""
        ...

    def invocations(self, *, stop_at_failure: bool) -> Sequence[Invocation]:
        """Return the runs that decide the tests."""
        ...

    def is_long(self, execution: Execution) -> bool:
        """Say whether judging the run is no work for the event loop."""
        ...

    def judge(self, index: int, execution: Execution, *, stop_at_failure: bool) -> list[TestResult]:
        """Return the results that run `index` decided."""
        ...


@runtime_checkable
class Examining(Protocol):
    """A plan whose tests say themselves what they call, and what each came to."""

    async def examine(
        self, source: str, limits: Limits, pool: Any, *, stop_at_failure: bool
    ) -> tuple[list[TestResult], list[Execution]]:
        """Return the results, and the program's runs."""
        ...


@dataclass(frozen=True, slots=True)
class Suite:
    """A task's tests, ready to run."""

    plan: Plan
    prelude: str = ""
    """Put in front of every program: imports and helpers that the data set's harness provides."""
    limits: Limits = field(default_factory=Limits)


def _last_words(stderr: bytes) -> str:
    """Return the last line that a program wrote to its standard error, behind a colon."""
    lines = stderr[-1000:].decode("utf-8", "replace").split("\n")
    return next((f": {line.strip()}" for line in reversed(lines) if line.strip()), "")


def failed_run(name: str, execution: Execution) -> TestResult:
    """Return the result of a test whose run did not end well; its output does not matter then."""
    detail = execution.error
    if execution.status is Status.SIGNAL:
        detail = detail or f"killed by signal {execution.signal}"
    elif execution.status is Status.EXIT:
        detail = detail or f"exit status {execution.exit_code}{_last_words(execution.stderr)}"
    result = TestResult(name, OUTCOMES[execution.status], detail=detail[:300] or execution.status.value)
    return measured(result, execution)


def measured(result: TestResult, execution: Execution) -> TestResult:
    """Return the result with what its run used."""
    return replace(
        result,
        cpu_seconds=round(execution.cpu_seconds, 4),
        wall_seconds=round(execution.wall_seconds, 4),
        memory_bytes=execution.memory_bytes,
        flags=tuple(execution.flags),
    )
