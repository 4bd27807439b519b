"""`label`: classification and extraction: one label, a set of labels, or labelled spans of a text.

The shape of the ground truth says which: a text is one label, a list of texts a set, a list of `{"text", "label"}` a
set of spans (with `start` and `end` where characters count). The answer is what the completion announces or marks, else
its whole text where that is one short line, JSON, or short lines for a set; "Sentiment:" in front of it is no part of
it. Match rules: `exact` (default): these and no others; `f1`: 2·common / (right + given), 0 below `least_f1`, and 0 for
a set of labels no more precise than naming every one of `labels`. Decided: case, `_` and `-` do not count; "A or B" is
no label; a label given twice is a set's label once and a surplus span; a label outside `labels` is named in the
evidence and wrong; a span's text counts letter by letter, white space aside. What `f1` cannot know is how hard a label
is: naming all labels but one still earns a part.
"""

import json
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from reward_server.documents.finding import find_document
from reward_server.errors import TaskError
from reward_server.extraction.region import is_visible
from reward_server.extraction.texts import find_text, is_answer_alone
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.verdict import Outcome, Verdict
from reward_server.words.labels import (
    MOST,
    Span,
    Unreadable,
    distinct,
    fold,
    overlap,
    read_labels,
    read_spans,
    span_of,
    without_question,
)

_SHOWN = 200
_LISTED = 10
_LONGEST = 50_000


