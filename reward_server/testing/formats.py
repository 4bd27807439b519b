"""Read tests as data sets store them and make a plan of them; every form that is met is listed in `plan_tests`.

| stored as | data sets |
|---|---|
| `[{"stdin"/"input", "stdout"/"output"}]`, `[[input, output]]` | CodeContests, Codeforces, DeepCoder |
| `{"inputs": […], "outputs": […], "fn_name"?}` | APPS, TACO, PRIME, NeMo-Gym |
| `[{"input", "output", "testtype"}]` + `func_name` in the metadata | LiveCodeBench |
| `[{"type": "function_call", "fn_name", "input", "output"}]` | SYNTHETIC |
| `["assert f(1) == 2", …]`, `{"test_list", "test_setup_code"}`, `{"assert_case": […]}` | MBPP, verl |
| `def check(candidate): …` with `entry_point` | HumanEval, EvalPlus, LeetCodeDataset |
| any other test file | KodCode, unittest, HumanEval-X, test programs of compiled languages |

Each may also be a JSON string of itself, twice encoded, or packed (`packing`). Nothing of the tests is executed here.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from reward_server.errors import TaskError
from reward_server.testing import calls
from reward_server.testing.cases import Case, CasesPlan, ValueRule, expected_bytes, input_bytes
from reward_server.testing.claims import ClaimsPlan
from reward_server.testing.opaque import OpaquePlan
from reward_server.testing.outputs import OutputRule
from reward_server.testing.packing import unpack
from reward_server.testing.programs import parsed
from reward_server.testing.splitting import MAX_TESTS, split
from reward_server.testing.suite import Plan, Weighing
from reward_server.testing.unknowns import Unsplittable
from sandboxes.execution import Invocation

_INPUTS = ("stdin", "input", "inputs", "in")
_OUTPUTS = ("stdout", "output", "outputs", "expected_output", "expected", "out", "answer")
_CODE = ("test_code", "test", "test_file", "unit_test", "tests_code")
_CASES = ("test_cases", "cases", "tests", "unit_tests", "official_tests", "input_output")
_FUNCTION = ("fn_name", "func_name", "function", "function_name")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a task says beside its tests."""

    language: str
    function: str | None = None
    """Function to call for tests of values; None means programs on standard input, unless a test names one."""
    entry_point: str | None = None
    prelude: str = ""
    output_rule: OutputRule = field(default_factory=OutputRule)
    value_rule: ValueRule = field(default_factory=ValueRule)


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
    cases = [_case(position, test, reading) for position, test in enumerate(tests)]
    by_value = {case.invocation.function is not None or case.invocation.expression is not None for case in cases}
    if len(by_value) > 1:
        raise TaskError("tests: some call a function and some read standard input")
    return _cases_plan(cases, reading, by_value=by_value.pop())


def _cases_plan(cases: Sequence[Case], reading: Reading, *, by_value: bool) -> Plan:
    if by_value and reading.language not in {"python", *calls.LANGUAGES}:
        raise TaskError(
            f"tests: functions can be called in Python, JavaScript and TypeScript, not in {reading.language}"
        )
    return CasesPlan(tuple(cases), reading.value_rule if by_value else reading.output_rule, reading.language)


def _dict_plan(tests: Mapping[str, Any], reading: Reading) -> Plans:
    function = next((str(tests[key]) for key in _FUNCTION if tests.get(key)), reading.function)
    reading = Reading(
        reading.language, function, tests.get("entry_point") or reading.entry_point, reading.prelude,
        reading.output_rule, reading.value_rule,
    )  # fmt: skip
    asserts = tests.get("test_list") or tests.get("assert_case")
    if asserts is not None:
        setup = _text(tests.get("test_setup_code")) + "\n" + _text(tests.get("test_imports"))
        return Plans(_code_plan("\n".join([setup, *map(str, _as_list(asserts))]), reading))
    code = next((tests[key] for key in _CODE if isinstance(tests.get(key), str) and tests[key].strip()), None)
    if code is not None:
        prelude = "\n".join(_text(tests.get(key)) for key in ("prelude", "import_code", "test_setup"))
        merged = Reading(
            reading.language, function, reading.entry_point, f"{prelude}\n{reading.prelude}",
            reading.output_rule, reading.value_rule,
        )  # fmt: skip
        return Plans(_code_plan(code, merged), prelude)
    if "inputs" in tests and "outputs" in tests:
        return Plans(_columns(tests["inputs"], tests["outputs"], reading))
    if isinstance(tests.get("input"), list) and isinstance(tests.get("output"), list):
        return Plans(_columns(tests["input"], tests["output"], reading))
    if "public_test_cases" in tests or "private_test_cases" in tests:
        halves = [unpack(tests.get(key) or []) for key in ("public_test_cases", "private_test_cases")]
        return Plans(_list_plan([case for half in halves for case in half], reading))
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
    values = [_json_or_text(output) for output in outputs]
    wrapped = all(isinstance(value, list) and len(value) == 1 for value in values)
    cases = [
        Case(
            f"{position + 1}",
            _call(reading, reading.function, _arguments(one)),
            (value, value[0]) if wrapped else (value,),
        )
        for position, (one, value) in enumerate(zip(inputs, values, strict=True))
    ]
    return _cases_plan(cases, reading, by_value=True)


