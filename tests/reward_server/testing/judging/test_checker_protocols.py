"""What a checker said is read by its protocol; one that judged nothing is never a 0 for the completion."""

import signal

import pytest

from reward_server.errors import ServiceError, TaskError
from reward_server.testing.judging.checker_protocols import Checker, Protocol, points_of, protocol_of
from sandboxes.execution import Execution, Status


def ended(status: int = 0, said: str = "", printed: str = "", error: str = "") -> Execution:
    how = Status.EXIT if status else Status.OK
    return Execution(how, printed.encode(), said.encode(), error=error, exit_code=status)


def points(protocol: str, execution: Execution, full: float = 1.0, language: str = "cpp") -> float:
    return points_of(Checker(language, "", protocol=Protocol(protocol), full_points=full), execution)


@pytest.mark.parametrize(
    ("execution", "expected"),
    [
        (ended(0, "ok 3 tokens\n"), 1), (ended(1, "wrong answer\n"), 0), (ended(2, "wrong output format"), 0),
        (ended(4, "wrong output format Extra information"), 0), (ended(8, "unexpected eof"), 0),
        (ended(0xAC, "ok"), 1), (ended(0xAB, "wrong answer"), 0),  # built with CONTESTER
        (ended(5, "wrong answer"), 0), (ended(6, "wrong output format extra"), 0),  # built with EJUDGE
        (ended(14, "wrong output format"), 0),  # built with -DPE_EXIT_CODE=14
        (ended(7, "points 0.25 half of the half"), 0.25), (ended(5, "points 1"), 1), (ended(0, "points 0.5 old"), 0.5),
        (ended(0, "partially correct (0) none"), 0), (ended(3, "partially correct (3) few"), 0.015),
        (ended(150, "partially correct (100) half"), 0.5), (ended(200, "partially correct (200) all"), 1),
        (ended(1, "seen: x\nwrong answer\npoints 1"), 0),
        (ended(1, "got\npoints 1\n"), 0), (ended(7, "got\npoints 1\n\npoints 0.25"), 0.25),
        (ended(7, "points 0.25 got\npoints 1\n"), 0.25), (ended(0, "ok got\nFAIL\n"), 1),
        (ended(1, "got\nFAIL\n"), 0), (ended(0, "got\nFAIL\n"), 1),
    ],
)  # fmt: skip
def test_testlib_speaks_by_status_and_words(execution: Execution, expected: float) -> None:
    assert points("testlib", execution) == expected


@pytest.mark.parametrize(
    ("protocol", "execution"),
    [
        ("testlib", ended(3, "FAIL the answer is worse")), ("testlib", ended(6, "FAIL by EJUDGE")),
        ("testlib", ended(7, "no points")), ("testlib", ended(77)), ("testlib", ended(1, "FAIL")),
        ("kattis", ended(0)), ("kattis", ended(1)), ("status", ended(3)), ("status", ended(7)),
        ("cms", ended(0, printed="")), ("cms", ended(0, printed="WRONG")), ("cms", ended(0, printed="nan")),
        ("cms", ended(0, printed="1\n0\n")), ("cms", ended(1, printed="1")), ("cms", ended(0, printed="True")),
        ("cms", ended(0, printed="100")), ("cms", ended(0, printed="1 0")),
        ("status", Execution(Status.SIGNAL, signal=signal.SIGSEGV)),
        ("status", Execution(Status.COMPILE_ERROR, error="expected ;")),
    ],
)  # fmt: skip
def test_a_checker_that_judged_nothing_breaks_the_row(protocol: str, execution: Execution) -> None:
    with pytest.raises(TaskError, match="checker"):
        points(protocol, execution)


@pytest.mark.parametrize(
    "execution",
    [Execution(Status.CPU_LIMIT), Execution(Status.MEMORY_LIMIT), Execution(Status.SIGNAL, signal=signal.SIGKILL)],
)
def test_a_checker_that_we_ended_is_our_failure(execution: Execution) -> None:
    with pytest.raises(ServiceError, match="checker"):
        points("testlib", execution)


