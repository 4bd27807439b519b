"""A package that lacks where programs run is our failure where it ended a run, and nobody's otherwise."""

import pytest

from reward_server.errors import NotInstalled
from reward_server.testing.judging.judge import Judged
from reward_server.testing.judging.packages import refuse_lacking
from reward_server.testing.judging.suite import TestResult, failed_run
from reward_server.verdict import Outcome
from sandboxes.execution import Execution, Status

LACKING = ("pandas", "scipy")
RAISED = "ModuleNotFoundError: No module named 'scipy.stats'"
TRACE = f"Traceback (most recent call last):\n  File ...\n{RAISED}\n".encode()
PASSED = TestResult("1", Outcome.CORRECT)
WRONG = TestResult("2", Outcome.INCORRECT, detail=f"line 1: {RAISED}")
IN_A_TEST = TestResult("3", Outcome.RUNTIME_ERROR, detail=RAISED)
OURS = "import scipy.stats\nprint(4)"


def _run(status: Status, stderr: bytes = b"", error: str = "") -> Execution:
    return Execution(status, exit_code=int(status is Status.EXIT), stderr=stderr, error=error)


ENDED, RAISING = _run(Status.EXIT, TRACE), _run(Status.EXCEPTION, error=RAISED)
TOLD = _run(Status.OK, f"{RAISED}\n".encode())


@pytest.mark.parametrize(
    ("judged", "source"),
    [
        (Judged([failed_run("1", ENDED)], [ENDED]), OURS),
        (Judged([failed_run("1", RAISING)], [RAISING]), "def f(x):\n    from scipy import stats\n    return 4"),
        (Judged([PASSED, IN_A_TEST], []), OURS),
        (Judged([IN_A_TEST], []), "import networkx as nx\nprint(nx.pagerank(g))"),
    ],
)
def test_what_ended_a_run_is_our_failure(judged: Judged, source: str) -> None:
    with pytest.raises(NotInstalled, match="scipy"):
        refuse_lacking(judged, source, LACKING)
    refuse_lacking(judged, source, ("pandas",))


@pytest.mark.parametrize(
    ("judged", "source"),
    [
        (Judged([PASSED], [TOLD]), OURS),
        (Judged([WRONG], [TOLD]), OURS),
        (Judged([PASSED, WRONG], [TOLD, TOLD]), OURS),
        (Judged([failed_run("1", ENDED)], [ENDED]), "raise ModuleNotFoundError(\"No module named 'scipy'\")"),
        (Judged([IN_A_TEST], []), "import sys\nsys.stderr.write('...')\nsys.exit(1)"),
        (Judged([failed_run("1", _run(Status.EXIT, TRACE + b"ValueError: 3\n"))], []), OURS),
    ],
)
def test_what_ended_none_or_is_only_said_buys_no_null(judged: Judged, source: str) -> None:
    refuse_lacking(judged, source, LACKING)
