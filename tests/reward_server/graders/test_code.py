"""Programs are graded for what they do, in real sandboxes: every form of tests, every outcome, with its evidence."""

import asyncio
from typing import Any

import pytest

from reward_server.errors import ServiceError, TaskError
from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from reward_server.verdict import Outcome
from tests.reward_server.graders.conftest import Grade

DOUBLE = [{"input": "3\n", "output": "6\n"}, {"input": "-2\n", "output": "-4\n"}]


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("print(2 * int(input()))", "correct"),
        ("print(6)", "incorrect"),
        ("print(2 * int(input()", "compile_error"),
        ("raise SystemExit(3)", "runtime_error"),
        ("while True: pass", "time_limit"),
        ("a = bytearray(1 << 31)", "memory_limit"),
        ("while True: print('6' * 1000)", "output_limit"),
    ],
)
def test_every_end_of_a_program_is_a_verdict(grade: Grade, program: str, outcome: str) -> None:
    verdict = grade(program, tests=DOUBLE, cpu_seconds=1, memory_bytes=128 << 20, output_bytes=1 << 20)
    assert verdict.outcome.value == outcome
    assert verdict.score == float(outcome == "correct")


def test_the_evidence_names_the_failed_test_and_what_it_cost(grade: Grade) -> None:
    verdict = grade("n = int(input())\nprint(6)", tests=DOUBLE)
    (failed,) = verdict.evidence["failed"]
    assert (failed["test"], failed["expected"], failed["got"]) == ("2", "-4\n", "6\n")
    assert verdict.evidence["trust"] == "separate"
    assert (verdict.evidence["passed"], verdict.evidence["total"]) == (1, 2)
    assert verdict.evidence["cpu_seconds"] > 0
    assert verdict.evidence["memory_bytes"] > 0


def test_standard_error_is_in_the_evidence_on_request(grade: Grade) -> None:
    program = "import sys\nfor n in range(100): print('line', n, file=sys.stderr)\nraise ValueError('last')"
    (log,) = grade(program, tests=DOUBLE, logs=True).evidence["logs"]
    assert (log["run"], log["status"], log["bytes"]) == (1, "exit", len(log["stderr"]))
    assert "line 0\n" in log["stderr"]
    assert "last" in log["stderr"]
    assert "logs" not in grade(program, tests=DOUBLE).evidence


@pytest.mark.parametrize("logs", [True, False])
def test_the_compilers_log_is_whole_and_tests_beside_a_program_stay_hidden(grade: Grade, logs: bool) -> None:
    said = grade("int main() { a; b; c; d; }", fence="c", logs=logs, language="c", tests=DOUBLE).evidence
    log = str(said.get("logs")).replace("\u2018", "'")
    assert [f"'{name}" in log for name in "abcd"] == [logs] * 4
    tests = "int main() { int hidden = 1; assert(f() == 640 * hidden); }"
    quoting = grade("int f() { return 1; }", fence="c", logs=logs, hide_expected=True, language="c", tests=tests)
    assert "hidden" not in str(quoting.evidence)


@pytest.mark.parametrize("tests", [DOUBLE, ["assert f(3) == 640"], "assert f(1) + f(2) == 640 or f(3) == 640"])
def test_expected_values_are_hidden_on_request(grade: Grade, tests: Any) -> None:
    verdict = grade("def f(x):\n    return 0\nprint(1)", tests=tests, hide_expected=True)
    assert verdict.outcome is Outcome.INCORRECT
    assert not {"640", "-4", "6\\n"} & set(str(verdict.evidence["failed"]).replace("'", " ").split())


def test_after_the_first_failure_nothing_runs_and_fractions_run_everything(grade: Grade) -> None:
    program = "n = int(input())\nprint(2 * n if n < 0 else 0)"
    assert len(grade(program, tests=DOUBLE).evidence["failed"]) == 1
    partial = grade(program, tests=DOUBLE, reducer="fraction")
    assert (partial.outcome, partial.score) == (Outcome.PARTIAL, 0.5)


def test_one_endless_call_costs_one_claim_where_fractions_count(grade: Grade) -> None:
    program = "def f(x):\n    while x == 2: pass\n    return x"
    tests = ["assert f(1) == 1", "assert f(2) == 2", "assert f(3) == 3"]
    assert grade(program, tests=tests, cpu_seconds=1).outcome is Outcome.TIME_LIMIT
    assert grade(program, tests=tests, cpu_seconds=1, reducer="fraction").score == pytest.approx(2 / 3)


