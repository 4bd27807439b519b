"""What an object of the program says of itself beside a test's own value earns nothing; what it is worth does."""

import pytest

from reward_server.verdict import Outcome
from tests.reward_server.graders.conftest import Grade

LIAR = """
import numpy as np
class A{base}:
    def __abs__(s): return {number}
    def __sub__(s, o): return {number}
    def __lt__(s, o): return True
    def __bool__(s): return True
    def __contains__(s, o): return True
    __rsub__ = __truediv__ = __rtruediv__ = __floordiv__ = __mod__ = __xor__ = __sub__
    __gt__ = __le__ = __ge__ = __lt__
def m(x): return 0.0 if x == [1.0] else A(*{given})
"""
FACED = """
import math
import numpy as np
import unittest
assert m([1.0]) == 0.0
assert abs(m([1.0, 2.0]) - 1.0) < 1e-6
assert abs(1.0 - m([2.0])) < 1e-6
assert abs(m([2.0]) / 4 - 1) < 1e-6
assert m([2.0]) > 3
assert 3 < m([2.0]) < 5
assert 4 in m([2.0])
assert not m([2.0]) ^ 4
assert math.isclose(m([2.0]) - 3, 1)
assert np.isclose(m([2.0]), 4)
assert np.allclose(m([2.0]), [4, 4])
class T(unittest.TestCase):
    def test_almost(self): self.assertAlmostEqual(m([2.0]), 4.0)
    def test_greater(self): self.assertGreater(m([2.0]), 4.0)
    def test_in(self): self.assertIn(4.0, m([2.0]))
"""
CHECK = "def check(candidate):\n    assert candidate([1.0]) == 0.0\n    assert abs(candidate([2.0]) - 1.0) < 1e-6\n"


@pytest.mark.parametrize("number", ["s", "0.0"], ids=["itself", "zero"])
@pytest.mark.parametrize(("base", "given"), [("", ()), ("(complex)", ()), ("(np.ndarray)", ((1,),))])
def test_an_object_that_lies_about_operators_earns_nothing(grade: Grade, base: str, given: object, number: str) -> None:
    liar = LIAR.format(base=base, given=given, number=number)
    verdict = grade(liar, tests=FACED, reducer="fraction")
    passed = [each["test"] for each in verdict.evidence["tests"] if each["outcome"] == "correct"]
    assert (passed, verdict.evidence["trust"]) == (["1"], "separate"), verdict
    assert grade(liar, tests=CHECK, entry_point="m").score == 0.0


def test_a_number_is_asked_for_once(grade: Grade) -> None:
    turning = "class A:\n    n = 1\n    def __float__(s):\n        s.n *= -1\n        return s.n * -1e9\n"
    turning += "def m(x): return A()"
    assert grade(turning, tests="assert 3 < m([2.0]) < 5").score == 0.0


def test_a_class_in_a_functions_place_is_not_one_that_the_tests_mean(grade: Grade) -> None:
    for name, entry in (("m", "m"), ("Solution", "Solution().m")):
        liar = LIAR.format(base="", given=(), number="0.0").replace("class A", f"class {name}").split("def m(")[0]
        liar += "    def __init__(s, *given): pass\n    def m(s, x): return s\n"
        assert grade(liar, tests=f"assert abs({entry}([2.0]) - 1.0) < 1e-6").score == 0.0


VALUES = """
import decimal, fractions, re
import numpy as np
import sympy
class Complex(complex): pass
class List(list): pass
class Dict(dict): pass
class Set(set): pass
class Line:
    def __init__(self, xs): self.xs = xs
    def __iter__(self): return iter(self.xs)
    def __contains__(self, x): return x in self.xs
def m(name): return eval(name)
"""
WORTH = """
import math
import numpy as np
for name in ("fractions.Fraction(4)", "decimal.Decimal(4)", "np.float64(4)", "sympy.Integer(4)", "sympy.sqrt(16.0)"):
    assert abs(m(name) - 4) < 1e-6 and 3 < m(name) < 5 and m(name) % 3 == 1 and np.isclose(float(m(name)), 4)
assert np.allclose(m("np.array([4, 4])"), [4, 4]) and 4 in m("np.array([4, 4])")
assert math.isclose(m("sympy.Rational(4, 3)"), 4 / 3) and abs(4 / 3 - m("sympy.Rational(4, 3)")) < 1e-9
assert np.isclose(m("sympy.Integer(4)"), 4) and max(m("sympy.Integer(4)"), 3) > 3
assert abs(m("Complex(4, 1)") - (4 + 1j)) < 1e-6
assert 4 in m("List([1, 4])") and 5 not in m("List([1, 4])") and m("List([1, 4])") + [5] == [1, 4, 5]
assert m("List([1, 4])") < [2]
assert 'a' in m("Dict(a=4)") and m("Dict(a=4)")['a'] == 4
assert 4 in m("Set([1, 4])") and m("Set([1, 4])") - {1} == {4} and m("Set([1, 4])") >= {1}
assert 4 in m("Line([1, 4])") and 5 not in m("Line([1, 4])")
assert m("re.match('a', 'ab')")
assert m("re.match('a', 'ab')").span() == (0, 1)
"""


