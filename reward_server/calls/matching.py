"""Are these the expected calls? Names exactly, arguments by value, each made once and nothing else called.

Arguments are equal as JSON values (`reward_server.documents.equality`): `1` equals `1.0`, never `"1"` or `true`. With
`fold_strings`, texts are equal after BFCL's standardisation: case and the characters ` ,./-_*^` do not count, nor which
quotes are used. An argument that is left out counts as its declared default, where the tool declares one.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from reward_server.calls.expected import Expected
from reward_server.calls.marked import Call
from reward_server.documents.checking import Check
from reward_server.documents.equality import equal
from reward_server.documents.reading import DocumentError, read

_FOLDED = re.compile(r"[ ,./\-_*^]")
_SHOWN = 80


class Tool(NamedTuple):
    """What a task says of one tool."""

    parameters: dict[str, Any]
    """JSON Schemas by parameter name."""
    check: Check


def mismatch(
    calls: Sequence[Call], expected: Sequence[Expected], tools: dict[str, Tool], *, in_order: bool, fold_strings: bool
) -> str | None:
    """Return why these calls are not the expected ones, or None if they are."""
    if len(calls) != len(expected):
        return f"{len(calls)} calls, {len(expected)} expected"
    if in_order:
        for number, (call, wanted) in enumerate(zip(calls, expected, strict=True)):
            why = difference(call, wanted, tools, fold_strings=fold_strings)
            if why:
                return f"call {number + 1}: {why}"
        return None
    return _assign(calls, expected, tools, fold_strings=fold_strings)


def _assign(
    calls: Sequence[Call], expected: Sequence[Expected], tools: dict[str, Tool], *, fold_strings: bool
) -> str | None:
    """Match calls and expected calls one to one by augmenting paths (Kuhn 1955): a match is found if there is one."""
    why = [[difference(call, wanted, tools, fold_strings=fold_strings) for wanted in expected] for call in calls]
    taken: dict[int, int] = {}

    def place(call: int, seen: set[int]) -> bool:
        for wanted, difference_found in enumerate(why[call]):
            if difference_found is None and wanted not in seen:
                seen.add(wanted)
                if wanted not in taken or place(taken[wanted], seen):
                    taken[wanted] = call
                    return True
        return False

    for number in range(len(calls)):
        if not place(number, set()):
            nearest = min((reason for reason in why[number] if reason), key=len, default="already matched")
            same_name = [reason for reason in why[number] if reason and not reason.startswith("calls ")]
            return f"call {number + 1}: {same_name[0] if same_name else nearest}"
    return None


def difference(call: Call, wanted: Expected, tools: dict[str, Tool], *, fold_strings: bool) -> str | None:
    """Return in what a call differs from an expected one, or None."""
    if call.name != wanted.name:
        return f"calls {call.name!r} instead of {wanted.name!r}"
    tool = tools.get(call.name)
    arguments = typed(call, tool).arguments
    if wanted.schema is not None:
        return _unfit(call.name, arguments, wanted.schema, tool)
    for name, value in arguments.items():
        if name not in wanted.arguments and not _is_default(tool, name, value):
            return f"{call.name} has an argument {name!r} that is not expected"
    for name, values in wanted.arguments.items():
        if name not in arguments:
            if name not in wanted.optional and not any(_is_default(tool, name, value) for value in values):
                return f"{call.name} lacks the argument {name!r}"
        elif not any(_same(value, arguments[name], wanted.possible, fold_strings) for value in values):
            return f"{call.name}.{name} is {str(arguments[name])[:_SHOWN]!r}, expected {str(values[0])[:_SHOWN]!r}"
    return None


def _unfit(name: str, arguments: dict[str, Any], schema: Check | bool, tool: Tool | None) -> str | None:
    check = schema if isinstance(schema, Check) else tool.check if tool else None
    errors = check.errors(arguments) if check else []
    return f"{name}{errors[0]['at']}: {errors[0]['message']}" if errors else None


def _is_default(tool: Tool | None, name: str, value: Any) -> bool:
    schema = tool.parameters.get(name) if tool else None
    return isinstance(schema, dict) and "default" in schema and equal(schema["default"], value)


def _same(expected: Any, got: Any, possible: bool, fold: bool) -> bool:
    if fold and isinstance(expected, str) and isinstance(got, str):
        return folded(expected) == folded(got)
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(
            _same(one, other, possible, fold) for one, other in zip(expected, got, strict=True)
        )
    if isinstance(expected, dict) and isinstance(got, dict):
        if possible and all(isinstance(values, list) for values in expected.values()):
            return _possible_object(expected, got, fold)
        return expected.keys() == got.keys() and all(
            _same(value, got[name], possible, fold) for name, value in expected.items()
        )
    return equal(expected, got)


def _possible_object(expected: dict[str, list[Any]], got: dict[str, Any], fold: bool) -> bool:
    """Compare with an object whose values list what each may be, `""` meaning that it may be left out."""
    if not got.keys() <= expected.keys():
        return False
    return all(
        any(_same(value, got[name], True, fold) for value in values) if name in got else "" in values
        for name, values in expected.items()
    )


def folded(text: str) -> str:
    """Return a text as BFCL's `standardize_string` does."""
    return _FOLDED.sub("", text).lower().replace("'", '"')


def typed(call: Call, tool: Tool | None) -> Call:
    """Return a call whose unparsed texts are read as the types that its tool declares: JSON for all but strings."""
    if not call.texts or tool is None:
        return call
    return Call(call.name, {name: _typed(text, tool.parameters.get(name)) for name, text in call.arguments.items()})


def _typed(text: str, schema: Any) -> Any:
    kind = schema.get("type") if isinstance(schema, dict) else None
    if kind == "string" or (isinstance(kind, list) and "string" in kind):
        return text
    try:
        return read(text.strip(), "json")
    except DocumentError:
        return text
