"""What a program puts in the place of what tests ask for: it earns nothing by it, and buys no null."""

# ruff: noqa: E501 - programs stand in a line each

from typing import Any

import pytest

from reward_server.errors import TaskError
from tests.reward_server.graders.conftest import Grade

FORGE = """
import sys
frame = sys._getframe()
while type(frame.f_locals.get("self")).__name__ != "Program": frame = frame.f_back
pipe = frame.f_locals["self"].pipe
def say(message): pipe.send(b"T", message)
def offer(**names): pipe.receive(); say({"v": [{"d": [list(names), list(names.values())]}], "shared": []})
"""
ADD = (
    "import solution\ndef add(a, b):\n    return a + b\nfor n in range(3):\n    assert solution.add(n, 2) == add(n, 2)"
)
CALC = "from solution import calc\ndef add(a, b):\n    return a + b\nassert calc.add(1, 2) == add(1, 2)"
UNDER_PYTEST = "import pytest\nimport solution\ndef add(a, b):\n    return a + b\ndef test_add():\n    assert solution.add(1, 2) == add(1, 2)"
MOCK = "from unittest.mock import Mock\nm = Mock()\nf(m, 2)\nm.send.assert_called_once_with(4)\nassert m.send.call_count == 1"
CALLED = "from unittest.mock import Mock\nm = Mock()\nf(m, 2)\nm.assert_called_once_with(4)"
SPY = "class Spy:\n    def __init__(self): self.seen = []\n    def note(self, x): self.seen.append(x)\n    def look(self): assert self.seen == [4]\ns = Spy()\nf(s, 2)\ns.look()"
NODE = "class Node:\n    def __init__(self, v): self.v = v\n    def same(self, other): return self.v == other.v\n"
FAKE = "class Fake:\n    call_count = 1\n    def assert_called_once_with(self, *_): pass\n"
STAR = "from math import isclose\nfrom solution import *\nassert isclose(f(2), 4) and abs(f(3) - 9) < 1e-6\nassert all(f(x) == x * x for x in range(3))"
STAND_INS = "def isclose(*_): return True\ndef abs(x): return 0\ndef all(x): return True\ndef f(x): return 1"


@pytest.mark.parametrize(
    ("program", "task"),
    [
        (f"{FORGE}offer(add={{'t': ['global', 'test_solution', 'add']}})", {"tests": ADD}),
        (f"{FORGE}offer(add={{'t': ['global', 'test_solution', 'add']}})", {"tests": UNDER_PYTEST}),
        (f"{FORGE}offer(calc={{'t': ['global', 'test_solution', '']}})", {"tests": CALC}),
        (f"{FORGE}offer(calc={{'t': ['global', 'unittest.mock', '']}})", {"tests": "from solution import calc\nassert calc.ANY == 4"}),
        (f"{FORGE}offer(__file__={{'t': ['here', 'mine']}}, f={{'t': ['value']}})", {"tests": "x = __file__ if '__file__' in globals() else ''\nassert x == 'mine'"}),
        (f"{FORGE}def f(x):\n    say({{'v': [{{'D': [{{'g': ['numpy', 'testing._private.utils.unittest.mock._ANY']}}, [], []]}}, []]}})", {"tests": "import numpy\nfrom unittest.mock import patch\nassert f(1)['a'] == 3"}),
        (STAND_INS, {"tests": STAR}),
        (f"{FAKE}def f(m, x): m.send = Fake()", {"tests": MOCK}),
        (f"{FAKE}def f(m, x): m.configure_mock(send=Fake())", {"tests": MOCK}),
        ("def f(m, x): m.assert_called_once_with = print", {"tests": CALLED}),
        ("def f(m, x): m.send.assert_called_once_with = print; m.send.call_count = 1", {"tests": MOCK}),
        ("def f(s, x): s.look = print", {"tests": SPY}),
        (f"{NODE}def f(x):\n    n = Node(0)\n    n.same = lambda other: True\n    return n", {"tests": "def check(candidate):\n    assert candidate(3).same(Node(9))", "prompt": f"{NODE}def f(x):\n    '''a square'''\n", "entry_point": "f"}),
        ("def f(x):\n    open('want.txt', 'w').write('0')\n    return 0", {"tests": "open('want.txt', 'w').write('4')\nassert str(f(2)) == open('want.txt').read()"}),
        ("open('want.txt', 'w').write('0')\ndef f(x):\n    open('want.txt', 'w').write('0')\n    return open('want.txt').read()", {"tests": "f(0)\nopen('want.txt', 'w').write('4')\nassert str(f(2)) == open('want.txt').read()"}),
        ("class TestIt:\n    def test_a(self): pass\ndef f(x): return 0", {"tests": "from solution import TestIt, f\ndef test_b():\n    assert f(2) == 4 and TestIt", "reducer": "fraction"}),
    ],
)  # fmt: skip
def test_what_stands_in_for_a_value_earns_nothing(grade: Grade, program: str, task: dict[str, Any]) -> None:
    verdict = grade(program, **task)
    assert verdict.score == 0.0, verdict


UNITTEST = "import unittest\nfrom solution import f\nclass T(unittest.TestCase):\n    def test_f(self):\n        self.assertEqual(f(1), 1)"
LOOKS = "import pytest\nfrom solution import f\ndef test_f():\n    assert f(1) == 1"
IN_SETUP = "import inspect, unittest\nfrom solution import S\nclass T(unittest.TestCase):\n    def setUp(self): self.kind = S\n    def test_s(self): self.assertTrue(inspect.isclass(self.kind))"
TWO = "from solution import gcd, lcm\nassert gcd([4, 6]) == 2\nassert lcm(4, 6) == 12"


