"""`short_answer`: a fact, name, number, date or list against aliases, as question-answering data sets store them.

The final answer is what the completion announces or marks, else its text where that is one short line, or with `all`
several, one member each. Match rules: `exact` (default): equal to one alias under the normalisation; `f1`: the best
token F1 over the aliases, 0 below `least_f1`; `all`: a list, every member given once and nothing else, in any order
unless `ordered`. Decided: "Paris or Rome" is neither; a number is compared by value (`1,000` is `1000`; `12` is not
`12%`), a date by what it says (`5 March 2024` is `March 5, 2024`; `03/05/2024` is read in no way); an explanation
behind the answer is not part of it only where the completion marks the answer; yes and no are never partly right.
"""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from reward_server.errors import TaskError
from reward_server.exact_json import text_of
from reward_server.extraction.region import is_visible
from reward_server.extraction.texts import find_text, is_answer_alone, without_frame
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.verdict import Outcome, Verdict
from reward_server.words.comparison import ShortAnswer, parts, read, same, separators_in, token_f1, unmatched
from reward_server.words.normalization import LONGEST, Normalization, normalized

_SHOWN = 200
_MAX_ALIASES = 2_000
_WRAPPED = ("target", "targets", "text", "aliases", "answers")
_Scalar = str | int | float | bool


