"""Test code of Python, run as it is stored in a process of its own that reaches the program by calls over a wire.

The server moves frames and reads what the tests' process says of each test. Blame, in this order: a limit that the
program met, or its end before the tests', is its own doing; tests that fail before they have asked anything of it are
broken; so are tests that meet their limits without its part. What the program answers may keep the tests busy without
end: tests that meet a limit after it has answered are the program's failure, so that nobody buys a null.
"""

# ruff: noqa: ARG002 - every plan has the same signatures

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reward_server.errors import NotInstalled, ServiceError, TaskError
from reward_server.testing.judging.outputs import shown
from reward_server.testing.judging.suite import TestResult, Weighing, failed_run, measured
from reward_server.testing.separate.pairs import Pairs, pairs_in, try_pairs
from reward_server.testing.separate.rehearsed import Script, script_for, try_script
from reward_server.testing.submission.python_source import parsed
from reward_server.verdict import Outcome
from sandboxes.agent.wire.naming import bound_in
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.trial import Exam, Trial

MAX_TESTS = 8 * 1024 * 1024
"""Characters of test code that are parsed: a syntax tree takes a hundred times the memory, and a second a megabyte."""
_SHAPES = (
    "assert np.allclose(out, exp, rtol=1e-07, atol=atol)",
    "assert np.shape(out) == np.shape(exp) and np.allclose(out, exp, rtol=1e-07, atol=atol)",
)
"""The line of EvalPlus's helper that pays an empty list for any floats, and one float for many equal ones, since numpy
stretches shapes until they fit; and what it is to say."""
TESTS_LIMITS = Limits(cpu_seconds=20.0, memory_bytes=1 << 30, output_bytes=64 << 20, file_bytes=64 << 20)
"""What the tests' own process may use."""
_MOST_RESTARTS = 200
_MOST_RESULTS = 100_000
_LIMITS = frozenset({Status.CPU_LIMIT, Status.WALL_LIMIT, Status.MEMORY_LIMIT, Status.OUTPUT_LIMIT, Status.VIOLATION})
_OUTCOMES = {
    "passed": Outcome.CORRECT,
    "failed": Outcome.INCORRECT,
    "raised": Outcome.RUNTIME_ERROR,
    "memory": Outcome.MEMORY_LIMIT,
}


@dataclass(frozen=True, slots=True)
class SeparatePlan:
    """Test code and the task's own code that it uses."""

    tests: str
    context: str = ""
    """Definitions of prompt and prelude: what tests call by these names is the task's."""
    entry_point: str | None = None
    tested: str | None = None
    pairs: Pairs | None = None
    """All of the tests, where they are no more than calls and the values these should return."""
    script: Script = field(default_factory=lambda: Script(usable=False), compare=False)
    """What the tests ask of any program, where that is known beforehand."""

    @property
    def trust(self) -> str:
        """Nothing of the tests is where the program runs."""
        return "separate"

    @property
    def weighings(self) -> Sequence[Weighing]:
        """How many tests there are shows when they run."""
        return [Weighing()]

    def for_submission(self, source: str) -> "SeparatePlan":
        """Return itself: nothing differs between submissions."""
        return self

    def program(self, source: str, language: str) -> Program:
        """Return the submission as it is."""
        return Program(language, source)

    def invocations(self, *, stop_at_failure: bool) -> Sequence[Invocation]:
        """Return none: the tests say what is called."""
        return []

    def is_long(self, execution: Execution) -> bool:
        """Return False: the tests' process judges."""
        return False

    def judge(self, index: int, execution: Execution, *, stop_at_failure: bool) -> list[TestResult]:
        """Return none: `examine` judges."""
        return []

    async def examine(
        self, source: str, limits: Limits, pool: Any, *, stop_at_failure: bool
    ) -> tuple[list[TestResult], list[Execution]]:
        """Run the tests; the results and the program's runs.

        `pool` is a `sandboxes.pool.SandboxPool`. Where tests count one by one, a program that ended in the middle of
        one is started again for the rest.

        Raises:
            TaskError: the tests are broken.
            NotInstalled: something that the tests need is missing here.
            SandboxError: the infrastructure failed.
        """
        if self.pairs is not None and (tried := await try_pairs(self.pairs, source, limits, pool)) is not None:
            return tried
        return await _examine(self, source, limits, pool, stop_at_failure=stop_at_failure)


async def _examine(
    plan: SeparatePlan, source: str, limits: Limits, pool: Any, *, stop_at_failure: bool
) -> tuple[list[TestResult], list[Execution]]:
    results: list[TestResult] = []
    executions: list[Execution] = []
    decided, units = 0, plan.script.units
    for _ in range(_MOST_RESTARTS):
        order = {"context": plan.context, "entry_point": plan.entry_point, "stop": stop_at_failure,
                 "decided": decided}  # fmt: skip
        tests = Program("python", plan.tests)
        exam = Exam(Program("python", source), limits, tests, json.dumps(order), TESTS_LIMITS)
        said = (None if results else await try_script(plan.script, exam, pool)) or await pool.examine(exam)
        if results and not any("test" in each for each in said.results):
            break  # it had ended in the last test
        found = _results(said)
        units = max([units, *(each["units"] for each in said.results if "units" in each)])
        results += found
        executions += [said.program] if said.program is not None else []
        if stop_at_failure or not _goes_on(said, decided):
            break
        decided = _last(said)["number"]
    return results + _unrun(said, results, units), executions


