"""Tests whose requests are known beforehand are graded as those that are joined to the program, and give nothing away."""

# ruff: noqa: E501 - programs stand in a line each

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from reward_server.graders import Completion, Resources, code
from reward_server.graders.code import CodeTask
from reward_server.testing.separate import plan
from reward_server.testing.separate.hearing import Hearing
from reward_server.testing.separate.plan import SeparatePlan
from reward_server.testing.separate.rehearsed import Script
from reward_server.verdict import Verdict
from sandboxes.agent.script import Script as Fed
from sandboxes.agent.wire import collecting, purity
from sandboxes.agent.wire.pipes import PREFIX
from sandboxes.execution import Execution, Limits, Program, Status
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import SandboxError
from sandboxes.trial import Exam


class Graded:
    """One task and its submissions, with the plan that learns from them."""

    def __init__(self, runner: asyncio.Runner, pool: SandboxPool, task: dict[str, Any]) -> None:
        self.runner, self.pool = runner, pool
        self.compiled = code.GRADER.compile(
            CodeTask.model_validate({"cpu_seconds": 1, "memory_bytes": 128 << 20, **task})
        )
        plan = self.compiled.suite.plan
        assert isinstance(plan, SeparatePlan)
        self.script: Script = plan.script

    def __call__(self, program: str) -> Verdict:
        assert code.GRADER.slow is not None
        completion = Completion(f"```python\n{program}\n```")
        return self.runner.run(code.GRADER.slow(self.compiled, completion, Resources(sandboxes=self.pool)))

    def at_once(self, programs: list[str]) -> list[Verdict]:
        assert code.GRADER.slow is not None
        slow, resources = code.GRADER.slow, Resources(sandboxes=self.pool)

        async def all_of_them() -> list[Verdict]:
            completions = [Completion(f"```python\n{program}\n```") for program in programs]
            return await asyncio.gather(*(slow(self.compiled, each, resources) for each in completions))

        return self.runner.run(all_of_them())

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


