"""Custom checkers: a program of the task judges the outputs, in runs of its own that hold nothing of the submission.

The checker is compiled once for a submission; each output it judges is one run. What it judges is untrusted input, so
it has a jail and limits like any program. `opinions` has the protocols, and who is to blame when it judges nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from reward_server.errors import RewardServerError, TaskError
from reward_server.testing.judging.cases import Case, CasesPlan
from reward_server.testing.judging.checker_protocols import Checker, Protocol, comment_of, points_of
from reward_server.testing.judging.suite import TestResult
from reward_server.verdict import Outcome
from sandboxes.execution import Execution, Invocation, Program, Status
from sandboxes.sandbox import Sandbox

_INPUT, _ANSWER, _OUTPUT = "input.txt", "correct_output.txt", "solution_output.txt"
RESERVED = frozenset({_INPUT, _ANSWER, _OUTPUT, "answer.txt", "output.txt"})
"""Names that the task's extra files cannot have: they are the test's."""


def refuse_names(role: str, names: Sequence[str]) -> None:
    """Refuse names that the files of a checker or interactor cannot have.

    Raises:
        TaskError: one leads out of the directory, is the test's own, or is a directory of another.
    """
    for name in names:
        parts = name.split("/")
        inside = "\0" not in name and not any(part in ("", ".", "..") for part in parts)
        if not inside or parts[0] in RESERVED or any(other.startswith(f"{name}/") for other in names):
            raise TaskError(f"{role}.files: {name[:80]!r} is no name that a file of the task may have")


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
        TaskError: the checker is broken.
        ServiceError: we ended the checker before it had judged.
        SandboxError: the infrastructure failed.
    """
    checked = list(results)
    judged = [index for index, execution in enumerate(executions) if execution.status is Status.OK]
    if not judged:
        return checked
    invocations = [_invocation(checker, plan.cases[index], executions[index]) for index in judged]

    def stop(_position: int, opinion: Execution) -> bool:
        try:
            return points_of(checker, opinion) < 1 and stop_at_failure
        except RewardServerError:
            return True

    program = Program(checker.language, checker.source, checker.files)
    opinions = await sandbox.run(program, invocations, checker.limits, stop)
    for index, opinion in zip(judged, opinions, strict=False):
        checked[index] = _merged(checked[index], opinion, points_of(checker, opinion))
    unjudged = judged[len(opinions) :]
    return checked[: unjudged[0]] if unjudged else checked


def _invocation(checker: Checker, case: Case, execution: Execution) -> Invocation:
    files = {_INPUT: case.invocation.stdin, _ANSWER: case.accepted[0], _OUTPUT: execution.stdout}
    if checker.protocol is Protocol.KATTIS:
        del files[_OUTPUT]
        return Invocation(execution.stdout, argv=(_INPUT, _ANSWER, "./"), files=files)
    answer_first = checker.protocol is Protocol.CMS or (
        checker.protocol is Protocol.STATUS and checker.language == "python"
    )
    argv = (_INPUT, _ANSWER, _OUTPUT) if answer_first else (_INPUT, _OUTPUT, _ANSWER)
    return Invocation(argv=argv, files=files)


def _merged(result: TestResult, opinion: Execution, points: float) -> TestResult:
    """Return the result with the checker's opinion in it."""
    if points >= 1:
        return replace(result, outcome=Outcome.CORRECT, detail=comment_of(opinion), expected="", got="")
    return replace(result, outcome=Outcome.INCORRECT, detail=comment_of(opinion), score=points)
