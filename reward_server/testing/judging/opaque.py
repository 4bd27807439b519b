"""Tests that run beside the submission: test programs of languages other than Python.

Success is a nonce drawn for each grading, which the tests print after their last check; leaving early with status 0 is
not success. The process that prints it also runs the submission, so a program that hunts for the nonce, or breaks the
checks that stand beside it, can forge it: verdicts of this kind carry `"trust": "opaque"`, and an operator can refuse
them.

`endings` makes the test program print the nonce when it is through. It is put behind the submission, or compiled apart
from it where `units` can do that. Where the end cannot be found, the exit status decides, which a submission sets by
leaving early: `"trust": "exit_status"`.
"""

# ruff: noqa: ARG002 - every plan has the same signatures

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from reward_server.testing import endings, units
from reward_server.testing.harness.java_libraries import library_files
from reward_server.testing.judging.outputs import shown
from reward_server.testing.judging.suite import TestResult, Weighing, failed_run, measured
from reward_server.verdict import Outcome
from sandboxes.execution import Execution, Invocation, Program, Status

_WRONG = re.compile(
    r"assert|test failed|not TRUE\b|--- FAIL|^FAIL|Failure:|\bFAILED\b|expected\b.*\b(?:got|actual)|^expected:"
    r"|^\s+\w+\.go:\d+: ",
    re.IGNORECASE,
)
"""What the checks and test frameworks of all these languages write when one fails."""


@dataclass(frozen=True, slots=True)
class OpaquePlan:
    """One test file, judged as a whole."""

    language: str
    tests: str
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))

    armed: str | None = field(init=False, default=None)
    """The tests, made to print the nonce at their end; None where that cannot be done."""

    def __post_init__(self) -> None:
        """Arm the tests.

        Raises:
            TaskError: they need a test framework that no sandbox has.
        """
        object.__setattr__(self, "armed", endings.arm(self.language, self.tests, self.nonce))

    @property
    def trust(self) -> str:
        """The tests share a process with the program."""
        return "opaque" if self.armed is not None else "exit_status"

    @property
    def weighings(self) -> Sequence[Weighing]:
        """The file counts as one test."""
        return [Weighing()]

    def for_submission(self, source: str) -> "OpaquePlan":
        """Return the same tests with a fresh nonce, for one submission."""
        return OpaquePlan(self.language, self.tests)

    def program(self, source: str, language: str) -> Program:
        """Return tests and submission as one program."""
        armed = self.armed
        apart = units.take_apart(language, source, armed, self.nonce) if armed is not None else None
        if apart is not None:
            return Program(language, apart.source, apart.files)
        whole = endings.appended(source, self.tests) if armed is None else endings.join(language, source, armed)
        return Program(language, whole, library_files(language, whole))

    def invocations(self, *, stop_at_failure: bool) -> Sequence[Invocation]:
        """Return the one run."""
        return [Invocation()]

    def is_long(self, execution: Execution) -> bool:
        """Say no: a mark is looked for."""
        return False

    def judge(self, index: int, execution: Execution, *, stop_at_failure: bool) -> list[TestResult]:
        """Look for the nonce at the end of the output."""
        if execution.status is not Status.OK:
            return [self._failure(execution)]
        unit = self._unit(execution)
        if self.trust == "exit_status" or unit is not None:
            return [measured(TestResult("tests", Outcome.CORRECT, unit=unit or ""), execution)]
        result = TestResult("tests", Outcome.RUNTIME_ERROR, detail="the program ended before the tests did")
        return [measured(result, execution)]

    def _unit(self, execution: Execution) -> str | None:
        """Return how the tests were made a unit, empty where they were not; None where they did not reach their end."""
        end = execution.stdout.rstrip()
        if end.endswith(self.nonce.encode()):
            return ""
        return units.WAYS.get(end[-1:]) if end[:-1].endswith(self.nonce.encode()) else None

    def _failure(self, execution: Execution) -> TestResult:
        """Tell a check that failed, by what test frameworks then write, from a program that broke."""
        result = failed_run("tests", execution)
        if execution.status not in (Status.EXIT, Status.SIGNAL):
            return result
        written = b"\n".join([execution.stdout[-4000:], execution.stderr[-4000:]]).decode("utf-8", "replace")
        said = [line for line in f"{execution.error}\n{written}".splitlines() if _WRONG.search(line) and line != "FAIL"]
        if not said:
            return result
        return measured(TestResult("tests", Outcome.INCORRECT, detail=shown(said[-1].strip())), execution)
