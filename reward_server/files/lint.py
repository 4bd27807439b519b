"""Every ground truth of a data set, read, classified and graded against itself before anything trains on it.

A broken row is silent noise: a ground truth that cannot be read, or that its own grader would not accept, gives every
completion the same reward. `lint_rows` finds such rows without a model:

- unusable: empty, a placeholder ("proof", "notfound", "nan"), or not readable by the grader;
- not self-correct: a completion that states exactly this ground truth is not graded correct;
- ambiguous: a sentence rather than an answer, a list of numbers (any of them, or all?), a ground truth that differs
  from the boxed answer of the row's own solution, or the same problem with another ground truth in another row; an
  answer that is the same for every row and is paid a quarter or more.

Rows are read as `score` reads them (`reward_server.datasets`); those of other kinds than mathematics and choices, and
those that hold whole tasks, are held against themselves by `lint_tasks`. It judges by the fast tiers only,
in this process; it does not know whether a ground truth is *true*.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from reward_server.datasets import UnknownRow, read_row
from reward_server.errors import TaskError
from reward_server.extraction import find_answer
from reward_server.files.formats import Row, RowError
from reward_server.files.lint_tasks import Constants, hold, whole_task
from reward_server.graders import Completion, choice, math
from reward_server.ground_truths.solutions import stated_value
from reward_server.ground_truths.unpacking import unpack_ground_truth
from reward_server.mathematics import classify, compare, compile_ground_truth
from reward_server.verdict import Outcome

Severity = Literal["unusable", "not_self_correct", "ambiguous"]

_PROBLEM_FIELDS = ("problem", "question", "prompt", "Problem", "Question")
_SOLUTION_FIELDS = ("solution", "generated_solution")
_PLACEHOLDERS = frozenset(
    ("proof", "notfound", "not found", "nan", "none", "null", "n/a", "tbd", "unknown", "answer", "see solution",
     "no answer", "--", "-", "?", "...", "…")
)  # fmt: skip
_OWN_KINDS = frozenset({None, "math", "choice"})
"""Kinds whose rows are looked at more closely here, by their ground truth."""
_OWN_FIELDS = frozenset({"kind", "ground_truth", "options"})
_SENTENCE_WORDS = 8
"""Words from which a ground truth reads as a sentence: no completion will repeat it letter by letter."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one row."""

    row: int
    """Which row of the data set it is, from 0."""
    place: str
    """Where a person finds it."""
    id: str
    severity: Severity
    reason: str
    ground_truth: str


@dataclass
class Report:
    """What a data set's ground truths are like."""

    rows: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    """Rows by what their ground truth is: `integer`, `interval`, `choice`, …."""
    self_correct: int = 0
    undecided: int = 0
    """Rows that tier 0 leaves open on their own ground truth; they are among the findings."""
    only_compiled: int = 0
    """Rows of whole tasks that state no answer, or whose answers only a sandbox or a worker can grade."""
    findings: list[Finding] = field(default_factory=list)
    constants: Constants = field(default_factory=Constants, repr=False)


def lint_rows(rows: Iterable[Row], *, column: str | None = None, kind: str | None = None) -> Report:
    """Read and grade every row's ground truth.

    `column` names the ground truth's column, dotted for nested objects, and `kind` the grader; both are found by row
    where omitted.
    """
    report = Report()
    seen: dict[str, tuple[str, str]] = {}
    for row in rows:
        report.rows += 1
        report.findings += _lint_row(report, seen, row, column=column, kind=kind)
    for answer, why in report.constants.paid():
        report.findings.append(Finding(report.rows, "every row", "constant answer", "ambiguous", why, answer[:200]))
    return report


def _lint_row(
    report: Report, seen: dict[str, tuple[str, str]], read: Row, *, column: str | None, kind: str | None
) -> Iterator[Finding]:
    index, row = read.number, read.value
    name = str(row.get("id", row.get("unique_id", index))) if isinstance(row, Mapping) else str(index)
    try:
        if isinstance(row, RowError):
            raise row
        task = _task(row, column, kind)
    except (RowError, UnknownRow) as error:
        report.classes["none"] += 1
        yield Finding(index, read.place, name, "unusable", str(error), "None")
        return
    if task.get("kind") not in _OWN_KINDS or not _OWN_FIELDS.issuperset(task):
        yield from _lint_task(report, read, name, task)
        return
    value = task.get("ground_truth")
    shown = str(value)[:200]

    def finding(severity: Severity, reason: str) -> Finding:
        return Finding(index, read.place, name, severity, reason, shown)

    if isinstance(value, str) and (not value.strip() or value.strip().lower() in _PLACEHOLDERS):
        report.classes["placeholder"] += 1
        yield finding("unusable", "a placeholder, not an answer" if value.strip() else "empty")
        return
    try:
        outcome, named = _grade_itself(task)
    except (TaskError, ValidationError) as error:
        report.classes["unreadable"] += 1
        yield finding("unusable", str(error).splitlines()[0] if isinstance(error, TaskError) else "not a ground truth")
        return
    report.classes[named] += 1
    report.self_correct += outcome is Outcome.CORRECT
    report.undecided += outcome is Outcome.UNDECIDED
    row = row if isinstance(row, Mapping) else {}
    if outcome is not Outcome.CORRECT:
        yield finding("not_self_correct", f"its own statement is graded {outcome}")
    for reason in _ambiguities(row, value, named):
        yield finding("ambiguous", reason)
    conflict = _conflict(seen, read.place, row, task)
    if conflict:
        yield finding("ambiguous", conflict)


