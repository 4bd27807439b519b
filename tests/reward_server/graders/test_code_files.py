"""Contest problems whose programs read a named file and write one."""

import pytest

from reward_server.errors import TaskError
from tests.reward_server.graders.conftest import Grade

TESTS = [{"input": "3 4\n", "output": "7\n"}, {"input": "10 -2\n", "output": "8\n"}]
FILES = {"tests": TESTS, "input_file": "sum.in", "output_file": "sum.out"}
SUM = "with open('sum.in') as f, open('sum.out', 'w') as g:\n    print(sum(map(int, f.read().split())), file=g)"
CPP = """#include <cstdio>
int main() { freopen("sum.in", "r", stdin); freopen("sum.out", "w", stdout);
             int a, b; scanf("%d %d", &a, &b); printf("%d\\n", a + b); }"""
CHECKER = """import sys
given, answer, got = (open(name).read().split() for name in sys.argv[1:4])
print(int(int(got[0]) == sum(map(int, given))))"""


@pytest.mark.parametrize(
    "program",
    [
        SUM,
        f"import sys\n{SUM}\nprint('debug')\nsys.exit(0)",
        "import sys\nsys.stdin,sys.stdout = open('sum.in'), open('sum.out','w')\nprint(sum(map(int, input().split())))",
        "import subprocess\nsubprocess.run(['sh', '-c', 'read a b < sum.in; echo $((a + b)) > sum.out'])",
    ],
)
def test_what_was_written_to_the_file_is_compared(grade: Grade, program: str) -> None:
    verdict = grade(program, **FILES)
    assert (verdict.outcome, verdict.evidence["trust"]) == ("correct", "separate"), verdict.evidence


def test_a_compiled_program_finds_its_files(grade: Grade) -> None:
    assert grade(CPP, fence="cpp", language="cpp", **FILES).outcome == "correct"
    assert grade(CPP.replace("a + b", "a - b"), fence="cpp", language="cpp", **FILES).outcome == "incorrect"


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        (SUM.replace("sum(map", "1 + sum(map"), "incorrect"),
        ("print(sum(map(int, open('sum.in').read().split())))", "incorrect"),
        ("print(sum(map(int, input().split())))", "runtime_error"),
        ("open('sum.out', 'w').write('7')", "partial"),
        ("pass", "incorrect"),
        (f"{SUM}\nraise SystemExit(3)", "runtime_error"),
        ("with open('sum.out', 'w') as f:\n    while True: f.write('x' * 65536)", "runtime_error"),
        ("open('sum.out', 'w').write('x' * 2_000_000)", "output_limit"),
    ],
)
def test_a_wrong_program_is_told_what_it_did(grade: Grade, program: str, outcome: str) -> None:
    fields = {**FILES, "reducer": "fraction" if outcome == "partial" else "all"}
    verdict = grade(program, output_bytes=1_000_000, **fields)
    assert verdict.outcome == outcome, verdict.evidence
    assert verdict.score in (0.0, 0.5)


def test_one_file_is_enough_and_rows_may_name_them(grade: Grade) -> None:
    to_file = "open('output.txt', 'w').write(str(sum(map(int, input().split()))))"
    assert grade(to_file, tests=TESTS, output_file="output.txt").outcome == "correct"
    from_file = "print(sum(map(int, open('a.in').read().split())))"
    row = {"inputs": [test["input"] for test in TESTS], "outputs": [test["output"] for test in TESTS]}
    assert grade(from_file, tests={**row, "input_file": "a.in", "output_file": "stdout"}).outcome == "correct"
    both = SUM.replace("sum.in", "input.txt").replace("sum.out", "output.txt")
    assert grade(both, tests={"official_tests": TESTS, "input_mode": "file"}).outcome == "correct"


def test_a_checker_judges_the_file(grade: Grade) -> None:
    checker = {"source": CHECKER, "protocol": "cms"}
    assert grade(SUM, checker=checker, **FILES).outcome == "correct"
    assert grade(SUM.replace("sum(map", "1 + sum(map"), checker=checker, **FILES).outcome == "incorrect"


def test_a_file_needs_a_program_that_reads_and_prints(grade: Grade) -> None:
    with pytest.raises(TaskError, match="input_file, output_file"):
        grade("def f(): return 1", tests=["assert f() == 1"], input_file="a.in")
    with pytest.raises(TaskError, match="no name of a file"):
        grade("pass", tests={"inputs": ["1"], "outputs": ["1"], "input_file": "../a"})
    with pytest.raises(TaskError, match="through pipes"):
        grade("pass", interactor={"source": "", "protocol": "status"}, **FILES)
