"""Interactive tests: the submission talks to the task's interactor through pipes, each in a jail of its own.

The interactor finds `input.txt` and `answer.txt` in its working directory and as its arguments, reads what the
submission prints and prints what the submission reads. Its exit status is the verdict, as of a checker: 0 or 42 right,
1, 2 or 43 wrong. Anything else it may end in is a failure of ours. Nothing but bytes passes between the two.
"""

from collections.abc import Sequence
from typing import Any

from reward_server.errors import ServiceError
from reward_server.testing.cases import Case
from reward_server.testing.checkers import Checker, exit_score
from reward_server.testing.outputs import shown
from reward_server.testing.suite import TestResult, failed_run, measured
from reward_server.verdict import Outcome
from sandboxes.execution import Execution, Invocation, Limits, Program, Status


async def interact(
    cases: Sequence[Case], program: Program, interactor: Checker, limits: Limits, pool: Any, *, stop_at_failure: bool
) -> tuple[list[TestResult], list[Execution]]:
    """Hold one conversation for each case; `pool` is a `sandboxes.pool.SandboxPool`.

    Raises:
        ServiceError: the interactor itself failed.
        SandboxError: the infrastructure failed.
    """
    results: list[TestResult] = []
    executions: list[Execution] = []
    for case in cases:
        files = {"input.txt": case.invocation.stdin, "answer.txt": case.accepted[0]}
        judge = Program(interactor.language, interactor.source, files)
        call = Invocation(argv=("input.txt", "answer.txt"))
        said = await pool.converse((program, Invocation(), limits), (judge, call, interactor.limits))
        result = _result(case.name, said.program, said.interactor)
        results.append(result)
        executions.extend([said.program] if said.program is not None else [])
        if result.outcome is Outcome.COMPILE_ERROR or (stop_at_failure and result.outcome is not Outcome.CORRECT):
            break
    return results, executions


def _result(name: str, program: Execution | None, interactor: Execution | None) -> TestResult:
    if program is not None and program.status is Status.COMPILE_ERROR:
        return failed_run(name, program)
    if interactor is None or program is None:
        raise ServiceError(f"the interactor failed: {interactor.error if interactor else 'it did not run'}"[:300])
    if program.status in (
        Status.CPU_LIMIT,
        Status.WALL_LIMIT,
        Status.MEMORY_LIMIT,
        Status.OUTPUT_LIMIT,
        Status.VIOLATION,
    ):
        return failed_run(name, program)
    score = exit_score(interactor)
    if score is None:
        raise ServiceError(f"the interactor failed: {interactor.status.value} {interactor.error}"[:300])
    if score < 1:
        comment = shown(interactor.stderr.strip())
        return measured(TestResult(name, Outcome.INCORRECT, detail=comment, score=score), program)
    if program.status is not Status.OK:
        return failed_run(name, program)
    return measured(TestResult(name, Outcome.CORRECT), program)
