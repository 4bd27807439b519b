"""Split test code as a plan: the steps run in one process, as the data sets' own harnesses run them.

With all tests wanted at once (the usual reward) one run makes every call, each under its own `except`, and returns the
list of what they gave. With partial credit each claim gets a run of its own, so that one endless call does not take
the others with it. A run that ends early has decided nothing but its own outcome.
"""

# ruff: noqa: ARG002 - every plan has the same signatures

import builtins
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reward_server.errors import ServiceError
from reward_server.testing.claims.failures import of_one_kind
from reward_server.testing.claims.splitting import Claim, Returned, Split, Step
from reward_server.testing.claims.unknowns import Exhausted, Unsplittable
from reward_server.testing.claims.vocabulary import MAX_BITS, NotAllowed, bounded_range
from reward_server.testing.judging.outputs import shown
from reward_server.testing.judging.suite import TestResult, Weighing, failed_run, measured
from reward_server.testing.judging.values import UnreadableValue, decode, require_bounded
from reward_server.verdict import Outcome
from sandboxes import decoding
from sandboxes.execution import Execution, Invocation, Program, Status

_FEW_STEPS = 100
"""Calls whose claims are decided where their values arrive, on the event loop."""
_LONGEST_RECORD = 4 * 1024 * 1024
"""Bytes of values that claims are decided about."""
_CALLED = re.compile(r"(?<![\w.'\"])([A-Za-z_]\w*)\(")
_HARNESS = """
_reward_objects = {}
def _reward_in(number, make):
    if number not in _reward_objects:
        _reward_objects[number] = make()
    return _reward_objects[number]
_reward_atoms = frozenset([int, float, str, bool, type(None), bytes, complex])
def _reward_plain(value, depth=0):
    kind = type(value)
    if kind in _reward_atoms or depth > 400:
        return value
    if kind in (list, tuple, set, frozenset):
        if all(type(item) in _reward_atoms for item in value):
            return kind(value)
        return kind([_reward_plain(item, depth + 1) for item in value])
    if isinstance(value, dict):
        pairs = dict.items(value)
        return {_reward_plain(key, depth + 1): _reward_plain(item, depth + 1) for key, item in pairs}
    for base, exact in _reward_exact:
        if isinstance(value, base):
            return exact(value)
    for base in (list, tuple, set, frozenset):
        if isinstance(value, base):
            return base([_reward_plain(item, depth + 1) for item in base.__iter__(value)])
    return value
_reward_exact = [
    (int, lambda value: int.__add__(value, 0)),
    (float, lambda value: float.__mul__(value, 1.0)),
    (str, lambda value: str.__str__(value)),
    (bytes, lambda value: bytes.__add__(b"", value)),
]
def _reward_value(value):
    kind = type(value)
    name, module = kind.__name__, kind.__module__
    if module in ("builtins", "itertools") and hasattr(kind, "__next__"):
        from itertools import islice
        return ["iterator", _reward_plain(list(islice(value, 1000000)))]
    if module == "builtins" and name in ("dict_keys", "dict_values", "dict_items"):
        return [name, _reward_plain(list(value))]
    if kind is range:
        return ["range", [value.start, value.stop, value.step]]
    if module == "collections" and name == "deque":
        return ["deque", _reward_plain(list(value))]
    value = _reward_plain(value)
    kind = type(value)
    if kind.__module__ in ("builtins", "collections", "decimal", "fractions", "numpy"):
        if not isinstance(value, (type, type(_reward_value), type(len))):
            return ["", value]
    raise TypeError(kind.__module__ + "." + kind.__qualname__)
def _reward_step(out, call, name, wanted):
    try:
        value = call()
        if name:
            globals()[name] = value
        if not wanted:
            out.append([True, "", None])
            return
    except BaseException as error:
        try:
            text = str(error)[:10000]
        except BaseException:
            text = ""
        out.append([False, [kind.__name__ for kind in type(error).__mro__][:20], text])
        return
    try:
        out.append([True, *_reward_value(value)])
    except TypeError as error:
        out.append([False, [], "a value of type " + str(error)[:200]])
    except BaseException as error:
        out.append([False, [kind.__name__ for kind in type(error).__mro__][:20], str(error)[:10000]])
def _reward_steps(*steps):
    out = []
    for call, name, wanted in steps:
        _reward_step(out, call, name, wanted)
    return out
"""
"""What runs beside the program: it makes the calls and turns what they give into exact built-in values.

Subclasses of built-in types become what they hold, so that no equality of the program's making is ever asked.
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
    def tested(self) -> str | None:
        """The first name that is called and not Python's own."""
        names = (name for step in self.split.steps for name in _CALLED.findall(step.source[:200]))
        return next((name for name in names if not hasattr(builtins, name)), None)

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

    def is_long(self, execution: Execution) -> bool:
        """Say whether judging the run is no work for the event loop."""
        return bool(execution.encoded) or len(self.split.steps) > _FEW_STEPS

    def judge(self, index: int, execution: Execution, *, stop_at_failure: bool) -> list[TestResult]:
        """Decide the claims that this run's values decide."""
        name = "tests" if stop_at_failure else f"{index + 1}"
        if len(execution.encoded) > _LONGEST_RECORD:
            return [measured(TestResult(name, Outcome.INCORRECT, detail="values of many megabytes"), execution)]
        execution = decoding.with_value(execution)
        if execution.status is not Status.OK:
            return [failed_run(name, execution)]
        indices = self._runs(stop_at_failure=stop_at_failure)[index]
        try:
            require_bounded(execution.value, MAX_BITS)
            returned = _returned(indices, decode(execution.value))
        except UnreadableValue as problem:
            return [measured(TestResult(name, Outcome.INCORRECT, detail=str(problem)), execution)]
        try:
            claims = self._decided(returned, stop_at_failure=stop_at_failure)
        except Exhausted as problem:  # by the program's own values: the tests alone were within the budget
            return [measured(TestResult(name, Outcome.INCORRECT, detail=str(problem)), execution)]
        if not stop_at_failure:
            return [_result(index, claims[index] if index < len(claims) else Claim(holds=False), execution)]
        return [_result(position, claim, execution) for position, claim in enumerate(claims)]

    def _decided(self, returned: Mapping[int, Returned], *, stop_at_failure: bool) -> list[Claim]:
        try:
            return self.split.judge(returned, stop_at_failure=stop_at_failure)
        except Exhausted:
            raise
        except Unsplittable as problem:
            raise ServiceError(f"tests: they could not be followed with these values: {problem}") from problem


