"""Checkers and interactors of the task's own, in real sandboxes: what they bring, what they say, who is to blame."""

from dataclasses import replace
from typing import Any

import pytest

from reward_server.errors import ServiceError, TaskError
from reward_server.graders.code import GRADER, CodeTask
from reward_server.testing.judging import checker_protocols
from reward_server.verdict import Outcome
from tests.reward_server.graders.conftest import Grade

THREE = [{"input": f"{n}\n", "output": f"{n} {n + 1}\n"} for n in (1, 2, 3)]
ANY_ORDER = """
import sys
given, right, printed = (open(name).read().split() for name in sys.argv[1:])
print(1 if sorted(right) == sorted(printed) else 0)
"""
CPP_ANY_ORDER = """
#include <algorithm>
#include <fstream>
#include "tokens.h"
int main(int, char** argv) {
    std::ifstream input(argv[1]), output(argv[2]), answer(argv[3]), extra("data/limit.txt");
    std::size_t limit = 0;
    extra >> limit;
    auto got = tokens(output), want = tokens(answer);
    if (want.size() > limit) return 3;
    std::sort(got.begin(), got.end());
    std::sort(want.begin(), want.end());
    if (got != want) { std::fputs("other tokens\\n", stderr); return 1; }
}
"""
TOKENS = """
#include <cstdio>
#include <istream>
#include <string>
#include <vector>
inline std::vector<std::string> tokens(std::istream& from) {
    std::vector<std::string> all;
    for (std::string token; from >> token;) all.push_back(token);
    return all;
}
"""
KATTIS = """
import sys
given, right, feedback = sys.argv[1:]
open(feedback + "/judgemessage.txt", "w").write("seen")
sys.exit(42 if sorted(sys.stdin.read().split()) == sorted(open(right).read().split()) else 43)
"""
CPP: dict[str, Any] = {
    "language": "cpp",
    "source": CPP_ANY_ORDER,
    "files": {"tokens.h": TOKENS, "data/limit.txt": "2"},
}
GUESSING = """
import sys
secret, right = int(open(sys.argv[1]).read()), int(open(sys.argv[2]).read())
for asked in range(20):
    said = sys.stdin.readline().split()
    if len(said) != 2:
        sys.exit(2)
    if said[0] == "!":
        print("secret", secret, file=sys.stderr)
        sys.exit(0 if int(said[1]) == secret else 1)
    print("<" if secret < int(said[1]) else ">" if secret > int(said[1]) else "=", flush=True)
sys.exit(1)
"""
BISECTING = """
low, high = 1, 1000
while low < high:
    middle = (low + high) // 2
    print("?", middle, flush=True)
    low, high = {"=": (middle, middle), "<": (low, middle - 1), ">": (middle + 1, high)}[input()]
print("!", low, flush=True)
"""
SECRETS = [{"input": "437", "output": "437"}, {"input": "1", "output": "1"}, {"input": "1000", "output": "1000"}]


def test_a_checker_judges_from_its_own_jail(grade: Grade) -> None:
    task = {"tests": THREE, "checker": ANY_ORDER}
    assert grade("n = int(input())\nprint(n + 1, n)", **task).outcome is Outcome.CORRECT
    assert grade("n = int(input())\nprint(n + 1)", **task).outcome is Outcome.INCORRECT
    assert grade("import os\nprint(os.path.exists('correct_output.txt'))", **task).score == 0.0


def test_a_compiled_checker_brings_files_and_is_compiled_once(grade: Grade) -> None:
    task = {"tests": THREE, "checker": CPP, "reducer": "fraction"}
    try:
        right = grade("n = int(input())\nprint(n + 1, n)", **task)
    except ServiceError as missing:
        pytest.skip(str(missing))
    assert right.outcome is Outcome.CORRECT
    partial = grade("n = int(input())\nprint(n + (n != 2), n)", **task)
    assert (partial.outcome, partial.score) == (Outcome.PARTIAL, pytest.approx(2 / 3))
    assert partial.evidence["failed"] == [
        {"test": "2", "outcome": "incorrect", "detail": "other tokens", "got": "2 2\n"}
    ]


def test_a_kattis_validator_reads_the_output_from_its_input(grade: Grade) -> None:
    task = {"tests": THREE, "checker": KATTIS}
    assert grade("n = int(input())\nprint(n + 1, n)", **task).outcome is Outcome.CORRECT
    assert grade("print(1, 2)", **task).outcome is Outcome.INCORRECT


