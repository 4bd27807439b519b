"""Interactive tests: the submission talks to the task's interactor through pipes, each in a jail of its own.

The interactor finds `input.txt` and `answer.txt` in its working directory, and as its arguments: testlib's are the
input, a file to write, the answer; Kattis' are input, answer and a directory; others get input and answer. It reads
what the submission prints and prints what the submission reads. What it says is read as a checker's word (`opinions`).
Both programs are compiled once and talk once for each test.

Blame, when both ended: a limit that the submission met is its own doing, for time it spends waiting for a busy
interactor does not count; then comes a submission that broke off by itself before the interactor had judged, then the
interactor's word. Two that wait for each other are the submission's fault.
"""

from collections.abc import Sequence
from typing import Any

from reward_server.errors import RewardServerError, ServiceError
from reward_server.testing.judging.cases import Case
from reward_server.testing.judging.checker_protocols import Checker, Protocol, comment_of, points_of
from reward_server.testing.judging.suite import TestResult, failed_run, measured
from reward_server.verdict import Outcome
from sandboxes.conversation import Conversation, Side
from sandboxes.execution import Execution, Invocation, Limits, Program, Status

_ARGUMENTS = {
    Protocol.TESTLIB: ("input.txt", "output.txt", "answer.txt"),
    Protocol.KATTIS: ("input.txt", "answer.txt", "./"),
}
_LIMITS = frozenset({Status.CPU_LIMIT, Status.WALL_LIMIT, Status.MEMORY_LIMIT, Status.OUTPUT_LIMIT, Status.VIOLATION})


async def interact(
    cases: Sequence[Case],
    program: Program,
    interactor: Checker,
    limits: Limits,
    pool: Any,
    *,
    stop_at_failure: bool,
) -> tuple[list[TestResult], list[Execution]]:
    """Hold one conversation for each case; `pool` is a `sandboxes.pool.SandboxPool`.

    Raises:
        TaskError: the interactor is broken.
        ServiceError: we ended the interactor before it had judged.
        SandboxError: the infrastructure failed.
    """
    arguments = _ARGUMENTS.get(interactor.protocol, ("input.txt", "answer.txt"))
    calls = [
        Invocation(argv=arguments, files={"input.txt": case.invocation.stdin, "answer.txt": case.accepted[0]})
        for case in cases
    ]

    def enough(said: Conversation) -> bool:
        try:
            return _result("", said, interactor).outcome is not Outcome.CORRECT and stop_at_failure
        except RewardServerError:
            return True

    judge = Side(
        Program(interactor.language, interactor.source, interactor.files),
        calls,
        interactor.limits,
    )
    held = await pool.converse(Side(program, [Invocation()] * len(cases), limits), judge, enough)
    results = [_result(case.name, said, interactor) for case, said in zip(cases, held, strict=False)]
    return results, [said.program for said in held if said.program is not None]


def _result(name: str, said: Conversation, interactor: Checker) -> TestResult:
    program, judge = said.program, said.interactor
    if program is not None and program.status is Status.COMPILE_ERROR:
        return failed_run(name, program)
    if judge is not None and judge.status is Status.COMPILE_ERROR:
        points_of(interactor, judge)
    if judge is None or program is None:
        raise ServiceError(f"the {interactor.role} did not run")
    if program.status in _LIMITS:
        return failed_run(name, program)
    broke_off = program.status is not Status.OK and said.program_ended_first
    points = None if broke_off else points_of(interactor, judge)
    if points is not None and points < 1:
        return measured(TestResult(name, Outcome.INCORRECT, detail=comment_of(judge), score=points), program)
    if program.status is not Status.OK:
        return failed_run(name, program)
    return measured(TestResult(name, Outcome.CORRECT), program)
