"""Tests whose requests are known beforehand are graded as those that are joined to the program, and give nothing away."""

# ruff: noqa: E501 - programs stand in a line each

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from reward_server.graders import Completion, Resources, code
from reward_server.graders.code import CodeTask
from reward_server.testing.separate.plan import SeparatePlan
from reward_server.testing.separate.rehearsed import Script
from reward_server.verdict import Verdict
from sandboxes.agent.script import Script as Fed
from sandboxes.agent.wire.pipes import PREFIX
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool


class Graded:
    """One task and its submissions, with the plan that learns from them."""

    def __init__(self, runner: asyncio.Runner, pool: SandboxPool, task: dict[str, Any]) -> None:
        self.runner, self.pool = runner, pool
        self.compiled = code.GRADER.compile(CodeTask.model_validate({"cpu_seconds": 1, **task}))
        plan = self.compiled.suite.plan
        assert isinstance(plan, SeparatePlan)
        self.script: Script = plan.script

    def __call__(self, program: str) -> Verdict:
        assert code.GRADER.slow is not None
        completion = Completion(f"```python\n{program}\n```")
        return self.runner.run(code.GRADER.slow(self.compiled, completion, Resources(sandboxes=self.pool)))

    def runs(self) -> int:
        return int(self.pool.describe()["runs"])


class Places:
    def __init__(self, runner: asyncio.Runner, pool: SandboxPool) -> None:
        self.runner, self.pool = runner, pool

    def __call__(self, *, joined: bool = False, **task: Any) -> Graded:
        graded = Graded(self.runner, self.pool, task)
        graded.script.usable = graded.script.usable and not joined
        return graded


@pytest.fixture(scope="module")
def task() -> Iterator[Places]:
    with asyncio.Runner() as runner:
        pool = SandboxPool([Family("process", process.launch)], slots=2, allow_weak_isolation=True)
        runner.run(pool.start())
        yield Places(runner, pool)
        runner.run(pool.close())


STATEMENTS = "assert f(1) == [1]\nassert len(f(2)) == 2\nassert f(0) is not None and not f(0)\nassert f(2)[0] == 2"
CHECK = "def check(candidate):\n    for given, wanted in [(1, [1]), (2, [2, 2]), (0, [])]:\n        assert candidate(given) == wanted, given"
CASES = """
import unittest
from solution import f, Stack

class TestF(unittest.TestCase):
    def setUp(self):
        self.stack = Stack()

    def test_values(self):
        self.assertEqual(f(1), [1])
        self.assertEqual(f(2), [2, 2])

    def test_stack(self):
        self.stack.push(3)
        self.stack.push(4)
        self.assertEqual(self.stack.pop(), 4)
        self.assertEqual(len(self.stack.items), 1)

    def test_refuses(self):
        with self.assertRaises(IndexError):
            self.stack.pop()
        self.assertEqual(f(0), [])
"""
PYTEST = "import pytest\nfrom solution import f\n@pytest.mark.parametrize('x', [0, 1, 2])\ndef test_f(x):\n    assert f(x) == [x] * x\ndef test_none():\n    with pytest.raises(TypeError):\n        f(None)\n    assert f(1) == [1]"
STACK = "class Stack:\n    def __init__(self): self.items = []\n    def push(self, x): self.items.append(x)\n    def pop(self): return self.items.pop()\n"
PROGRAMS = [
    "def f(x): return [x] * x",
    "def other(): pass\nclass Other: pass\nimport math\ndef f(x): return [x] * x",
    "def f(x): return [x] * x if x < 2 else None",
    "def f(x): return tuple([x] * x)",
    "kept = []\ndef f(x):\n    kept.extend([x] * (x or 0))\n    return kept",
    "def f(x): print('debug', x); return [float(x)] * x",
    "class L(list): pass\ndef f(x): return L([x] * x)",
    "class L(list):\n    def __eq__(self, other): return True\ndef f(x): return L()",
    "def f(x): return [x] * x if x else 1 / 0",
    "def f(x):\n    if x == 2: raise SystemExit(0)\n    return [x] * x",
    "import os\ndef f(x):\n    if x == 2: os._exit(0)\n    return [x] * x",
    "import os\ndef f(x):\n    if x == 2: os.kill(os.getpid(), 9)\n    return [x] * x",
    "def f(x):\n    while x == 2: pass\n    return [x] * x",
    "def f(x):\n    if x == 2: bytearray(1 << 30)\n    return [x] * x",
    "def f(x):\n    if x == 2: print('x' * (1 << 23))\n    return [x] * x",
    "import time\ndef f(x):\n    time.sleep(0.4)\n    return [x] * x",
    "def g(x): return [x] * x",
    "def f(x) return x",
    "f = lambda x: [x] * x",
    "f = [1]",
    "raise ValueError('here')",
    "import functools\n@functools.cache\ndef f(x): return [x] * x",
    "def f(x):\n    raise KeyError(x)",
    "import os\nfor n in range(3, 20):\n    try: os.write(n, b'\\x00\\x00\\x00\\x0cT{\"v\":[1,[]]}' * 3)\n    except OSError: pass\ndef f(x): return None",
]  # fmt: skip


