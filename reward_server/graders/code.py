"""`code`: run the completion's program against the task's tests in a sandbox and compare outside of it.

The program is the last one of the task's language after the thinking (`testing.submission.programs` has the policy).
Tests are taken as data sets store them (`testing.formats` has the table). Whatever the program does is a verdict; when
our side fails, the verdict is `ungradable`. The evidence says which tests failed, what was expected and what came, what
it cost, signs of cheating, and how far the result can be trusted (`testing` explains `separate` and `opaque`).
"""

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from reward_server.errors import NotInstalled, ServiceError, TaskError
from reward_server.graders import Completion, Example, Grader, Resources, Task
from reward_server.queries.bounded import within_bounds
from reward_server.queries.scripts import OVER_TIME, Script, as_sqlite, dialect_of
from reward_server.testing import LEVELS, Trust, suffices
from reward_server.testing.judging.cases import CasesPlan, rules_of
from reward_server.testing.judging.checker_protocols import Checker, Protocol, settled
from reward_server.testing.judging.checkers import judged_by
from reward_server.testing.judging.cost import expected_cpu_seconds
from reward_server.testing.judging.evidence import code_evidence
from reward_server.testing.judging.judge import judge_program
from reward_server.testing.judging.outputs import CompareMode, OutputRule, shown
from reward_server.testing.judging.packages import refuse_lacking, require_packages
from reward_server.testing.judging.reducers import Reducer, reduce_results
from reward_server.testing.judging.suite import Suite, certain
from reward_server.testing.languages import canonical, spelling_of
from reward_server.testing.remembering import remembered
from reward_server.testing.separate.plan import SeparatePlan
from reward_server.testing.stored.formats import Reading, plan_tests
from reward_server.testing.stored.stored import function_in
from reward_server.testing.submission.completing import complete_program
from reward_server.testing.submission.programs import Found, extract_program
from reward_server.testing.submission.replies import begun
from reward_server.verdict import Outcome, Verdict
from sandboxes.execution import Limits
from sandboxes.sandbox import LanguageUnavailable, SandboxError

_MB = 1024 * 1024
_FILE_NAME = r"^(?:\w[\w.-]{0,99})?$"
_PACKAGE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"
_METHOD = re.compile(r"^[ \t]*def (\w+)\(", re.MULTILINE)


class Program(Task):
    """A program of the task's own: a checker that judges outputs, or an interactor that talks to the submission."""

    language: str = "python"
    source: str
    files: dict[str, str] = Field(default_factory=dict)
    """Extra files by name, beside the source when it is compiled and where it runs: `testlib.h`, data."""
    protocol: Protocol = Protocol.AUTO
    """How it is called and what its end means: `testlib`, `kattis`, `cms` (open-r1's too), `status`, or found out."""
    full_points: Annotated[float, Field(ge=1e-9, le=1e9)] = 1.0
    """What it gives for full marks where it gives points."""


