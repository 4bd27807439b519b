r"""`choice`: the option a completion chooses, by letter or by the option's own words.

What counts, decided: a letter counts where it is announced and not denied ("cannot be A", "答案不是B"), supposed
("if the answer were A") or taken back ("B is wrong"). Behind it only an explanation or the option's own words
may stand; another option's words contradict it, "or", "but" and the like hedge, and words that are neither are
not passed over: the answer is then not read as a letter. Where the announcement as a whole is one option's text
("B cells" for an option D), that option is chosen. "A or B" for a ground truth of A is wrong. A completion that
names no letter but whose final answer is one option's text (or, with mathematics in it, equals exactly one
option) has chosen that option; inside a sentence an option must stand word for word, so "infrared" is not
"red".

Options may be called by letters of any script, numbers or words: 1 to 4, AA, IV, α, Б, 가, ア, 甲, "true". Circled and
full-width forms are the label they stand for; of letters that look alike, `extraction.sequences` says which count. A
label that is also another option's text, or a number that is its value, is ambiguous unless it stands as a label
("(2)", "option 2") or its own text follows: not paid. "> 2", "- 2", "$2", "2!" and "(2, ∞)" are values, and what
follows a bare number must explain it. Where words are the labels, "not true" is none of them, "probably true" and
"true, I guess" are not "true", and only what is said of the statement itself counts, not of its negation or a half.

A ground truth is first a label as it is called, then an option's text as it is written ("B-", "$2"), then a label in
brackets or LaTeX. Texts that speak of labels ("①②", "(1) and (2)", "1  km") carry none.

A ground truth of several letters in alphabetical order is a set: every one must be chosen, in any order; "A or C",
"A/C" and "A, C (pick one)" choose neither both nor one. Letters out of order or repeated (`["D", "C", "C"]`) answer
several questions: position by position. Numbered answers in the completion are always compared by position.
"""

import re
from typing import Any, Literal

from pydantic import StrictBool, field_validator

from reward_server.choices.stored import options_as_stored
from reward_server.choices.weighing import Choice, Question, chosen, fold, question_of
from reward_server.errors import TaskError
from reward_server.exact_json import text_of
from reward_server.extraction.labels import reader_of
from reward_server.extraction.letters import find_choice
from reward_server.extraction.options import own_label, read_options
from reward_server.extraction.sequences import LATIN, core
from reward_server.extraction.wrapping import unwrap
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.normal_forms import normal_form
from reward_server.verdict import Outcome, Verdict

_SHOWN = 200
_DEFAULT_LETTERS = "ABCDEFGHIJ"
_TIED = re.compile(r"(?<=\S)~(?=\S)")


class ChoiceTask(Task):
    """Grade a multiple-choice answer."""

    kind: Literal["choice"] = "choice"
    ground_truth: str | StrictBool | int | list[str | StrictBool | int]
    """The right label ("C", "(C)", "2", "true"), its position from 0, or the right option's text (JSON's `true` is the
    text "true"); a list, or a text of several labels ("A and C"), where all of several must be given, or where several
    questions have one each."""
    options: list[str] | dict[str, str] | str | None = None
    """The options' texts: in order, by label, as one text with labels ("A) 3 B) 4"), or as ARC stores them,
    `{"text": […], "label": […]}`. Without them only labels are recognised."""
    labels: list[str] | None = None
    """What the options are called, in order, where they are not A, B, C, … and do not say it themselves: "1" to "4",
    "α" to "δ", "true", "false" and "uncertain"."""

    @field_validator("options", mode="before")
    @classmethod
    def _read_as_stored(cls, options: Any) -> Any:
        return options_as_stored(options)


def _as_written(text: str) -> str:
    """Return a text as it stands, but for blanks, compatibility forms and the kind of minus."""
    return " ".join(normal_form("NFKC", text).replace("−", "-").split())


def _right_letter(value: str | bool | int, options: dict[str, str]) -> str:
    """Return the label a ground truth names: as the label it is, as an option's text, or as a label in brackets."""
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, int):
        return _at(value, options)
    reader = reader_of(tuple(options) or LATIN)
    if value.strip() in options:
        return value.strip()
    exact = [label for label, text in options.items() if text and _as_written(text) == _as_written(value)]
    if len(exact) == 1:
        return exact[0]
    value = _TIED.sub(" ", unwrap(value, keep_prices=True))
    named = reader.name(core(value))
    if named is not None:
        return named
    same = [label for label, text in options.items() if text and fold(text) == fold(value)]
    if len(same) == 1:
        return same[0]
    for label in options or LATIN:
        own = own_label(label).match(value)
        if own and (not options or fold(value[own.end() :]) == fold(options[label])):
            return label
    raise TaskError(f"ground_truth: {value[:40]!r} names no option{_called(options)}")


