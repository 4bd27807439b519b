"""The fields of a model as a table: name, type, default, and the docstring that stands under it."""

import json
from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

_HEAD = "| {} | takes | default | |\n|---|---|---|---|\n"
_TYPES = {"integer": "integer", "number": "number", "boolean": "true or false", "string": "text", "null": "null"}
_BOUNDS = {
    "minimum": "≥ {}", "exclusiveMinimum": "> {}", "maximum": "≤ {}", "minItems": "at least {}",
    "maxItems": "at most {}", "minProperties": "at least {}", "maxProperties": "at most {}", "pattern": "like `{}`",
}  # fmt: skip


def cell(text: str) -> str:
    """Return a text as a cell of a table: in one line, without an end of the cell in it."""
    return " ".join(text.split()).replace("|", "\\|")


def fields_of(model: type[BaseModel], called: str = "field", leave_out: Collection[str] = ()) -> str:
    """Return the table of a model's fields, and one for each object that they hold; nothing where there are none."""
    schema = model.model_json_schema()
    shown = schema | {"properties": {name: one for name, one in schema["properties"].items() if name not in leave_out}}
    if not shown["properties"]:
        return ""
    inner = {name: one for name, one in schema.get("$defs", {}).items() if "properties" in one}
    tables = [_table(shown, schema, called)]
    for name, one in inner.items():
        tables.append(f"`{name}`: {cell(one.get('description', ''))}\n\n{_table(one, schema, called)}")
    return "\n\n".join(tables)


def _table(part: dict[str, Any], schema: dict[str, Any], called: str) -> str:
    needed = part.get("required", [])
    rows = []
    for name, field in part["properties"].items():
        default = "required" if name in needed else f"`{_default(field.get('default'))}`"
        default = "" if default == "`null`" else default
        rows.append(f"| `{name}` | {_takes(field, schema)} | {default} | {cell(field.get('description', ''))} |")
    return _HEAD.format(called) + "\n".join(rows)


def _default(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return "{…}" if isinstance(value, dict) and value else written


def _takes(field: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return what a field takes, in words."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"`{name}`" if "properties" in schema["$defs"][name] else _takes(schema["$defs"][name], schema)
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_takes(one, schema) for one in field["anyOf"] if one.get("type") != "null"))
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if "enum" in field:
        return ", ".join(f"`{json.dumps(value)}`" for value in field["enum"])
    bounds = [words.format(f"{field[key]}") for key, words in _BOUNDS.items() if key in field]
    return " ".join([_sort(field, schema), *bounds]).replace("|", "\\|")


def _sort(field: dict[str, Any], schema: dict[str, Any]) -> str:
    if field.get("type") == "array":
        return _of("list", field.get("items"), schema)
    if field.get("type") == "object":
        return _of("object", field.get("additionalProperties"), schema)
    return _TYPES.get(field.get("type", ""), "any JSON")


def _of(holder: str, held: Any, schema: dict[str, Any]) -> str:
    inside = _takes(held, schema) if isinstance(held, dict) and held else ""
    return f"{holder} of ({inside})" if " or " in inside else f"{holder} of {inside}".removesuffix(" of ")