class ShortAnswerTask(Task):
    """Grade a short answer against its aliases."""

    kind: Literal["short_answer"] = "short_answer"
    ground_truth: _Scalar | list[_Scalar | list[_Scalar]] | dict[str, Any]
    """The right answer; a list of aliases, any of which is right (with `match: all`: the members, each a text or its
    aliases); SQuAD's `{"text": […]}`, TriviaQA's `{"value", "aliases"}`, Search-R1's `{"target": […]}`."""
    match: Literal["exact", "f1", "all"] = "exact"
    """How the answer is compared; see the page of this kind."""
    normalize: Normalization = "squad"
    """`squad`: case, punctuation, English articles do not count; `gaia`: nor does white space; `exact`: all counts."""
    least_f1: float = Field(default=0.0, ge=0, le=1)
    """With `match: f1`: a smaller F1 scores 0."""
    ordered: bool = False
    """With `match: all`: the members must come in this order."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    members: tuple[tuple[ShortAnswer, ...], ...]
    """One member of aliases, or the members of a list."""
    how: Normalization
    match: str
    least_f1: float
    ordered: bool
    separated: frozenset[tuple[str, tuple[str, ...]]]
    """Aliases that hold what separates the members of a list: folded, and with which separators."""


def compile_task(task: ShortAnswerTask) -> _Compiled:
    """Unwrap the aliases.

    Raises:
        TaskError: there is no alias, one has nothing to read in it, or a dictionary has none of the known names.
    """
    value: Any = task.ground_truth
    if isinstance(value, dict):
        value = _unwrapped(value)
    listed = value if isinstance(value, list) else [value]
    groups = [entry if isinstance(entry, list) else [entry] for entry in listed]
    if task.match != "all":
        groups = [[alias for group in groups for alias in group]]
    if not groups or not all(groups) or sum(map(len, groups)) > _MAX_ALIASES:
        raise TaskError(f"ground_truth: needs 1 to {_MAX_ALIASES} aliases")
    members = tuple(tuple(_accepted(alias, task.normalize) for alias in dict.fromkeys(group)) for group in groups)
    separated = frozenset(
        (one.folded, signs) for group in members for one in group if (signs := separators_in(one.text))
    )
    return _Compiled(members, task.normalize, task.match, task.least_f1, task.ordered, separated)


def _unwrapped(value: dict[str, Any]) -> list[Any]:
    known = [name for name in _WRAPPED if name in value]
    if len(known) != 1:
        raise TaskError(
            f"ground_truth: needs one of {', '.join(_WRAPPED)}, has {', '.join(map(str, value)) or 'nothing'}"
        )
    inner = value[known[0]]
    first = [value["value"]] if isinstance(value.get("value"), str) else []
    return first + (inner if isinstance(inner, list) else [inner])


def _accepted(alias: Any, how: Normalization) -> ShortAnswer:
    text = ("yes" if alias else "no") if isinstance(alias, bool) else text_of(alias)
    found = read(text, how)
    if not found.folded or not is_visible(text) or len(text) > LONGEST:
        raise TaskError(f"ground_truth: nothing is left of {text[:40]!r} under normalization {how!r}")
    return found


def grade(compiled: _Compiled, completion: Completion) -> Verdict:
    """Find the answer, compare it with each alias."""
    answer, rule = _final_answer(completion.text, lines=compiled.match == "all")
    evidence: dict[str, Any] = {
        "method": compiled.match,
        "extraction": rule,
        "ground_truth": "; ".join(member[0].text for member in compiled.members)[:_SHOWN],
    }
    if not is_visible(answer):
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    shown = answer[:_SHOWN]
    if len(answer) > LONGEST:
        return Verdict(Outcome.INCORRECT, 0.0, shown, evidence | {"method": "beyond_bounds"})
    if compiled.match == "all":
        return _graded_list(compiled, answer, evidence)
    given = read(answer, compiled.how)
    framed = without_frame(answer)
    readings = (
        [(given, {})] if framed is None else [(given, {}), (read(framed[0], compiled.how), {"ignored": [framed[1]]})]
    )
    for reading, ignored in readings:
        for alias in compiled.members[0]:
            matched = same(alias, reading)
            if matched:
                evidence |= {"rule": matched, "ground_truth": alias.text[:_SHOWN], **ignored}
                return Verdict(Outcome.CORRECT, 1.0, shown, evidence)
    if compiled.match == "f1":
        return _graded_f1(compiled, given, evidence)
    return Verdict(Outcome.INCORRECT, 0.0, shown, evidence)


def _graded_f1(compiled: _Compiled, given: ShortAnswer, evidence: dict[str, Any]) -> Verdict:
    best = max(token_f1(alias, given) for alias in compiled.members[0])
    shown = given.text[:_SHOWN]
    evidence |= {"f1": round(best, 4)}
    if best <= 0 or best < compiled.least_f1:
        return Verdict(Outcome.INCORRECT, 0.0, shown, evidence)
    outcome = Outcome.CORRECT if best == 1 else Outcome.PARTIAL
    return Verdict(outcome, best, shown, evidence)


def _graded_list(compiled: _Compiled, answer: str, evidence: dict[str, Any]) -> Verdict:
    def is_member(text: str) -> bool:
        return (normalized(text, compiled.how), separators_in(text)) in compiled.separated

    given = [read(part, compiled.how) for part in parts(answer, is_member if compiled.separated else None)]
    missing: list[str] = []
    surplus: list[str] = []
    if compiled.ordered:
        right = len(given) == len(compiled.members) and all(
            any(same(alias, member) for alias in aliases)
            for aliases, member in zip(compiled.members, given, strict=True)
        )
    else:
        missing, surplus = unmatched(compiled.members, given)
        right = not missing and not surplus
    if right:
        return Verdict(Outcome.CORRECT, 1.0, answer[:_SHOWN], evidence)
    evidence |= {"missing": [text[:60] for text in missing[:10]], "surplus": [text[:60] for text in surplus[:10]]}
    return Verdict(Outcome.INCORRECT, 0.0, answer[:_SHOWN], evidence)


def _final_answer(text: str, *, lines: bool) -> tuple[str, str]:
    found = find_text(text)
    if found.rule == "whole_text" and not is_answer_alone(found.text, lines=lines):
        return "", "none"
    return found.text.removesuffix("."), found.rule


_TOWER = {"kind": "short_answer", "ground_truth": ["Eiffel Tower", "La tour Eiffel"]}
_LIST = {"kind": "short_answer", "match": "all", "ground_truth": ["red", ["blue", "azure"], "green"]}

GRADER = Grader(
    task=ShortAnswerTask,
    version=6,
    compile=compile_task,
    fast=grade,
    state=lambda compiled: f"<answer>{'; '.join(aliases[0].text for aliases in compiled.members)}</answer>",
    examples=[
        Example(_TOWER, "<answer>the Eiffel tower</answer>", Outcome.CORRECT),
        Example(_TOWER, "Eiffel Tower or Big Ben", Outcome.INCORRECT),
        Example(_TOWER | {"match": "f1"}, "<answer>Eiffel</answer>", Outcome.PARTIAL),
        Example(_LIST, "<answer>green, azure and red</answer>", Outcome.CORRECT),
        Example(_LIST, "<answer>green, red</answer>", Outcome.INCORRECT),
        Example(_TOWER, "", Outcome.NO_ANSWER),
    ],
)
