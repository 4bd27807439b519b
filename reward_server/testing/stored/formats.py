"""Read tests as data sets store them and make a plan of them; every form that is met is listed in `plan_tests`.

| stored as | data sets |
|---|---|
| `[{"stdin"/"input", "stdout"/"output"}]`, `[[input, output]]` | CodeContests, Codeforces, DeepCoder |
| `{"inputs": […], "outputs": […], "fn_name"?}` | APPS, TACO, PRIME, NeMo-Gym |
| `[{"input", "output", "testtype"}]` + `func_name` in the metadata | LiveCodeBench |
| `[{"type": "function_call", "fn_name", "input", "output"}]` | SYNTHETIC |
| `[{"input": "nums = [1], k = 2", "output"}]` with `fn_name` or `entry_point`; nodes as lists | LeetCodeDataset |
| the same with `input` a list of a class and its methods, then a list of their arguments | LeetCode, design problems |
| `{"public_tests", "private_tests", "generated_tests"}` of columns, `{"official_tests"}` | CodeContests, Codeforces |
| `["assert f(1) == 2", …]`, `{"test_list", "test_setup_code"}`, `{"assert_case": […]}` | MBPP, verl |
| `def check(candidate): …` with `entry_point` | HumanEval, EvalPlus, LeetCodeDataset |
| any other test file | KodCode, unittest, HumanEval-X, test programs of compiled languages |

Each may also be a JSON string of itself, twice encoded, or packed (`packing`). Nothing of the tests is executed here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reward_server.errors import TaskError
from reward_server.testing.apart import LONG, read_apart
from reward_server.testing.harness import calls
from reward_server.testing.harness.site import Call
from reward_server.testing.judging.cases import Case, CasesPlan
from reward_server.testing.judging.opaque import OpaquePlan
from reward_server.testing.judging.suite import Plan
from reward_server.testing.pieces import UNPARSED, LongStatement, parse, release
from reward_server.testing.separate.about import about, about_text
from reward_server.testing.separate.plan import MAX_TESTS, plan_separate
from reward_server.testing.stored.packing import unpack
from reward_server.testing.stored.stored import (
    Reading,
    arguments,
    called_case,
    expected_values,
    files_in,
    function_in,
    stored_case,
    unwrapped,
    with_whole_keys,
)

__all__ = ["Plans", "Reading", "plan_tests"]

_CODE = ("test_code", "functional", "test", "test_file", "unit_test", "tests_code")
_CASES = (
    "test_cases", "cases", "tests", "unit_tests", "input_output", "ground_truth", "verification_info",
    "verifier_metadata",
)  # fmt: skip
_HALVES = (
    ("public_test_cases", "private_test_cases"),
    ("public_tests", "private_tests", "generated_tests"),
    ("official_tests", "generated_tests"),
)
"""Fields that hold one test set together: LiveCodeBench, CodeContests, Codeforces."""


@dataclass(frozen=True, slots=True)
class Plans:
    """A plan and what the stored tests add to the program."""

    plan: Plan
    prelude: str = ""


def plan_tests(stored: Any, reading: Reading) -> Plans:
    """Return the plan for tests in any of the forms above.

    Raises:
        TaskError: there is no test, or the tests have no form that is known.
    """
    tests = unpack(stored)
    if isinstance(tests, str):
        return Plans(_code_plan(tests, reading))
    if isinstance(tests, list):
        return Plans(_list_plan(tests, reading))
    if isinstance(tests, dict):
        return _dict_plan(tests, reading)
    raise TaskError(f"tests: a {type(tests).__name__} is no form of tests that is known")


def _list_plan(tests: list[Any], reading: Reading) -> Plan:
    if not tests:
        raise TaskError("tests: there are none, and no program passes nothing")
    if all(isinstance(test, str) for test in tests):
        return _code_plan("\n".join(tests), reading)
    if all(isinstance(test, list | tuple) and len(test) == len(("input", "output")) for test in tests):
        tests = [{"input": one, "output": other} for one, other in tests]
    if not all(isinstance(test, dict) for test in tests):
        raise TaskError("tests: a list of tests holds objects, pairs or asserts, all of one kind")
    if all("expr" in test for test in tests):
        return _code_plan("\n".join(f"assert ({t['expr']}) == ({_expected_source(t)})" for t in tests), reading)
    if all("assert_code" in test for test in tests):
        return _code_plan("\n".join(str(test["assert_code"]) for test in tests), reading)
    cases = [stored_case(position, test, reading) for position, test in enumerate(tests)]
    by_value = {case.invocation.function is not None or case.invocation.expression is not None for case in cases}
    if len(by_value) > 1:
        raise TaskError("tests: some call a function and some read standard input")
    if all(test.get("type") == "function_call" for test in tests):
        cases = unwrapped(cases)
    return _cases_plan(cases, reading, by_value=by_value.pop())


def _cases_plan(cases: Sequence[Case], reading: Reading, *, by_value: bool) -> Plan:
    if by_value and reading.language not in (known := {"python", *calls.languages()}):
        raise TaskError(f"tests: functions can be called in {', '.join(sorted(known))}, not in {reading.language}")
    if by_value and calls.typed(reading.language):
        shapes = {(case.invocation.function, len(case.invocation.args)) for case in cases}
        if len(shapes) > 1:
            raise TaskError(f"tests: in {reading.language} all call one function with as many arguments each")
    rule = reading.value_rule if by_value else reading.output_rule
    return CasesPlan(tuple(cases), rule, reading.language, starter=reading.starter_code or reading.prompt)


def _dict_plan(tests: Mapping[str, Any], reading: Reading) -> Plans:
    function = function_in(tests) or reading.function
    reading = replace(
        reading,
        function=function,
        entry_point=tests.get("entry_point") or reading.entry_point,
        starter_code=_text(tests.get("starter_code")) or reading.starter_code,
        files=files_in(tests) or reading.files,
    )
    asserts = tests.get("test_list") or tests.get("assert_case")
    if asserts is not None:
        setup = _text(tests.get("test_setup_code")) + "\n" + _text(tests.get("test_imports"))
        return Plans(_code_plan("\n".join([setup, *map(str, _as_list(asserts))]), reading))
    code = next((tests[key] for key in _CODE if isinstance(tests.get(key), str) and tests[key].strip()), None)
    if code is not None:
        prelude = "\n".join(_text(tests.get(key)) for key in ("prelude", "import_code", "test_setup"))
        return Plans(_code_plan(code, replace(reading, prelude=f"{prelude}\n{reading.prelude}")), prelude)
    if "inputs" in tests and "outputs" in tests:
        return Plans(_columns(tests["inputs"], tests["outputs"], reading))
    if isinstance(tests.get("input"), list) and isinstance(tests.get("output"), list):
        return Plans(_columns(tests["input"], tests["output"], reading))
    for parts in _HALVES:
        if any(tests.get(part) is not None for part in parts[:2]):
            return Plans(_list_plan([test for part in parts for test in _rows(tests.get(part))], reading))
    inner = next((tests[key] for key in _CASES if tests.get(key) is not None), None)
    if inner is not None:
        plans = plan_tests(inner, reading)
        return Plans(plans.plan, _text(tests.get("prelude")) + plans.prelude)
    raise TaskError(f"tests: no known form has the fields {sorted(tests)[:10]}")


def _columns(inputs: Any, outputs: Any, reading: Reading) -> Plan:
    inputs, outputs = _as_list(inputs), _as_list(outputs)
    if len(inputs) != len(outputs):
        raise TaskError(f"tests: {len(inputs)} inputs and {len(outputs)} outputs")
    if not inputs:
        raise TaskError("tests: there are none, and no program passes nothing")
    if reading.function is None:
        pairs = zip(inputs, outputs, strict=True)
        return _list_plan([{"input": one, "output": other} for one, other in pairs], reading)
    cases = []
    for position, (one, other) in enumerate(zip(inputs, outputs, strict=True)):
        given, named = arguments(one)
        given = [with_whole_keys(value) for value in given] if reading.language == "python" else given
        call = Call(reading.function, tuple(given), named)
        cases.append(called_case(f"{position + 1}", reading, call, expected_values({}, other)))
    return _cases_plan(unwrapped(cases), reading, by_value=True)


def _rows(stored: Any) -> list[Any]:
    """Return tests as a list of them; CodeContests stores columns, and Codeforces a number where they lie elsewhere."""
    stored = unpack(stored or [])
    if isinstance(stored, dict) and isinstance(stored.get("input"), list):
        pairs = zip(stored["input"], _as_list(stored.get("output")), strict=False)
        return [{"input": one, "output": other} for one, other in pairs]
    return stored if isinstance(stored, list) else []


def _code_plan(code: str, reading: Reading) -> Plan:
    if not code.strip():
        raise TaskError("tests: there are none, and no program passes nothing")
    if reading.language != "python":
        return OpaquePlan(reading.language, code)
    if len(code) > MAX_TESTS:
        detail = f"tests: {len(code)} characters of test code, {MAX_TESTS} are read"
        raise TaskError(f"{detail}; store data as arguments and results, or in several rows")
    tree, tested = None, None
    try:
        tree = parse(code, longest=LONG)
        can_fail, tested = about(tree)
    except LongStatement:
        can_fail, tested = _about_apart(code)
    except UNPARSED:
        raise TaskError("tests: the test code does not parse") from None
    try:
        if not can_fail:
            raise TaskError("tests: the test code checks nothing, and no program passes nothing")
        return plan_separate(code, tree, tested, reading.entry_point, reading.prelude, reading.prompt)
    finally:
        if tree is not None:
            release(tree)


def _about_apart(code: str) -> tuple[bool, str | None]:
    try:
        found: tuple[bool, str | None] = read_apart(about_text, code)
    except ValueError:
        raise TaskError("tests: the test code does not parse") from None
    return found


def _expected_source(test: Mapping[str, Any]) -> str:
    return str(test["expected_repr"]) if "expected_repr" in test else repr(test.get("expected"))


def _as_list(value: Any) -> list[Any]:
    value = unpack(value)
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else "\n".join(map(str, value))
