"""A JSON Schema as a bounded check, and the texts of XML and CSV read as the types it asks for.

The validator is `jsonschema_rs` (drafts 4, 6, 7, 2019-09, 2020-12; the draft is the schema's own `$schema`, 2020-12
where it names none). Nothing is fetched: a `$ref` that leaves the schema breaks the row. Patterns run in an engine with
linear time where they can, else with bounded backtracking. `format` is an assertion, an unknown format breaks the row.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import jsonschema_rs

from reward_server.documents.reading import Format
from reward_server.errors import TaskError

_LARGEST_SCHEMA = 500_000
_BACKTRACKS = 100_000
_MAX_ERRORS = 5
_LISTED = 50
"""Values in a document up to which its violations are listed; in a larger one, one is named."""
_COMBINING = frozenset(("anyOf", "oneOf"))
_SHOWN = 200
_FORMATS = frozenset((
    "date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4", "ipv6", "iri",
    "iri-reference", "json-pointer", "regex", "relative-json-pointer", "time", "uri", "uri-reference", "uri-template",
    "uuid",
))  # fmt: skip
_UNASSERTED_FORMATS = frozenset(("int32", "int64", "float", "double", "decimal", "password", "byte", "binary", "color"))
"""Formats of OpenAPI, which other checkers of structured output leave unasserted as well."""
_SUBSCHEMAS = frozenset(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"))
_DATA = frozenset(("const", "enum", "default", "examples", "example"))


class Check(NamedTuple):
    """A compiled schema."""

    validator: Any
    schema: Any

    def errors(self, value: Any) -> list[dict[str, str]]:
        """Return the first violations: where in the value, what is wrong, which rule; empty for a valid value."""
        if self.validator.is_valid(value):
            return []
        if _is_large(value):
            return [self._one_error(value)]
        found = []
        for number, error in enumerate(self.validator.iter_errors(value)):
            if number == _MAX_ERRORS:
                break
            found.append(_described(error))
        return found or [{"at": "/", "message": "not valid", "rule": ""}]

    def _one_error(self, value: Any) -> dict[str, str]:
        """Return one violation of a large value: every one of every alternative would take seconds to list."""
        if not any(_COMBINING & part.keys() for part in _subschemas(self.schema)):
            try:
                self.validator.validate(value)
            except jsonschema_rs.ValidationError as error:
                return _described(error)
        return {"at": "/", "message": "not valid; too large to say where", "rule": ""}


def _described(error: Any) -> dict[str, str]:
    where = "/" + "/".join(str(part) for part in error.instance_path)
    rule = "/".join(str(part) for part in error.schema_path)
    return {"at": where[:_SHOWN], "message": error.message[:_SHOWN], "rule": rule[:_SHOWN]}


def _is_large(value: Any) -> bool:
    waiting, seen = [value], 0
    while waiting and seen <= _LISTED:
        part = waiting.pop()
        seen += 1
        if isinstance(part, list | dict):
            waiting += part.values() if isinstance(part, dict) else part
    return seen > _LISTED


def _is_larger(schema: dict[str, Any] | bool, most: int) -> bool:
    """Tell whether a schema has more than so many characters of JSON, without writing many more."""
    size = 0
    for piece in json.JSONEncoder().iterencode(schema):
        size += len(piece)
        if size > most:
            return True
    return False


def compile_schema(schema: dict[str, Any] | bool, *, strict: bool = False, where: str = "schema") -> Check:
    """Compile a schema; `strict` requires every named property and forbids others, as OpenAI's strict mode does.

    Raises:
        TaskError: it is too large, no schema, refers to something outside itself, or names an unknown format.
    """
    if _is_larger(schema, _LARGEST_SCHEMA):
        raise TaskError(f"{where}: larger than {_LARGEST_SCHEMA} characters")
    for part in _subschemas(schema):
        form = part.get("format")
        if isinstance(form, str) and form not in _FORMATS | _UNASSERTED_FORMATS:
            raise TaskError(f"{where}: unknown format {form[:40]!r}; known: {', '.join(sorted(_FORMATS))}")
    if strict:
        schema = strictified(schema)
    last = "no engine"
    for engine in (jsonschema_rs.RegexOptions(), jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS)):
        try:
            validator = jsonschema_rs.validator_for(schema, validate_formats=True, offline=True, pattern_options=engine)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError, RecursionError) as error:
            last = str(getattr(error, "message", error)).splitlines()[0][:_SHOWN]
        else:
            return Check(validator, schema)
    raise TaskError(f"{where}: not a usable JSON Schema: {last}")


def _subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a schema that may be a schema itself, skipping data such as `const`."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            yield part
            for name, value in part.items():
                if name in _SUBSCHEMAS and isinstance(value, dict):
                    waiting += value.values()
                elif name not in _DATA:
                    waiting.append(value)


def strictified(schema: Any) -> Any:
    """Return a copy in which each object requires all its named properties and allows no others."""
    schema = json.loads(json.dumps(schema))
    for part in _subschemas(schema):
        named = part.get("properties")
        if isinstance(named, dict):
            part["required"] = list(named)
            part["additionalProperties"] = False
    return schema


def coerced(value: Any, schema: Any, form: Format) -> Any:
    """Return a value of XML or CSV with texts read as the numbers, booleans, nulls and lists its schema declares.

    Only what the schema declares by `type` (through `$ref` within it) is read; JSON, YAML and TOML have types of their
    own and come back as they are. A text that does not read as its type stays a text, and so fails the check.
    """
    return _coerced(value, schema, schema, 0) if form in {"xml", "csv"} else value


_DEEP = 100
_BOOLEANS = {"true": True, "false": False}


def _coerced(value: Any, schema: Any, root: Any, depth: int) -> Any:
    schema = _resolved(schema, root)
    if not isinstance(schema, dict) or depth > _DEEP:
        return value
    types = schema.get("type")
    types = [types] if isinstance(types, str) else types if isinstance(types, list) else []
    if "array" in types and not isinstance(value, list):
        value = [] if value is None else [value]
    if isinstance(value, list):
        items = schema.get("items")
        return [_coerced(item, items, root, depth + 1) for item in value]
    if isinstance(value, dict):
        named = schema.get("properties")
        named = named if isinstance(named, dict) else {}
        rest = schema.get("additionalProperties")
        return {name: _coerced(item, named.get(name, rest), root, depth + 1) for name, item in value.items()}
    if value is None:
        return "" if "string" in types and "null" not in types else {} if types == ["object"] else None
    return _scalar(str(value).strip(), value, types)


def _scalar(text: str, value: Any, types: list[Any]) -> Any:
    if "null" in types and text in {"", "null"}:
        return None
    if "boolean" in types and text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    if "integer" in types or "number" in types:
        try:
            number = json.loads(text) if len(text) < _SHOWN else value
        except ValueError:
            return value
        if isinstance(number, int | float) and not isinstance(number, bool):
            return number
    return value


def _resolved(schema: Any, root: Any) -> Any:
    for _ in range(_DEEP):
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#"):
            return schema
        schema = root
        for part in reference.lstrip("#").strip("/").split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            schema = schema.get(name) if isinstance(schema, dict) and name else schema
    return schema
