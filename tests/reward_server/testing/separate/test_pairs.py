"""Tests that are no more than calls and values are told from those that are more, and graded alike both ways."""

import ast
from dataclasses import replace
from typing import Any

import pytest

from reward_server.graders import code
from reward_server.graders.code import CodeTask
from reward_server.testing.separate.pairs import Pair, pairs_in
from reward_server.testing.separate.plan import SeparatePlan
from tests.reward_server.graders.conftest import Grade, grade

__all__ = ["grade"]


def pairs(tests: str, entry_point: str | None = None, own: set[str] | None = None) -> tuple[Pair, ...] | None:
    found = pairs_in(tests, ast.parse(tests), entry_point, own or set())
    return None if found is None else found.pairs


@pytest.mark.parametrize(
    ("tests", "entry_point", "found"),
    [
        ("assert f(1, x=[2]) == {'a': (3,)}", None, [("f(1, x=[2])", {"a": (3,)})]),
        ("assert 3 == f(-1), 'no'", None, [("f(-1)", 3)]),
        ("def check(candidate):\n    assert candidate(1) == 2", "f", [("candidate(1)", 2)]),
        ("METADATA = {}\ndef check(candidate):\n    assert candidate() == 2\ncheck(f)", None, [("candidate()", 2)]),
    ],
)  # fmt: skip
def test_calls_and_values_are_pairs(tests: str, entry_point: str | None, found: list[tuple[str, Any]]) -> None:
    assert [(pair.call, pair.expected) for pair in pairs(tests, entry_point) or ()] == found


@pytest.mark.parametrize(
    "tests",
    [
        "assert f(1) == g(1)",
        "assert f(n) == 1",
        "assert f(1) != 2",
        "assert f(1) is 2",
        "assert f(1)",
        "assert len(f(1)) == 2",
        "assert sorted([2]) == [2]",
        "assert f(*[1]) == 2",
        "assert f(1) == 10 ** 9",
        "assert f(1) == float('inf')",
        "assert s.f(1) == 2",
        "assert own(1) == 2",
        "import f\nassert f(1) == 2",
        "x = 1\nassert f(1) == 2",
        "for x in (1,):\n    assert f(1) == 2",
        "assert f(1) == 2 == 3",
        "def check(candidate):\n    assert candidate(1) == 2\ncheck(f)\ncheck(g)",
        "def check(candidate):\n    assert candidate(1) == 2\ncheck(eval('f'))",
    ],
)
def test_whatever_else_is_test_code(tests: str) -> None:
    assert pairs(tests, own={"own"}) is None


TESTS = "assert f(1) == [1]\nassert f(2) == [2, 2]\nassert f(0) == []"
PROGRAMS = [
    "def f(x): return [x] * x",
    "def f(x): return [x] * x if x < 2 else None",
    "def f(x): return tuple([x] * x)",
    "kept = []\ndef f(x):\n    kept[:] = [x] * x\n    return kept",
    "kept = []\ndef f(x):\n    kept.extend([x] * x)\n    return kept",
    "def f(x): print('debug'); return [float(x)] * x",
    "def f(x): return (x for _ in range(x))",
    "class L(list): pass\ndef f(x): return L([x] * x)",
    "class L(list):\n    def __eq__(self, other): return True\ndef f(x): return L()",
    "def f(x): return [x] * x if x else 1 / 0",
    "def f(x):\n    if x > 1: raise SystemExit(0)\n    return [x] * x",
    "import numpy as np\ndef f(x): return np.array([x] * x)",
    "import array\ndef f(x): return array.array('i', [x] * x)",
    "def f(x):\n    while x > 1: pass\n    return [x]",
    "import time\ndef f(x):\n    time.sleep(0.6)\n    return [x] * x",
    "def f(x): return [True] * x if x == 1 else [x] * x",
    "def f(x): return {x: x}.keys()",
    "def g(x): return [x] * x",
    "def f(x) return x",
    "from enum import IntEnum\nclass E(IntEnum):\n    A = 1\n    B = 2\ndef f(x): return [E(x)] * x if x else []",
    "_reward_kept = None\ndef f(x): return [x] * x",
    "import copy\ncopy.deepcopy = lambda value: [1]\ndef f(x): return []",
    "from collections import deque\ndef f(x): return deque([x] * x)",
    "def f(x): return 10 ** 5000",
]


@pytest.mark.parametrize("reducer", ["all", "fraction"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_the_tests_own_process_says_the_same(
    grade: Grade, monkeypatch: pytest.MonkeyPatch, program: str, reducer: str
) -> None:
    quick = grade(program, tests=TESTS, reducer=reducer, cpu_seconds=0.5)
    compiled = code.GRADER.compile(CodeTask(tests=TESTS))
    assert isinstance(compiled.suite.plan, SeparatePlan)
    assert compiled.suite.plan.pairs is not None
    monkeypatch.setattr(
        "reward_server.testing.stored.formats.plan_separate",
        lambda *given: replace(compiled.suite.plan, pairs=None) if given else None,
    )
    slow = grade(program, tests=TESTS, reducer=reducer, cpu_seconds=0.5)
    assert (quick.outcome, quick.score) == (slow.outcome, slow.score), (quick.evidence, slow.evidence)


def test_the_program_sees_calls_alone() -> None:
    compiled = code.GRADER.compile(CodeTask(tests="assert f(1) == 98765432\nassert f(2) is None"))
    plan = compiled.suite.plan
    assert isinstance(plan, SeparatePlan)
    assert plan.pairs is not None
    assert "98765432" not in "".join(pair.call for pair in plan.pairs.pairs)
