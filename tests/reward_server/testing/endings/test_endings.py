"""Test programs of every language: right passes, wrong fails, and leaving early earns nothing.

On the machine's own compilers where they are installed; in Docker the languages that are not.
"""

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reward_server.errors import ServiceError, TaskError
from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from reward_server.testing import endings
from reward_server.testing.judging.opaque import OpaquePlan
from reward_server.verdict import Outcome, Verdict
from sandboxes.languages import discover
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from tests.reward_server.testing.ending_cases import CASES, Case

Grade = Callable[[Case, str], Verdict]
RAN_HERE: set[tuple[Case, str]] = set()


def _families(place: str) -> list[Family]:
    if place == "process":
        return [Family("process", process.launch)]
    import docker

    from sandboxes.launchers import docker as launcher

    return launcher.families(docker.from_env())


def _need_test_deep() -> None:
    if subprocess.run(["perl", "-MTest::Deep", "-e", "1"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine's perl has no Test::Deep; the image has")


@pytest.fixture(scope="module", params=["process", pytest.param("docker", marks=pytest.mark.docker)])
def grade(request: pytest.FixtureRequest) -> Iterator[Grade]:
    with asyncio.Runner() as runner:
        pool = SandboxPool(_families(request.param), slots=1, allow_weak_isolation=True)
        runner.run(pool.start())

        def graded(case: Case, program: str) -> Verdict:
            if request.param == "process" and case.language == "perl" and "Test::Deep" in case.tests:
                _need_test_deep()
            if request.param == "docker" and (case, program) in RAN_HERE:
                pytest.skip(f"this machine's own {case.language} ran it")
            compiled = GRADER.compile(CodeTask(language=case.language, tests=case.tests))
            assert GRADER.slow is not None
            completion = Completion(f"```{case.language}\n{program}\n```")
            try:
                verdict = runner.run(GRADER.slow(compiled, completion, Resources(sandboxes=pool)))
            except ServiceError as missing:
                pytest.skip(str(missing.__cause__))
            if request.param == "process":
                RAN_HERE.add((case, program))
            return verdict

        yield graded
        runner.run(pool.close())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_right_passes_and_nothing_else(grade: Grade, case: Case) -> None:
    right = grade(case, case.right)
    assert (right.outcome, right.evidence["trust"]) == (Outcome.CORRECT, "opaque"), right
    for program in (case.wrong, *case.early):
        verdict = grade(case, program)
        assert verdict.score == 0.0, (program, verdict)
        assert verdict.outcome in {Outcome.INCORRECT, Outcome.RUNTIME_ERROR, Outcome.COMPILE_ERROR}


def test_every_compiled_or_scripted_language_is_armed_or_said_to_be_judged_by_its_status() -> None:
    by_status = set(discover()) - {"python", *endings.endings()}
    assert by_status == {"awk", "erlang", "sql"}
    assert {case.language for case in CASES} == set(endings.endings())


@pytest.mark.parametrize(
    ("language", "tests"),
    [
        ("awk", "BEGIN { exit f(1) != 2 }"),
        ("cpp", "static_assert(f(1) == 2);"),
        ("bash", 'if [ "$(f 1)" = 2 ]; then exit 0; else exit 1; fi'),
        ("lua", "if f(1) == 2 then os.exit(0) else os.exit(1) end"),
        ("racket", "(exit (if (= (f 1) 2) 0 1))"),
        ("javascript", "process.exit(f(1) === 2 ? 0 : 1);"),
        ("java", "class T { public static void main(String[] a) { System.exit(f(1) == 2 ? 0 : 1); } }"),
        ("kotlin", "fun main() = check()\n\nfun helper() { }\n"),
        ("rust", "fn main() { if f(1) == 2 { std::process::exit(0) } std::process::exit(1) }"),
    ],
)
def test_tests_whose_end_cannot_be_found_say_that_the_exit_status_decides(language: str, tests: str) -> None:
    plan = OpaquePlan(language, tests)
    assert plan.trust == "exit_status"
    assert plan.program("source", language).source == f"source\n{tests}\n"
    with pytest.raises(TaskError, match="requires"):
        GRADER.compile(CodeTask(language=language, tests=tests, require_split=True))


@pytest.mark.parametrize(
    ("language", "tests", "missing"),
    [
        ("ruby", "require 'rspec'\nRSpec.describe('f') { }", "RSpec"),
        ("java", "import org.testng.annotations.*;\npublic class T { @Test public void t() { } }", "testng"),
        ("cpp", "#include <gtest/gtest.h>\nTEST(F, G) { EXPECT_EQ(f(1), 2); }", "gtest"),
        ("commonlisp", "(asdf:load-system :fiveam)", "fiveam"),
        (
            "go",
            'import "github.com/stretchr/testify/assert"\nfunc TestF(t *testing.T) { assert.JSONEq(t, f(), "{}") }',
            "JSONEq",
        ),
    ],
)
def test_a_framework_that_no_sandbox_has_is_the_task_s_error(language: str, tests: str, missing: str) -> None:
    with pytest.raises(TaskError, match=missing):
        GRADER.compile(CodeTask(language=language, tests=tests))


@pytest.mark.parametrize(
    "text", ["/*", '"\\', '"""', "`", "public ", "module A (", "begin\n", "import (\n", "'{", "(a)", "}"]
)
@pytest.mark.parametrize("language", sorted(endings.endings()))
def test_no_submission_takes_long_to_join(language: str, text: str) -> None:
    """Every rule over a submission is linear: a quadratic one would take minutes here."""
    case: Any = next(case for case in CASES if case.language == language)
    armed = endings.arm(language, case.tests, "nonce")
    assert armed is not None
    assert "nonce" in endings.join(language, text * 100_000, armed)
