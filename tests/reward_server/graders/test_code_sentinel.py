"""An expected value is nowhere where the program runs: not in its memory, frames, files, nor in any message to it."""

import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reward_server.verdict import Outcome
from sandboxes.slot import Slot
from tests.reward_server.graders.conftest import Grade

SENTINEL = "98765432"
SHARED = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[4] / "shared"))
STYLES = SHARED / "data" / "faults" / "test_styles.jsonl"
GIVES_IT_AWAY = {"class getattr eq"}
"""The test hands the value over as an argument: then it is the test's, and no wall can help."""
HUNTER = r"""
import gc, os, re, sys
WANTED = re.compile(rb"98765[4]32")
def hunt(*given):
    number = int("4938" + "2716") * 2
    def look(value, depth=0):
        text = value.encode("utf-8", "replace") if type(value) is str else b""
        if type(value) is int and value == number or WANTED.search(text):
            raise RuntimeError("FOUND a value")
        if depth < 4 and isinstance(value, (list, tuple, set, dict)):
            for item in list(value.items() if type(value) is dict else value):
                look(item, depth + 1)
    look(given)
    frame = sys._getframe(1)
    while frame:
        look({**frame.f_locals, **frame.f_globals})
        frame = frame.f_back
    for value in gc.get_objects():
        if type(value) in (list, tuple, dict, set):
            look(value, 3)
    for folder, below, names in os.walk("/"):
        installed = ("/proc", "/sys", "/usr", "/lib", "/root", "/opt", "/dev")
        below[:] = [name for name in below if name not in (".venv", "site-packages")]
        if folder.startswith(installed):
            below.clear()
            continue
        for name in names:
            try:
                with open(os.path.join(folder, name), "rb") as file:
                    if WANTED.search(file.read(1 << 22)):
                        raise RuntimeError("FOUND in " + name)
            except OSError:
                pass
    for descriptor in range(3, 64):
        try:
            if WANTED.search(os.pread(descriptor, 1 << 20, 0)):
                raise RuntimeError("FOUND in a descriptor")
        except OSError:
            pass
    for pid in ["self", *filter(str.isdigit, os.listdir("/proc"))]:
        for name in ("cmdline", "environ"):
            try:
                if WANTED.search(open(f"/proc/{pid}/{name}", "rb").read()):
                    raise RuntimeError("FOUND in /proc")
            except OSError:
                pass
        try:
            maps = [line.split()[:2] for line in open(f"/proc/{pid}/maps")]
            memory = open(f"/proc/{pid}/mem", "rb", 0)
        except OSError:
            continue
        for where, rights in maps:
            begin, end = (int(place, 16) for place in where.split("-"))
            try:
                if rights[0] == "r" and end - begin < 1 << 26:
                    memory.seek(begin)
                    if WANTED.search(memory.read(end - begin)):
                        raise RuntimeError("FOUND in memory")
            except (OSError, OverflowError, ValueError):
                pass
    return 5
def f(*given, **named):
    return hunt(given, named)
g = f
class Thing:
    def __init__(self, *given): pass
    def do(self, *given): return hunt(given)
    def equals(self, other): return hunt(other)
class Solution:
    def two(self, *given): return hunt(given)
hunt()
"""


def styles() -> Iterator[Any]:
    if not STYLES.is_file():
        yield pytest.param("", marks=pytest.mark.skip(reason=f"no test styles at {STYLES}"))
        return
    for row in map(json.loads, STYLES.read_text().splitlines()):
        if row["style"] not in GIVES_IT_AWAY:
            yield pytest.param(
                row["test"].replace("S", SENTINEL).replace(f"{SENTINEL}olution", "Solution"), id=row["style"]
            )


def made(seed: int) -> str:
    """Test code with the value stored, reached and compared in one of many ways."""
    rng = random.Random(seed)
    stored, reached = rng.choice(
        [
            ("C = {'a': [1, (2, S)]}", "C['a'][1][1]"),
            ("class K:\n    expected = S\n    def get(self): return self.expected", "K().get()"),
            ("from dataclasses import dataclass\n@dataclass\nclass R:\n    i: int\n    e: int\nC = R(1, S)", "C.e"),
            ("import json\nC = json.loads('{\"e\": S}')", "C['e']"),
            ("def make():\n    e = S\n    def inner(): return e\n    return inner\nC = make()", "C()"),
            ("import functools\nC = functools.reduce(lambda a, b: a + b, [S - 1, 1])", "C"),
            ("C = (lambda e=S: e)", "C()"),
            ("C = [S for _ in range(3)]", "C[-1]"),
            ("import types\nC = types.SimpleNamespace(e=S)", "C.e"),
            ("def numbers():\n    yield S\nC = list(numbers())", "C[0]"),
            ("C = '1 S'.split()", "int(C[1])"),
            ("import collections\nC = collections.namedtuple('C', 'e')(S)", "C.e"),
            ("with open('expected.txt', 'w') as file:\n    file.write('S')", "int(open('expected.txt').read())"),
        ]
    )
    claim = rng.choice(
        [
            "assert f([1]) == E",
            "assert not f([1]) != E",
            "assert E in [f([1])]",
            "assert abs(f([1]) - E) < 1",
            "assert [f(x) for x in ([1], [2])] == [E, E]",
            "assert list(map(f, [[1]])) == [E]",
            "assert sorted([f([1]), E]) == [E, E]",
            "r = f([1])\nif r != E:\n    raise AssertionError",
            "def test_it():\n    e = E\n    assert f([1]) == e",
            "import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n        self.assertEqual(f([1]), E)",
            "def check(candidate):\n    assert candidate([1]) == E\ncheck(f)",
            "assert f(lambda x: x, [1]) == E",
            "assert f((x for x in [1])) == E",
            "import pytest\n@pytest.fixture\ndef e():\n    return E\ndef test_it(e):\n    assert f([1]) == e",
        ]
    )
    return re.sub(r"\bS\b", SENTINEL, f"{stored}\n" + re.sub(r"\bE\b", reached.replace("\\", r"\\"), claim))


@pytest.mark.parametrize("tests", [*styles(), *(pytest.param(made(seed), id=f"made {seed}") for seed in range(40))])
def test_the_expected_value_is_nowhere_where_the_program_runs(
    grade: Grade, tests: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[Slot, dict[str, Any], Any]] = []
    send = Slot._send

    async def noting(slot: Slot, header: dict[str, Any], blobs: Any) -> None:
        sent.append((slot, header, blobs))
        await send(slot, header, blobs)

    monkeypatch.setattr(Slot, "_send", noting)
    verdict = grade(HUNTER, tests=tests, cpu_seconds=20)
    assert verdict.outcome is not Outcome.CORRECT
    assert "FOUND" not in str(verdict.evidence), verdict
    told = _told_programs(sent)
    assert told
    assert SENTINEL not in str(told)


def _told_programs(sent: list[tuple[Slot, dict[str, Any], Any]]) -> list[tuple[dict[str, Any], Any]]:
    """Return all that went to slots while they held the submission: what a slot holds is said by its next run."""
    told, tests = [], dict[int, bool]()
    for slot, header, blobs in reversed(sent):
        if "runs" in header:
            tests[id(slot)] = all(run["invocation"].get("wire") == "tests" for run in header["runs"])
        if not tests.get(id(slot), False):
            told.append((header, blobs))
    return told


def test_the_hunter_finds_what_is_there(grade: Grade) -> None:
    verdict = grade(HUNTER, tests=f"assert f([{SENTINEL}]) == 1", cpu_seconds=20)
    assert "FOUND" in str(verdict.evidence)
