"""Custom checkers: a program of the task judges the outputs, in runs of its own that hold nothing of the submission.

The checker is compiled once for a submission; each output it judges is one run. What it judges is untrusted input, so
it has a jail and limits like any program. `checker_protocols` has the protocols, and who is to blame when it judges
nothing. A checker that breaks on an output but accepts the expected output of the same test was broken by the output,
which is then wrong: many read what they judge without a guard, and a program must not buy a null from them. When a
limit of ours ended it so, the remaining outputs are not judged.
"""

from collections.abc import Sequence
from dataclasses import replace

from reward_server.errors import RewardServerError, TaskError
from reward_server.testing.judging.cases import Case, CasesPlan, printed
from reward_server.testing.judging.checker_protocols import (
    ANSWER,
    INPUT,
    OUTPUT,
    Checker,
    Protocol,
    comment_of,
    points_of,
)
from reward_server.testing.judging.outputs import OutputRule
from reward_server.testing.judging.suite import Plan, TestResult
from reward_server.verdict import Outcome
from sandboxes.execution import Execution, Invocation, Program, Status
from sandboxes.sandbox import Sandbox

_LIMITS = frozenset({Status.CPU_LIMIT, Status.MEMORY_LIMIT, Status.OUTPUT_LIMIT, Status.VIOLATION})


def judged_by(plan: Plan, checker: Checker | None, interactor: Checker | None, *, reads_files: bool) -> Plan:
    """Return the plan for a task with these judges.

    Raises:
        TaskError: they do not go together, or not with such tests.
    """
    outputs = isinstance(plan, CasesPlan) and isinstance(plan.rule, OutputRule)
    if reads_files and not outputs:
        raise TaskError("input_file, output_file: only programs that read and print can have one")
    if checker is None and interactor is None:
        return plan
    if checker is not None and interactor is not None:
        raise TaskError("interactor: its word is final, there is nothing left for a checker")
    if not isinstance(plan, CasesPlan) or not outputs:
        raise TaskError("checker, interactor: only programs on standard input can have one")
    if interactor is not None and any(each.invocation.output_file or each.invocation.files for each in plan.cases):
        raise TaskError("interactor: it talks through pipes, and the program reads or writes a file")
    return replace(plan, checked=True)


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
    pending = [index for index, execution in enumerate(executions) if execution.status is Status.OK]
    judge = _Judge(checker, plan, sandbox, stop_at_failure=stop_at_failure)
    while pending:
        opinions = await judge.opinions_of(
            [(index, printed(plan.cases[index], executions[index]).stdout) for index in pending]
        )
        broken = None
        for index, opinion in zip(pending, opinions, strict=False):
            try:
                checked[index] = _merged(checked[index], opinion, points_of(checker, opinion))
            except RewardServerError:
                if not await judge.is_to_blame(index, opinion):
                    raise
                broken = opinion
                checked[index] = _broken_by(checked[index], checker, opinion)
        pending = pending[len(opinions) :]
        if pending and (stop_at_failure or broken is None):
            return checked[: pending[0]]
        if broken is not None and broken.status in _LIMITS:
            for index in pending:
                checked[index] = _unjudged(checked[index])
            break
    return checked


class _Judge:
    """A checker at work on one submission's outputs."""

    def __init__(self, checker: Checker, plan: CasesPlan, sandbox: Sandbox, *, stop_at_failure: bool) -> None:
        self.checker, self.plan, self.sandbox, self.stop_at_failure = checker, plan, sandbox, stop_at_failure
        self.program = Program(checker.language, checker.source, checker.files)

    async def opinions_of(self, outputs: Sequence[tuple[int, bytes]]) -> Sequence[Execution]:
        """Return what the checker says of outputs, each with its case, until it breaks or a failure ends the tests."""
        invocations = [_invocation(self.checker, self.plan.cases[index], output) for index, output in outputs]

        def stop(_position: int, opinion: Execution) -> bool:
            try:
                return points_of(self.checker, opinion) < 1 and self.stop_at_failure
            except RewardServerError:
                return True

        return await self.sandbox.run(self.program, invocations, self.checker.limits, stop)

    async def is_to_blame(self, index: int, opinion: Execution) -> bool:
        """Say whether the output broke the checker: it accepts the expected output of the same case."""
        if opinion.status in (Status.WALL_LIMIT, Status.COMPILE_ERROR):
            return False
        of_answer = await self.opinions_of([(index, self.plan.cases[index].accepted[0])])
        try:
            return bool(of_answer) and points_of(self.checker, of_answer[0]) >= 1
        except RewardServerError:
            return False


def _invocation(checker: Checker, case: Case, output: bytes) -> Invocation:
    files = {INPUT: case.given, ANSWER: case.accepted[0], OUTPUT: output}
    if checker.protocol is Protocol.KATTIS:
        del files[OUTPUT]
        return Invocation(output, argv=(INPUT, ANSWER, "./"), files=files)
    answer_first = checker.protocol is Protocol.CMS or (
        checker.protocol is Protocol.STATUS and checker.language == "python"
    )
    argv = (INPUT, ANSWER, OUTPUT) if answer_first else (INPUT, OUTPUT, ANSWER)
    return Invocation(argv=argv, files=files)


def _merged(result: TestResult, opinion: Execution, points: float) -> TestResult:
    """Return the result with the checker's opinion in it."""
    if points >= 1:
        return replace(result, outcome=Outcome.CORRECT, detail=comment_of(opinion), expected="", got="")
    return replace(result, outcome=Outcome.INCORRECT, detail=comment_of(opinion), score=points)


def _broken_by(result: TestResult, checker: Checker, opinion: Execution) -> TestResult:
    said = "" if checker.discreet else f": {opinion.error or comment_of(opinion)}"
    how = opinion.status.value if opinion.status in _LIMITS else "an error"
    detail = f"this output broke the checker, which accepts the expected one: {how}{said}"[:300]
    return replace(result, outcome=Outcome.INCORRECT, detail=detail, score=0.0)


def _unjudged(result: TestResult) -> TestResult:
    return replace(
        result, outcome=Outcome.INCORRECT, detail="not judged: an earlier output broke the checker", score=0.0
    )
