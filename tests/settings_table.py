"""Every setting of the server in one table, SETTINGS.md, written from the code."""

from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined

from reward_server.settings import Settings

from .kind_fields import cell

DOCUMENT = Path(__file__).parents[1] / "SETTINGS.md"
_HEAD = """# Settings

Every setting of the server, written from `reward_server/settings.py` by `make docs`. A setting is a variable, or an
option of `reward-server serve` where `--help` lists one. A `REWARD_*` variable that is not here is warned of at start.

| Variable | Takes | Default | What it does |
| --- | --- | --- | --- |
"""


def table() -> str:
    """Return the document as it should be."""
    properties = Settings.model_json_schema()["properties"]
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default is PydanticUndefined or field.default is None else f"`{field.default}`"
        if name == "cache_file":  # depends on the machine
            default = "`~/.cache/reward-server/verdicts.sqlite`"
        about = cell(field.description or "")
        rows.append(f"| `REWARD_{name.upper()}` | {_takes(properties[name])} | {default} | {about} |")
    return _HEAD + "\n".join(rows) + "\n"


def _takes(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(filter(None, map(_takes, schema["anyOf"])))
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    known = {"integer": "integer", "number": "number", "boolean": "`true`, `false`", "null": ""}
    kind = known.get(schema.get("type", ""), "path" if schema.get("format") == "path" else "text")
    bounds = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤"}
    return " ".join([kind, *(f"{sign} {schema[key]:g}" for key, sign in bounds.items() if key in schema)])