def _called(options: dict[str, str]) -> str:
    return f"; they are called {', '.join(options)[:_SHOWN]}" if options else ""


def _at(position: int, options: dict[str, str]) -> str:
    known = list(options or _DEFAULT_LETTERS)
    written = text_of(position)
    if written in options and not (0 <= position < len(known) and known[position] == written):
        raise TaskError(f"ground_truth: {written[:40]} may be a label or a position from 0: write the label as a text")
    if not 0 <= position < len(known):
        raise TaskError(f"ground_truth: no option at position {written[:40]}")
    return known[position]


def compile_task(task: ChoiceTask) -> Question:
    """Read the options and the right labels.

    Raises:
        TaskError: the ground truth names no option, or the options or labels cannot be told apart.
    """
    options = read_options(task.options, task.labels)
    given: list[str | bool | int] = task.ground_truth if isinstance(task.ground_truth, list) else [task.ground_truth]
    if not given:
        raise TaskError("ground_truth: the list is empty")
    if len(given) == 1 and isinstance(given[0], str):
        given = list(_several(given[0], options)) or given
    return question_of(options, tuple(_right_letter(value, options) for value in given), _DEFAULT_LETTERS)


def _several(truth: str, options: dict[str, str]) -> tuple[str, ...]:
    """Return the labels that one text lists; none where it is an option's text, or offers one or the other."""
    if any(fold(text) == fold(truth) for text in options.values()):
        return ()
    labels, rest = reader_of(tuple(options) or LATIN).read(unwrap(truth, keep_prices=True))
    offers = " or " in truth or "或" in truth
    return labels if len(labels) > 1 and not rest.strip(" .)]") and not offers else ()


def grade_fast(compiled: Question, completion: Completion) -> Verdict:
    """Find the choice and compare it with the right letters."""
    found = find_choice(completion.text, compiled.letters, compiled.aliases)
    letters, method, problem = chosen(compiled, found) if found else Choice((), "none")
    evidence: dict[str, Any] = {"method": method, "ground_truth": ", ".join(compiled.right)}
    if problem:
        evidence["problem"] = problem
    if found is None or not letters:
        if found is not None:
            evidence |= {"rule": found.rule, "content": found.content[:_SHOWN]}
        outcome = Outcome.INCORRECT if found and found.rule != "last_line" and found.content else Outcome.NO_ANSWER
        return Verdict(
            outcome, 0.0, found.content[:_SHOWN] if found and outcome is Outcome.INCORRECT else None, evidence
        )
    evidence |= {"rule": found.rule, "content": found.content[:_SHOWN]}
    answer = ", ".join(letters)
    if problem:
        return Verdict(Outcome.INCORRECT, 0.0, answer, evidence)
    if _is_right(compiled, letters, numbered=found.numbered):
        return Verdict(Outcome.CORRECT, 1.0, answer, evidence)
    if len(compiled.right) == 1 and len(set(letters)) > 1:
        evidence["hedged"] = True
    return Verdict(Outcome.INCORRECT, 0.0, answer, evidence)


def _is_right(compiled: Question, letters: tuple[str, ...], *, numbered: bool) -> bool:
    if len(compiled.right) == 1:
        return letters[-1:] == compiled.right if numbered else set(letters) == set(compiled.right)
    if numbered or compiled.by_position:
        return letters == compiled.right
    return set(letters) == set(compiled.right)


_C = {"kind": "choice", "ground_truth": "C"}
_WORDS = {"kind": "choice", "ground_truth": 1, "options": ["red", "dark green", "blue", "3"]}

GRADER = Grader(
    task=ChoiceTask,
    version=11,
    compile=compile_task,
    fast=grade_fast,
    examples=[
        Example(_C, "I considered A and B, but the answer is (C).", Outcome.CORRECT),
        Example(_C, "The answer is B or C.", Outcome.INCORRECT),
        Example(_C, "综上，故选C。", Outcome.CORRECT),
        Example(_WORDS, r"\boxed{\text{Dark green}}", Outcome.CORRECT),
        Example({"kind": "choice", "ground_truth": ["A", "C"]}, "ANSWER: C, A", Outcome.CORRECT),
    ],
)
