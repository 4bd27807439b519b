"""Custom checkers: a program of the task judges each output, in a run of its own that holds nothing of the submission.

Two protocols are understood, told apart by what the checker does:

- *generated checkers* (open-r1): `checker.py input.txt correct_output.txt solution_output.txt` prints a number, 1 for
  right, 0 for wrong, something between for part of the points;
- *exit status* (testlib, Kattis): 0 or 42 right, 1, 2 or 43 wrong, 7 points printed as `points 0.5`.

The output under judgement is untrusted input of the checker, so the checker has a jail and limits like any program.
A checker that fails by itself (status 3, a signal, out of time) has judged nothing: that is our failure, not a 0.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from reward_server.errors import ServiceError
from reward_server.testing.cases import CasesPlan
from reward_server.testing.outputs import shown
from reward_server.testing.suite import TestResult
from reward_server.verdict import Outcome
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.sandbox import Sandbox

_FILES = ("input.txt", "correct_output.txt", "solution_output.txt")
_TESTLIB_FILES = ("input.txt", "solution_output.txt", "correct_output.txt")
_RIGHT, _WRONG, _POINTS = (0, 42), (1, 2, 43), 7
_SCORE = re.compile(r"([01](?:\.\d{1,9})?|0?\.\d{1,9})")
_PARTIAL = re.compile(r"points\s+([0-9]{1,6}(?:\.[0-9]{1,9})?)")
_WRAPPER = """
import json, sys
order = json.loads(sys.stdin.buffer.read())
for name, text in order["files"].items():
    with open(name, "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        file.write(text)
sys.argv = ["checker.py", *order["argv"]]
exec(compile(order["source"], "checker.py", "exec"), {"__name__": "__main__", "__file__": "checker.py"})
"""


@dataclass(frozen=True, slots=True)
class Checker:
    """A program that judges outputs."""

    language: str
    source: str
    limits: Limits = field(default_factory=lambda: Limits(cpu_seconds=20.0, memory_bytes=1024 * 1024 * 1024))


async def check_outputs(
    checker: Checker,
    plan: CasesPlan,
    results: Sequence[TestResult],
    executions: Sequence[Execution],
    sandbox: Sandbox,
    *,
    stop_at_failure: bool,
) -> list[TestResult]:
    """Let the checker judge the runs that ended well; `plan` gives inputs and expected outputs.

    Raises:
        ServiceError: the checker itself failed.
        SandboxError: the infrastructure failed.
    """
    checked: list[TestResult] = []
    for case, result, execution in zip(plan.cases, results, executions, strict=False):
        if execution.status is Status.OK:
            texts = (case.invocation.stdin, case.accepted[0], execution.stdout)
            checked.append(_merged(result, await _check(checker, texts, sandbox)))
        else:
            checked.append(result)
        if stop_at_failure and checked[-1].outcome is not Outcome.CORRECT:
            break
    return checked


async def _check(checker: Checker, texts: tuple[bytes, bytes, bytes], sandbox: Sandbox) -> Execution:
    decoded = dict(zip(_FILES, (text.decode("utf-8", "replace") for text in texts), strict=True))
    if checker.language == "python":
        order = {"source": checker.source, "files": decoded, "argv": _FILES}
        program, invocation = Program("python", _WRAPPER), Invocation(stdin=json.dumps(order).encode())
    else:
        contents = {name: text.encode() for name, text in decoded.items()}
        program = Program(checker.language, checker.source, contents)
        invocation = Invocation(argv=_TESTLIB_FILES, stdin=texts[2])
    return (await sandbox.run(program, [invocation], checker.limits))[0]


def _merged(result: TestResult, judged: Execution) -> TestResult:
    """Return the result with the checker's opinion in it."""
    said = judged.stdout.decode("utf-8", "replace").strip()
    comment = shown(judged.stderr.strip() or said.encode())
    score = _score(judged, said)
    if score is None:
        raise ServiceError(f"the checker failed: {judged.status.value} {judged.error or comment}"[:300])
    if score >= 1:
        return replace(result, outcome=Outcome.CORRECT, detail=comment, expected="", got="")
    return replace(result, outcome=Outcome.INCORRECT, detail=comment, score=score)


def _score(judged: Execution, said: str) -> float | None:
    if judged.status is Status.OK and (number := _SCORE.fullmatch(said)) is not None:
        return min(1.0, float(number[1]))
    return exit_score(judged)


def exit_score(judged: Execution) -> float | None:
    """Return the points that a checker's exit status stands for; None when it failed by itself."""
    if judged.status not in (Status.OK, Status.EXIT):
        return None
    status = judged.exit_code if judged.status is Status.EXIT else 0
    if status in _RIGHT:
        return 1.0
    if status in _WRONG:
        return 0.0
    if status == _POINTS:
        points = _PARTIAL.search((judged.stdout + b" " + judged.stderr).decode("utf-8", "replace"))
        return min(1.0, float(points[1])) if points is not None else 0.0
    return None