def test_prompts_are_continued_and_preludes_precede(grade: Grade) -> None:
    prompt = "def area(r):\n    '''Area of a circle.'''\n"
    tests = "def check(candidate):\n    assert abs(candidate(1) - 3.14159) < 1e-4\n"
    task = {"tests": tests, "entry_point": "area", "prompt": prompt, "prelude": "import math"}
    assert grade("    return math.pi * r * r", **task).outcome is Outcome.CORRECT
    assert grade("from __future__ import annotations\ndef area(r): return math.pi * r * r", **task).score == 1.0


def test_class_solution_generators_and_tuples_are_understood(grade: Grade) -> None:
    stored = {"inputs": [[[1, 2]], [[3]]], "outputs": [[[2, 4]], [[6]]], "fn_name": "twice"}
    program = "class Solution:\n    def twice(self, xs):\n        return tuple(2 * x for x in xs)"
    assert grade(program, tests=stored).outcome is Outcome.CORRECT
    assert grade("def up(n):\n    yield from range(n)", tests=["assert list(up(3)) == [0, 1, 2]"]).score == 1.0


def test_unit_test_files_are_separate_and_an_early_exit_is_no_success(grade: Grade) -> None:
    tests = (
        "import unittest\nfrom solution import f\n"
        "class T(unittest.TestCase):\n    def test_f(self):\n        self.assertEqual(f(2), 4)\n"
    )
    right = grade("def f(x):\n    return x * x", tests=tests)
    assert (right.outcome, right.evidence["trust"]) == (Outcome.CORRECT, "separate")
    assert grade("def f(x):\n    return x + 1", tests=tests).score == 0.0
    assert grade("import os\nos._exit(0)", tests=tests).outcome is Outcome.RUNTIME_ERROR
    assert grade("import sys\ndef f(x):\n    sys.exit(0)", tests=tests).score == 0.0


def test_javascript_functions_are_called(grade: Grade) -> None:
    stored = {"inputs": [[[3, 1, 2]]], "outputs": [[1, 2, 3]], "fn_name": "sorted"}
    try:
        verdict = grade("const sorted = xs => [...xs].sort();", fence="js", tests=stored, language="javascript")
    except ServiceError as missing:
        pytest.skip(str(missing))
    assert verdict.outcome is Outcome.CORRECT, verdict


def test_an_unknown_language_is_a_broken_row_and_an_absent_one_is_our_lack(grade: Grade) -> None:
    with pytest.raises(TaskError, match=r"known are .*python"):
        grade("x", fence="cobol", tests=DOUBLE, language="cobol")
    compiled = GRADER.compile(CodeTask(language="py", tests=DOUBLE))
    assert GRADER.slow is not None
    with pytest.raises(ServiceError, match="without sandboxes"):
        asyncio.run(GRADER.slow(compiled, Completion("```python\nprint(1)\n```"), Resources()))


def test_the_cache_key_is_the_program_alone() -> None:
    compiled = GRADER.compile(CodeTask(tests=DOUBLE))
    assert GRADER.cache_key is not None
    keys = {GRADER.cache_key(compiled, Completion(f"{said}\n```python\nprint(1)\n```")) for said in ("so", "well", "")}
    assert len(keys) == 1
    assert GRADER.cache_key(compiled, Completion("```python\nprint(2)\n```")) not in keys


def test_a_package_that_the_task_declares_and_that_is_missing_is_our_failure_whatever_the_program(grade: Grade) -> None:
    for program in ("import no_such_thing\nprint(1)", "print(1)"):
        with pytest.raises(ServiceError, match="no_such_thing: not installed"):
            grade(program, tests=[{"stdin": "", "stdout": "1"}], packages=["json", "no_such_thing"])
    assert grade("print(1)", tests=[{"stdin": "", "stdout": "1"}], packages=["json"]).outcome == "correct"
    assert grade("import no_such_thing", tests=[{"stdin": "", "stdout": "1"}]).score == 0.0
    with pytest.raises(TaskError, match="packages"):
        grade("x", language="cpp", fence="cpp", tests=[{"stdin": "", "stdout": "1"}], packages=["json"])