def test_points_of_a_checker_are_part_of_the_score_and_of_the_evidence(grade: Grade) -> None:
    checker = {"source": "import sys\nprint(len(open(sys.argv[3]).read().split()))", "full_points": 2}
    verdict = grade("print(7)", tests=THREE[:1], checker=checker, reducer="fraction")
    assert (verdict.outcome, verdict.score) == (Outcome.PARTIAL, 0.5)
    assert verdict.evidence["failed"][0]["score"] == 0.5
    assert grade("print(7)", tests=THREE[:1], checker=checker).score == 0.0


def test_running_stops_at_the_first_output_the_checker_refuses(grade: Grade) -> None:
    verdict = grade("n = int(input())\nprint(n + (n != 2), n)", tests=THREE, checker=ANY_ORDER)
    assert [failed["test"] for failed in verdict.evidence["failed"]] == ["2"]
    assert (verdict.evidence["passed"], verdict.evidence["total"]) == (1, 3)


@pytest.mark.parametrize(
    ("checker", "said"),
    [
        ("import os\nos.abort()", "signal 6"),
        ("int(open('solution_output.txt').read())\nprint(1)", "ValueError"),
        ("print('WRONG')", "judged nothing"),
        ("def f(:", "does not compile"),
        ({"protocol": "testlib", "source": "import sys\nsys.exit('FAIL')"}, "FAIL"),
    ],
)
def test_a_broken_checker_breaks_the_row_and_is_no_zero(grade: Grade, checker: Any, said: str) -> None:
    with pytest.raises(TaskError, match=f"(?s)checker.*{said}"):
        grade("print('x')", tests=THREE, checker=checker)


def test_an_output_that_breaks_a_checker_which_takes_the_expected_one_is_wrong(grade: Grade) -> None:
    task = {"tests": SECRETS[:1], "checker": "int(open('solution_output.txt').read())\nprint(1)"}
    verdict = grade("print('x')", **task)
    assert (verdict.outcome, verdict.score) == (Outcome.INCORRECT, 0.0)
    assert grade("print(437)", **task).outcome is Outcome.CORRECT


def test_a_checker_that_we_end_is_our_failure(grade: Grade) -> None:
    with pytest.raises(ServiceError, match="memory_limit"):
        grade("print('x')", tests=THREE, checker="x = bytearray(3 << 30)\nprint(0)")


@pytest.mark.parametrize("name", ["", "/etc/x", "../x", "a/../b", "a//b", "input.txt", "a\0b", "a"])
def test_files_that_lead_elsewhere_break_the_row(name: str) -> None:
    files = {name: "", "a/b": ""}
    for role in ("checker", "interactor"):
        with pytest.raises(TaskError, match=rf"{role}.files: .* no name"):
            GRADER.compile(CodeTask.model_validate({"tests": THREE, role: {"source": "exit(1)", "files": files}}))


def test_an_interactor_talks_to_the_program(grade: Grade) -> None:
    task = {"tests": SECRETS, "interactor": GUESSING}
    assert grade(BISECTING, **task).outcome is Outcome.CORRECT
    wrong = grade("print('! 437')", **task)
    assert (wrong.outcome, wrong.evidence["passed"]) == (Outcome.INCORRECT, 1)
    assert wrong.evidence["failed"] == [{"test": "2", "outcome": "incorrect", "detail": "secret 1"}]
    assert "detail" not in grade("print('! 437')", **task, hide_expected=True).evidence["failed"][0]
    assert grade("print('! 437')", **task, reducer="fraction").score == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ("raise SystemExit(3)", "runtime_error"),  # ends before it was judged
        ("print('! 1000', flush=True)\nraise SystemExit(3 * len(input()))", "incorrect"),  # ends after it was
        (BISECTING + "\ninput()", "runtime_error"),  # right, but it does not end well
        ("print('what is it')", "incorrect"),
        ("input()", "time_limit"),  # both wait
        ("while True: pass", "time_limit"),
        ("while True: print('? 1 ' * 100)", "output_limit"),
        ("a = bytearray(1 << 31)", "memory_limit"),
        ("def f(:", "compile_error"),
    ],
)
def test_in_a_conversation_the_right_side_is_blamed(grade: Grade, program: str, outcome: str) -> None:
    limits = {"cpu_seconds": 1, "wall_seconds": 2, "memory_bytes": 256 << 20, "output_bytes": 1 << 20}
    interactor = GUESSING if "? 1" not in program else "import sys\nfor line in sys.stdin: pass\nsys.exit(1)"
    verdict = grade(program, tests=SECRETS[:1], interactor=interactor, **limits)
    assert verdict.outcome.value == outcome, verdict


@pytest.mark.parametrize(
    "interactor",
    ["def f(:", "raise ValueError", "import os, sys\nsys.stdin.readline()\nos.abort()", "import sys\nsys.exit(77)"],
)
def test_a_broken_interactor_breaks_the_row(grade: Grade, interactor: str) -> None:
    with pytest.raises(TaskError, match="interactor"):
        grade("print('x', flush=True)\ninput()", tests=SECRETS, interactor={"source": interactor, "protocol": "status"})