class CodeTask(Task):
    """Grade a program by running it against tests."""

    kind: Literal["code"] = "code"
    language: str = "python"
    """Any usual name or abbreviation: `python`, `py`, `c++`, `js`, …; `mysql`, `postgresql`, `mssql`, … name the
    dialect from which a program is translated to SQLite's."""
    tests: Any = None
    """Tests in any form data sets store them in, also as a JSON string."""
    ground_truth: Any = None
    """Another name for `tests`."""
    entry_point: str | None = None
    """Function under test, for `check(candidate)` and for completing a prompt; also `Solution().method`."""
    fn_name: str | None = None
    """Function to call with each test's arguments; `name`, or `Solution.method`."""
    metadata: str | dict[str, Any] | None = None
    """LiveCodeBench's: `func_name` is read from it."""
    prompt: str = ""
    """Code the completion continues (HumanEval); put in front when the completion does not define the entry point."""
    prefix: str = ""
    """What the prompt had already written of the answer, such as an opened fence: read in front of the completion."""
    packages: Annotated[list[Annotated[str, Field(pattern=_PACKAGE)]], Field(max_length=100, default_factory=list)]
    """Third-party packages of Python that the data set's harness has; where one is missing, nothing is judged."""
    prelude: str = ""
    """Code in front of every program: imports and helpers that the data set's harness provides."""
    compare: CompareMode = CompareMode.LINES
    """How printed output is compared. `unordered` also applies to returned lists."""
    ignore_case: bool = False
    """Compare printed text without regard to case."""
    absolute_tolerance: Annotated[float, Field(ge=0, le=1e6)] | None = None
    """For `floats` and for returned numbers; 1e-6 where omitted."""
    relative_tolerance: Annotated[float, Field(ge=0, le=1)] | None = None
    """For `floats` and for returned numbers; 1e-9 where omitted."""
    reducer: Reducer = Reducer.ALL
    """How the tests make a score: all or nothing, the share passed, or weighted."""
    checker: str | Program | None = None
    """Judges outputs instead of `compare`: a program, Python where only text is given."""
    input_file: Annotated[str, Field(pattern=_FILE_NAME)] = ""
    """Name of the file in which the program finds its input, where that is not standard input: `milk.in`."""
    output_file: Annotated[str, Field(pattern=_FILE_NAME)] = ""
    """Name of the file that it writes, where that is not standard output: `milk.out`."""
    interactor: str | Program | None = None
    """Talks to the program through pipes; its first argument is a file with the test's input."""
    minimum_trust: Trust = "exit_status"
    """With `separate` a row is broken if its tests would have to run beside the program."""
    require_split: bool = False
    """The old name of `minimum_trust: separate`."""
    hide_expected: bool = False
    """Leave expected values out of the evidence."""
    logs: bool = False
    """Put standard error of the compiler and the first few runs into the evidence, up to 64 KiB of each."""
    cpu_seconds: Annotated[float, Field(ge=0.01, le=120)] = 10.0
    """CPU time of the program's whole process tree, for each test."""
    wall_seconds: Annotated[float, Field(ge=0.1, le=600)] | None = None
    """Ends programs that sleep; max(10 s, 5 times `cpu_seconds`) where omitted."""
    memory_bytes: Annotated[int, Field(ge=16 * _MB, le=4096 * _MB)] = 512 * _MB
    """Memory of the process tree."""
    output_bytes: Annotated[int, Field(ge=1, le=64 * _MB)] = 16 * _MB
    """Most the program may print."""
    file_bytes: Annotated[int, Field(ge=0, le=256 * _MB)] = 64 * _MB
    """Largest file the program may write."""
    processes: Annotated[int, Field(ge=1, le=256)] = 64
    """Processes and threads alive at once."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The tests of a task, read."""

    task: CodeTask
    language: str
    suite: Suite
    checker: Checker | None
    interactor: Checker | None
    wanted: str | None
    """The name the program must define."""
    tested: str | None
    """A name that the tests call, as far as they show one."""


def compile_task(task: CodeTask) -> Compiled:
    """Read the tests.

    Raises:
        TaskError: the language is not known, there are no tests, or they have no form that is known.
    """
    language = canonical(task.language)
    if task.packages and language != "python":
        raise TaskError("packages: they are Python's, and the language is another")
    stored = task.tests if task.tests is not None else task.ground_truth
    if stored is None:
        raise TaskError("tests: missing")
    function = task.fn_name or function_in({"metadata": task.metadata})
    rules = rules_of(task.compare, task.absolute_tolerance, task.relative_tolerance, ignore_case=task.ignore_case)
    starter = next(reversed(_METHOD.findall(task.prompt)), None)
    files = task.input_file, task.output_file
    reading = Reading(language, function, task.entry_point, task.prelude, *rules, task.prompt, starter, files=files)
    plans = plan_tests(stored, reading)
    if not suffices(plans.plan.trust, _minimum(task)):
        raise TaskError(f"tests: they are {plans.plan.trust!r}, and the task requires {_minimum(task)!r}")
    checker, interactor = _judge(task, "checker"), _judge(task, "interactor")
    plan = judged_by(plans.plan, checker, interactor, reads_files=any(files))
    limits = Limits(
        task.cpu_seconds, task.wall_seconds, task.memory_bytes, task.output_bytes, task.file_bytes, task.processes
    )
    suite = Suite(plan, "\n".join(part for part in (plans.prelude, task.prelude) if part.strip()), limits)
    wanted = task.entry_point or function
    tested = wanted or (plan.tested if isinstance(plan, CasesPlan | SeparatePlan) else None)
    return Compiled(task, language, suite, checker, interactor, wanted, tested)


def _minimum(task: CodeTask) -> Trust:
    return "separate" if task.require_split else task.minimum_trust


def _judge(task: CodeTask, role: str) -> Checker | None:
    given: str | Program | None = getattr(task, role)
    if given is None:
        return None
    program = Program(source=given) if isinstance(given, str) else given
    found = Checker(
        canonical(program.language),
        program.source,
        {name: text.encode() for name, text in program.files.items()},
        program.protocol,
        program.full_points,
        task.hide_expected,
        role,
    )
    return settled(found)


@remembered
def _program(compiled: Compiled, completion: Completion) -> Found | None:
    """Return the program, made whole, with the rule that found it."""
    plan = compiled.suite.plan
    reads = isinstance(plan, CasesPlan) and isinstance(plan.rule, OutputRule)
    text = begun(compiled.task.prefix, completion.text)
    found = extract_program(text, compiled.language, wanted=compiled.tested, reads=reads)
    if found is None:
        return None
    prompt, python = compiled.task.prompt, compiled.language == "python"
    return replace(found, source=complete_program(found.source, prompt, compiled.wanted, python=python))


