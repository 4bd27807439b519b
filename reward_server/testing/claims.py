"""Split test code as a plan: the steps run in one process, as the data sets' own harnesses run them.

With all tests wanted at once (the usual reward) one run makes every call, each under its own `except`, and returns the
list of what they gave. With partial credit each claim gets a run of its own, so that one endless call does not take
the others with it. A run that ends early has decided nothing but its own outcome.
"""

# ruff: noqa: ARG002 - every plan has the same signatures

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reward_server.testing.outputs import shown
from reward_server.testing.splitting import Claim, Returned, Split, Step
from reward_server.testing.suite import TestResult, Weighing, failed_run, measured
from reward_server.testing.unknowns import Unsplittable
from reward_server.testing.values import UnreadableValue, decode
from reward_server.verdict import Outcome
from sandboxes.execution import Execution, Invocation, Program, Status

_HARNESS = """
def _reward_copy(value):
    if type(value) in (list, dict, set) and len(value) < 100000:
        import copy
        try:
            return copy.deepcopy(value)
        except Exception:
            pass
    return value
def _reward_step(out, call, name, wanted):
    try:
        value = call()
        if name:
            globals()[name] = value
        out.append([True, _reward_copy(value) if wanted else None])
    except BaseException as error:
        try:
            text = str(error)[:200]
        except BaseException:
            text = ""
        out.append([False, [kind.__name__ for kind in type(error).__mro__][:20], text])
def _reward_steps(*steps):
    out = []
    for call, name, wanted in steps:
        _reward_step(out, call, name, wanted)
    return out
"""


@dataclass(frozen=True, slots=True)
class ClaimsPlan:
    """Claims about the values of calls."""

    split: Split

    @property
    def trust(self) -> str:
        """Claims are decided outside."""
        return "split"

    @property
    def weighings(self) -> Sequence[Weighing]:
        """One for each claim."""
        return [Weighing()] * self.split.claims

    def for_submission(self, source: str) -> "ClaimsPlan":
        """Return itself: nothing differs between submissions."""
        return self

    def program(self, source: str, language: str) -> Program:
        """Return the submission as it is."""
        return Program(language, source)

    def invocations(self, *, stop_at_failure: bool) -> Sequence[Invocation]:
        """Return one run of all steps, or one for each claim."""
        return [self._invocation(indices) for indices in self._runs(stop_at_failure=stop_at_failure)]

    def _runs(self, *, stop_at_failure: bool) -> list[list[int]]:
        steps = self.split.steps
        live = [index for index, step in enumerate(steps) if not step.absorbed]
        if stop_at_failure:
            return [live]
        runs = []
        for claim in range(self.split.claims):
            last = max((index for index in live if steps[index].claim == claim), default=live[-1])
            runs.append([i for i in live if steps[i].claim == claim or (steps[i].claim is None and i <= last)])
        return runs

    def _invocation(self, indices: Sequence[int]) -> Invocation:
        calls = ", ".join(_spelled(self.split.steps[index]) for index in indices)
        return Invocation(expression=f"_reward_steps({calls})", setup=f"{self.split.setup}\n{_HARNESS}")

    def judge(self, index: int, execution: Execution, *, stop_at_failure: bool) -> list[TestResult]:
        """Decide the claims that this run's values decide."""
        name = "tests" if stop_at_failure else f"{index + 1}"
        if execution.status is not Status.OK:
            return [failed_run(name, execution)]
        indices = self._runs(stop_at_failure=stop_at_failure)[index]
        try:
            returned = _returned(indices, decode(execution.value))
        except UnreadableValue as problem:
            return [measured(TestResult(name, Outcome.INCORRECT, detail=str(problem)), execution)]
        claims = self._decided(returned, stop_at_failure=stop_at_failure)
        if not stop_at_failure:
            return [_result(index, claims[index] if index < len(claims) else Claim(holds=False), execution)]
        return [_result(position, claim, execution) for position, claim in enumerate(claims)]

    def _decided(self, returned: Mapping[int, Returned], *, stop_at_failure: bool) -> list[Claim]:
        try:
            return self.split.judge(returned, stop_at_failure=stop_at_failure)
        except Unsplittable as problem:
            return [Claim(holds=False, source=f"the test could not be followed with these values: {problem}")]


def _spelled(step: Step) -> str:
    return f"(lambda: {step.source}, {step.keep!r}, {step.wanted})"


def _returned(indices: Sequence[int], records: Any) -> dict[int, Returned]:
    """Read the harness' list; whatever is malformed in it was forged, and counts as not delivered."""
    returned: dict[int, Returned] = {}
    for index, record in zip(indices, records if isinstance(records, list) else [], strict=False):
        match record:
            case [True, value]:
                returned[index] = Returned(value)
            case [False, list(kinds), str(message)] if kinds and all(isinstance(kind, str) for kind in kinds):
                returned[index] = Returned(raised=tuple(kinds), message=message)
            case _:
                raise UnreadableValue("a malformed record of calls")
    return returned


def _result(position: int, claim: Claim, execution: Execution) -> TestResult:
    name = f"{position + 1}"
    if claim.holds:
        return measured(TestResult(name, Outcome.CORRECT), execution)
    outcome = Outcome.RUNTIME_ERROR if claim.raised else Outcome.INCORRECT
    detail = claim.raised or shown(claim.source)
    return measured(TestResult(name, outcome, expected=claim.expected, got=claim.got, detail=detail), execution)
