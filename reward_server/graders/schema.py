"""`schema`: a JSON, YAML, TOML, XML or CSV document that fits a JSON Schema and holds given values.

The completion must write exactly one document (`reward_server.documents.finding` says where), well formed in the strict
sense of `reward_server.documents.reading`. Ambiguous cases, decided: a duplicate key, `NaN`, comments or trailing
commas in JSON are not well formed; text around a bare document is not part of it, so the document is not found; `1.0`
is an integer for JSON Schema; `format` is checked; XML (an object of its root element, `@` in front of attributes) and
CSV hold texts alone, which are read as the types that the schema declares. With `values`, each path must hold an equal
value (`1` equals `1.0`, never `true` or `"1"`).
"""

import json
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ConfigDict, Field

from reward_server.documents.checking import Check, coerced, compile_schema
from reward_server.documents.equality import equal, path_of, value_at
from reward_server.documents.finding import Wrapping, find_document
from reward_server.documents.reading import DocumentError, Format, read
from reward_server.errors import TaskError
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.verdict import Outcome, Verdict

_SHOWN = 200


class SchemaTask(Task):
    """Grade a structured document."""

    kind: Literal["schema"] = "schema"
    json_schema: dict[str, Any] | bool | str | None = Field(default=None, alias="schema")
    """The JSON Schema, as an object or as its JSON text; null where only `values` count. `json_schema` is accepted as
    the field's name too, and the `{"json_schema": {"schema": …}}` of an OpenAI `response_format`."""
    format: Format = "json"
    """What the document is written in."""
    values: dict[str, Any] | None = None
    """Required values by JSON Pointer (`/address/city`) or dotted path (`address.city`, `items.0.name`)."""
    strict: bool = False
    """True requires every property that the schema names and forbids all others."""
    wrapping: Wrapping = "any"
    """`any`: the document alone, in an `<answer>` tag, or in one fenced block; `bare`: alone; `fenced`: in a block."""

    model_config = ConfigDict(populate_by_name=True)


@dataclass(frozen=True, slots=True)
class _Compiled:
    check: Check | None
    form: Format
    values: tuple[tuple[str, tuple[str, ...], Any], ...]
    wrapping: Wrapping


def compile_task(task: SchemaTask) -> _Compiled:
    """Compile the schema and the paths.

    Raises:
        TaskError: there is nothing to check, the schema is not usable, or nothing at all would satisfy it.
    """
    schema = task.json_schema
    if isinstance(schema, str):
        try:
            schema = read(schema, "json")
        except DocumentError as error:
            raise TaskError(f"schema: not JSON: {error}") from None
    if isinstance(schema, dict) and isinstance(schema.get("json_schema"), dict):
        schema = schema["json_schema"].get("schema")
    if schema is None and not task.values:
        raise TaskError("schema: neither `schema` nor `values` is given, so every document would be right")
    if schema is not None and not isinstance(schema, dict | bool):
        raise TaskError(f"schema: a {type(schema).__name__} is no JSON Schema")
    if schema is False:
        raise TaskError("schema: `false` accepts nothing")
    if schema in (True, {}) and not task.values:
        raise TaskError("schema: it accepts every document")
    check = None if schema is None else compile_schema(schema, strict=task.strict)
    values = tuple((path, path_of(path), value) for path, value in (task.values or {}).items())
    return _Compiled(check, task.format, values, task.wrapping)


def grade(compiled: _Compiled, completion: Completion) -> Verdict:
    """Find the document, read it, check it against the schema, then look at the values."""
    found = find_document(completion.text, compiled.form, compiled.wrapping)
    evidence: dict[str, Any] = {"method": "json_schema" if compiled.check else "values", "extraction": found.rule}
    if found.text is None:
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    shown = found.text.strip()[:_SHOWN]
    value, problem = _read(found.text, compiled.form)
    if problem:
        evidence |= {"method": "not_well_formed", "format": compiled.form, "reason": problem}
        return Verdict(Outcome.INCORRECT, 0.0, shown, evidence)
    if compiled.check is not None:
        value = coerced(value, compiled.check.schema, compiled.form)
        errors = compiled.check.errors(value)
        if errors:
            return Verdict(Outcome.INCORRECT, 0.0, shown, evidence | {"errors": errors})
    wrong = _wrong_values(compiled, value)
    if wrong:
        return Verdict(Outcome.INCORRECT, 0.0, shown, evidence | {"method": "values", "wrong": wrong})
    return Verdict(
        Outcome.CORRECT, 1.0, shown, evidence | ({"values": len(compiled.values)} if compiled.values else {})
    )


def _read(text: str, form: Format) -> tuple[Any, str]:
    try:
        return read(text, form), ""
    except DocumentError as error:
        return None, str(error) or "not well formed"


def _wrong_values(compiled: _Compiled, document: Any) -> list[dict[str, str]]:
    wrong = []
    for path, parts, expected in compiled.values:
        got, there = value_at(document, parts)
        if not there or not equal(expected, got, text_is_number=compiled.form in {"xml", "csv"}):
            shown = json.dumps(got, ensure_ascii=False)[:_SHOWN] if there else "missing"
            wrong.append({"at": path, "expected": json.dumps(expected, ensure_ascii=False)[:_SHOWN], "got": shown})
    return wrong


_CITY = {
    "kind": "schema",
    "schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "people": {"type": "integer", "minimum": 0}},
        "required": ["city", "people"],
        "additionalProperties": False,
    },
}

GRADER = Grader(
    task=SchemaTask,
    version=2,
    compile=compile_task,
    fast=grade,
    examples=[
        Example(_CITY, '<think>big</think>\n{"city": "Lyon", "people": 522250}', Outcome.CORRECT),
        Example(_CITY, 'Here it is:\n```json\n{"city": "Lyon", "people": "many"}\n```', Outcome.INCORRECT),
        Example(_CITY, '{"city": "Lyon", "city": "Nice", "people": 1}', Outcome.INCORRECT),
        Example(_CITY | {"values": {"/city": "Nice"}}, '{"city": "Lyon", "people": 1}', Outcome.INCORRECT),
        Example(_CITY | {"format": "yaml"}, "```yaml\ncity: Lyon\npeople: 522250\n```", Outcome.CORRECT),
        Example(_CITY, "", Outcome.NO_ANSWER),
    ],
)
