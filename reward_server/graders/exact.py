r"""`exact`: equality of texts after folding, for closed answer sets, puzzles and strings.

It never parses mathematics: `1/2` and `0.5` differ here; the `math` grader is for those. The answer is what the
completion announces as final, by a tag, a box or in words, else its whole final text
(`reward_server.extraction.texts`).
Decided: case counts only with `case_sensitive`; blanks at the ends of lines and runs of blanks inside them do not
count, lines do (a grid of another shape is another answer); letters are compared in Unicode's composed form (NFC), so
`2¹⁰` is not `210` and a full-width digit is not a digit; "It is Paris." says Paris. Punctuation counts: `A*` is neither
`A` nor an emphasized one. A mark that may end the sentence or the answer (`U.S.`, `Yahoo!`, `St. Louis`) is read in
both ways. What only wraps the whole of an answer is no part of it: emphasis in pairs, a fence, the delimiters and
escapes of LaTeX, and characters at the ends that print nothing. A completion that is an accepted text as a whole is
right even where it seems to announce another.
"""

from dataclasses import dataclass
from typing import Literal

from reward_server.errors import TaskError
from reward_server.exact_json import text_of
from reward_server.extraction.region import final_region
from reward_server.extraction.texts import find_text, without_frame
from reward_server.extraction.wrapping import trimmed
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.normal_forms import normal_form
from reward_server.verdict import Outcome, Verdict

_SHOWN = 200
_LONGEST_ANSWER = 100_000
_TIMES_AS_LONG, _SLACK = 10, 1_000
"""An answer longer than so many times the longest accepted text, and so many characters more, is not compared."""


class ExactTask(Task):
    """Grade by equality with a known text."""

    kind: Literal["exact"] = "exact"
    ground_truth: str | int | float | bool | list[str | int | float | bool]
    """The right answer as text; a list means any of them is right."""
    case_sensitive: bool = False
    """False folds case on both sides."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    accepted: dict[str, str]
    case_sensitive: bool
    longest: int
    """Characters of an answer that may be equal to an accepted one."""

    def accept(self, answer: str) -> str | None:
        """Return the accepted text that an answer is; None where it is none."""
        return self.accepted.get(_fold(answer, self.case_sensitive)) if len(answer) <= self.longest else None


def _fold(text: str, case_sensitive: bool) -> str:
    text = trimmed(normal_form("NFC", text))
    folded = "\n".join([" ".join(line.split()) for line in text.splitlines()])
    return folded if case_sensitive else folded.casefold()


def compile_task(task: ExactTask) -> _Compiled:
    """Fold the accepted answers.

    Raises:
        TaskError: there is no accepted answer, or one is empty.
    """
    values = task.ground_truth if isinstance(task.ground_truth, list) else [task.ground_truth]
    accepted = {_fold(text_of(value), task.case_sensitive): text_of(value) for value in values}
    if not accepted or "" in accepted:
        raise TaskError("ground_truth: an exact answer must not be empty")
    longest = _TIMES_AS_LONG * max(map(len, accepted.values())) + _SLACK
    return _Compiled(accepted, task.case_sensitive, min(longest, _LONGEST_ANSWER))


def grade(compiled: _Compiled, completion: Completion) -> Verdict:
    """Compare the final answer with each accepted one."""
    found = find_text(completion.text)
    answer, rule = found.text, found.rule
    whole = final_region(completion.text).text.strip()
    if len(whole) <= _SHOWN and compiled.accept(whole) is not None:
        answer, rule = whole, "whole_text"
    evidence: dict[str, object] = {"method": "folded_equality", "extraction": rule}
    if not trimmed(answer):
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    matched = compiled.accept(answer)
    if matched is None:
        readings = (answer, *found.others)
        answer = next((one for one in readings if compiled.accept(one) is not None), answer)
        matched = compiled.accept(answer)
        if matched is None and (framed := _framed(compiled, readings)) is not None:
            matched, evidence["ignored"] = framed[0], [framed[1]]
    evidence |= {"answer": answer[:_SHOWN], "ground_truth": matched or next(iter(compiled.accepted.values()))[:_SHOWN]}
    if matched is None:
        return Verdict(Outcome.INCORRECT, 0.0, answer[:_SHOWN], evidence)
    return Verdict(Outcome.CORRECT, 1.0, answer[:_SHOWN], evidence)


def _framed(compiled: _Compiled, readings: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the accepted text that a reading says in a plain sentence, and the words around it; None for none."""
    for reading in readings:
        framed = without_frame(reading) if len(reading) <= _SHOWN else None
        if framed is not None:
            marked = framed[0] + trimmed(reading)[-1:]
            for answer in (framed[0], marked) if marked in reading else framed[:1]:
                if (matched := compiled.accept(answer)) is not None:
                    return matched, framed[1]
    return None


_PARIS = {"kind": "exact", "ground_truth": "Paris"}

GRADER = Grader(
    task=ExactTask,
    version=6,
    compile=compile_task,
    fast=grade,
    state=lambda compiled: f"<answer>{next(iter(compiled.accepted.values()))}</answer>",
    examples=[
        Example(_PARIS, "<think>Lyon?</think> <answer> paris </answer>", Outcome.CORRECT),
        Example(_PARIS, r"first \boxed{Paris}, no: \boxed{Lyon}", Outcome.INCORRECT),
        Example(_PARIS | {"case_sensitive": True}, "paris", Outcome.INCORRECT),
        Example(_PARIS | {"ground_truth": ["Paris", "Paname"]}, "Paname", Outcome.CORRECT),
        Example(_PARIS, "I think of two towns. The answer is Paris.", Outcome.CORRECT),
        Example(_PARIS, "<think>Paris", Outcome.NO_ANSWER),
    ],
)