@pytest.mark.parametrize(
    ("form", "reducer"),
    [
        *(("statements", "all"), ("check", "all"), ("cases", "all"), ("pytest", "all")),
        *(("statements", "fraction"), ("pytest", "fraction")),
    ],
)
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


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many were heard in each run of tests."""
    counts: list[int] = []
    run = Hearing._run

    async def counted(self: Hearing, ones: Any, pool: Any) -> list[Execution]:
        counts.append(len(ones))
        return await run(self, ones, pool)

    monkeypatch.setattr(Hearing, "_run", counted)
    return counts


@pytest.mark.parametrize("form", ["statements", "check", "cases", "pytest"])
def test_answers_that_wait_together_are_heard_in_one_run_and_graded_as_alone(
    task: Places, form: str, heard: list[int]
) -> None:
    given: dict[str, Any] = {
        "statements": {"tests": STATEMENTS},
        "check": {"tests": CHECK, "entry_point": "f"},
        "cases": {"tests": CASES},
        "pytest": {"tests": PYTEST},
    }[form]
    together, joined = task(**given), task(**given, joined=True)
    wholes = [program if form != "cases" else f"{STACK}{program}" for program in PROGRAMS]
    together(wholes[0])
    found = together.at_once(wholes)
    for program, one in zip(wholes, found, strict=True):
        other = joined(program)
        assert (one.outcome, one.score) == (other.outcome, other.score), (program, one.evidence, other.evidence)
    assert not together.script.usable or max(heard) > 1, heard


def test_who_is_heard_after_others_finds_nothing_of_theirs(task: Places, heard: list[int]) -> None:
    tests = (
        "import os\nimport math\nfrom solution import f\nassert sorted(os.listdir('.')) == ['solution.py'], os.listdir('.')\n"
        "assert not hasattr(math, 'seen')\nassert os.getcwd().endswith('box')\nopen('left.txt', 'w').close()\nos.mkdir('d')\nopen('d/e', 'w').close()\n"
        "math.seen = f(2)\nassert f(1) < 90\n"
    )
    graded = task(tests=tests)
    assert graded("def f(x): return x").score == 1.0
    found = graded.at_once([f"def f(x): return x + {number}" for number in range(1, 33)])
    assert [verdict.score for verdict in found] == [1.0] * 32, found
    assert max(heard) > 3, heard


def test_one_who_keeps_the_tests_busy_leaves_the_others_their_verdicts(
    task: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "TESTS_LIMITS", replace(plan.TESTS_LIMITS, cpu_seconds=3.0))
    graded = task(tests="assert sum(1 for _ in range(f(1))) >= 0\nassert f(2) < 3")
    assert graded("def f(x): return x").score == 1.0
    programs = [f"def f(x): return (x + {number}) % 3" for number in range(12)]
    programs.insert(3, "def f(x): return 10 ** 12 if x == 1 else 0")
    found = graded.at_once([f"{program}\nprint({place})" for place, program in enumerate(programs)])
    assert [verdict.score for verdict in found] == [1.0] * 3 + [0.0] + [1.0] * 9, found


def test_a_hearing_that_fails_is_our_failure_for_all_who_waited_for_it() -> None:
    class Failing:
        runs = 0

        async def run(self, *_args: Any) -> list[Execution]:
            self.runs += 1
            await asyncio.sleep(0.01)
            if self.runs < 2:
                raise SandboxError("away")
            return [Execution(Status.OK, stdout=b"heard")]

    async def heard() -> list[Any]:
        hearing, pool = Hearing(), Failing()
        program = Program("python", "")
        exam = Exam(program, Limits(), program, "{}", Limits())
        ones = [hearing.hear(name.encode(), exam, b"", pool) for name in ("a", "b", "b", "c")]
        failed = await asyncio.gather(*ones, return_exceptions=True)
        return [*failed, await hearing.hear(b"a", exam, b"", pool)]

    *failed, last = asyncio.run(heard())
    assert [type(each) for each in failed] == [SandboxError] * 4
    assert last.stdout == b"heard"


@pytest.mark.parametrize(
    ("tests", "context", "pure"),
    [
        (STATEMENTS, "", True),
        (CHECK, "from typing import List\ndef twice(x):\n    return 2 * x\n", True),
        ("from math import isclose\nimport math\nassert isclose(f(1), math.pi) or sorted(f(2), key=len)[0] == {1: [2]}", "", True),
        (CASES, "", False),
        (PYTEST, "", False),
        ("import os\nassert f(1) == 1", "", False),
        ("import math\nmath.pi = 3\nassert f(1) == 3", "", False),
        ("import math as len\nassert f(1) == 3", "", False),
        ("x = []\nx.append(f(1))\nassert x", "", False),
        ("x = {}\nx[0] = f(1)\nassert x", "", False),
        ("assert f.cache is None", "", False),
        ("assert setattr(f, 'x', 1) is None", "", False),
        ("assert f(1).__class__ is int", "", False),
        ("from collections import abc\nassert abc.Sized.register(list)", "", False),
        ("assert f(1) == 1", "def g(x, seen={}):\n    seen[x] = 1\n", False),
        ("assert f(1) == 1", "import functools\n@functools.cache\ndef g(x):\n    return x\n", False),
        ("def len(x):\n    return 1\nassert len(f(1)) == 1", "", False),
        ("def test_f():\n    global y\n    y = 1\n    assert f(1) == 1", "", False),
        ("assert (lambda: 1)() == f(1)", "", False),
        ("assert [exec][0]('1') is None", "", False),
        ("e = exec\nassert e(f(1)) is None", "", False),
    ],
)  # fmt: skip
def test_only_tests_that_leave_nothing_behind_are_heard_in_one_process(tests: str, context: str, pure: bool) -> None:
    file = collecting.TestFile(tests, {"context": context, "entry_point": "f"})
    file.prepare()
    assert purity.is_pure(file) is pure


def test_only_plain_answers_are_heard_in_one_process() -> None:
    def frames(*messages: Any) -> bytes:
        bodies = [json.dumps(message).encode() for message in messages]
        return b"".join(PREFIX.pack(len(body), ord("T")) + body for body in bodies)

    kind = {"id": 1, "name": "function", "bases": [], "dunders": ["__call__"], "methods": []}
    assert purity.are_plain(frames({"v": 1, "k": [kind], "shared": []}, {"v": [1, []], "out": "said"}))
    for other in ({"v": 1, "files": []}, {"v": 1, "log": []}, {"guest": 1, "op": "call"}, {"k": [{**kind, "name": "L"}]},
                  {"v": 1, "live": 3}, {"v": 1, "o": []}, [1], {"k": [1]}):  # fmt: skip
        assert not purity.are_plain(frames({"v": 1}, other)), other
    assert not purity.are_plain(frames({"v": 1})[:-1])
    assert not purity.are_plain(b'\x00\x00\x00\x12T{"\\u0066iles": []}')
