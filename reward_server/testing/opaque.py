"""Tests that run beside the submission because they cannot be split: unit-test files and test programs.

Success is a nonce drawn for each grading, which the tests print after their last check; leaving early with status 0 is
not success. The process that prints it also runs the submission, so a program that hunts for the nonce can in
principle forge it: verdicts of this kind carry `"trust": "opaque"`, and an operator can refuse them.

Python files run under `harnesses/unit_tests.txt`. In C, C++, Java, JavaScript and TypeScript the test program is put
behind the submission and prints the nonce at the end of its `main`; `console.assert` is made to throw. In other
languages, and where the end of `main` cannot be found, the exit status alone decides.
"""

# ruff: noqa: ARG002 - every plan has the same signatures

import json
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from reward_server.testing.outputs import shown
from reward_server.testing.suite import TestResult, Weighing, failed_run, measured
from reward_server.verdict import Outcome
from sandboxes.execution import Execution, Invocation, Program, Status


@dataclass(frozen=True, slots=True)
class OpaquePlan:
    """One test file, judged as a whole."""

    language: str
    tests: str
    entry_point: str | None = None
    bare: bool = True
    """Whether module-level asserts count as tests, so that a file without test functions is one test."""
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))
    source: str = ""

    @property
    def trust(self) -> str:
        """The tests share a process with the program."""
        return "opaque"

    @property
    def weighings(self) -> Sequence[Weighing]:
        """The file counts as one test."""
        return [Weighing()]

    def for_submission(self, source: str) -> "OpaquePlan":
        """Return the same tests with a fresh nonce, for one submission."""
        return OpaquePlan(self.language, self.tests, self.entry_point, self.bare, source=source)

    def program(self, source: str, language: str) -> Program:
        """Return tests and submission as one program."""
        if language == "python":
            return Program(language, files("reward_server.testing").joinpath("harnesses/unit_tests.txt").read_text())
        insert = _ENDINGS.get(language)
        tests = insert(self.tests, self.nonce) if insert is not None else None
        return Program(language, f"{source}\n{tests if tests is not None else self.tests}\n")

    def invocations(self, *, stop_at_failure: bool) -> Sequence[Invocation]:
        """Return the one run."""
        if self.language != "python":
            return [Invocation()]
        order = {
            "nonce": self.nonce,
            "program": self.source,
            "tests": self.tests,
            "entry_point": self.entry_point,
            "bare": self.bare,
        }
        return [Invocation(stdin=json.dumps(order).encode() + b"\n")]

    def judge(self, index: int, execution: Execution, *, stop_at_failure: bool) -> list[TestResult]:
        """Look for the nonce at the end of the output."""
        if execution.status is not Status.OK:
            return [self._failure(execution)]
        insert = _ENDINGS.get(self.language)
        by_status = self.language != "python" and (insert is None or insert(self.tests, self.nonce) is None)
        if by_status or execution.stdout.rstrip().endswith(self.nonce.encode()):
            return [measured(TestResult("tests", Outcome.CORRECT), execution)]
        result = TestResult("tests", Outcome.RUNTIME_ERROR, detail="the program ended before the tests did")
        return [measured(result, execution)]

    def _failure(self, execution: Execution) -> TestResult:
        result = failed_run("tests", execution)
        said = f"{execution.error} {execution.stderr[-4000:].decode('utf-8', 'replace')}"
        if execution.status in (Status.EXIT, Status.SIGNAL) and re.search(r"assert", said, re.IGNORECASE):
            last = [line for line in said.splitlines() if "ssert" in line]
            wrong = TestResult(
                "tests", Outcome.INCORRECT, detail=shown(last[-1].strip() if last else "assertion failed")
            )
            return measured(wrong, execution)
        return result


def _after_javascript(tests: str, nonce: str) -> str:
    strict = (
        "console.assert = (ok, ...words) => { if (!ok) { throw new Error('Assertion failed ' + words.join(' ')) } };\n"
    )
    return f";{strict}{tests}\n;process.stdout.write('\\n' + {nonce!r});\n"


def _end_of_c_main(tests: str, nonce: str) -> str | None:
    head, brace, tail = tests.rpartition("}")
    if not brace or tail.strip() or not re.search(r"\bmain\s*\(", tests):
        return None
    announce = f'{{ printf("\\n%s\\n", "{nonce}"); fflush(stdout); }}'
    main = head[re.search(r"\bmain\s*\(", head).start() :] if re.search(r"\bmain\s*\(", head) else ""  # type: ignore[union-attr]
    body = re.sub(r"\breturn\s+(0|EXIT_SUCCESS)\s*;", f"{{ {announce} return 0; }}", main)
    return f"#include <stdio.h>\n{head[: len(head) - len(main)]}{body} {announce} }}{tail}"


def _end_of_java_main(tests: str, nonce: str) -> str | None:
    match = re.search(r"\}\s*\}\s*$", tests)
    if match is None or "void main(" not in tests:
        return None
    return f'{tests[: match.start()]} System.out.print("\\n{nonce}"); {tests[match.start() :]}'


_ENDINGS: dict[str, Callable[[str, str], str | None]] = {
    "javascript": _after_javascript,
    "typescript": _after_javascript,
    "c": _end_of_c_main,
    "cpp": _end_of_c_main,
    "java": _end_of_java_main,
}
"""How a test program is made to print the nonce when it is through; None where that place cannot be found."""