class LabelTask(Task):
    """Grade a classification or an extraction."""

    kind: Literal["label"] = "label"
    ground_truth: str | list[str] | list[dict[str, Any]]
    """The label; the set of labels, of which an empty list is none; or spans, `{"text", "label"}` with or without
    `start` and `end`."""
    labels: list[str] | None = None
    """Every label there is. Needed to see that an answer names them all."""
    match: Literal["exact", "f1"] = "exact"
    """`exact`: all and no others; `f1`: their F1, multi-label or micro over spans."""
    least_f1: float = Field(default=0.0, ge=0, le=1)
    """With `match: f1`: a smaller F1 scores 0."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    shape: Literal["one", "set", "spans"]
    right: tuple[str, ...]
    spans: tuple[Span, ...]
    placed: bool
    """Whether spans are told by where they stand."""
    known: dict[str, str]
    closed: bool
    base: float
    """Precision of an answer that names every label; 0 where they are not known."""
    match: str
    least_f1: float


def compile_task(task: LabelTask) -> _Compiled:
    """Read the labels or spans.

    Raises:
        TaskError: two labels read alike, one is not in `labels`, a span has no text, or some have places and some none.
    """
    truth = task.ground_truth
    listed = truth if isinstance(truth, list) else [truth]
    if len(listed) > MOST:
        raise TaskError(f"ground_truth: {len(listed)} labels, at most {MOST}")
    spans = tuple(_span(entry) for entry in listed if isinstance(entry, dict))
    texts = [span.label for span in spans] if spans else [str(label) for label in listed]
    known = distinct(list(dict.fromkeys(task.labels if task.labels is not None else texts)), "labels", TaskError)
    unknown = [label for label in texts if fold(label) not in known]
    if unknown:
        raise TaskError(f"ground_truth: {unknown[0]!r} is not one of `labels`")
    placed = [span.start is not None and span.end is not None for span in spans]
    if spans and any(placed) != all(placed):
        raise TaskError("ground_truth: some spans have `start` and `end`, others not")
    right = tuple(dict.fromkeys(known[fold(label)] for label in texts))
    base = len(right) / len(known) if task.labels and len(right) < len(known) else 0.0
    shape: Literal["one", "set", "spans"] = "spans" if spans else "set" if isinstance(truth, list) else "one"
    return _Compiled(
        shape, right, spans, bool(spans) and all(placed), known, task.labels is not None, base, task.match,
        task.least_f1,
    )  # fmt: skip


def _span(entry: dict[str, Any]) -> Span:
    try:
        span = span_of(entry)
    except Unreadable as error:
        raise TaskError(f"ground_truth: {error}") from None
    if not is_visible(span.text):
        raise TaskError("ground_truth: a span without text")
    return span


def grade(compiled: _Compiled, completion: Completion) -> Verdict:
    """Find the answer, read its labels or spans, compare."""
    answer, rule = _final_answer(completion.text, lines=compiled.shape == "set")
    evidence: dict[str, Any] = {"method": compiled.match, "extraction": rule, "ground_truth": _shown(compiled)}
    if not is_visible(answer):
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    shown = answer[:_SHOWN]
    if len(answer) > _LONGEST:
        return _wrong(shown, evidence | {"method": "beyond_bounds"})
    try:
        if compiled.shape == "spans":
            right, given = _keys(compiled, compiled.spans), _keys(compiled, read_spans(answer))
        else:
            right, given = list(compiled.right), read_labels(_bare(answer, compiled), compiled.known)
    except Unreadable as error:
        return _wrong(shown, evidence | {"method": "unreadable", "reason": str(error)})
    if compiled.shape != "spans":
        given = list(dict.fromkeys(given))
    return _judged(compiled, right, given, shown, evidence)


def _wrong(shown: str, evidence: dict[str, Any]) -> Verdict:
    return Verdict(Outcome.INCORRECT, 0.0, shown, evidence)


def _bare(answer: str, compiled: _Compiled) -> str:
    """Return an answer without its full stop and the question, and as nothing where it says that a set is empty."""
    answer = without_question(answer.strip().removesuffix("."), compiled.known)
    if compiled.shape == "set" and answer.strip().lower().rstrip(".") in {"[]", "none", "no labels", "no label"}:
        return answer if fold(answer.strip().rstrip(".")) in compiled.known else "[]"
    return answer.strip().removesuffix(".")


def _judged(compiled: _Compiled, right: list[Any], given: list[Any], shown: str, evidence: dict[str, Any]) -> Verdict:
    counted, missing, surplus = overlap(right, given)
    evidence |= {"missing": _listed(missing), "surplus": _listed(surplus)}
    unknown = [label for label in _labels_of(given) if fold(label) not in compiled.known]
    if unknown and compiled.closed:
        evidence |= {"unknown_labels": unknown[:_LISTED]}
    if not missing and not surplus:
        return Verdict(Outcome.CORRECT, 1.0, shown, evidence)
    if compiled.match == "exact" or compiled.shape == "one":
        return _wrong(shown, evidence)
    evidence |= {"f1": round(counted.f1, 4), "precision_of": counted.given, "recall_of": counted.right}
    if counted.common == 0 or counted.f1 < compiled.least_f1:
        return _wrong(shown, evidence)
    if compiled.shape == "set" and counted.common <= compiled.base * counted.given:
        return _wrong(shown, evidence | {"method": "no_better_than_every_label"})
    return Verdict(Outcome.PARTIAL, counted.f1, shown, evidence)


def _labels_of(given: list[Any]) -> list[str]:
    return [one[0] if isinstance(one, tuple) else one for one in given]


def _keys(compiled: _Compiled, spans: list[Span] | tuple[Span, ...]) -> list[Any]:
    """Return spans as they are compared: the label with the place where the task has places, and with the text."""
    found: list[Any] = []
    for span in spans:
        label, text = compiled.known.get(fold(span.label), span.label), " ".join(span.text.split())
        found.append((label, text, span.start, span.end) if compiled.placed else (label, text))
    return found


def _listed(found: list[Any]) -> list[str]:
    return [": ".join(map(str, one))[:80] if isinstance(one, tuple) else one[:80] for one in found[:_LISTED]]


def _shown(compiled: _Compiled) -> str:
    if compiled.spans:
        return "; ".join(f"{span.label}: {span.text}" for span in compiled.spans)[:_SHOWN]
    return ", ".join(compiled.right)[:_SHOWN]


def _final_answer(text: str, *, lines: bool) -> tuple[str, str]:
    """Return the answer and the rule that found it: an announcement, JSON, a short line, or short lines for a set."""
    found = find_text(text)
    if found.rule not in {"whole_text", "json"}:
        return found.text, found.rule
    document = find_document(text, "json")
    if document.text is not None and document.text.strip()[:1] in {"[", "{"}:
        return document.text, document.rule
    if found.rule == "whole_text" and not is_answer_alone(found.text, lines=lines):
        return "", "none"
    return found.text, found.rule


def _stated(compiled: _Compiled) -> str:
    if compiled.spans:
        fields = ("label", "text", "start", "end") if compiled.placed else ("label", "text")
        spans = [dict(zip(("label", "text", "start", "end"), span, strict=True)) for span in compiled.spans]
        return json.dumps([{name: span[name] for name in fields} for span in spans])
    return json.dumps(list(compiled.right)) if compiled.shape == "set" else f"<answer>{compiled.right[0]}</answer>"


_MOOD = {"kind": "label", "ground_truth": "positive", "labels": ["positive", "negative", "neutral"]}
_TOPICS = {"kind": "label", "ground_truth": ["sports", "health"], "labels": ["sports", "health", "law", "art", "food"]}
_NAMES = {"kind": "label", "ground_truth": [{"text": "Ada Lovelace", "label": "person"}, {"text": "London",
          "label": "place"}]}  # fmt: skip

GRADER = Grader(
    task=LabelTask,
    version=5,
    compile=compile_task,
    inline_characters=8_192,
    fast=grade,
    state=_stated,
    examples=[
        Example(_MOOD, "The reviewer is glad. The answer is Positive.", Outcome.CORRECT),
        Example(_MOOD, "positive or neutral", Outcome.INCORRECT),
        Example(_TOPICS, '{"labels": ["health", "sports"]}', Outcome.CORRECT),
        Example(_TOPICS | {"match": "f1"}, "<answer>sports, law</answer>", Outcome.PARTIAL),
        Example(_TOPICS | {"match": "f1"}, "sports, health, law, art, food", Outcome.INCORRECT),
        Example(_NAMES, '[{"text": "London", "label": "place"}, ["Ada Lovelace", "person"]]', Outcome.CORRECT),
        Example(_NAMES, "", Outcome.NO_ANSWER),
    ],
)
