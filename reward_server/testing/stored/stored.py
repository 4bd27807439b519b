"""One stored test as a case: what goes in, what is expected; data sets agree on neither names nor types."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from reward_server import exact_json
from reward_server.errors import TaskError
from reward_server.testing.apart import literal, named_literals
from reward_server.testing.harness.site import Call, is_design
from reward_server.testing.judging.cases import Case, ValueRule, expected_bytes, input_bytes
from reward_server.testing.judging.outputs import OutputRule
from reward_server.testing.judging.suite import Weighing
from reward_server.testing.stored.truncation import refuse_truncated
from sandboxes.execution import Invocation

INPUTS = ("stdin", "input", "inputs", "in")
OUTPUTS = ("stdout", "output", "outputs", "expected_output", "expected_stdout", "expected", "out", "answer")
FUNCTION = ("fn_name", "func_name", "function", "function_name")
_FUNCTIONAL = frozenset({"functional", "function_call"})
_NAMED = re.compile(r"\s*[A-Za-z_]\w*\s*=(?!=)")
_INFINITIES = frozenset({"inf", "-inf", "Infinity", "-Infinity"})
_FAILED = re.compile(r"(?:Execution )?Error: ")
"""What LeetCodeDataset stores as the output where its own solution failed."""
_FILE_NAME = re.compile(r"\w[\w.-]{0,99}")
_STREAMS = frozenset({"stdin", "stdout", "standard input", "standard output"})
_WHOLE = re.compile(r"[+-]?\d{1,18}")


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
    prompt: str = ""
    """Code the completion continues: what it defines beside the function asked for is the task's."""
    starter: str | None = None
    """The function that the task's starter code leaves open, for functional tests that name none."""
    starter_code: str = ""
    """The code that leaves it open, where the row has it beside its tests."""
    files: tuple[str, str] = ("", "")
    """Names of the files that the program reads and writes instead of standard input and output."""


def function_in(test: Mapping[str, Any]) -> str | None:
    """Return the function that a test or a set of tests names, itself or in its metadata (LiveCodeBench)."""
    found = next((test[key] for key in FUNCTION if test.get(key)), None)
    metadata = test.get("metadata")
    if found is None and metadata:
        if isinstance(metadata, str):
            try:
                metadata = json.loads(metadata)
            except ValueError:
                return None
        return function_in({**metadata, "metadata": None}) if isinstance(metadata, dict) else None
    return None if found is None else str(found)


def stored_case(position: int, test: Mapping[str, Any], reading: Reading) -> Case:
    """Return the case that a stored test is.

    Raises:
        TaskError: it lacks what a test needs.
    """
    name = str(test.get("name") or test.get("id") or position + 1)
    weight, subtask = test.get("weight", 1.0), str(test.get("subtask", ""))
    if not isinstance(weight, int | float) or weight < 0:
        raise TaskError(f"tests[{position}].weight: {weight!r} is no weight")
    weighing = Weighing(float(weight), subtask)
    kind = str(test.get("testtype") or test.get("type") or "")
    function = function_in(test) or reading.function or (reading.starter if kind in _FUNCTIONAL else None)
    outputs = [test[key] for key in OUTPUTS if key in test]
    if not outputs:
        raise TaskError(f"tests[{position}]: no expected output")
    if function is None and ("args" in test or "kwargs" in test or _shows_arguments(test, outputs[0], reading)):
        function = reading.entry_point
    if "args" in test or "kwargs" in test or (function is not None and not kind.startswith("stdin")):
        if function is None:
            raise TaskError(f"tests[{position}]: arguments but no function to call")
        given, named = _given(test)
        if named and isinstance(outputs[0], str) and _FAILED.match(outputs[0]):
            raise TaskError(f"tests[{position}]: the expected output is an error of the solution that made it")
        call = Call(function, tuple(given), named)
        return called_case(name, reading, call, expected_values(test, outputs[0]), weighing)
    if kind in _FUNCTIONAL:
        raise TaskError(f"tests[{position}]: a functional test without fn_name or func_name")
    argv = tuple(str(item) for item in test.get("argv", ()))
    try:
        stdin = input_bytes(next((test[key] for key in INPUTS if key in test), ""))
        expected = expected_bytes(outputs[0])
        refuse_truncated(stdin, expected)
        return Case(name, _on_files(Invocation(stdin=stdin, argv=argv), *reading.files), (expected,), weighing)
    except ValueError as cause:
        raise TaskError(f"tests[{position}]: {cause}") from cause


