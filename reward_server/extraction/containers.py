r"""Ground truths that data sets keep packed: a JSON list, object or text, the same encoded twice, or Python's of these.

`["\\frac{1}{2}"]` (Skywork-OR1), `{"ground_truth": "1/2"}` (SYNTHETIC-1), `"\"1/2\""`, `['1/2']`, `'1/2'`,
`{'answer': '1/2'}` and `[["1/2"]]` hold the answer that `\frac{1}{2}` is. Text is unpacked before anything else looks
at its backslashes. A list written without escaping (`["\frac{1}{2}"]`) is read as it was meant: JSON would make a form
feed of it. Mathematics is no container: `[1, 2]`, `{1, 2}` and `["a"` stay what they are. So does a list of several
inside a list, `[["1", "2"]]`: whether any or all of them are right is not said.
"""

import ast
import json
import re
from typing import Any

from reward_server.errors import TaskError

_FIELDS = ("ground_truth", "answer", "target", "value", "final_answer", "expected_answer", "gold", "solution")
_LONGEST = 200_000
_DEEPEST = 4
_UNESCAPED = re.compile(r"\\\\|\\(?=[a-zA-Z]{2,}|[{}%$#&,;:!|_()\[\]^ ])(?!u[0-9a-fA-F]{4})")
"""A backslash of a text that was written without escaping, or the two that end a line of LaTeX."""
_ESCAPED = re.compile(r"\\\\(?:[a-zA-Z]{2,}|[{}%])")
"""A command whose backslash is escaped: then `\\n` before a letter is a new line, unless it begins a command."""
_COMMAND_ALL_THE_SAME = re.compile(
    r"\\\\|\\(?=[abfrtv][a-zA-Z]|n(?:rightarrow|leftarrow)"
    r"|n(?:e|eq|u|eg|abla|otin|ot|mid|exists|leq|geq|subseteq|parallel)(?![a-zA-Z]))"
)
_PYTHON = re.compile(rf"\[+\s*r?['\"]|\{{\s*['\"](?:{'|'.join(_FIELDS)})['\"]\s*:|'")

Scalar = str | int | float | bool


def unpacked(text: str) -> Scalar | list[Scalar]:
    """Return what a text holds: itself where it is no container, else the value or the values inside.

    Raises:
        TaskError: an object with none, or several, of the fields that hold answers.
    """
    value: Any = text
    for _ in range(_DEEPEST):
        if isinstance(value, dict):
            value = _field(value)
        elif isinstance(value, list) and len(value) == 1 and isinstance(value[0], list | dict):
            value = value[0]
            if _is_of_several(value):
                return text
        elif isinstance(value, list):
            if not value or not all(isinstance(item, Scalar) for item in value):
                return text
            return [str(item) if isinstance(item, str) else item for item in value]
        elif isinstance(value, str):
            inner = _decoded(value.strip())
            if inner is None:
                return value
            value = inner
        else:
            return value if isinstance(value, Scalar) else text
    return value if isinstance(value, Scalar) else text


def _is_of_several(value: Any) -> bool:
    """Tell whether a value inside a list is itself a list of several: nobody says whether any or all are meant."""
    if isinstance(value, dict):
        return any(isinstance(value.get(name), list) and len(value[name]) != 1 for name in _FIELDS)
    return isinstance(value, list) and len(value) != 1


def _decoded(text: str) -> Any:
    """Return the value of a text that is a container, else None."""
    ends = text[:1] + text[-1:]
    if ends not in {"[]", "{}", '""', "''"} or ('"' not in text and not _PYTHON.match(text)) or len(text) > _LONGEST:
        return None
    as_meant = _as_meant(text)
    for candidate in dict.fromkeys((as_meant, text)):
        try:
            value = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        return value if isinstance(value, dict | list | str) else None
    return _python(text, as_meant) if _PYTHON.match(text) else None


def _as_meant(text: str) -> str:
    """Escape the backslashes of commands that a container holds unescaped."""
    if _ESCAPED.search(text):
        return _COMMAND_ALL_THE_SAME.sub(lambda found: found[0] if len(found[0]) > 1 else "\\\\", text)
    if any(len(found[0]) == 1 for found in _UNESCAPED.finditer(text)):
        return _UNESCAPED.sub(lambda found: 2 * found[0], text)
    return text


def _python(text: str, as_meant: str) -> Any:
    """Return the value of a Python literal, None where it is none, or a text in quotes that Python would not write.

    A text in quotes is also what stands between them, where Python's reading of it as it was meant is just that.
    """
    for candidate in dict.fromkeys((as_meant, text)):
        try:
            value = ast.literal_eval(candidate)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(value, str):
            return value if repr(value) == candidate or value == text[1:-1] else None
        if isinstance(value, dict | list):
            return value
    return None


def _field(value: dict[str, Any]) -> Any:
    named = [name for name in _FIELDS if value.get(name) is not None]
    if len(named) == 1:
        return value[named[0]]
    if named:
        raise TaskError(f"ground_truth: an object with both {named[0]!r} and {named[1]!r}; send the one that is meant")
    raise TaskError(
        f"ground_truth: an object with {', '.join(map(str, value))[:80] or 'nothing'}; send the answer itself"
    )
