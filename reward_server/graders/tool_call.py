"""`tool_call`: does the completion call the tools that the task expects, with the arguments it expects?

`reward_server.calls.reading` says which written forms are read, `reward_server.calls.expected` how data sets store
expected calls, `reward_server.calls.matching` what equal arguments are. Decided: every expected call must be made once
and nothing else may be called, in any order unless `in_order`; a call in the thinking is not made; a completion that
makes calls in two forms, or a marked call that cannot be read, is wrong; where nothing may be called, any text without
a call is right and an empty one is no answer. What the ground truth names is right whatever a
tool's schema says of it; with `tools`, an argument left out counts as its declared default.
"""

import json
from dataclasses import dataclass
from typing import Any, Literal

from reward_server.calls.expected import Expected, expected_calls
from reward_server.calls.matching import Tool, mismatch
from reward_server.calls.reading import FoundCalls, find_calls
from reward_server.documents.checking import compile_schema
from reward_server.errors import TaskError
from reward_server.extraction.region import final_region, is_visible
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.verdict import Outcome, Verdict

_MAX_CALLS = 64
_SHOWN = 400
_TYPES = {"dict": "object", "float": "number", "tuple": "array", "any": None, "int": "integer", "str": "string",
          "list": "array", "bool": "boolean", "double": "number", "long": "integer"}  # fmt: skip
"""Names of types in BFCL's and xLAM's tools that JSON Schema spells otherwise."""


