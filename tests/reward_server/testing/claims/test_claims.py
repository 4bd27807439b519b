"""Split tests say of right and wrong programs what running program and tests together says, for every style of test."""

from typing import Any

import pytest

from reward_server.testing.claims.plan import ClaimsPlan
from reward_server.testing.judging.opaque import OpaquePlan
from reward_server.testing.judging.suite import TestResult
from reward_server.testing.stored.formats import Reading, plan_tests
from reward_server.verdict import Outcome
from sandboxes import decoding
from sandboxes.agent import values
from sandboxes.execution import Execution, Status

from .test_splitting import EVALPLUS

SQUARE = "def f(x):\n    return x * x\n"
SORT = "def f(xs):\n    xs.sort()\n"
GROW = "def f(xs):\n    xs.append(len(xs))\n    return xs\n"
SQUARES = "def f(n):\n    for i in range(n):\n        yield i * i\n"
ROOT = "def f(x):\n    if x < 0:\n        raise ValueError('negative input')\n    return x ** 0.5\n"
COUNT = "def f(s):\n    return {c: s.count(c) for c in s}\n"
STACK = """
class Stack:
    def __init__(self, items=()): self.items = list(items)
    def push(self, x): self.items.append(x); return self
    def pop(self): return self.items.pop()
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
    def __getitem__(self, i): return self.items[i]
    @property
    def top(self): return self.items[-1]
def f(n):
    return Stack(range(n))
"""
PAIR = "import collections\nPair = collections.namedtuple('Pair', 'a b')\ndef f(a, b):\n    return Pair(a + b, a * b)\n"


def split_plan(tests: str, entry_point: str | None = None) -> ClaimsPlan:
    plan = plan_tests(tests, Reading("python", None, entry_point)).plan
    assert isinstance(plan, ClaimsPlan), "it should split"
    return plan


def run(source: str, setup: str, expression: str | None) -> Execution:
    """Do what the sandbox does, in this process: only the value leaves, as canonical JSON."""
    namespace: dict[str, Any] = {"__name__": "solution"}
    exec(source, namespace)
    exec(setup, namespace)
    value = eval(expression or "None", namespace)
    return Execution(Status.OK, value=decoding._value(b'{"value":' + values.encode(value) + b"}"))


def results(plan: ClaimsPlan, source: str, *, at_once: bool) -> list[TestResult]:
    found: list[TestResult] = []
    for index, call in enumerate(plan.invocations(stop_at_failure=at_once)):
        found += plan.judge(index, run(source, call.setup, call.expression), stop_at_failure=at_once)
    return found


def passes(tests: str, source: str, entry_point: str | None = None) -> bool:
    plan = split_plan(tests, entry_point)
    together, apart = (results(plan, source, at_once=at_once) for at_once in (True, False))
    assert len(apart) == len(plan.weighings)
    whole = all(result.outcome is Outcome.CORRECT for result in together)
    assert whole == all(result.outcome is Outcome.CORRECT for result in apart)
    return whole


def plainly(tests: str, source: str) -> bool:
    namespace: dict[str, Any] = {}
    try:
        exec(f"{source}\n{tests}", namespace)
    except Exception:  # noqa: BLE001 - whatever fails there fails the test
        return False
    return True