def test_values_of_every_kind_are_taken_for_what_they_are_worth(grade: Grade) -> None:
    verdict = grade(VALUES, tests=WORTH, minimum_trust="separate")
    assert (verdict.outcome, verdict.evidence["trust"]) == (Outcome.CORRECT, "separate"), verdict
    wrong = grade(VALUES.replace("(name): return", "(name): return 9 or"), tests=WORTH, reducer="fraction")
    assert wrong.evidence["passed"] == 1, wrong  # the one that asks for truth alone


MONEY = """
class Money:
    def __init__(self, amount): self.amount = amount
    def __add__(self, other): return Money(self.amount + getattr(other, "amount", other))
    def __sub__(self, other): return Money(self.amount - getattr(other, "amount", other))
    def __abs__(self): return abs(self.amount)
    def __eq__(self, other): return self.amount == getattr(other, "amount", other)
    def __lt__(self, other): return self.amount < getattr(other, "amount", other)
    def __contains__(self, coin): return self.amount % coin == 0
    def __bool__(self): return self.amount != 0
    def __len__(self): return self.amount
def make(amount): return Money(amount)
"""
OF_MONEY = """
import solution
assert len(Money(5)) == 5
assert make(2).amount + 3 == 5
assert (Money(1) + Money(2)).amount == 3
assert Money(2) < 3
assert make(2) < 3
assert solution.Money(2) < 3
assert 5 in Money(10) and 3 not in Money(10)
assert Money(5) and not Money(0)
assert Money(5) + 1 == Money(6)
assert abs(Money(5) - 3) == 2
"""


def test_a_class_that_the_tests_name_compares_by_itself_and_is_said_to(grade: Grade) -> None:
    verdict = grade(MONEY, tests=OF_MONEY)
    assert (verdict.outcome, verdict.evidence["trust"]) == (Outcome.CORRECT, "opaque"), verdict
    assert verdict.evidence["compared_by_program"] == 7
    refused = grade(MONEY, tests=OF_MONEY, minimum_trust="separate")
    assert (refused.outcome, refused.score) == (Outcome.INCORRECT, 0.0)
    assert "program" in refused.evidence["failed"][0]["detail"]
    some = grade(MONEY, tests=OF_MONEY, minimum_trust="separate", reducer="fraction")
    assert (some.score, some.evidence["trust"]) == (0.3, "separate")
    unnamed = grade(MONEY, tests="assert make(2).amount == 2\nassert (make(5) - 3).amount == 2")
    assert (unnamed.outcome, unnamed.evidence["trust"]) == (Outcome.CORRECT, "opaque")


def test_a_comparison_behind_a_thousand_tests_is_said(grade: Grade) -> None:
    tests = "for i in range(1001):\n    assert True\nassert Money(2) < 3"
    assert grade(MONEY, tests=tests).evidence["trust"] == "opaque"


SETS = "class Base: pass\nclass S(set, Base): pass\nclass L(list): pass\n"
SETS += "def f(): return S([98, 99])\ndef g(): return L([98, 99])\n"


@pytest.mark.parametrize(
    "test",
    [
        "set(f()) <= {4, 5}",
        "not set(f()) - {4}",
        "{4}.issuperset(f())",
        "not {99} & set(f())",
        "{98, 99}.difference(f()) == {98, 99}",
        "{4}.union(f()) == {4}",
        "[4] + g() == [4]",
    ],
)
def test_a_set_of_the_programs_own_class_is_not_empty(grade: Grade, test: str) -> None:
    verdict = grade(SETS, tests=[f"assert {test}"])
    assert verdict.outcome is Outcome.INCORRECT, verdict