@pytest.mark.parametrize("program", ["print('garbage')", "print('garbage', flush=True)\ninput()", "pass"])
def test_an_interactor_that_a_program_breaks_gives_it_no_null(grade: Grade, program: str) -> None:
    interactor = "import sys\nsys.exit(0 if int(input()) == 3 else 1)"
    verdict = grade(program, tests=SECRETS[:1], interactor=interactor)
    assert (verdict.outcome, verdict.score) == (Outcome.INCORRECT, 0)


UNGUARDED = """
import sys
secret = int(open(sys.argv[1]).read())
while True:
    kind, number = input().split()
    if kind == "!":
        sys.exit(0 if int(number) == secret else 1)
    print("<" if secret < int(number) else ">" if secret > int(number) else "=", flush=True)
"""


@pytest.mark.parametrize(
    "program",
    [
        "print('? 1')",
        "import os\nprint('? 1', flush=True)\nos._exit(0)",
        "import os\nos.close(0)\nprint('? 1', flush=True)",
        "print('? 1', end='')",
        "print('? 1', flush=True)\ninput()",
        "for guess in range(1, 400): print('?', guess)",
    ],
)
def test_leaving_an_interactor_that_asks_for_more_buys_no_null(grade: Grade, program: str) -> None:
    fields = {"tests": SECRETS[:1], "interactor": {"source": UNGUARDED, "protocol": "status"}}
    verdict = grade(program, **fields)
    assert (verdict.outcome, verdict.score) == (Outcome.INCORRECT, 0.0), verdict
    assert grade(BISECTING, **fields).outcome is Outcome.CORRECT


@pytest.mark.parametrize("interactor", ["raise ValueError", "import os, sys\nsys.stdin.readline()\nos.abort()"])
def test_an_interactor_that_breaks_by_itself_breaks_the_row_of_a_program_that_leaves(
    grade: Grade, interactor: str
) -> None:
    with pytest.raises(TaskError, match="interactor"):
        grade("print('x')", tests=SECRETS[:1], interactor={"source": interactor, "protocol": "status"})


@pytest.mark.parametrize("printed", ["0", "3", "points 1"])
def test_what_an_interactor_prints_for_the_program_is_no_verdict(grade: Grade, printed: str) -> None:
    interactor = f"import sys\nprint({printed!r}, flush=True)\nsys.exit(0 if input() == 'ok' else 1)"
    assert grade("input()\nprint('ok')", tests=SECRETS[:1], interactor=interactor).outcome is Outcome.CORRECT
    assert grade("input()\nprint('no')", tests=SECRETS[:1], interactor=interactor).outcome is Outcome.INCORRECT


@pytest.fixture
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker_protocols, "LIMITS", replace(checker_protocols.LIMITS, cpu_seconds=2.0))


@pytest.mark.usefixtures("short_limits")
def test_an_interactor_that_keeps_the_program_waiting_is_our_failure(grade: Grade) -> None:
    busy = "import sys\nwhile True: pass\nsys.exit(1)"
    with pytest.raises(ServiceError, match="the interactor met a limit: cpu_limit"):
        grade("input()", tests=SECRETS, interactor=busy, wall_seconds=2)


@pytest.mark.usefixtures("short_limits")
@pytest.mark.parametrize("end", ["while True: pass", "a = bytearray(1 << 34)", "while True: print('x' * 65536)"])
def test_a_program_that_drives_an_interactor_over_its_limits_buys_no_null(grade: Grade, end: str) -> None:
    interactor = f"import sys\nif input() == 'loop':\n    {end}\nsys.exit(0)"
    fields = {"tests": SECRETS[:1], "interactor": {"source": interactor, "protocol": "status"}}
    verdict = grade("print('loop', flush=True)\nwhile True:\n    input()", **fields)
    assert (verdict.outcome, verdict.score) == (Outcome.INCORRECT, 0.0), verdict


def test_two_that_flood_each_other_stop_neither_agent(grade: Grade) -> None:
    flood = "while True: print('x' * 10000)"
    verdict = grade(flood, tests=SECRETS[:1], interactor=f"import sys\n{flood}\nsys.exit(1)", output_bytes=8 << 20)
    assert verdict.outcome is Outcome.OUTPUT_LIMIT


def test_an_interactor_needs_a_status_to_speak_by_and_no_checker_beside_it() -> None:
    for fields in ({"interactor": "print('ok')"}, {"interactor": GUESSING, "checker": ANY_ORDER}):
        with pytest.raises(TaskError, match="interactor"):
            GRADER.compile(CodeTask.model_validate({"tests": SECRETS, **fields}))