def _spelled(step: Step) -> str:
    return f"(lambda: {step.source}, {step.keep!r}, {step.wanted})"


def _returned(indices: Sequence[int], records: Any) -> dict[int, Returned]:
    """Read the harness' list; whatever is malformed in it was forged, and counts as not delivered."""
    returned: dict[int, Returned] = {}
    for index, record in zip(indices, records if isinstance(records, list) else [], strict=False):
        match record:
            case [True, str(kind), value] if kind in _KINDS:
                returned[index] = Returned(_restored(kind, value))
            case [False, list(kinds), str(message)] if all(isinstance(kind, str) for kind in kinds):
                returned[index] = Returned(raised=of_one_kind(kinds), message=message or "no value")
            case _:
                raise UnreadableValue("a malformed record of calls")
    return returned


def _restored(kind: str, value: Any) -> Any:
    try:
        return _KINDS[kind](value)
    except (TypeError, ValueError, OverflowError, NotAllowed) as problem:
        raise UnreadableValue(f"a malformed {kind}") from problem


_KINDS: dict[str, Callable[[Any], Any]] = {
    "": lambda value: value,
    "iterator": iter,
    "dict_keys": lambda keys: dict.fromkeys(keys).keys(),
    "dict_values": lambda items: dict(enumerate(items)).values(),
    "dict_items": lambda pairs: dict(pairs).items(),
    "range": lambda ends: bounded_range(*ends),
    "deque": deque,
}
"""What a value was besides a list of its items."""


def _result(position: int, claim: Claim, execution: Execution) -> TestResult:
    name = f"{position + 1}"
    if claim.holds:
        return measured(TestResult(name, Outcome.CORRECT), execution)
    outcome = Outcome.RUNTIME_ERROR if claim.raised else Outcome.INCORRECT
    detail = claim.raised or shown(claim.source)
    result = TestResult(name, outcome, claim.expected, claim.got, detail, derived=claim.derived)
    return measured(result, execution)