def _task(row: Any, named: str | None, kind: str | None) -> Mapping[str, Any]:
    """Return the task that a row holds, whole or as its columns say.

    Raises:
        UnknownRow: it cannot be read as one, or as two.
    """
    task = whole_task(row, kind if kind not in _OWN_KINDS else None) if isinstance(row, Mapping) else None
    return read_row(row, kind=kind, column=named) if task is None else task


def _lint_task(report: Report, read: Row, name: str, task: Mapping[str, Any]) -> Iterator[Finding]:
    """Look at a row that holds a whole task."""
    held = hold(task)
    report.classes["unreadable" if held.problem else held.kind] += 1
    report.self_correct += held.outcome is Outcome.CORRECT
    report.undecided += held.outcome is Outcome.UNDECIDED
    report.only_compiled += held.outcome is None and not held.problem
    report.constants.keep(held)
    shown = str(task.get("ground_truth", ""))[:200]
    if held.problem:
        yield Finding(read.number, read.place, name, "unusable", held.problem.splitlines()[0], shown)
    elif held.outcome not in {None, Outcome.CORRECT}:
        told = f"its own statement is graded {held.outcome}"
        yield Finding(read.number, read.place, name, "not_self_correct", told, shown)


def _grade_itself(task: Mapping[str, Any]) -> tuple[Outcome, str]:
    """Grade a completion that states the ground truth; return the outcome and the kind of ground truth."""
    if task["kind"] == "choice":
        letters = choice.compile_task(choice.ChoiceTask.model_validate(task))
        stated = f"The answer is ({', '.join(letters.right)})."
        return choice.grade_fast(letters, Completion(stated)).outcome, "choice"
    compiled = math.compile_task(math.MathTask.model_validate(task))
    outcomes = []
    for text in compiled.texts:
        verdict = math.grade_fast(compiled, Completion(statement(text)))
        outcomes.append(verdict.outcome if verdict is not None else Outcome.UNDECIDED)
    wrong = [outcome for outcome in outcomes if outcome is not Outcome.CORRECT]
    return (wrong[0] if wrong else Outcome.CORRECT), classify(compiled.truth)


def statement(answer: str) -> str:
    """Return a completion that gives exactly this answer."""
    depth = lowest = 0
    for sign in re.findall(r"\\.|[{}]", answer):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        lowest = min(lowest, depth)
    return f"<answer>{answer}</answer>" if depth or lowest < 0 else rf"\boxed{{{answer}}}"


def _ambiguities(row: Mapping[str, Any], value: Any, named: str) -> Iterator[str]:
    if isinstance(value, list) and named != "choice" and all(isinstance(item, int | float) for item in value):
        if len({float(item) for item in value}) > 1:
            yield f"a list of numbers means any of {len(value)}; if all are wanted, write it as text or combine all"
        return
    if named == "choice" or not isinstance(value, str):
        return
    answer = unpack_ground_truth(value)
    stated = stated_value(answer) if isinstance(answer, str) else None
    if stated is not None:
        said = "last sentence" if stated.rule == "last_resort" else "announcement"
        yield f"a whole solution: its {said} is read as {stated.value[:80]!r}"
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"\\[a-zA-Z]+", " ", answer)) if isinstance(answer, str) else []
    if named == "unread":
        yield "mathematics that is not in the grammar: an answer that is not the same text is undecided"
    if named in {"text", "unread"} and len(words) >= _SENTENCE_WORDS:
        yield f"a sentence of {len(words)} words"
    solution = next((row[name] for name in _SOLUTION_FIELDS if isinstance(row.get(name), str)), None)
    if solution is None or solution == value or not isinstance(answer, str):
        return
    boxed = find_answer(solution, "boxed")
    truth = compile_ground_truth(answer)
    if boxed is None or compare(truth, boxed.answer).equal is not False:
        return
    if not boxed.parts or not all(compare(truth, part).equal for part in boxed.parts):
        yield f"the row's solution has {boxed.answer[:80]!r} in its box"


def _conflict(
    seen: dict[str, tuple[str, str]], place: str, row: Mapping[str, Any], task: Mapping[str, Any]
) -> str | None:
    problem = next((row[name] for name in _PROBLEM_FIELDS if isinstance(row.get(name), str)), None)
    if problem is None:
        return None
    shown = str(task["ground_truth"])[:200]
    key = " ".join(problem.split()) + repr(task.get("options"))
    first, other = seen.setdefault(key, (place, shown))
    return f"{first} has the same problem with ground truth {other!r}" if other != shown else None