def files_in(test: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the names of the files that a set of tests says it is read from and written to; None without any.

    Raises:
        TaskError: what it says is no name of a file.
    """
    if test.get("input_mode") == "file":
        test = {"input_file": "input.txt", "output_file": "output.txt", **{k: v for k, v in test.items() if v}}
    names = tuple(str(test.get(field) or "") for field in ("input_file", "output_file"))
    for name in names:
        if name and not _FILE_NAME.fullmatch(name) and name not in _STREAMS:
            raise TaskError(f"tests: {name[:60]!r} is no name of a file in the working directory")
    found = ["" if name in _STREAMS else name for name in names]
    return (found[0], found[1]) if any(found) else None


def _on_files(invocation: Invocation, input_file: str, output_file: str) -> Invocation:
    """Return the run with its input in a file, and its output awaited in one."""
    if input_file:
        invocation = replace(invocation, stdin=b"", files={input_file: invocation.stdin})
    return replace(invocation, output_file=output_file)


def expected_values(test: Mapping[str, Any], output: Any) -> tuple[Any, ...]:
    """Return the values that count as right: a stored text is the value it spells, and in APPS itself.

    Raises:
        TaskError: the text was cut short.
    """
    if "args" in test or not isinstance(output, str):
        return (output,)
    if output.strip() in _INFINITIES:
        return (output, float(output))
    value = json_or_text(output)
    if value is output:
        try:
            refuse_truncated("", output)
        except ValueError as cause:
            raise TaskError(f"tests: {cause}") from cause
    return (value,) if isinstance(value, str) else (value, output)


def _shows_arguments(test: Mapping[str, Any], output: Any, reading: Reading) -> bool:
    """Say whether a test without a function is one all the same: a method's, `nums = [1], k = 2`, or operations."""
    stored = next((test[key] for key in INPUTS if key in test), None)
    if reading.entry_point is None or not isinstance(stored, str):
        return False
    if reading.entry_point.startswith("Solution"):
        return True
    if _NAMED.match(stored):
        return _named_arguments(stored) is not None
    return is_design(arguments(stored)[0], reading.entry_point, json_or_text(output))


def _given(test: Mapping[str, Any]) -> tuple[list[Any], Mapping[str, Any]]:
    if "args" in test or "kwargs" in test:
        return list(test.get("args") or ()), test.get("kwargs") or {}
    return arguments(next((test[key] for key in INPUTS if key in test), []))


def called_case(
    name: str, reading: Reading, call: Call, accepted: tuple[Any, ...], weighing: Weighing | None = None
) -> Case:
    """Return the case of a call of a function, which may be a method of `Solution`, or a class whose methods are.

    Raises:
        TaskError: an argument is an object whose keys are not texts, and the language is not Python.
    """
    call = replace(call, function=call.function.replace("().", "."))
    python = reading.language == "python"
    if python and not call.named and is_design(list(call.args), call.function, accepted[0]):
        call = replace(call, design=True)
    invocation = _invocation(reading, call)
    return Case(name, invocation, accepted, weighing or Weighing(), call if python else None)


def _invocation(reading: Reading, call: Call) -> Invocation:
    """Return the run that makes the call; JSON has no keys that are numbers. Only Python names its arguments."""
    given, named = call.args, call.named
    by_number = any(isinstance(value, dict) and not all(isinstance(key, str) for key in value) for value in given)
    if not named and not by_number:
        return Invocation(function=call.function, args=given)
    if reading.language != "python":
        if by_number:
            raise TaskError("tests: objects with keys that are not texts need Python")
        return Invocation(function=call.function, args=(*given, *named.values()))
    spelled = ", ".join([*map(repr, given), *(f"{key}={value!r}" for key, value in named.items())])
    owner, _, method = call.function.rpartition(".")
    callee = f"{owner}().{method}" if owner else f"({method} if {method!r} in globals() else Solution().{method})"
    return Invocation(expression=f"{callee}({spelled})")


def arguments(stored: Any) -> tuple[list[Any], dict[str, Any]]:
    """Read arguments: a list of them, one JSON value on each line of a text, or in LeetCodeDataset's ways.

    Those are `name = value, …`, and several values on one line with commas between them.
    """
    if not isinstance(stored, str):
        return (stored if isinstance(stored, list) else [stored]), {}
    named = _named_arguments(stored) if _NAMED.match(stored) else None
    if named is not None:
        return [], named
    values = [json_or_text(line) for line in stored.split("\n") if line.strip()]
    if len(values) == 1 and isinstance(values[0], tuple) and not stored.lstrip().startswith("("):
        return list(values[0]), {}
    return values, {}


def _named_arguments(text: str) -> dict[str, Any] | None:
    for readable in (text, re.sub(r"\b(true|false|null)\b", lambda word: _JSON_WORDS[word[1]], text)):
        with suppress(SyntaxError, ValueError, MemoryError, RecursionError):
            return named_literals(readable)
    return None


_JSON_WORDS = {"true": "True", "false": "False", "null": "None"}


def json_or_text(stored: Any) -> Any:
    """Return the value of a JSON text or Python literal; text that is neither stays text."""
    if not isinstance(stored, str):
        return stored
    try:
        return exact_json.loads(stored)
    except ValueError:
        pass
    try:
        return literal(stored)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return stored


def unwrapped(cases: Sequence[Case]) -> list[Case]:
    """Accept bare values too where every expected value is a list of one: APPS stores results in such lists."""
    if not all(isinstance(case.accepted[0], list) and len(case.accepted[0]) == 1 for case in cases):
        return list(cases)
    return [replace(case, accepted=(*case.accepted, case.accepted[0][0])) for case in cases]


def with_whole_keys(value: Any) -> Any:
    """Return a dict whose keys JSON has turned from whole numbers into strings with numbers again, as APPS' harness."""
    if isinstance(value, dict) and value and all(isinstance(key, str) and _WHOLE.fullmatch(key) for key in value):
        return {int(key): item for key, item in value.items()}
    return value