@pytest.mark.parametrize(
    ("protocol", "execution", "expected"),
    [
        ("kattis", ended(42), 1), ("kattis", ended(43), 0),
        ("cms", ended(0, printed="1\n"), 1), ("cms", ended(0, printed=" 0.5 \nhalf of it\n"), 0.5),
        ("status", ended(0), 1), ("status", ended(1), 0), ("status", ended(42), 1), ("status", ended(43), 0),
        ("status", ended(0, printed="0\n"), 0), ("status", ended(7, printed="points 0.5"), 0.5),
    ],
)  # fmt: skip
def test_the_other_protocols(protocol: str, execution: Execution, expected: float) -> None:
    assert points(protocol, execution) == expected


def test_what_an_interactor_prints_is_for_the_program() -> None:
    for printed in ("0\n", "3\n", "points 1\n", "1 2\n3\n"):
        interactor = Checker("python", "", protocol=Protocol.STATUS, role="interactor")
        assert points_of(interactor, ended(0, printed=printed)) == 1
        assert points_of(interactor, ended(1, printed=printed)) == 0
    assert points_of(interactor, ended(7, "points 0.5", printed="points 1\n")) == 0.5
    with pytest.raises(TaskError):
        points_of(interactor, ended(7, printed="points 1\n"))


def test_points_are_parts_of_the_full_points_and_never_more() -> None:
    assert points("testlib", ended(7, "points 30 of them"), full=40) == 0.75
    assert points("cms", ended(0, printed="55"), full=100) == 0.55
    assert points("testlib", ended(7, "points -1")) == 0
    with pytest.raises(TaskError, match="full_points"):
        points("testlib", ended(7, "points 30"))


@pytest.mark.parametrize(
    ("language", "execution"),
    [
        ("python", ended(1, "Traceback (most recent call last):", error="ValueError: x")),
        ("java", ended(1, 'Exception in thread "main" java.lang.Error')),
        ("go", ended(2, "panic: index out of range\n\ngoroutine 1")),
        ("javascript", ended(1, "/s.js:1\nboom\nError: x\n    at f (s.js:1:1)\n\nNode.js v18.1.0")),
    ],
)
def test_an_uncaught_exception_is_no_verdict_although_its_status_is(language: str, execution: Execution) -> None:
    with pytest.raises(TaskError, match="judged nothing"):
        points("status", execution, language=language)


def test_what_it_says_stays_out_of_errors_on_request() -> None:
    for discreet in (False, True):
        with pytest.raises(TaskError) as raised:
            points_of(Checker("cpp", "", protocol=Protocol.TESTLIB, discreet=discreet), ended(3, "FAIL 640"))
        assert ("640" in str(raised.value)) is not discreet


@pytest.mark.parametrize(
    ("language", "source", "protocol"),
    [
        ("cpp", '#include "testlib.h"\nint main() {}', "testlib"),
        ("cpp", "int main() { return ok ? 42 : 43; }", "kattis"),
        ("python", "import sys\nsys.exit(42 if ok else 43)", "kattis"),
        ("cpp", "int main() { return ok ? 0 : 1; }", "status"),
        ("python", "print(1 if ok else 0)", "cms"),
        ("python", "if ok: print(1); exit()\nprint(0)\nsys.exit(0)", "cms"),
        ("python", "import sys\nsys.exit(0 if ok else 1)", "status"),
        ("python", "raise SystemExit(not ok)", "status"),
    ],
)
def test_the_protocol_is_found_out(language: str, source: str, protocol: str) -> None:
    assert protocol_of(language, source, {}).value == protocol


def test_testlib_for_domjudge_is_called_as_domjudge_calls() -> None:
    patched = {"testlib.h": b"#ifndef OK_EXIT_CODE\n#   define OK_EXIT_CODE 42\n"}
    assert protocol_of("cpp", '#include "testlib.h"', patched) is Protocol.KATTIS