def _case(position: int, test: Mapping[str, Any], reading: Reading) -> Case:
    name = str(test.get("name") or test.get("id") or position + 1)
    weight, subtask = test.get("weight", 1.0), str(test.get("subtask", ""))
    if not isinstance(weight, int | float) or weight < 0:
        raise TaskError(f"tests[{position}].weight: {weight!r} is no weight")
    weighing = Weighing(float(weight), subtask)
    kind = str(test.get("testtype") or test.get("type") or "")
    function = next((str(test[key]) for key in _FUNCTION if test.get(key)), reading.function)
    outputs = [test[key] for key in _OUTPUTS if key in test]
    if not outputs:
        raise TaskError(f"tests[{position}]: no expected output")
    if function is None and ("args" in test or "kwargs" in test):
        function = reading.entry_point
    if "args" in test or "kwargs" in test or (function is not None and not kind.startswith("stdin")):
        if function is None:
            raise TaskError(f"tests[{position}]: arguments but no function to call")
        arguments = test["args"] if "args" in test else _arguments(_first(test, _INPUTS, []))
        expected = outputs[0] if "args" in test else _json_or_text(outputs[0])
        invocation = _call(reading, function, list(arguments), test.get("kwargs") or {})
        return Case(name, invocation, (expected,), weighing)
    if kind in {"functional", "function_call"}:
        raise TaskError(f"tests[{position}]: a functional test without fn_name or func_name")
    stdin = _first(test, _INPUTS, "")
    argv = tuple(str(item) for item in test.get("argv", ()))
    try:
        accepted = tuple(expected_bytes(output) for output in outputs[:1])
        return Case(name, Invocation(stdin=input_bytes(stdin), argv=argv), accepted, weighing)
    except ValueError as cause:
        raise TaskError(f"tests[{position}]: {cause}") from cause


def _call(reading: Reading, function: str, arguments: list[Any], named: Mapping[str, Any] | None = None) -> Invocation:
    if not named:
        return Invocation(function=function, args=tuple(arguments))
    if reading.language != "python":
        raise TaskError("tests: named arguments need Python")
    spelled = ", ".join([*map(repr, arguments), *(f"{key}={value!r}" for key, value in named.items())])
    owner = f"{function.partition('.')[0]}().{function.partition('.')[2]}" if "." in function else function
    return Invocation(expression=f"{owner}({spelled})")


def _arguments(stored: Any) -> list[Any]:
    """Read arguments: a list of them, or one JSON value on each line of a text."""
    if isinstance(stored, str):
        return [_json_or_text(line) for line in stored.split("\n") if line.strip()]
    if isinstance(stored, list):
        return stored
    return [stored]


def _json_or_text(stored: Any) -> Any:
    if not isinstance(stored, str):
        return stored
    try:
        return orjson.loads(stored)
    except orjson.JSONDecodeError:
        pass
    try:
        return ast.literal_eval(stored)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return stored


def _code_plan(code: str, reading: Reading) -> Plan:
    if not code.strip():
        raise TaskError("tests: there are none, and no program passes nothing")
    if reading.language != "python":
        return OpaquePlan(reading.language, code)
    tree = parsed(code, MAX_TESTS)
    if tree is None:
        raise TaskError("tests: the test code does not parse")
    try:
        pieces = split(code, reading.entry_point, reading.prelude)
    except Unsplittable:
        pieces = None
    if pieces is not None and pieces.claims:
        return ClaimsPlan(pieces)
    if not _can_fail(tree):
        raise TaskError("tests: the test code checks nothing, and no program passes nothing")
    return OpaquePlan("python", code, None if _calls_check(tree) else reading.entry_point, bare=_tests_itself(tree))


def _can_fail(tree: ast.Module) -> bool:
    """Say whether test code contains an assertion of any kind about something that is not constant."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and not (isinstance(node.test, ast.Constant) and node.test.value):
            return True
        if isinstance(node, ast.Raise):
            return True
        if isinstance(node, ast.Attribute) and (node.attr.startswith(("assert", "fail")) or node.attr == "raises"):
            return True
    return False


def _tests_itself(tree: ast.Module) -> bool:
    """Say whether the module itself asserts or calls something, outside of test functions and classes."""
    return any(not isinstance(node, _DEFINITIONS) and not _is_docstring(node) for node in tree.body)


_DEFINITIONS = (
    ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign,
    ast.AugAssign, ast.Delete, ast.Pass,
)  # fmt: skip


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _calls_check(tree: ast.Module) -> bool:
    calls = (node.value for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id == "check" for call in calls)


def _expected_source(test: Mapping[str, Any]) -> str:
    return str(test["expected_repr"]) if "expected_repr" in test else repr(test.get("expected"))


def _first(test: Mapping[str, Any], keys: Sequence[str], default: Any) -> Any:
    return next((test[key] for key in keys if key in test), default)


def _as_list(value: Any) -> list[Any]:
    value = unpack(value)
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else "\n".join(map(str, value))
