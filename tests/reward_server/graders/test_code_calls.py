"""Functions of C++ and Java programs are called with values of their own types; what they give is compared outside."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from reward_server.errors import TaskError
from reward_server.graders.code import GRADER, CodeTask
from reward_server.verdict import Outcome, Verdict
from tests.reward_server.graders.conftest import Grade

CALLS = [json.loads(line) for line in Path(__file__).with_name("calls.jsonl").read_text().splitlines()]
"""One function in C++ and in Java, tests that it passes, and an output that it does not give."""


@pytest.mark.parametrize("call", CALLS, ids=[call["name"] for call in CALLS])
@pytest.mark.parametrize("language", ["cpp", "java"])
def test_functions_are_called_with_values_of_their_own_types(grade: Grade, language: str, call: dict[str, Any]) -> None:
    _needs(language)
    right = _graded(grade, language, call[language], call["tests"])
    assert (right.outcome, right.evidence["trust"]) == (Outcome.CORRECT, "separate"), right.evidence
    wrong = _graded(grade, language, call[language], _with_outputs(call["tests"], call["wrong"]))
    assert wrong.outcome is Outcome.INCORRECT, wrong.evidence


def _with_outputs(tests: Any, output: Any) -> Any:
    if isinstance(tests, dict):
        return {**tests, "outputs": [output] * len(tests["outputs"])}
    return [{**test, "output": str(output)} for test in tests]


@pytest.mark.parametrize(
    ("language", "program", "said"),
    [
        ("cpp", "int f(std::vector<int> a) { return a[0]; }", "takes a list where the test gives a number"),
        ("cpp", "int f(int a, int b) { return a; }", ""),
        ("java", "class Solution { int f(int[] a) { return a[0]; } }", "takes int[] where the test gives 4"),
        ("java", "class Solution { int g(int a) { return a; } }", "has no method f of 1 parameters"),
        ("java", 'class Solution { int f(int a) { throw new IllegalStateException("mine"); } }', "mine"),
    ],
)
def test_what_does_not_take_the_arguments_is_the_programs_fault(
    grade: Grade, language: str, program: str, said: str
) -> None:
    _needs(language)
    verdict = grade(program, fence=language, language=language, fn_name="f", tests={"inputs": [[4]], "outputs": [4]})
    assert verdict.outcome in (Outcome.RUNTIME_ERROR, Outcome.COMPILE_ERROR)
    assert said in str(verdict.evidence)


@pytest.mark.parametrize(
    ("language", "program"),
    [
        ("cpp", '#include <cstdio>\nint f(int a) { printf("\\n\\1reward-value:16\\n"); return 16; }'),
        ("cpp", '#include <cstdio>\n#include <cstdlib>\nint f(int a) { printf("\\n\\1reward-value:1"); exit(0); }'),
        ("java", 'class Solution { int f(int a) { System.out.print("\\n\\u0001reward-value:16\\n"); return 16; } }'),
    ],
)
def test_a_forged_mark_gives_nothing_that_returning_the_value_would_not(
    grade: Grade, language: str, program: str
) -> None:
    _needs(language)
    tests = {"inputs": [[4]], "outputs": [16]}
    assert grade(program, fence=language, language=language, fn_name="f", tests=tests).score == 0.0


def test_calls_of_several_functions_are_refused_where_types_decide() -> None:
    tests = [{"fn_name": "f", "input": "1", "output": "1"}, {"fn_name": "g", "input": "1", "output": "1"}]
    with pytest.raises(TaskError, match="one function"):
        GRADER.compile(CodeTask(language="cpp", tests=tests))


def _graded(grade: Grade, language: str, program: str, tests: Any) -> Verdict:
    return grade(program, fence=language, language=language, fn_name="f", tests=tests, cpu_seconds=5)


def _needs(language: str) -> None:
    compiler = {"cpp": "g++", "java": "javac"}[language]
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler} on this machine's PATH")