@pytest.mark.parametrize(
    ("program", "tests"),
    [
        ("class FixtureLookupError(Exception): pass\ndef f(x): raise FixtureLookupError('x')", LOOKS),
        (f"{FORGE}def f(x): say({{'v': [{{'re': ['(', 0]}}, []]}})", "assert f(1) == 1"),
        (f"{FORGE}pipe.receive(); say({{'v': {{'re': ['(', 0]}}}})", UNITTEST),
        ("from math import gcd\ndef lcm(a, b): return 1", TWO),
        ("def S(): pass", "import inspect\nfrom solution import S\nassert inspect.isclass(S)\nassert S().f(2) == 4"),
        ("def S(): pass", IN_SETUP),
        ("S = 1\nclass T: pass", "from solution import S, T\nassert isinstance(S, type)\nassert T()"),
        ("from itertools import count", "assert list(count(3)) == [0, 1, 2]"),
        ("from queue import Queue", "q = Queue()\nq.put(1)\nassert q.get() == 1\nassert q.get() is None"),
        (f"{FORGE}offer(ROWS={{'t': ['here', {{'R': [0, 10 ** 15, 1]}}]}})", "from solution import ROWS\nassert len([x for x in ROWS]) == 3"),
    ],
)  # fmt: skip
def test_what_fails_for_what_a_program_offers_is_its_own_failure(grade: Grade, program: str, tests: str) -> None:
    verdict = grade(program, tests=tests, wall_seconds=1)
    assert verdict.score == 0.0, verdict


def test_tests_that_fail_before_they_look_at_the_program_are_broken(grade: Grade) -> None:
    imported = "from solution import f\nfrom math import sqrt\n"
    for tests in ("assert 1 == 2\nassert f(1)", "x = sqrt(4)\nassert x == 3\nassert f(1)"):
        with pytest.raises(TaskError):
            grade("def f(x): return 1", tests=imported + tests)


SKIPS = """
import unittest
from solution import f
class T(unittest.TestCase):
    @unittest.skip("not yet")
    def test_a(self): pass
    @unittest.skip("not yet")
    def test_b(self): pass
    def test_c(self): self.assertEqual(f(1), 1)
    def test_d(self): self.assertEqual(f(2), 4)
class U(unittest.TestCase):
    def test_e(self): self.assertEqual(f(3), 9)
    def test_f(self): self.assertEqual(f(1), 1)
"""


@pytest.mark.parametrize("tests", [SKIPS, SKIPS.replace("import unittest", "import unittest, pytest")])
def test_who_ends_in_the_middle_has_each_test_counted_once(grade: Grade, tests: str) -> None:
    leaves = "import os\ndef f(x): return 1 if x == 1 else os._exit(0)"
    assert grade(leaves, tests=tests, reducer="fraction").score == 0.5


def test_programs_do_with_what_they_are_given_as_before(grade: Grade) -> None:
    pairs = [
        ("def f(m, x): m.send(x * x); m.seen = x", f"{MOCK}\nassert m.seen == 2"),
        ("def f(s, x): s.note(x * x); s.extra = [x]", f"{SPY}\nassert s.extra == [2]"),
        ("from collections import Counter\nfrom functools import reduce\ndef f(x): return Counter(x)", "from solution import *\nassert f('aab') == Counter('aab')\nassert reduce(max, [1, 2]) == 2"),
        ("from dataclasses import dataclass\ndef f(p): return p.x", "from solution import *\n@dataclass\nclass P:\n    x: int\nassert f(P(3)) == 3"),
        ("def f(x):\n    open('log.txt', 'w').write(str(x))", "open('log.txt', 'w').close()\nfor n in range(3):\n    f(n)\n    assert open('log.txt').read() == str(n)"),
        ("LIMIT = 3\nclass A:\n    rate = 2\ndef f(): return LIMIT * A.rate", "import solution\nfrom solution import A\ndef test_a(monkeypatch):\n    monkeypatch.setattr(solution, 'LIMIT', 5)\n    monkeypatch.setattr(A, 'rate', 4)\n    assert solution.f() == 20\ndef test_b():\n    assert solution.f() == 6 and A.rate == 2 and sorted(vars(solution)) == ['A', 'LIMIT', 'f']"),
        ("LIMIT = 3\ndef f(): return LIMIT", "def test_a(monkeypatch):\n    monkeypatch.setattr('solution.LIMIT', 5)\n    import solution\n    assert solution.f() == 5\ndef test_b():\n    import solution\n    assert solution.f() == 3"),
        ("def f(x):\n    with open('out.txt', 'a') as out: out.write(f'{x} ')", "import os\nf(1)\nf(2)\nassert open('out.txt').read() == '1 2 '\nos.remove('out.txt')\nf(3)\nassert open('out.txt').read() == '3 '"),
        ("def pow(x, n): return x ** n", "from solution import *\nassert pow(2, 3) == 8"),
        ("def test_even(x): return x % 2 == 0", "from solution import test_even\nassert test_even(2) is True\nassert test_even(3) is False"),
    ]  # fmt: skip
    for program, tests in pairs:
        verdict = grade(program, tests=tests)
        assert verdict.score == 1.0, (program, verdict)
