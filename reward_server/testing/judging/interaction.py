"""Interactive tests: the submission talks to the task's interactor through pipes, each in a jail of its own.

The interactor finds `input.txt` and `answer.txt` in its working directory, and as its arguments: testlib's are the
input, a file to write, the answer; Kattis' are input, answer and a directory; others get input and answer. It reads
what the submission prints and prints what the submission reads. What it says is read as a checker's word (`opinions`).
Both programs are compiled once and talk once for each test.

Blame, when both ended: a limit that the submission met is its own doing, for time it spends waiting for a busy
interactor does not count; then comes a submission that broke off by itself before the interactor had judged, then the
interactor's word. Two that wait for each other are the submission's fault. An interactor that breaks was broken by a
submission that left without a word; and by one that spoke, if it breaks in another way when nothing is said to it, or
does not break when the same is said by one that stays: many read without a guard, and a program must not buy a null
from them. The same is asked where it met a limit of ours: a submission may have kept it busy.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reward_server.errors import RewardServerError, ServiceError, TaskError
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
_WORDS = "words"
_SILENT = "pass"
_STAYING = f"import sys\nsys.stdout.buffer.write(open({_WORDS!r}, 'rb').read())\nsys.stdout.flush()\nsys.stdin.read()"
"""Says what the submission said, and does not leave."""
_OF_CONTROLS = Limits(wall_seconds=2.0)
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
        ServiceError: we ended the interactor before it had judged, and not because of what the submission said.
        SandboxError: the infrastructure failed.
    """
    arguments = _ARGUMENTS.get(interactor.protocol, ("input.txt", "answer.txt"))
    calls = [
        Invocation(argv=arguments, files={"input.txt": case.given, "answer.txt": case.accepted[0]}) for case in cases
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
    results = []
    for index, (case, said) in enumerate(zip(cases, held, strict=False)):
        try:
            results.append(_result(case.name, said, interactor))
        except (TaskError, ServiceError) as broken:
            if not await _broken_by_program(said, replace(judge, calls=[calls[index]]), pool):
                raise
            results.append(_broke_it(case.name, said, broken))
    return results, [said.program for said in held if said.program is not None]


async def _broken_by_program(said: Conversation, judge: Side, pool: Any) -> bool:
    """Say whether the program broke the interactor, by what it said or by leaving one that asked for more."""
    if said.program is None or said.interactor is None or said.interactor.status is Status.COMPILE_ERROR:
        return False
    if not said.program_spoke:
        return said.program_ended_first
    if not await _breaks_alike(said, _SILENT, judge, pool):
        return True
    return said.program_ended_first and not await _breaks_alike(said, _STAYING, judge, pool)


async def _breaks_alike(said: Conversation, source: str, judge: Side, pool: Any) -> bool:
    """Say whether the interactor ends in the same way with another program, which has the words of the first."""
    assert said.program is not None
    assert said.interactor is not None
    other = Program("python", source, files={_WORDS: said.program.stdout})
    (control,) = await pool.converse(Side(other, [Invocation()], _OF_CONTROLS), judge)
    return control.interactor is not None and _end(control.interactor) == _end(said.interactor)


def _end(run: Execution) -> tuple[Any, ...]:
    return run.status, run.exit_code, run.signal, run.error


def _broke_it(name: str, said: Conversation, broken: RewardServerError) -> TestResult:
    assert said.program is not None
    detail = f"what the program said broke the interactor, which ends otherwise when nothing is said: {broken}"[:300]
    return measured(TestResult(name, Outcome.INCORRECT, detail=detail, score=0.0), said.program)


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
