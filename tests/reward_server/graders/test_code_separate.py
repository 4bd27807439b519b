"""Test code runs in a process of its own and says of every program what running both together would say."""

import textwrap
import time
from dataclasses import replace
from typing import Any

import pytest

from reward_server.errors import TaskError
from reward_server.graders.code import GRADER, CodeTask
from reward_server.testing.separate import plan
from reward_server.verdict import Outcome
from tests.reward_server.graders.conftest import Grade

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
    def __eq__(self, other): return type(other) is Stack and self.items == other.items
    @property
    def top(self): return self.items[-1]
def f(n):
    return Stack(range(n))
"""
PAIR = "import collections\nPair = collections.namedtuple('Pair', 'a b')\ndef f(a, b):\n    return Pair(a + b, a * b)\n"
POINT = "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    y: int\n"
POINT += "def f(x, y):\n    return P(x, y)\n"
NUMBERS = "import decimal, fractions\nassert f(decimal.Decimal('1.5')) == decimal.Decimal('2.25')\n"
NUMBERS += "assert f(fractions.Fraction(1, 2)) == fractions.Fraction(1, 4) and f(1j) == -1 and f(10**40) == 10**80"
UNIT = "import unittest\nclass T(unittest.TestCase):\n    def test_f(self):\n        self.assertEqual(f(1), 1)"
SPOOF = "class V:\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
SPOOF += "class Solution:\n    def reverse(self, head): return V()"
SLOW = "import time\ndef f(x):\n    end = time.process_time() + 0.6\n"
SLOW += "    while time.process_time() < end: pass\n    return x\n"
COLOR = "from enum import Enum\nclass Color(Enum):\n    RED = 1\n    BLUE = 2\ndef f(n):\n    return Color(n)\n"
ERROR = "class Bad(ValueError):\n    def __init__(self, code): super().__init__(f'bad {code}'); self.code = code\n"
ERROR += "def f(x):\n    raise Bad(x)\n"
APPLY = "def f(function, xs):\n    return [function(x) for x in xs]\n"
ASYNC = "import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return x + 1\n"
SHAPE = "class Shape:\n    def area(self): raise NotImplementedError\n    def twice(self): return 2 * self.area()\n"


def plainly(tests: str, source: str) -> bool:
    namespace: dict[str, Any] = {"__name__": "solution"}
    try:
        exec(f"{source}\n{tests}", namespace)
    except Exception:  # noqa: BLE001 - whatever fails there fails the test
        return False
    return True


@pytest.mark.parametrize(
    ("source", "tests"),
    [
        (SQUARE, "assert 9 == f(3) != 8 and f(3) in (9, 10) and not f(0)"),
        (SQUARE, "assert list(map(f, [1, 2])) == [1, 4] and all(map(f, [1, 2]))"),
        (SQUARE, "r = f(3)\nif r != 9:\n    raise AssertionError('no')\nassert r"),
        (SQUARE, "def close(a, b, eps=1e-6):\n    return abs(a - b) < eps\nassert close(f(1.5), 2.25)"),
        (SQUARE, "n = 0\nfor i in range(3):\n    n += f(i)\nassert n == 5\nm = n + 1\nassert m == 6"),
        (SORT, "xs = [2, 1]\nassert (f(xs), xs) == (None, [1, 2])"),
        (SORT, "m = [[2, 1], [4, 3]]\nfor row in m:\n    f(row)\nassert m == [[1, 2], [3, 4]]"),
        (GROW, "x = [1]\nassert f(x) is x\nassert f(x) == [1, 1, 2]\nassert len(x) == 3"),
        (SQUARES, "g = f(2)\nassert g is not None\nassert list(g) == [0, 1]\nassert list(g) == []"),
        (SQUARES, "for i, x in enumerate(f(3)):\n    assert x == i * i\nassert sorted(f(3), reverse=True)[0] == 4"),
        (ROOT, "try:\n    f(-1)\n    assert False\nexcept ValueError as e:\n    assert str(e) == 'negative input'"),
        (COUNT, "d = f('aab')\nassert max(d, key=d.get) == 'a'\nfor k, v in d.items():\n    assert v > 0"),
        (STACK, "s = Stack()\ns.push(1)\ns.push(2)\nassert s.pop() == 2\nassert len(s) == 1\nassert s.top == 1"),
        (STACK, "s = f(3)\nassert s.top == 2 and s[0] == 0 and list(s) == [0, 1, 2]\ns.items.append(7)\nassert s.top"),
        (STACK, "assert isinstance(f(1), Stack) and f(1) == Stack([0]) and f(1) != Stack([1])\nassert f(2).top == 1"),
        (PAIR, "assert f(1, 2) == (3, 2)\nx, y = f(1, 2)\nassert y == 2 and f(1, 2).a == 3"),
        (POINT, "assert f(1, 2) == P(1, 2) != P(2, 1)\np = f(1, 2)\np.x = 5\nassert p == P(5, 2)"),
        (COLOR, "assert f(1) is Color.RED and f(2).name == 'BLUE' and [c.value for c in Color] == [1, 2]"),
        (ERROR, "try:\n    f(7)\n    assert False\nexcept Bad as e:\n    assert e.code == 7 and str(e) == 'bad 7'"),
        (APPLY, "seen = []\nassert f(lambda x: seen.append(x) or x + 1, [1, 2]) == [2, 3]\nassert seen == [1, 2]"),
        (ASYNC, "import asyncio\nassert asyncio.run(f(1)) == 2"),
        (SHAPE, "class Square(Shape):\n    def area(self):\n        return 9\nassert Square().twice() == 18"),
        (SQUARE, NUMBERS),
        ("def f(x):\n    x['a'].add(3)", "x = {'a': {1}, 'b': (b'1', None)}\nf(x)\nassert x['a'] == {1, 3}"),
        ("def f():\n    return 1\nn = 0", "import solution\nsolution.n = 4\nassert solution.n == 4 and f() == 1"),
        ("def sum(a, b):\n    return a * b", "assert sum(3, 4) == 12\nassert sum(10, 15) == 150"),
    ],
)  # fmt: skip
def test_tests_pass_for_right_programs_alone(grade: Grade, source: str, tests: str) -> None:
    imported = "import solution" in tests
    assert imported or plainly(tests, source)
    verdict = grade(source, tests=tests)
    trust = "opaque" if "== Stack(" in tests else "separate"
    assert (verdict.outcome, verdict.evidence["trust"]) == (Outcome.CORRECT, trust), verdict
    for wrong in ("None", "(_ for _ in ())", "'x'", "1 // 0"):
        changed = f"{source}\ndef f(*given):\n    return {wrong}\n"
        if "f(" in tests and not imported:
            right = grade(changed, tests=tests).outcome is Outcome.CORRECT
            assert right == plainly(tests, changed), (wrong, tests)


FILES = {
    "unittest": """
        import unittest
        from unittest.mock import patch
        from answer import double

        class TestDouble(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.value = 4

            def test_value(self):
                for x in (self.value, 5):
                    with self.subTest(x=x):
                        self.assertEqual(double(x), 2 * x)

            def test_raises(self):
                with self.assertRaisesRegex(TypeError, "unsupported"):
                    double(None)

            @patch("builtins.print")
            def test_printed(self, mocked):
                double(1)
                mocked.assert_called_once_with("doubling", 1)

            @unittest.skip("not yet")
            def test_later(self):
                self.fail()
        """,
    "pytest": """
        import logging
        import pytest
        from answer import double

        @pytest.fixture
        def three():
            return 3

        @pytest.mark.parametrize("a, b", [(1, 2), (2, 4)])
        def test_value(a, b, three, capsys):
            assert double(a) == b
            assert capsys.readouterr().out == f"doubling {a}\\n"
            assert double(three) == pytest.approx(6)

        def test_input(monkeypatch):
            monkeypatch.setattr("builtins.input", lambda *_: "8")
            assert double() == 16

        def test_files(tmp_path):
            (tmp_path / "in.txt").write_text("21")
            double(tmp_path)
            assert (tmp_path / "out.txt").read_text() == "42"
        """,
}
DOUBLE = """
def double(x=None):
    if hasattr(x, "joinpath"):
        x.joinpath("out.txt").write_text(str(2 * int(x.joinpath("in.txt").read_text())))
        return
    if x is None and double.__defaults__ == (None,):
        try:
            x = int(input())
        except EOFError:
            raise TypeError("unsupported")
    print("doubling", x)
    return 2 * x
"""


@pytest.mark.parametrize("kind", FILES)
def test_files_of_unit_tests_run_as_they_are_stored(grade: Grade, kind: str) -> None:
    tests = textwrap.dedent(FILES[kind])
    verdict = grade(DOUBLE, tests=tests)
    assert (verdict.outcome, verdict.evidence["trust"]) == (Outcome.CORRECT, "separate"), verdict
    assert verdict.evidence["passed"] >= 3
    assert grade(DOUBLE.replace("return 2 * x", "return 3"), tests=tests).outcome is Outcome.INCORRECT


NODES = """
class ListNode:
    def __init__(self, val=0, next=None):
        self.val, self.next = val, next
def list_node(values):
    head = None
    for value in reversed(values):
        head = ListNode(value, head)
    return head
def is_same_list(a, b):
    while a and b:
        if a.val != b.val:
            return False
        a, b = a.next, b.next
    return a is b
"""
REVERSE = """
class Solution:
    def reverse(self, head):
        last = None
        while head:
            head.next, last, head = last, head, head.next
        return last
"""


def test_names_of_prompt_and_prelude_are_the_tasks(grade: Grade) -> None:
    check = "def check(candidate):\n    assert is_same_list(candidate(list_node({given})), list_node({wanted}))\n"
    tests = check.format(given="[1, 2, 3]", wanted="[3, 2, 1]")
    for task in ({"prompt": NODES}, {"prelude": NODES}):
        task |= {"tests": tests, "entry_point": "Solution().reverse", "minimum_trust": "separate"}
        assert grade(REVERSE, **task).outcome is Outcome.CORRECT
        for cheat in (
            "def is_same_list(a, b): return True\nclass Solution:\n    def reverse(self, head): return head",
            SPOOF,
        ):
            assert grade(cheat, **task).score == 0.0
    long = check.format(given="list(range(3000))", wanted="list(range(2999, -1, -1))")
    assert grade(REVERSE, tests=long, prompt=NODES, entry_point="Solution().reverse").score == 1.0


def test_an_object_that_equals_everything_is_judged_by_what_it_holds(grade: Grade) -> None:
    spoofed = "class L({base}):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
    spoofed += "    __hash__ = None\ndef f(x):\n    return L({value})\n"
    for base, value, wanted in (
        ("list", "[1]", "[2]"),
        ("int", "1", "2"),
        ("str", "'a'", "'b'"),
        ("dict", "{}", "{1: 1}"),
    ):
        source = spoofed.replace("{base}", base).replace("{value}", value)
        assert grade(source, tests=f"assert f(1) == {wanted}").outcome is Outcome.INCORRECT
        assert grade(source, tests=f"assert f(1) == {value}").outcome is Outcome.CORRECT
    anything = "class A:\n    def __eq__(self, other): return True\ndef f(x):\n    return A()\n"
    assert grade(anything, tests="assert f(1) == 2").outcome is Outcome.INCORRECT


def test_what_the_program_alone_compares_is_counted_and_can_be_refused(grade: Grade) -> None:
    source = "class V:\n    def __init__(self, x): self.x = x\n    def __eq__(self, other): return self.x == other.x\n"
    verdict = grade(source, tests="assert V(1) == V(1)\nassert V(2) != V(3)")
    assert (verdict.outcome, verdict.evidence["trust"]) == (Outcome.CORRECT, "opaque")
    assert verdict.evidence["compared_by_program"] == 2
    refused = grade(source, tests="assert V(1) == V(1)", minimum_trust="separate")
    assert (refused.outcome, refused.score) == (Outcome.INCORRECT, 0.0)
    assert grade(source, tests="assert V(1) == V(1)\nassert V(4).x == 4").evidence["trust"] == "opaque"
    assert (
        grade(source, tests="assert V(1) == V(2)\nassert V(4).x == 4", reducer="fraction").evidence["trust"]
        == "separate"
    )


def test_every_test_has_the_programs_limits_for_itself(grade: Grade) -> None:
    tests = [f"assert f({x}) == {x}" for x in range(3)]
    assert grade(SLOW, tests=tests, cpu_seconds=1).outcome is Outcome.CORRECT
    verdict = grade("def f(x):\n    while x: pass\n    return x", tests=tests, cpu_seconds=1)
    assert (verdict.outcome, verdict.evidence["failed"][0]["test"]) == (Outcome.TIME_LIMIT, "2")


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("def f(x):\n    while True: pass", "time_limit"),
        ("def f(x):\n    return bytearray(1 << 31)", "memory_limit"),
        ("def f(x):\n    while True: print('x' * 1000)", "output_limit"),
        ("def f(x): 1 // 0", "runtime_error"),
        ("import os\ndef f(x): os._exit(0)", "runtime_error"),
        ("import sys\nsys.exit(0)", "runtime_error"),
        ("def g(x): return x", "runtime_error"),
        ("def f(x:", "compile_error"),
        ("import os, time\ndef f(x):\n    time.sleep(100)", "time_limit"),
        ("def f(x):\n    return [1] * 1000000", "incorrect"),
        ("import decimal\ndef f(x):\n    return decimal.Decimal('1e999999')", "incorrect"),
        ("def f(x):\n    return iter(int, 1)", "incorrect"),
    ],
)
def test_every_end_of_a_program_is_a_verdict_with_a_score(grade: Grade, program: str, outcome: str) -> None:
    limits = {"cpu_seconds": 1, "wall_seconds": 2, "memory_bytes": 128 << 20, "output_bytes": 8 << 20}
    verdict = grade(program, tests=["assert f(1) == 1"], **limits)
    assert (verdict.outcome.value, verdict.score) == (outcome, 0.0), verdict


HOSTILE = """
import json, os, struct, sys
frame = sys._getframe()
while frame and "program" not in frame.f_locals:
    frame = frame.f_back
pipe = frame.f_locals["program"].pipe
def say(body, size=None):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    os.write(pipe.writer, struct.pack(">IB", len(data) if size is None else size, 84) + data)
def f(x):
    {attack}
    os._exit(0)
"""


@pytest.mark.parametrize(
    "attack",
    [
        "say(b'not json')",
        "say(b'', 1 << 31)",
        "say({'v': 1})",
        "say([])",
        "say({'v': [[{'g': ['unittest.mock', 'ANY']}, {'d': [[], []]}], []]})",
        "say({'v': [{'g': ['unittest.mock', 'ANY']}, []]})",
        "say({'v': [{'g': ['builtins', 'eval']}, []]})",
        "say({'v': [{'yours': 1}, []]})",
        "say({'v': [{'h': [1, 77]}, []]})",
        "say({'guest': 1, 'op': 'call', 'n': '', 'v': [[], {'d': [[], []]}]})",
        "say({'v': [7, [[0, [1]]]]})",
        "say({'v': {'x': [{'g': ['unittest.case', 'SkipTest']}, [], '', {'d': [[], []]}]}, 'raised': True})",
        "say({'v': {'x': [{'g': ['builtins', 'KeyboardInterrupt']}, [], '', {'d': [[], []]}]}, 'raised': True})",
        "say({'v': [0, []], 'k': [{'id': 3, 'name': 'A', 'bases': [3], 'dunders': ['__eq__'], 'methods': []}]})",
        "say(b'[' * 100000 + b']' * 100000)",
        "say({'v': [{'np': ['|O', [1], {'b': 'AAAAAAAAAAA='}]}, []]})",
        "say({'v': [{'t': [{'i': 'f' * 1000000}]}, []], 'out': 'x' * 1000000, 'log': [['a', 10, 'b']] * 100})",
        "say({'done': True, 'test': '1', 'outcome': 'passed'})",
    ],
)
@pytest.mark.parametrize("tests", ["assert f(1) == 1", UNIT], ids=["assert", "unittest"])
def test_whatever_a_program_sends_it_earns_nothing_and_buys_no_null(grade: Grade, attack: str, tests: str) -> None:
    verdict = grade(HOSTILE.replace("{attack}", attack), tests=tests)
    assert verdict.score == 0.0, verdict
    assert verdict.outcome in (Outcome.INCORRECT, Outcome.RUNTIME_ERROR), verdict


COUNTED = {
    "statements": "assert f(1) == 1\nfor x in (2, 3):\n    assert f(x) == x\nassert f(4) == 4",
    "unittest": "import unittest\nclass T(unittest.TestCase):\n"
    + "".join(f"    def test_{x}(self):\n        self.assertEqual(f({x}), {x})\n" for x in (1, 2, 3, 4)),
    "pytest": "import pytest\nfrom solution import f\n@pytest.mark.parametrize('x', [1, 2, 3, 4])\n"
    "def test_f(x):\n    assert f(x) == x\n",
}


@pytest.mark.parametrize(
    ("form", "hindrance"),
    [
        ("statements", "time.sleep(100)"),
        ("unittest", "os.kill(os.getpid(), signal.SIGSTOP)"),
        (
            "pytest",
            "os.write(sys._getframe(1).f_back.f_back.f_locals['program'].pipe.writer, bytes(3)) and time.sleep(9)",
        ),
        ("unittest", "os.execv('/bin/sleep', ['sleep', '100'])"),
        ("statements", "os._exit(0)"),
    ],
)
def test_no_test_that_a_program_keeps_from_being_reached_is_left_out(grade: Grade, form: str, hindrance: str) -> None:
    source = "import os, signal, sys, time\nasked = []\ndef f(x):\n    asked.append(x)\n"
    source += f"    if asked == [1]: return 1\n    {hindrance}\n"
    verdict = grade(source, tests=COUNTED[form], reducer="fraction", wall_seconds=0.2)
    assert (verdict.outcome, verdict.score) == (Outcome.PARTIAL, 0.25), verdict


def test_no_test_behind_one_that_a_program_keeps_busy_is_left_out(
    grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "TESTS_LIMITS", replace(plan.TESTS_LIMITS, cpu_seconds=1.0))
    tests = "assert f(1) == 1\nassert sum(1 for _ in range(f(2))) == 2\nassert f(3) == 3\nassert f(4) == 4"
    verdict = grade("def f(x): return 10 ** 12 if x == 2 else x", tests=tests, reducer="fraction")
    assert (verdict.outcome, verdict.score) == (Outcome.PARTIAL, 0.25), verdict


@pytest.mark.parametrize(
    "tests",
    ["x = int('a')\nassert f(x) == 1", "assert 1 == 2\nassert f(1)", "def test_a(no_such_thing):\n    assert f(1)",
     "while True: pass\nassert f(1) == 1"],
)  # fmt: skip
def test_tests_that_fail_by_themselves_are_a_broken_row(
    grade: Grade, tests: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "TESTS_LIMITS", replace(plan.TESTS_LIMITS, cpu_seconds=3.0))
    with pytest.raises(TaskError, match="tests"):
        grade("def f(x): return 1", tests=tests)


def test_what_failed_is_named_with_the_programs_side_first(grade: Grade) -> None:
    (failed,) = grade(SQUARE, tests="assert 640 == f(3)").evidence["failed"]
    assert (failed["got"], failed["expected"]) == ("9", "640")
    assert "640" not in str(grade(SQUARE, tests="assert f(3) == 640", hide_expected=True).evidence["failed"])


def test_a_task_and_a_server_can_demand_trust() -> None:
    tests = "#include <cassert>\nint main() { assert(f(1) == 2); return 0; }"
    for demanded in ({"minimum_trust": "separate"}, {"require_split": True}):
        with pytest.raises(TaskError, match="requires"):
            GRADER.compile(CodeTask.model_validate({"tests": tests, "language": "cpp", **demanded}))
    GRADER.compile(CodeTask(tests=tests, language="cpp", minimum_trust="opaque"))


EVALPLUS = """import numpy as np
def is_floats(x) -> bool:
    if isinstance(x, float):
        return True
    if isinstance(x, (list, tuple)):
        return all(isinstance(i, float) for i in x)
    if isinstance(x, np.ndarray):
        return x.dtype == np.float64 or x.dtype == np.float32
    return False

def assertion(out, exp, atol):
    exact_match = out == exp
    if atol == 0 and is_floats(exp):
        atol = 1e-6
    if not exact_match and atol != 0:
        assert np.allclose(out, exp, rtol=1e-07, atol=atol)
    else:
        assert exact_match

def check(candidate):
    inputs=[[1],[2]]
    results=[[1.5, 1.5],[2.5, 2.5]]
    for i,(inp,exp) in enumerate(zip(inputs,results)):
        assertion(candidate(*inp), exp, 0)
"""


@pytest.mark.parametrize("returned", ["[]", "x + 0.5", "[x + 0.5]", "[[x + 0.5, x + 0.5]]"])
def test_the_floats_of_evalplus_have_the_expected_shape(grade: Grade, returned: str) -> None:
    cheat = f"def f(x):\n    return {returned}"
    assert grade(cheat, tests=EVALPLUS, entry_point="f").score == 0
    honest = "def f(x):\n    return [x + 0.5, x + 0.5000000001]"
    assert grade(honest, tests=EVALPLUS, entry_point="f").score == 1


@pytest.mark.parametrize(
    "stand_in",
    [
        "import math as f",
        "from decimal import Decimal as f",
        "class X: __call__ = None\nf = X()",
        "class f(BaseException): pass",
        "f = None",
    ],
)
def test_what_stands_in_a_functions_place_makes_no_test_broken(grade: Grade, stand_in: str) -> None:
    assert grade(stand_in, tests="assert f(3) == 9").score == 0
    assert grade(f"{stand_in}\ndef g(): pass", tests="assert f(3) == 9\nassert g() is None").score == 0
    assert grade("from collections import Counter", tests="c = Counter()\nassert c.add(3) == 1").score == 0
    with pytest.raises(TaskError):
        grade(
            "from math import *\nimport math\ndef f(x): return 9", tests="assert int('a') == math.pi\nassert f(3) == 9"
        )


def test_an_exception_is_of_one_kind(grade: Grade) -> None:
    kinds = ("ValueError", "TypeError", "KeyError")
    tests = "import pytest\nfrom solution import f\n" + "".join(
        f"def test_{kind}():\n    with pytest.raises({kind}): f(1)\n" for kind in kinds
    )
    every = "class E(ValueError, TypeError, KeyError): pass\ndef f(x):\n    raise E"
    assert grade(every, tests=tests).score == 0
    step = "class A(ValueError): pass\nclass B(TypeError): pass\nclass C(KeyError): pass\n"
    assert grade(f"{step}class E(A, B, C): pass\ndef f(x):\n    raise E", tests=tests).score == 0
    for kind in kinds:
        one = f"import pytest\nfrom solution import f\ndef test_it():\n    with pytest.raises({kind}): f(1)\n"
        assert grade(f"def f(x):\n    raise {kind}('x')", tests=one).score == 1


@pytest.mark.parametrize("tests", [["assert f(1) == (1,)"], UNIT], ids=["assert", "unittest"])
def test_writing_what_a_program_returned_takes_the_tests_no_time(grade: Grade, tests: Any) -> None:
    began = time.monotonic()
    assert grade("def f(x): return (1 << 4_000_000,)", tests=tests).score == 0.0
    assert time.monotonic() - began < 15, "it was twenty seconds of a processor's time, and is a fifth of one"