class ToolCallTask(Task):
    """Grade the tool calls of a completion."""

    kind: Literal["tool_call"] = "tool_call"
    ground_truth: list[dict[str, Any] | str] | dict[str, Any] | str
    """The expected calls as data sets store them: `[{"name", "arguments"}]`, OpenAI's `tool_calls`, BFCL's possible
    answers, any of these as JSON text, or the text of the calls; `arguments_schema` in place of `arguments` asks for
    arguments that fit a JSON Schema, or with `true` the tool's parameters. An empty list: nothing may be called."""
    tools: list[dict[str, Any]] | None = None
    """The tools offered: OpenAI's `{"type": "function", "function": {"name", "parameters"}}`, or what is inside it."""
    in_order: bool = False
    """True where the calls must come in the order of the ground truth."""
    fold_strings: bool | None = None
    """Whether case and ` ,./-_*^` in text arguments do not count; null: only for BFCL's possible answers."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    expected: tuple[Expected, ...]
    tools: dict[str, Tool]
    in_order: bool
    fold_strings: bool
    shown: str


def compile_task(task: ToolCallTask) -> _Compiled:
    """Read the expected calls and the tools' parameters.

    Raises:
        TaskError: the ground truth is no list of calls, a tool's schema is not usable, or a call's tool is not offered.
    """
    expected = expected_calls(task.ground_truth)
    if len(expected) > _MAX_CALLS:
        raise TaskError(f"ground_truth: {len(expected)} calls are more than {_MAX_CALLS}")
    tools: dict[str, Tool] = {}
    for number, tool in enumerate(task.tools or []):
        name, parameters = _tool(tool, number)
        if name in tools:
            raise TaskError(f"tools[{number}]: {name!r} is offered twice")
        properties = parameters.get("properties")
        check = compile_schema({"additionalProperties": False, **parameters}, where=f"tools[{number}]")
        tools[name] = Tool(properties if isinstance(properties, dict) else {}, check)
    expected = [_ready(wanted, tools, number) for number, wanted in enumerate(expected)]
    fold = any(wanted.possible for wanted in expected) if task.fold_strings is None else task.fold_strings
    shown = "; ".join(f"{wanted.name}({', '.join(wanted.arguments)})" for wanted in expected)[:_SHOWN]
    return _Compiled(tuple(expected), tools, task.in_order, fold, shown or "no call")


def _ready(wanted: Expected, tools: dict[str, Tool], number: int) -> Expected:
    where = f"ground_truth[{number}]"
    if tools and wanted.name not in tools:
        raise TaskError(f"{where}: {wanted.name!r} is not among the tools")
    if wanted.schema is True and not tools:
        raise TaskError(f"{where}.arguments_schema: true means the tool's parameters, and there are no `tools`")
    if isinstance(wanted.schema, dict):
        return wanted._replace(schema=compile_schema(wanted.schema, where=f"{where}.arguments_schema"))
    return wanted


def _tool(tool: dict[str, Any], number: int) -> tuple[str, dict[str, Any]]:
    inner = tool.get("function") if isinstance(tool.get("function"), dict) else tool
    assert isinstance(inner, dict)
    name = inner.get("name")
    if not isinstance(name, str) or not name:
        raise TaskError(f"tools[{number}]: has no name")
    parameters = inner.get("parameters", inner.get("input_schema", inner.get("arguments"))) or {}
    if not isinstance(parameters, dict):
        raise TaskError(f"tools[{number}].parameters: a {type(parameters).__name__}, not an object")
    if "properties" not in parameters and "type" not in parameters:  # xLAM: parameters by name alone
        parameters = {"type": "object", "properties": parameters}
    converted = _json_schema(parameters)
    assert isinstance(converted, dict)
    return name, converted


def _json_schema(schema: Any) -> Any:
    """Return a schema with the type names of BFCL and xLAM as JSON Schema spells them."""
    if isinstance(schema, list):
        return [_json_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    converted = {}
    for key, value in schema.items():
        if key == "type" and isinstance(value, str):
            name = value.split(",")[0].split("[")[0].strip().lower()
            known = _TYPES.get(name, name)
            if known in _JSON_TYPES:
                converted[key] = known
        elif key == "required" and not isinstance(value, list):
            continue
        elif key == "format" and "type" in schema:
            continue  # free text in many tool descriptions
        else:
            converted[key] = value if key in {"default", "enum", "const"} else _json_schema(value)
    return converted


_JSON_TYPES = frozenset(("object", "number", "integer", "string", "array", "boolean", "null"))


def _stated(compiled: _Compiled) -> str | None:
    """Return the expected calls; None where a schema says what they are."""
    if any(call.schema is not None for call in compiled.expected):
        return None
    calls = [
        {"name": call.name, "arguments": {name: values[0] for name, values in call.arguments.items()}}
        for call in compiled.expected
    ]
    if not calls:
        return "There is nothing to call."
    return "\n".join(f"<tool_call>{json.dumps(call, ensure_ascii=False)}</tool_call>" for call in calls)


def grade(compiled: _Compiled, completion: Completion) -> Verdict:
    """Read the calls and match them."""
    found = find_calls(completion.text)
    evidence: dict[str, Any] = {"method": "tool_calls", "form": found.form, "ground_truth": compiled.shown}
    answer = _shown(found)
    if found.form == "malformed":
        return Verdict(Outcome.INCORRECT, 0.0, answer, evidence | {"method": "malformed", "reason": found.problem})
    if not found.calls:
        if compiled.expected or not is_visible(final_region(completion.text).text):
            return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
        return Verdict(Outcome.CORRECT, 1.0, "no call", evidence)
    why = mismatch(
        found.calls,
        compiled.expected,
        compiled.tools,
        in_order=compiled.in_order,
        fold_strings=compiled.fold_strings,
    )
    if why:
        return Verdict(Outcome.INCORRECT, 0.0, answer, evidence | {"difference": why})
    return Verdict(Outcome.CORRECT, 1.0, answer, evidence)


def _shown(found: FoundCalls) -> str | None:
    text = "; ".join(
        f"{call.name}({', '.join(f'{k}={v!r}' for k, v in call.arguments.items())})" for call in found.calls
    )
    return text[:_SHOWN] or None


_WEATHER = {
    "kind": "tool_call",
    "ground_truth": [{"name": "get_weather", "arguments": {"city": "Paris", "days": 2}}],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "parameters": {
                    "type": "object",
                    "properties": {
                        "city": {"type": "string"},
                        "days": {"type": "integer"},
                        "unit": {"type": "string", "enum": ["C", "F"], "default": "C"},
                    },
                    "required": ["city"],
                },
            },
        }
    ],
}
_CALL = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris", "days": 2}}\n</tool_call>'

GRADER = Grader(
    task=ToolCallTask,
    version=4,
    compile=compile_task,
    fast=grade,
    state=_stated,
    examples=[
        Example(_WEATHER, f"<think>two days</think>\n{_CALL}", Outcome.CORRECT),
        Example(_WEATHER, '[get_weather(city="Paris", days=2, unit="C")]', Outcome.CORRECT),
        Example(_WEATHER, _CALL.replace("2", '"2"'), Outcome.INCORRECT),
        Example(_WEATHER, f"{_CALL}\n{_CALL}", Outcome.INCORRECT),
        Example(_WEATHER, f"<think>{_CALL}</think> Done.", Outcome.NO_ANSWER),
        Example(_WEATHER | {"ground_truth": []}, "I need no tool for that.", Outcome.CORRECT),
    ],
)
