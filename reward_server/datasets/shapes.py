"""What a ground truth shows of itself: tests, a countdown, a constraint, or nothing that tells it from an answer."""

import re
from collections.abc import Mapping
from typing import Any

from reward_server.datasets.forms import decoded

_LONGEST = 4_000_000
_PAIRS = (
    ({"inputs", "outputs"}, "code"), ({"input", "output"}, "code"), ({"test_code"}, "code"), ({"functional"}, "code"),
    ({"assert_case"}, "code"), ({"test_cases"}, "code"), ({"test_list"}, "code"), ({"unit_tests"}, "code"),
    ({"public_tests"}, "code"), ({"packed"}, "code"), ({"target", "numbers"}, "puzzle"), ({"target", "nums"}, "puzzle"),
    ({"instruction_id"}, "instruction"), ({"instruction_id_list"}, "instruction"), ({"func_name", "N"}, "instruction"),
    ({"statements", "solution_text_format"}, "puzzle"),
)  # fmt: skip
"""(fields of an object, kind of the task that has such a ground truth)."""
_TEST_CODE = re.compile(r"\s*(?:assert\s|def check\s*\(|import unittest|from solution import|def test_)", re.ASCII)


def shape_of(truth: Any) -> str | None:
    """Return the kind of task that a ground truth is of by its form, None where it may be any answer."""
    if isinstance(truth, str):
        if len(truth) <= _LONGEST and truth.lstrip()[:1] in ("{", "["):
            inner = decoded(truth)
            return None if isinstance(inner, str) else shape_of(inner)
        return "code" if _TEST_CODE.match(truth) else None
    if isinstance(truth, Mapping):
        return next((kind for fields, kind in _PAIRS if fields <= truth.keys()), None)
    if isinstance(truth, list) and truth:
        if all(isinstance(one, str) and one.lstrip().startswith("assert ") for one in truth):
            return "code"
        return shape_of(truth[0]) if all(isinstance(one, Mapping) for one in truth) else None
    return None


def final_text(truth: Any) -> str:
    r"""Return what a stored answer ends in, to tell whether two columns hold the same: after `####`, in `\boxed`."""
    text = str(truth).strip()
    if "####" in text:
        text = text.rpartition("####")[2]
    elif "\\boxed{" in text:
        text = _in_braces(text.rpartition("\\boxed{")[2])
    return "".join(text.split()).strip("$").replace("\\left", "").replace("\\right", "").replace(",", "")


def _in_braces(text: str) -> str:
    depth = 1
    for place, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if not depth:
            return text[:place]
    return text


def options_of(stored: Any) -> Any:
    """Return options as the kind `choice` takes them: a list of texts, or texts by letter."""
    stored = decoded(stored)
    if isinstance(stored, Mapping):
        texts, labels = stored.get("text"), stored.get("label")
        if isinstance(texts, list | tuple) and isinstance(labels, list | tuple):
            return dict(zip(map(str, labels), map(str, texts), strict=False))
        return {str(label): str(text) for label, text in stored.items() if text is not None}
    if not isinstance(stored, list | tuple):
        return stored
    if stored and all(isinstance(one, Mapping) for one in stored):
        named = [(one.get("label", one.get("key", one.get("letter"))), one) for one in stored]
        if all(label is not None for label, _ in named):
            return {str(label): str(one.get("text", one.get("value", one.get("content")))) for label, one in named}
        if all(len(one) == 1 for one in stored):
            return {str(label): str(text) for one in stored for label, text in one.items()}
    return [str(one) for one in stored]
