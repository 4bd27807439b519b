"""How Python programs are run: what does not depend on launcher and level."""

import pytest

from sandboxes.execution import Invocation, Status
from tests.sandboxes.conftest import Bench


@pytest.mark.parametrize("reading", ["open(0).read()", "open('/dev/stdin').read()", "sys.stdin.buffer.read().decode()",
                                     "os.read(0, os.fstat(0).st_size).decode()", "''.join(sys.stdin)"])  # fmt: skip
def test_stdin_can_be_read_in_every_usual_way(here: Bench, reading: str) -> None:
    assert here.script(f"import os, sys\nprint({reading}, end='')", b"a\nb\n").stdout == b"a\nb\n"


@pytest.mark.parametrize("ending", ["", "raise SystemExit", "sys.exit(0)", "exit()", "quit()", "sys.stdout.close()",
                                    "sys.stdout.flush(); os._exit(0)"])  # fmt: skip
def test_every_usual_way_to_end_well_is_ok(here: Bench, ending: str) -> None:
    done = here.script(f"import os, sys\nprint(1)\n{ending}")
    assert (done.status, done.stdout) == (Status.OK, b"1\n")


def test_output_left_in_files_threads_and_exit_handlers_is_not_lost(here: Bench) -> None:
    source = """
import atexit, io, sys, threading, time
out = open(1, "w", closefd=False); out.write("file ")
threading.Thread(target=lambda: (time.sleep(0.1), sys.__stdout__.write("thread "))).start()
atexit.register(lambda: sys.__stdout__.write("handler "))
sys.stdout = io.StringIO()
"""
    assert sorted(here.script(source).stdout.split()) == [b"file", b"handler", b"thread"]


@pytest.mark.parametrize("name", ["f", "Solution.f"])
def test_a_method_of_solution_is_found_by_its_bare_name_too(here: Bench, name: str) -> None:
    assert here.call("class Solution:\n    def f(self, x):\n        return [x]", name, 7).value == [7]


def test_a_global_function_comes_before_a_method_of_the_same_name(here: Bench) -> None:
    source = "def f():\n    return 'global'\nclass Solution:\n    def f(self):\n        return 'method'"
    assert here.call(source, "f").value == "global"


def test_a_guarded_main_is_not_run_when_a_function_is_asked_for(here: Bench) -> None:
    source = "def f(): return 1\nif __name__ == '__main__':\n    raise SystemExit"
    assert here.call(source, "f").value == 1


def test_an_integer_of_thousands_of_digits_arrives_unchanged(here: Bench) -> None:
    assert here.all("", [Invocation(expression="-(3**10000)")])[0].value == -(3**10000)


VALUES = [
    ("None", None),
    ("True", True),
    ("1.5", 1.5),
    ("'é\\ud800'", "é\ud800"),
    ("10**30", 10**30),
    ("[1, [2]]", [1, [2]]),
    ("(1, 'a')", {"tuple": [1, "a"]}),
    ("{1}", {"set": [1]}),
    ("frozenset()", {"frozenset": []}),
    ("{(1, 2): [3]}", {"dict": [[{"tuple": [1, 2]}, [3]]]}),
    ("b'\\x00a'", {"bytes": "0061"}),
    ("1j", {"complex": [0.0, 1.0]}),
    ("float('nan')", {"float": "nan"}),
    ("__import__('collections').Counter('aa')", {"dict": [["a", 2]]}),
    ("__import__('decimal').Decimal('1.50')", {"decimal": "1.50"}),
    ("__import__('fractions').Fraction(1, 3)", {"fraction": [1, 3]}),
]


@pytest.mark.parametrize(("expression", "value"), VALUES)
def test_values_of_exact_built_in_types_arrive_unchanged(here: Bench, expression: str, value: object) -> None:
    done = here.all("", [Invocation(expression=expression)])[0]
    assert (done.status, done.value, type(done.value)) == (Status.OK, value, type(value))


@pytest.mark.parametrize("expression", ["A()", "iter([])", "type('L', (list,), {})()", "lambda: 0", "nested"])
def test_other_values_are_unsupported(here: Bench, expression: str) -> None:
    source = "class A: pass\nnested = []\nfor _ in range(5000): nested = [nested]"
    assert here.all(source, [Invocation(expression=expression)])[0].status is Status.UNSUPPORTED


@pytest.mark.parametrize("source", ["def f(:", "x = '\x00'", "(" * 500, "# -*- coding: no-such -*-\n"])
def test_a_program_that_does_not_compile_gives_exactly_one_execution(here: Bench, source: str) -> None:
    done = here.all(source, [Invocation()] * 3)
    assert [execution.status for execution in done] == [Status.COMPILE_ERROR]
    assert done[0].error


def test_an_exit_status_comes_back(here: Bench) -> None:
    done = here.script("raise SystemExit(7)")
    assert (done.status, done.exit_code) == (Status.EXIT, 7)


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "a/../../outside", "", "a//b"])
def test_a_file_name_that_leads_outside_is_refused(here: Bench, name: str) -> None:
    done = here.script("print(1)", files={name: b"x"})
    assert (done.status, "leads out" in done.error) == (Status.COMPILE_ERROR, True)


def test_arguments_reach_the_program(here: Bench) -> None:
    done = here.all("import sys\nprint(sys.argv[1:])", [Invocation(argv=("a", "b c"))])[0]
    assert done.stdout == b"['a', 'b c']\n"