def fast(compiled: Compiled, completion: Completion) -> Verdict | None:
    """Decide at once when there is no program."""
    if _program(compiled, completion) is None:
        return Verdict(Outcome.NO_ANSWER, 0.0, None, {"method": "tests", "reason": "no program in the completion"})
    return None


async def slow(compiled: Compiled, completion: Completion, resources: Resources) -> Verdict:
    """Run the tests.

    Raises:
        ServiceError: no sandboxes, the infrastructure failed, or (NotInstalled) a language or package is missing.
    """
    found = _program(compiled, completion)
    assert found is not None, "`fast` decides"
    return await run_tests(compiled, found.source, found.rule, resources)


async def run_tests(compiled: Compiled, source: str, rule: str, resources: Resources) -> Verdict:
    """Run the tests on a whole program, which `rule` found; raises as `slow`."""
    if resources.sandboxes is None:
        raise ServiceError(resources.lacking)
    if (dialect := dialect_of(spelling_of(compiled.task.language))) is not None:
        told = await within_bounds(as_sqlite, Script(source, dialect), resources.workers) or OVER_TIME
        if told.refused:
            said = {"method": "tests", "language": compiled.language, "program": rule, "error": told.refused}
            return Verdict(Outcome.COMPILE_ERROR, 0.0, shown(source, 2000), said)
        source = told.script
    task, stop = compiled.task, compiled.task.reducer is Reducer.ALL
    minimum = min(_minimum(task), resources.minimum_trust, key=LEVELS.index)
    if not suffices(compiled.suite.plan.trust, minimum):
        raise TaskError(f"tests: they are {compiled.suite.plan.trust!r}, and this server requires {minimum!r}")
    try:
        await require_packages(resources.sandboxes, task.packages)
        judged = await judge_program(
            compiled.suite,
            source,
            compiled.language,
            resources.sandboxes,
            stop_at_failure=stop,
            checker=compiled.checker,
            interactor=compiled.interactor,
            workers=resources.workers,
        )
    except LanguageUnavailable as missing:
        raise NotInstalled(f"{compiled.language} is not installed where programs run here: {missing}") from missing
    except SandboxError as failure:
        raise ServiceError(f"the sandbox failed: {failure}") from failure
    if compiled.language == "python":
        refuse_lacking(judged, source, resources.sandboxes.lacking())
    if judged.trust and not suffices(judged.trust, minimum):
        judged = judged.without_compared()
    outcome, score = reduce_results(judged.results, compiled.suite.plan.weighings, task.reducer)
    hidden, plan = task.hide_expected, compiled.suite.plan
    evidence = code_evidence(compiled.language, plan, judged, hide_expected=hidden, logs=task.logs) | {"program": rule}
    return Verdict(outcome, score, shown(source, 2000), evidence, cacheable=all(map(certain, judged.executions)))


def cache_key(compiled: Compiled, completion: Completion) -> str:
    """Return what a verdict depends on beside the task: the program."""
    return f"{compiled.language}\0{found.source if (found := _program(compiled, completion)) is not None else ''}"


def environment(compiled: Compiled, resources: Resources) -> str:
    """Return what the program runs on: image digest, interpreter or compiler; and what trust the server demands."""
    known = "" if resources.sandboxes is None else str(resources.sandboxes.environment_of(compiled.language))
    return known if resources.minimum_trust == LEVELS[-1] else f"{known} {resources.minimum_trust}"


_DOUBLE = {"tests": [{"stdin": "2\n", "stdout": "4\n"}, {"stdin": "5\n", "stdout": "10\n"}]}
_SQUARE = {"tests": ["assert square(3) == 9", "assert square(-2) == 4"]}

GRADER = Grader(
    task=CodeTask,
    version=9,
    compile=compile_task,
    fast=fast,
    slow=slow,
    cache_key=cache_key,
    environment=environment,
    needs_sandbox=True,
    estimate_cpu_seconds=lambda it: expected_cpu_seconds(it.suite, it.language, it.checker or it.interactor),
    inline_characters=8_192,
    examples=[
        Example(_DOUBLE, "```python\nprint(2 * int(input()))\n```", Outcome.CORRECT),
        Example(_DOUBLE, "```python\nprint(4)\n```", Outcome.INCORRECT),
        Example(_DOUBLE, "I would double the number.", Outcome.NO_ANSWER),
        Example(_SQUARE, "```python\ndef square(x):\n    return x * x\n```", Outcome.CORRECT),
        Example(_SQUARE, "```python\nimport sys\nsys.exit(0)\n```", Outcome.RUNTIME_ERROR),
    ],
)