@pytest.mark.parametrize(
    ("source", "tests"),
    [
        (SQUARE, "assert 9 == f(3) != 8 and f(3) in (9, 10) and not f(0)"),
        (SQUARE, "assert f(3) == 10 or f(3) == 9, 'either'"),
        (SQUARE, "assert list(map(f, [1, 2])) == [1, 4] and all(map(f, [1, 2]))"),
        (SQUARE, "a, b = f(1), f(2)\nassert (a, b) == (1, 4)\nassert a + b == 5"),
        (SQUARE, "r = f(3)\nif r != 9:\n    raise AssertionError('no')\nassert r"),
        (SQUARE, "def ref(x):\n    return x * x\nfor i in range(5):\n    assert f(i) == ref(i)"),
        (SQUARE, "def close(a, b, eps=1e-6):\n    return abs(a - b) < eps\nassert close(f(1.5), 2.25)"),
        (SQUARE, "x = [f(i) for i in range(3)]\nassert x[0] == 0 and x[-1] == 4\nassert sum(x) == 5"),
        (SQUARE, "n = 0\nfor i in range(3):\n    n += f(i)\nassert n == 5\nm = n + 1\nassert m == 6"),
        (SQUARE, "assert f(1) == 1\ndef test_more():\n    assert f(2) == 4\ntest_more()"),
        (SORT, "xs = [3, 1]\nassert f(xs) is None\nassert xs == [1, 3]"),
        (SORT, "xs = [2, 1]\nassert (f(xs), xs) == (None, [1, 2])"),
        (SORT, "m = [[2, 1], [4, 3]]\nfor row in m:\n    f(row)\nassert m == [[1, 2], [3, 4]]"),
        (GROW, "x = [1]\nassert f(x) == [1, 1]\nassert f(x) == [1, 1, 2]\nassert len(x) == 3"),
        (GROW, "x = [1]\nassert f(x) == x"),
        (GROW, "r = f([2])\nr.sort(reverse=True)\nassert r == [2, 1]\nassert r.pop() == 1\nassert r == [2]"),
        (SQUARES, "assert [x for x in f(3)] == [0, 1, 4] and 4 in f(3)"),
        (SQUARES, "g = f(2)\nassert list(g) == [0, 1]\nassert list(g) == []"),
        (SQUARES, "for i, x in enumerate(f(3)):\n    assert x == i * i\nassert sorted(f(3), reverse=True)[0] == 4"),
        (ROOT, "try:\n    f(-1)\n    assert False\nexcept ValueError as e:\n    assert str(e) == 'negative input'"),
        (ROOT, "try:\n    r = f(4)\nexcept Exception as e:\n    assert False, str(e)\nassert r == 2"),
        (
            ROOT,
            "for n in (-1, -2):\n    try:\n        f(n)\n        assert False\n    except ValueError:\n        pass",
        ),
        (COUNT, "assert f('aab')['a'] == 2 and f('ab').get('z') is None"),
        (COUNT, "d = f('aab')\nassert max(d, key=d.get) == 'a'\nfor k, v in d.items():\n    assert v > 0"),
        (COUNT, "assert f('ab').keys() == {'a', 'b'}\nassert list(f('ab').values()) == [1, 1]"),
        (STACK, "s = Stack()\ns.push(1)\ns.push(2)\nassert s.pop() == 2\nassert len(s) == 1\nassert s.top == 1"),
        (STACK, "s = f(3)\nassert s.top == 2 and s[0] == 0\nfor x in s:\n    assert x < 3"),
        (STACK, "s = f(1)\nt = s\nt.push(7)\nassert s.top == 7"),
        (PAIR, "assert f(1, 2) == (3, 2)\nx, y = f(1, 2)\nassert y == 2"),
    ],
)
def test_claims_hold_for_right_programs_alone(source: str, tests: str) -> None:
    assert plainly(tests, source)
    assert passes(tests, source)
    for wrong in ("None", "7", "[]", "(_ for _ in ())", "'x'", "1 // 0"):
        changed = f"{source}\ndef f(*given):\n    return {wrong}\n"
        if "f(" in tests:
            assert passes(tests, changed) == plainly(tests, changed), (wrong, tests)


@pytest.mark.parametrize(
    "tests",
    [
        "assert f(1) is f(1)",
        "assert (f(1) if f(1) == 1 else f(2)) == 1",
        "if f(1) == 1:\n    assert f(2) == 4",
        "assert Stack([1]) == Stack([1])",
        "assert f(2) == Stack([0, 1])",
        "assert isinstance(f(1), Stack)",
        "assert f(2) is Color.RED",
        "class G:\n    pass\nassert f(G()) == 1",
        "import pytest\nwith pytest.raises(ValueError, match='neg'):\n    f(-1)",
        "import numpy as np\nassert (np.array(f(2)) == np.array([1])).all()",
        "assert all(f(2) == [1, 2])",
        "assert '%.2f' % f(1) == '1.00'",
        "assert f(1).shape == (2,) and (f(1) == 2)",
        "def test_out(capsys):\n    f(1)\n    assert capsys.readouterr().out == '1'",
        "r = None\ntry:\n    f(-1)\nexcept ValueError:\n    r = 1\nassert r",
    ],
)
def test_what_cannot_be_told_from_outside_is_opaque(tests: str) -> None:
    assert isinstance(plan_tests(tests, Reading("python")).plan, OpaquePlan)


def test_an_object_that_equals_everything_is_judged_by_what_it_holds() -> None:
    spoofed = "class L({base}):\n    def __eq__(self, other): return True\n    __hash__ = {base}.__hash__\n"
    spoofed += "def f(x):\n    return L({value})\n"
    for base, value, wanted in (
        ("list", "[1]", "[2]"),
        ("int", "1", "2"),
        ("str", "'a'", "'b'"),
        ("dict", "{1: 1}", "{}"),
    ):
        source = spoofed.replace("{base}", base).replace("{value}", value)
        assert not passes(f"assert f(1) == {wanted}", source)
        assert passes(f"assert f(1) == {value}", source)
    anything = "class A:\n    def __eq__(self, other): return True\ndef f(x):\n    return A()\n"
    (result,) = results(split_plan("assert f(1) == 2"), anything, at_once=True)
    assert (result.outcome, result.got) == (Outcome.INCORRECT, "a value of type solution.A")