@pytest.mark.parametrize("reducer", ["all", "fraction"])
@pytest.mark.parametrize("form", ["statements", "check", "cases", "pytest"])
def test_programs_are_graded_as_if_they_were_joined_to_their_tests(task: Places, form: str, reducer: str) -> None:
    given: dict[str, Any] = {
        "statements": {"tests": STATEMENTS},
        "check": {"tests": CHECK, "entry_point": "f"},
        "cases": {"tests": CASES},
        "pytest": {"tests": PYTEST},
    }[form]
    rehearsed = task(**given, reducer=reducer)
    joined = task(**given, reducer=reducer, joined=True)
    for program in PROGRAMS:
        whole = program if form != "cases" else f"{STACK}{program}"
        one, other = rehearsed(whole), joined(whole)
        assert (one.outcome, one.score) == (other.outcome, other.score), (program, one.evidence, other.evidence)
        assert one.evidence.get("trust") == other.evidence.get("trust")
        shown = [[{k: v for k, v in each.items() if k not in ("cpu_seconds", "wall_seconds", "memory_bytes")}
                  for each in verdict.evidence.get("failures", [])] for verdict in (one, other)]  # fmt: skip
        assert shown[0] == shown[1], program
    assert rehearsed.script.hits > len(PROGRAMS) / 3 or form in ("cases", "pytest")
    assert not joined.script.hits


def test_equal_answers_are_heard_once(task: Places) -> None:
    graded = task(tests=STATEMENTS)
    assert graded(PROGRAMS[0]).score == 1.0
    before = graded.runs()
    assert graded(f"{PROGRAMS[0]}  # in other words").score == 1.0
    assert graded.runs() - before == 1


def test_what_was_answered_before_is_no_pass_for_other_answers(task: Places) -> None:
    graded = task(tests=STATEMENTS)
    assert graded(PROGRAMS[0]).score == 1.0
    assert graded("def f(x): return [x, x] if x else []").score == 0.0
    assert graded(PROGRAMS[0]).score == 1.0


def test_a_request_is_given_once_the_one_before_is_answered(task: Places) -> None:
    """Who looks for what is to come finds nothing in its pipes yet."""
    looks = "import select\nready = []\ndef f(x):\n    ready.extend(select.select([n for n in range(30) if exists(n)], [], [], 0)[0])\n    return [x] * x if not ready else ready\n"
    exists = "import os\ndef exists(n):\n    try: return bool(os.fstat(n).st_mode & 0o010000)\n    except OSError: return False\n"
    graded = task(tests=STATEMENTS)
    verdict = graded(exists + looks)
    assert verdict.score == 1.0, verdict
    assert graded.script.hits == 1


@pytest.mark.parametrize(
    "tests",
    [
        "assert f(f(1)) == 1",
        "x = f(1)\nassert f(x) == 1",
        "x = [f(1)]\nassert f(*x) == 1",
    ],
)
def test_requests_that_hang_on_answers_have_no_script(task: Places, tests: str) -> None:
    graded = task(tests=tests)
    assert graded("def f(x): return x").score == 1.0
    assert graded.script.said is None


def test_tests_that_ask_otherwise_than_rehearsed_are_joined(task: Places) -> None:
    graded = task(tests="n = len(str(f(1)))\nassert f(n) == n\nassert f(2) == 2")
    for number in range(5):
        assert graded(f"def f(x): return x  # {number}").score == 1.0
        assert graded(f"def f(x): return x or 7  # {number}").score == 1.0
    assert not graded.script.hits
    assert not graded.script.usable


@pytest.mark.parametrize(
    "tests",
    [
        "import time\nt = time.time()\nassert f(1) == 1\nassert time.time() - t < 1",
        "import random\nassert f(random.random()) == 1",
        "from datetime import datetime\nassert f(datetime.now()) == 1",
    ],
)
def test_clocks_and_chance_are_not_rehearsed(task: Places, tests: str) -> None:
    assert not task(tests=tests).script.usable


def test_a_script_is_cut_where_answers_are_awaited() -> None:
    def frame(whom: bytes, body: bytes) -> bytes:
        return PREFIX.pack(len(body), whom[0]) + body

    one, two = frame(b"P", b"1"), frame(b"P", b"22")
    fed = Fed(one + frame(b"W", b"null") + two + one + frame(b"W", b"null"))
    assert [fed.next(), fed.next(), fed.next()] == [one, two + one, None]
    answers = frame(b"T", b"abc") + frame(b"T", b"") + frame(b"T", b"x" * 300)
    assert sum(fed.hear(answers[at : at + 1]) for at in range(len(answers))) == 3
    assert Fed(b"").hear(answers) == 3
