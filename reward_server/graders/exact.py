r"""`exact`: equality of texts after folding, for closed answer sets, puzzles and strings.

It never parses mathematics: `1/2` and `0.5` differ here; the `math` grader is for those. The answer is what the
completion announces as final, by a tag, a box or in words, else its whole final text
(`reward_server.extraction.texts`).
Decided: case counts only with `case_sensitive`; blanks at the ends of lines and runs of blanks inside them do not
count, lines do (a grid of another shape is another answer); letters are compared in Unicode's composed form (NFC), so
`2¹⁰` is not `210` and a full-width digit is not a digit; punctuation counts; "It is Paris." says
Paris. A completion that is an accepted text as a whole is right even where it seems to announce another.
"""

from dataclasses import dataclass
from typing import Literal

from reward_server.errors import TaskError
from reward_server.extraction.region import final_region
from reward_server.extraction.texts import find_text, without_frame
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.normal_forms import normal_form
from reward_server.verdict import Outcome, Verdict

_SHOWN = 200
_LONGEST_ANSWER = 100_000


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


def _fold(text: str, case_sensitive: bool) -> str:
    lines = (" ".join(line.split()) for line in normal_form("NFC", text).strip().splitlines())
    folded = "\n".join(lines)
    return folded if case_sensitive else folded.casefold()


def compile_task(task: ExactTask) -> _Compiled:
    """Fold the accepted answers.

    Raises:
        TaskError: there is no accepted answer, or one is empty.
    """
    values = task.ground_truth if isinstance(task.ground_truth, list) else [task.ground_truth]
    accepted = {_fold(str(value), task.case_sensitive): str(value) for value in values}
    if not accepted or "" in accepted:
        raise TaskError("ground_truth: an exact answer must not be empty")
    return _Compiled(accepted, task.case_sensitive)


def grade(compiled: _Compiled, completion: Completion) -> Verdict:
    """Compare the final answer with each accepted one."""
    answer, rule = find_text(completion.text)
    whole = final_region(completion.text).text.strip()
    if len(whole) <= _SHOWN and _fold(whole, compiled.case_sensitive) in compiled.accepted:
        answer, rule = whole, "whole_text"
    evidence: dict[str, object] = {"method": "folded_equality", "extraction": rule}
    if not answer:
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    matched = compiled.accepted.get(_fold(answer, compiled.case_sensitive)) if len(answer) <= _LONGEST_ANSWER else None
    framed = without_frame(answer) if matched is None and len(answer) <= _SHOWN else None
    if framed is not None and (matched := compiled.accepted.get(_fold(framed[0], compiled.case_sensitive))) is not None:
        evidence["ignored"] = [framed[1]]
    evidence |= {"answer": answer[:_SHOWN], "ground_truth": matched or next(iter(compiled.accepted.values()))[:_SHOWN]}
    if matched is None:
        return Verdict(Outcome.INCORRECT, 0.0, answer[:_SHOWN], evidence)
    return Verdict(Outcome.CORRECT, 1.0, answer[:_SHOWN], evidence)


_PARIS = {"kind": "exact", "ground_truth": "Paris"}

GRADER = Grader(
    task=ExactTask,
    version=2,
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
