"""Unit-test files of Python run beside the submission, with pytest where programs may import it and without."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from reward_server.verdict import Verdict
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool

Grade = Callable[[str, str], Verdict]
WITH_PYTEST = """
import pytest

@pytest.fixture
def three():
    yield 3

@pytest.mark.parametrize("a", [pytest.param(1), pytest.param(2)])
def test_printed(a, three, capsys, tmp_path, monkeypatch):
    print(double(a))
    assert capsys.readouterr().out == f"{2 * a}\\n"
    assert double(three) == 6

class TestMethods:
    def setup_method(self):
        self.value = 5

    def test_value(self):
        assert double(self.value) == 10

def test_raises():
    with pytest.raises(TypeError):
        double(None)
"""
PLAIN = """
import unittest

class TestDouble(unittest.TestCase):
    def setUp(self):
        self.value = 4

    def test_value(self):
        with self.subTest("inside"):
            self.assertEqual(double(self.value), 8)
"""
PROGRAMS = {
    "def double(x): return 2 * x": ("correct", ""),
    "def double(x): return x + 3": ("incorrect", "ssert"),
    "def double(x): return NotImplemented": ("incorrect", "ssert"),
    "def double(x: return 2": ("compile_error", "SyntaxError"),
    "import sys\nsys.exit(0)": ("runtime_error", "before the tests did"),
    "import os\ndef double(x): os._exit(0)": ("runtime_error", "before the tests did"),
    "import unittest\ndef double(x): raise unittest.SkipTest": ("runtime_error incorrect", ""),
}


@pytest.fixture(scope="module")
def grade(request: pytest.FixtureRequest) -> Iterator[Grade]:
    search_path = () if request.param == "bare" else None
    with asyncio.Runner() as runner:
        pool = SandboxPool([Family("process", lambda: process.launch(search_path=search_path))], slots=1)
        runner.run(pool.start())

        def graded(tests: str, program: str) -> Verdict:
            assert GRADER.slow is not None
            compiled = GRADER.compile(CodeTask(tests=tests, cpu_seconds=5.0))
            return runner.run(
                GRADER.slow(compiled, Completion(f"```python\n{program}\n```"), Resources(sandboxes=pool))
            )

        yield graded
        runner.run(pool.close())


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize(
    ("grade", "tests"),
    [("packages", WITH_PYTEST), ("packages", PLAIN), ("bare", PLAIN)],
    ids=["pytest", "unittest", "unittest-bare"],
    indirect=["grade"],
)
def test_a_test_file_pays_only_when_every_test_has_passed(grade: Grade, tests: str, program: str) -> None:
    verdict = grade(tests, program)
    outcomes, detail = PROGRAMS[program]
    assert verdict.outcome.value in outcomes.split(), verdict
    assert verdict.score == float(outcomes == "correct")
    assert detail in str(verdict.evidence["failed"])
    assert verdict.evidence["trust"] == "separate"
