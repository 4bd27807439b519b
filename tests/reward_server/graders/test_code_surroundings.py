"""What surrounds tests and program, its directory, its output and its classes, is one for both and no way around."""

import pytest

from tests.reward_server.graders.conftest import Grade

RAW = "import os\ndef f():\n    {}\n    return 1\n"
IS_ONE = "class Cat:\n    def speak(self): return 1\nassert isinstance(Cat(), Speaks)"
KEPT = """
import os
from solution import look
def test_it(tmp_path, monkeypatch):
    (tmp_path / "asked").mkdir()
    (tmp_path / "expected.txt").write_text("42")
    monkeypatch.chdir(tmp_path / "asked")
    assert look() == "42"
"""


def test_what_goes_past_the_streams_counts_among_what_was_printed(grade: Grade) -> None:
    some, much = RAW.format("os.write(1, b'x' * 1000)"), RAW.format("os.write(1, b'x' * 1_000_000)")
    assert grade(some, tests="assert f() == 1", output_bytes=100_000).outcome == "correct"
    assert grade(much, tests="assert f() == 1", output_bytes=100_000).outcome == "output_limit"


@pytest.mark.parametrize("deed", ["os.close(1)", "os.dup2(2, 1)", "os.ftruncate(1, 0)", "os.lseek(1, 0, 0)"])
def test_a_program_that_takes_its_output_away_hurts_itself_alone(grade: Grade, deed: str) -> None:
    assert grade(RAW.format(deed), tests="assert f() == 1\nassert f() == 1").outcome in ("correct", "runtime_error")


@pytest.mark.parametrize("program", ["class Speaks: pass", "Speaks = 3", "from typing import Protocol as Speaks"])
def test_a_class_that_is_no_protocol_buys_no_null(grade: Grade, program: str) -> None:
    assert grade(program, tests=IS_ONE).score == 0.0


def test_what_lies_beside_the_directory_stays_with_the_tests(grade: Grade) -> None:
    look = (
        "import glob\ndef look():\n    return ''.join(open(name).read() for name in glob.glob('../**', recursive=True)"
    )
    assert grade(f"{look} if name.endswith('.txt'))", tests=KEPT).outcome != "correct"


def test_a_program_makes_no_directory_beside_the_tests(grade: Grade) -> None:
    tests = "import os\nassert f() == 1\nassert not os.path.exists('helper')"
    assert grade(RAW.format("os.makedirs('helper', exist_ok=True)"), tests=tests).outcome == "correct"
