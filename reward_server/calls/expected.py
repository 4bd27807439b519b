"""What a task expects to be called: its ground truth in the forms in which data sets store it.

- `[{"name": "f", "arguments": {…}}]` (xLAM, ToolACE, Hermes), arguments as an object or as its JSON text, the whole
  also as JSON text; OpenAI's `{"type": "function", "function": {…}}`; the text of `<tool_call>…</tool_call>`;
- `{"name": "f", "arguments_schema": {…}}`: arguments that fit a JSON Schema, `true` for the tool's own parameters;
- BFCL's possible answers, `[{"f": {"x": [1, 2, ""]}}]`: each argument lists what it may be, `""` that it may be left
  out (not that an empty text is right, which BFCL's own checker lets pass).

A value that could be read in two of these ways breaks the row and is named.
"""

from typing import Any, NamedTuple

from reward_server.calls.marked import ARGUMENT_NAMES
from reward_server.calls.reading import find_calls
from reward_server.documents.reading import DocumentError, read
from reward_server.errors import TaskError


class Expected(NamedTuple):
    """One expected call."""

    name: str
    arguments: dict[str, tuple[Any, ...]]
    """What each argument may be; one value where only one is right."""
    optional: frozenset[str]
    """Arguments that may be left out."""
    schema: Any = None
    """A JSON Schema instead of values; True for the tool's own parameters."""
    possible: bool = False
    """Whether it was stored as BFCL's possible answers, whose nested objects list possible values too."""


def expected_calls(ground_truth: Any) -> list[Expected]:
    """Return the expected calls; an empty list means that nothing may be called.

    Raises:
        TaskError: the ground truth is in none of the forms above.
    """
    value = ground_truth
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, dict) and isinstance(value.get("tool_calls"), list):
        value = value["tool_calls"]
    entries = value if isinstance(value, list) else [value]
    return [_expected(entry, number) for number, entry in enumerate(entries)]


def _parsed(text: str) -> Any:
    try:
        return read(text, "json")
    except DocumentError as not_json:
        found = find_calls(text)
        if not found.calls:
            raise TaskError(f"ground_truth: neither JSON ({not_json}) nor calls ({found.problem or 'none'})") from None
        return [{"name": call.name, "arguments": call.arguments} for call in found.calls]


def _expected(entry: Any, number: int) -> Expected:
    where = f"ground_truth[{number}]"
    if isinstance(entry, str):
        found = expected_calls(entry)
        if len(found) != 1:
            raise TaskError(f"{where}: a text of {len(found)} calls inside a list")
        return found[0]
    if not isinstance(entry, dict):
        raise TaskError(f"{where}: a {type(entry).__name__} is no call")
    named = _as_named(entry, where)
    possible = _as_possible(entry)
    if named is not None and possible is not None:
        raise TaskError(f"{where}: could be a call named {named.name!r} or possible answers of {possible.name!r}")
    found_one = named or possible
    if found_one is None:
        raise TaskError(f"{where}: needs `name` and `arguments`, or one function's possible answers")
    return found_one


def _as_named(entry: dict[str, Any], where: str) -> Expected | None:
    inner = entry.get("function") if isinstance(entry.get("function"), dict) else entry
    assert isinstance(inner, dict)
    if not isinstance(inner.get("name"), str):
        return None
    given = [key for key in ARGUMENT_NAMES if key in inner]
    schema = inner.get("arguments_schema")
    if schema is not None:
        if given or not isinstance(schema, dict | bool):
            raise TaskError(
                f"{where}: `arguments_schema` is a JSON Schema or true, and stands without {given or 'values'}"
            )
        return Expected(inner["name"], {}, frozenset(), schema)
    arguments: Any = inner[given[0]] if given else {}
    if isinstance(arguments, str):
        try:
            arguments = read(arguments, "json") if arguments.strip() else {}
        except DocumentError as error:
            raise TaskError(f"{where}.arguments: not JSON: {error}") from None
    if not isinstance(arguments, dict):
        raise TaskError(f"{where}.arguments: a {type(arguments).__name__}, not an object")
    return Expected(inner["name"], {name: (value,) for name, value in arguments.items()}, frozenset())


def _as_possible(entry: dict[str, Any]) -> Expected | None:
    if len(entry) != 1:
        return None
    ((name, arguments),) = entry.items()
    if not isinstance(arguments, dict) or not all(isinstance(values, list) for values in arguments.values()):
        return None
    empty = [argument for argument, values in arguments.items() if not values]
    if empty:
        raise TaskError(f"ground_truth: {name}.{empty[0]} lists no possible answer")
    optional = frozenset(argument for argument, values in arguments.items() if "" in values)
    values_of = {name: tuple(v for v in values if v != "") or ("",) for name, values in arguments.items()}
    return Expected(name, values_of, optional, possible=True)
