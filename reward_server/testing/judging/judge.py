"""Run a suite against a program in a sandbox and judge what comes back, test by test, in this process.

The sandbox is asked to go on after each run by a callback that judges the run at once, so that with the `all` reducer
nothing is executed after the first failure. What is large is judged in a worker process or a thread, for the event loop
has others to serve. The sandbox may retry on another slot what failed for reasons of its own;
only what it finally returns is judged, and a `SandboxError` passes through as a failure of ours.
"""

import asyncio
from dataclasses import dataclass, replace

from reward_server.errors import RewardServerError
from reward_server.testing.judging.cases import CasesPlan
from reward_server.testing.judging.checker_protocols import Checker
from reward_server.testing.judging.checkers import check_outputs
from reward_server.testing.judging.interaction import interact
from reward_server.testing.judging.large_values import Workers, judge_large
from reward_server.testing.judging.suite import Examining, Plan, Suite, TestResult
from reward_server.testing.submission.completing import with_prelude
from reward_server.verdict import Outcome
from sandboxes.execution import Execution, Program
from sandboxes.sandbox import Sandbox
from sandboxes.stages import stage

_SHORT_SOURCE = 8_192
"""Characters that are parsed on the event loop."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The results of all tests that were run, with the executions they come from."""

    results: list[TestResult]
    executions: list[Execution]

    @property
    def compared_by_program(self) -> int:
        """Tests that hung on a comparison made in the program's own process."""
        return sum(result.compared for result in self.results)

    @property
    def trust(self) -> str:
        """`opaque` where one that passed did: the program has judged itself. Else empty, which leaves the plan's."""
        passed = any(result.compared and result.outcome is Outcome.CORRECT for result in self.results)
        return "opaque" if passed else ""

    def without_compared(self) -> "Judged":
        """Return the same without a test passed by a comparison of the program's; no null, which could be bought so."""
        return replace(self, results=[_unpaid(result) if result.compared else result for result in self.results])


def _unpaid(result: TestResult) -> TestResult:
    if result.outcome is not Outcome.CORRECT:
        return result
    detail = "the program's own methods compared, which this trust does not take"
    return replace(result, outcome=Outcome.INCORRECT, detail=detail)


async def judge_program(
    suite: Suite,
    source: str,
    language: str,
    sandbox: Sandbox,
    *,
    stop_at_failure: bool,
    checker: Checker | None = None,
    interactor: Checker | None = None,
    workers: Workers | None = None,
) -> Judged:
    """Compile and run `source` on the suite's inputs and judge every test.

    Raises:
        SandboxError: the infrastructure failed.
        LanguageUnavailable: the sandbox has no such language.
    """
    source = with_prelude(suite.prelude, source)
    plan = suite.plan.for_submission(source)
    if interactor is not None and isinstance(plan, CasesPlan):
        cases, program = plan.cases, await _made(plan, source, language)
        return Judged(
            *await interact(cases, program, interactor, suite.limits, sandbox, stop_at_failure=stop_at_failure)
        )
    if isinstance(plan, Examining):
        return Judged(*await plan.examine(source, suite.limits, sandbox, stop_at_failure=stop_at_failure))
    judged: dict[int, list[TestResult]] = {}

    async def stop(index: int, execution: Execution) -> bool:
        try:
            judged[index] = await _judge(plan, index, execution, stop_at_failure, workers)
        except RewardServerError:
            return True  # judged again below, where the sandbox does not hear of it
        return stop_at_failure and any(result.outcome is not Outcome.CORRECT for result in judged[index])

    invocations = plan.invocations(stop_at_failure=stop_at_failure)
    executions = await sandbox.run(await _made(plan, source, language), invocations, suite.limits, stop)
    for index, execution in enumerate(executions):
        if index not in judged:
            judged[index] = await _judge(plan, index, execution, stop_at_failure, workers)
    results = [result for index in sorted(judged) for result in judged[index]]
    if checker is not None and isinstance(plan, CasesPlan):
        results = await check_outputs(checker, plan, results, executions, sandbox, stop_at_failure=stop_at_failure)
    return Judged(results, list(executions))


async def _made(plan: Plan, source: str, language: str) -> Program:
    """Return the plan's program; what long source names is looked up in a thread."""
    if len(source) <= _SHORT_SOURCE:
        return plan.program(source, language)
    return await asyncio.to_thread(plan.program, source, language)


async def _judge(
    plan: Plan, index: int, execution: Execution, stop_at_failure: bool, workers: Workers | None
) -> list[TestResult]:
    """Let the plan judge a run, elsewhere where that would keep the event loop."""
    with stage("compare"):
        if isinstance(plan, CasesPlan) and plan.is_long(execution):
            return [await judge_large(plan, index, execution, workers)]
        return plan.judge(index, execution, stop_at_failure=stop_at_failure)
