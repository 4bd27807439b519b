"""Pydantic's complaints in the words of JSON: what a field takes, and what came instead."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reward_server.exact_json import text_of

_TAKES = {
    "string_type": "a text", "string_unicode": "a text", "bool_type": "true or false", "bool_parsing": "true or false",
    "int_type": "an integer", "int_parsing": "an integer", "int_from_float": "an integer", "float_type": "a number",
    "float_parsing": "a number", "list_type": "a list", "dict_type": "an object", "model_type": "an object",
    "model_attributes_type": "an object", "tuple_type": "a list",
}  # fmt: skip
"""What a type of error says that the field takes."""
_NAMES = {str: "a text", int: "an integer", float: "a number", list: "a list", dict: "an object"}
_SHOWN = 40
_NEVER_NAMED = re.compile(r"^Value error, | after validation\b")


def complaint(errors: Sequence[Mapping[str, Any]]) -> str:
    """Return one sentence for all that pydantic says of one value; of a union it says something for each member."""
    taken = list(dict.fromkeys(_TAKES[error["type"]] for error in errors if error["type"] in _TAKES))
    if "a number" in taken and "an integer" in taken:
        taken.remove("an integer")
    others = [said(error) for error in errors if error["type"] not in _TAKES]
    if not taken:
        return "; or: ".join(dict.fromkeys(others))
    what = f"takes {', '.join(taken[:-1])} or {taken[-1]}" if len(taken) > 1 else f"takes {taken[0]}"
    return "; or: ".join(dict.fromkeys([f"{what}, not {_named(errors[0].get('input'))}", *others]))


def said(error: Mapping[str, Any]) -> str:
    """Return what one error says, without pydantic's own preambles."""
    if error["type"] in _TAKES:
        return complaint([error])
    return _NEVER_NAMED.sub("", str(error["msg"]))


def of_settings(errors: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line for each setting that is wrong, by the name of its variable."""
    lines = []
    for error in errors:
        name = "_".join(["REWARD", *map(str, error["loc"])]).upper()
        lines.append(f"{name}: {said(error)} (got {error.get('input')!r})" if error["loc"] else said(error))
    return lines


def _named(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return text_of(value).lower()
    name = _NAMES.get(type(value), "this")
    text = text_of(value) if isinstance(value, str | int | float) else ""
    if not 0 < len(text) <= _SHOWN:
        return name
    return f"the {name.partition(' ')[2]} {repr(text) if isinstance(value, str) else text}"