def test_rounds_of_parametrized_tests_are_claims_of_their_own() -> None:
    rows = "import pytest\n@pytest.mark.parametrize('x, y', [(1, 1), (2, 4), (3, 9)])\n"
    tests = rows + "def test_square(x, y):\n    assert f(x) == y\ndef test_zero():\n    assert f(0) == 0"
    assert split_plan(tests).split.claims == 4
    assert passes(tests, SQUARE)
    failed = results(split_plan(tests), "def f(x):\n    return x * x if x < 3 else 0\n", at_once=False)
    assert [result.outcome is Outcome.CORRECT for result in failed] == [True, True, False, True]


def test_a_program_that_breaks_a_statement_between_claims_fails_them() -> None:
    tests = "a, b = f(2)\nassert a == 1\nassert True or b\nassert f(3)[0] == 1"
    assert passes(tests, "def f(x):\n    return 1, 2\n")
    assert not passes(tests, "def f(x):\n    return (1, 2) if x == 3 else 5\n")
    assert not passes("r = f(2)\nif r > 1:\n    assert r == 2", "def f(x):\n    raise KeyError\n")


def test_what_failed_is_named_with_the_programs_side_first() -> None:
    (result,) = results(split_plan("assert 640 == f(3)"), SQUARE, at_once=True)
    assert (result.got, result.expected, result.derived) == ("9", "640", False)
    (result,) = results(split_plan("assert abs(f(3) - 640) < 1"), SQUARE, at_once=True)
    assert (result.got, result.derived) == ("631", True)


@pytest.mark.parametrize(
    "forged",
    [
        "['range', [0, 10**30, 1]]",
        "['range', [0, 1, 0]]",
        "['deque', 5]",
        "['dict_keys', [[1]]]",
        "['x', 1]",
        "[1]",
        "5",
    ],
)
def test_a_forged_record_is_an_unreadable_value_and_costs_nothing(forged: str) -> None:
    source = f"def f(*given):\n    globals()['_reward_value'] = lambda value: {forged}\n    return 0\n"
    assert not passes("assert sorted(f(3)) == [1, 2]\nfor x in f(4):\n    assert x", source)


EVERY = "class E(ValueError, TypeError, KeyError, ZeroDivisionError): pass\ndef f(x):\n    raise E"
RAISES = "import pytest\ndef test_it():\n    with pytest.raises({}):\n        f(1)\n"


def test_an_exception_is_of_one_built_in_kind() -> None:
    caught = [kind for kind in ("ValueError", "TypeError", "KeyError", "LookupError", "ZeroDivisionError")
              if passes(RAISES.format(kind), EVERY)]  # fmt: skip
    assert caught == ["ValueError"]
    named = "class TypeError(ValueError): pass\nclass KeyError(TypeError): pass\ndef f(x):\n    raise KeyError"
    assert not passes(RAISES.format("ValueError"), named)
    assert passes(RAISES.format("ValueError"), "import json\ndef f(x):\n    return json.loads('{')")
    assert passes(RAISES.format("OSError"), "import io\ndef f(x):\n    raise io.UnsupportedOperation")
    assert passes(RAISES.format("LookupError"), "def f(x):\n    return {}[x]")


@pytest.mark.parametrize("cheat", ["[]", "()", "[1.5]", "[[1.5]]"])
def test_evalplus_floats_have_the_expected_shape(cheat: str) -> None:
    tests = (
        EVALPLUS.partition("def ref_func")[0] + "def check(candidate):\n    assertion(candidate(1), [1.5, 1.5], 0)\n"
    )
    assert not passes(tests, f"def f(x):\n    return {cheat}", "f")
    assert passes(tests, "def f(x):\n    return [1.5, 1.5000000001]", "f")


def test_what_a_program_returns_cannot_make_the_tests_lost() -> None:
    tests = "assert all(v > 0 for v in f(1))\nassert f(2) == 3"
    (first, *_) = results(split_plan(tests), "def f(x):\n    return [1] * 1_000_000", at_once=True)
    assert first.outcome is Outcome.INCORRECT
    for number in ("10 ** 200_000", "Decimal('1e1000000')"):
        program = f"from decimal import Decimal\ndef f(x):\n    return {number}"
        assert not passes("assert round(f(1)) == 1", program)