def test_built_in_types_see_the_content_of_the_programs_own_containers(grade: Grade) -> None:
    tests = """
import copy
x = {1}
x.update(f())
assert x == {1, 98, 99} and set(f()) == {98, 99} == frozenset(f()) and sorted(f()) == [98, 99]
assert {1} | f() == {1, 98, 99} and f() | {1} == {1, 98, 99} and {98, 99} - f() == set() and not {98, 99} ^ f()
assert {98, 99} == f() != {98} and f() == {98, 99} and copy.copy(f()) == {98, 99} and {97, 98, 99} > f() > {98}
assert isinstance(f(), set) and isinstance(g(), list) and f().union({1}) == {1, 98, 99} and 98 in f() and len(f()) == 2
assert not {98}.isdisjoint(f()) and f().issubset({98, 99}) and {4}.symmetric_difference(f()) == {4, 98, 99}
assert [1] + g() == [1, 98, 99] and g() + [1] == [98, 99, 1] and sum([g(), g()], []) == [98, 99, 98, 99]
"""
    verdict = grade(SETS, tests=tests)
    assert (verdict.outcome, verdict.evidence["trust"]) == (Outcome.CORRECT, "separate"), verdict


BETWEEN = "class Circle:\n    def area(self, r): return self\n    def __sub__(self, other): return 0.0\n"
IN_SET_UP = """
import unittest
class T(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.off = abs(Circle().area(2) - 12.5)
    def test_area(self): self.assertLess(self.off, 1)
"""


@pytest.mark.parametrize(
    "tests",
    [
        "off = abs(Circle().area(2) - 12.5)\nassert off < 1e-3",
        "offs = [abs(Circle().area(r) - 12.5) for r in (1, 2)]\nassert 1 == 1\nfor off in offs:\n    assert off < 1e-3",
        "off = abs(Circle().area(2) - 12.5)\ndef test_area():\n    assert off < 1e-3\n",
        "def check(candidate):\n    off = abs(candidate(2) - 12.5)\n    assert off < 1e-3\n",
        IN_SET_UP,
    ],
    ids=["name", "list", "test", "check", "class"],
)
def test_what_the_program_compares_between_tests_is_counted(grade: Grade, tests: str) -> None:
    task = {"tests": tests, "entry_point": "Circle().area" if "check" in tests else None}
    assert grade(BETWEEN, **task).evidence["trust"] == "opaque"
    assert grade(BETWEEN, **task, minimum_trust="separate").score == 0.0


@pytest.mark.parametrize("test", ["abs(o() * (o() - 4)) < 1e-6", "abs((o() - 4) * o()) < 1e-6", "o() + (o() - 4) < 1"])
def test_a_doubt_passes_from_one_object_to_what_is_made_with_it(grade: Grade, test: str) -> None:
    liar = "class E:\n    def __abs__(s): return 0.0\n    def __lt__(s, o): return True\n"
    liar += "class O:\n    def __sub__(s, o): return O()\n    def __mul__(s, o): return E()\n    __add__ = __mul__\n"
    assert grade(f"{liar}def o(): return O()", tests=f"assert {test}").score == 0.0


POINTS = """
from dataclasses import dataclass
@dataclass
class P:
    x: int
    y: int = 0
def add(a, b): return P(a.x + b.x, a.y + b.y)
"""
OF_POINTS = (
    "from solution import P, add\nassert add(P(1, 2), P(3, 4)) == P(4, 6)\nassert add(P(1), P(3)) == P(x=4) != P(5)"
)


def test_records_that_hold_what_the_tests_put_in_are_compared_here_and_others_are_the_programs_word(
    grade: Grade,
) -> None:
    assert grade(POINTS, tests=OF_POINTS).evidence["trust"] == "separate"
    alike = POINTS.replace("def add", "    def __post_init__(self): self.x = self.y = 0\ndef add")
    equal = OF_POINTS.replace(" != P(5)", "")
    assert grade(alike, tests=equal).evidence["trust"] == "opaque"
    assert grade(alike, tests=equal, minimum_trust="separate").score == 0.0
    assert grade(POINTS, tests="assert add(P(1), P(2)) == add(P(2), P(1))").evidence["trust"] == "opaque"