def _goes_on(said: Trial, decided: int) -> bool:
    """Say whether the program ended in the middle of a test that had not been decided before."""
    last = _last(said)
    return bool(last) and last["outcome"] == "gone" and last["number"] > decided


def _last(said: Trial) -> dict[str, Any]:
    """Return the last report of a test, an empty one where there is none."""
    return next((each for each in reversed(said.results) if "test" in each), {})


def _unrun(said: Trial, results: list[TestResult], units: int) -> list[TestResult]:
    """Return failures for the tests behind one that ended everything; there are `units`, if all are reached."""
    if not results or results[-1].outcome is Outcome.CORRECT:
        return []
    done = next((each for each in said.results if "done" in each), None)
    if done is not None and _last(said).get("outcome") != "gone":
        units = done.get("units", 0)
    return [TestResult(f"{place + 1}", Outcome.RUNTIME_ERROR, detail="not run") for place in range(len(results), units)]


def _results(said: Trial) -> list[TestResult]:
    program, tests = said.program, said.tests
    if program is None:
        raise ServiceError("the program did not run")
    if program.status is Status.COMPILE_ERROR:
        return [failed_run("tests", program)]
    reports = [each for each in said.results if "test" in each]
    done = next((each for each in said.results if "done" in each), None)
    times = [*program.laps, max(0.0, program.cpu_seconds - sum(program.laps))]
    results: list[TestResult] = []
    for report in reports:
        lap = report["lap"]
        result = _result(report, program, times[lap] if lap < len(times) else 0.0)
        results += [result] * min(report.get("times", 1), _MOST_RESULTS)
    if done is not None and results:
        return results
    return [*results, _without_end(said, tests, program, done)]


def _result(report: dict[str, Any], program: Execution, seconds: float) -> TestResult:
    """Return what one report means."""
    name, detail = str(report["test"]), str(report["detail"])
    if report["outcome"] == "broken":
        raise TaskError(f"tests: they fail by themselves: {shown(detail)}")
    if report["outcome"] == "lacking":
        raise NotInstalled(f"tests: what they need is not installed where this server runs programs: {shown(detail)}")
    if report["outcome"] == "gone":
        return _gone(name, report, program)
    return TestResult(
        name,
        _OUTCOMES[report["outcome"]],
        expected=str(report.get("expected", "")),
        got=str(report.get("got", "")),
        detail=shown(detail or str(report.get("line", ""))),
        cpu_seconds=round(seconds, 4),
        memory_bytes=program.memory_bytes,
        flags=tuple(program.flags),
        derived=bool(report.get("derived")),
        compared=bool(report.get("compared")),
    )


def _gone(name: str, report: dict[str, Any], program: Execution) -> TestResult:
    """Return how the program ended before the tests did."""
    if report.get("overflow"):
        return measured(TestResult(name, Outcome.OUTPUT_LIMIT, detail="output_limit"), program)
    if program.status is Status.OK:
        detail = str(report["detail"]) or "the program ended before the tests did"
        return measured(TestResult(name, Outcome.RUNTIME_ERROR, detail=detail), program)
    return failed_run(name, program)


def _without_end(said: Trial, tests: Execution | None, program: Execution, done: Any) -> TestResult:
    """Return what became of tests that never came to their end, or found nothing to test."""
    if program.status in _LIMITS and said.program_took_part:
        return failed_run("tests", program)
    if done is not None:
        if said.program_took_part:
            missing = ", ".join(done.get("missing", ()))
            return measured(TestResult("tests", Outcome.RUNTIME_ERROR, detail=f"no test was found {missing}"), program)
        raise TaskError("tests: there are none in the test code, and no program passes nothing")
    how = "" if tests is None else tests.error or tests.stderr[-300:].decode("utf-8", "replace") or tests.status.value
    if said.program_took_part:
        detail = f"the tests ended before they were through, with what the program gave them: {how}"
        return measured(TestResult("tests", Outcome.RUNTIME_ERROR, detail=shown(detail)), program)
    raise TaskError(f"tests: they did not come to an end: {shown(how)}")


def plan_separate(
    code: str, tree: ast.Module | None, tested: str | None, entry_point: str | None, *given: str
) -> SeparatePlan:
    """Return the plan for test code; `given` is the task's own code, whose definitions are the tests' to use.

    What it defines beside the function that is asked for stands, stubs aside. There is no `tree` of code that it would
    take too long to parse here; `tested` is what it tests.
    """
    root = entry_point.replace("(", ".").split(".")[0] if entry_point else None
    context = [part for part in (_definitions(code, root) for code in given) if part.strip()]
    joined = "\n".join(context)
    own = bound_in(parsed(joined) or ast.Module([], []))
    pairs = pairs_in(code, tree, entry_point, own) if tree is not None else None
    tests = code.replace(*_SHAPES)
    return SeparatePlan(tests, joined, entry_point, tested, pairs, script_for(tests, joined))


def _definitions(prompt: str, wanted: str | None) -> str:
    """Return the prompt without what the program is asked to write: its stubs and the function under test."""
    tree = parsed(prompt) or parsed(prompt.rstrip() + "\n    pass\n")
    if tree is None:
        return ""
    kept = [node for node in tree.body if not _is_asked_for(node, wanted)]
    return "\n".join(map(ast.unparse, kept))


def _is_asked_for(node: ast.stmt, wanted: str | None) -> bool:
    if isinstance(node, ast.Expr):
        return True
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return False
    return node.name == wanted or all(
        isinstance(child, ast.Pass) or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant))
        for child in node.body
    )
