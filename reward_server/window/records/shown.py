"""A line of a log in the shapes that the page draws, for a log may be anybody's.

What has another shape is drawn as text where text can stand, and kept under `as_written` where it cannot.
"""

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from reward_server.exact_json import digits_of, dumps

_EXACT = 2**53
"""Integers beyond are rounded by the page's language."""
_ROW_TEXTS, _ROW_NUMBERS = ("detail", "expected", "got"), ("cpu_seconds", "memory_bytes")
_LONGEST_NAME = 80


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a verdict with what stands beside it, every field in the shape that a verdict of this service has.

    Raises:
        ValueError: it is nested too deeply.
    """
    try:
        told = {name: _without_long_integers(value) for name, value in row.items()}
    except RecursionError as cause:
        raise ValueError("a line cannot be shown: it is nested too deeply") from cause
    misfits: dict[str, Any] = {}
    for name, (fits, instead) in _SHAPES.items():
        if name in told and not fits(told[name]):
            misfits[name] = told[name]
            told[name] = instead
    for name in _NAMES & told.keys():
        told[name] = told[name][:_LONGEST_NAME]
    if "answer" in told:
        told["answer"] = _text(told["answer"])
    if "completion" in told:
        told["completion"] = _completion(told["completion"])
    if "evidence" in told:
        told["evidence"] = _evidence(told["evidence"])
    return told | ({"as_written": misfits} if misfits else {})


def _evidence(given: dict[str, Any]) -> dict[str, Any]:
    told, misfits = dict(given), {}
    for name in ("failed", "tests"):
        rows = told.get(name)
        if rows is None or (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
            told |= {} if rows is None else {name: [_test(row) for row in rows]}
        else:
            misfits[f"{name}, as written"] = told.pop(name)
    if (flags := told.get("flags")) is not None:
        told["flags"] = [_text(flag) for flag in (flags if isinstance(flags, list) else [flags])]
    for name in ("rule", "method", "reason"):
        if name in told:
            told[name] = _text(told[name])
    return told | misfits


def _test(row: dict[str, Any]) -> dict[str, Any]:
    told = {**row, "test": _text(row.get("test")) or "?", "outcome": (_text(row.get("outcome")) or "?")[:_LONGEST_NAME]}
    for name in _ROW_TEXTS:
        if name in told:
            told[name] = _text(told[name])
    for name in _ROW_NUMBERS:
        if name in told and not _is_number(told[name]):
            told[f"{name}, as written"] = told.pop(name)
    return told


def _completion(value: Any) -> str:
    """Return what is shown of a completion: of a chat the model's last message."""
    last = value[-1] if isinstance(value, list) and value else None
    said = last.get("content") if isinstance(last, dict) else None
    return said if isinstance(said, str) else _text(value) or ""


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else dumps(value).decode()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _are_parts(value: Any) -> bool:
    return isinstance(value, dict) and all(one is None or _is_number(one) for one in value.values())


_SHAPES: dict[str, tuple[Callable[[Any], bool], Any]] = {
    "outcome": (lambda value: isinstance(value, str), "?"),
    "grader": (lambda value: isinstance(value, str), "?"),
    "score": (lambda value: value is None or _is_number(value), None),
    "reward": (lambda value: value is None or _is_number(value), None),
    "elapsed_ms": (lambda value: value is None or _is_number(value), None),
    "parts": (_are_parts, {}),
    "evidence": (lambda value: isinstance(value, dict), {}),
}
"""By field: whether a value has its shape, and what is drawn in the place of one that has not."""
_NAMES = frozenset({"outcome", "grader"})


def _without_long_integers(value: Any) -> Any:
    if isinstance(value, int) and abs(value) > _EXACT:
        return digits_of(value)
    if isinstance(value, dict):
        return {name: _without_long_integers(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_long_integers(inner) for inner in value]
    return value
