"""`regression`: how far is a number, or each of several named ones, from the right one?

The score is 1 up to the distance `within` and falls to 0 at the distance `width`, and stays there: every width is
finite, so that no constant answer is paid everywhere. `distance` says what a distance is, `decay` how the score falls.
With x from 0 at `within` to 1 at `width`: `linear` 1 - x (absolute error), `quadratic` 1 - x² (squared error), `huber`
quadratic up to x = 1/2 and linear beyond, `exponential` e^(-5x) less what is left at x = 1. Outcome `correct` only up
to `within`. Decided: units are converted, a missing one is taken for the ground truth's unless `units: required`;
another one, or one that is not known, is wrong; where the ground truth has none, the answer's is named in the evidence.
A range, `5 ± 1`, several numbers, infinity and NaN are wrong. Of named numbers each counts alike, a missing one is 0.
"""

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from flint import fmpq
from pydantic import Field, StrictFloat, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from reward_server.documents.finding import find_document
from reward_server.documents.reading import DocumentError, read
from reward_server.errors import TaskError
from reward_server.extraction import Where, find_answer
from reward_server.extraction.texts import without_frame
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.mathematics.distances import DECAYS, distance
from reward_server.mathematics.quantities import NotAQuantity, Quantity, UnitConflict, in_unit_of, read_quantity
from reward_server.verdict import Outcome, Verdict

_SHOWN = 200
_MOST = 100
"""Named numbers of a task."""
_ENOUGH = 5
"""Tasks from which a mean says something."""
_ONE = ""
"""The name of a number that has none."""
Value = str | StrictInt | StrictFloat


class RegressionTask(Task):
    """Grade a number by its distance from the right one."""

    kind: Literal["regression"] = "regression"
    ground_truth: Value | dict[str, Value]
    """The right number, as a number or a text with its unit ("3.2 km"); or an object of named numbers, which are then
    asked for as a JSON object."""
    width: float | dict[str, float]
    """The distance from which the score is 0; for named numbers one for all, or one for each."""
    within: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    """The distance up to which the answer is right and the score 1; smaller than every width."""
    distance: Literal["absolute", "relative", "log10"] = "absolute"
    """`absolute`: |answer - truth|, in the truth's unit; `relative`: that over |truth|; `log10`: orders of magnitude,
    |log10(answer / truth)|, where an answer of the other sign, or zero, scores 0."""
    decay: Literal["linear", "quadratic", "huber", "exponential"] = "linear"
    """How the score falls between `within` and `width`."""
    units: Literal["optional", "required"] = "optional"
    """`required`: an answer to a ground truth with a unit needs one."""
    answer_in: Where = "any"
    """Where the answer must stand to count, as for kind `math`; named numbers are always read from JSON."""

    @model_validator(mode="after")
    def _falls(self) -> "RegressionTask":
        for name, width in (self.width if isinstance(self.width, dict) else {_ONE: self.width}).items():
            if not (math.isfinite(width) and width > self.within):
                why = f"width{f' of {name}' if name else ''}: a finite number greater than `within` ({self.within:g})"
                raise PydanticCustomError("no_width", "{why}", {"why": why})
        return self


@dataclass(frozen=True, slots=True)
class _Number:
    truth: Quantity
    width: fmpq
    shown: str


@dataclass(frozen=True, slots=True)
class _Compiled:
    numbers: dict[str, _Number]
    within: fmpq
    distance: str
    decay: str
    required: bool
    where: Where


def compile_task(task: RegressionTask) -> _Compiled:
    """Read the numbers.

    Raises:
        TaskError: one is no single quantity, has no width, or is zero where the distance is relative to it.
    """
    given = task.ground_truth if isinstance(task.ground_truth, dict) else {_ONE: task.ground_truth}
    if not 1 <= len(given) <= _MOST:
        raise TaskError(f"ground_truth: {len(given)} numbers; 1 to {_MOST} are taken")
    widths = task.width if isinstance(task.width, dict) else dict.fromkeys(given, task.width)
    if set(widths) != set(given):
        raise TaskError(f"width: {min(set(widths) ^ set(given))!r} is not both a number's name and a width's")
    numbers: dict[str, _Number] = {}
    for name, value in given.items():
        place = f"ground_truth.{name}" if name else "ground_truth"
        try:
            truth = read_quantity(str(value))
        except NotAQuantity as error:
            raise TaskError(f"{place}: {error}") from None
        if task.distance != "absolute" and truth.value == 0:
            raise TaskError(f"{place}: 0, from which no {task.distance} distance is measured")
        numbers[name] = _Number(truth, _exact(widths[name]), str(value)[:_SHOWN])
    return _Compiled(numbers, _exact(task.within), task.distance, task.decay, task.units == "required", task.answer_in)


def _exact(value: float) -> fmpq:
    """Return the number that is written, of which a float is the nearest."""
    return fmpq(*Fraction(str(value)).as_integer_ratio())


def grade(compiled: _Compiled, completion: Completion) -> Verdict:
    """Find the numbers and measure them."""
    evidence: dict[str, Any] = {"method": compiled.distance}
    if _ONE not in compiled.numbers:
        return _named(compiled, completion, evidence)
    number = compiled.numbers[_ONE]
    found = find_answer(completion.text, compiled.where)
    evidence["ground_truth"] = number.shown
    if found is None:
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    evidence["rule"] = found.rule
    if found.parts:
        evidence |= {"method": "several_answers", "parts": [part[:_SHOWN] for part in found.parts[:16]]}
        return Verdict(Outcome.INCORRECT, 0.0, found.answer[:_SHOWN], evidence)
    unit = f"{found.answer} {found.unit}" if found.unit else ""
    framed = without_frame(found.answer)
    if framed is not None:
        evidence["frame"] = framed[1]
    readings = found.readings if framed is None else (framed[0],)
    score, measured = _scored(compiled, number, *filter(None, (unit, *readings)))
    return _verdict(score, found.answer[:_SHOWN], evidence | measured)


def _named(compiled: _Compiled, completion: Completion, evidence: dict[str, Any]) -> Verdict:
    document = find_document(completion.text, "json")
    evidence |= {"extraction": document.rule}
    if document.text is None:
        outcome = Outcome.INCORRECT if document.rule == "several_blocks" else Outcome.NO_ANSWER
        return Verdict(outcome, 0.0, None, evidence)
    shown = document.text.strip()[:_SHOWN]
    given, why = _object(document.text)
    if why:
        return Verdict(Outcome.INCORRECT, 0.0, shown, evidence | {"method": "unreadable", "reason": why})
    scores, numbers = [], {}
    for name, number in compiled.numbers.items():
        score, measured = _scored(compiled, number, _text(given.get(name)))
        scores.append(score)
        numbers[name] = {"ground_truth": number.shown, "score": round(score, 6), **measured}
    surplus = [str(name)[:_SHOWN] for name in given if name not in compiled.numbers]
    evidence |= {"numbers": numbers} | ({"not_asked_for": surplus[:16]} if surplus else {})
    return _verdict(1.0 if min(scores) == 1 else sum(scores) / len(scores), shown, evidence)


def _object(text: str) -> tuple[Mapping[str, Any], str]:
    """Return the object that a text spells in JSON, or why it spells none."""
    try:
        given = read(text, "json")
    except DocumentError as error:
        return {}, str(error)[:_SHOWN]
    return (given, "") if isinstance(given, Mapping) else ({}, "not an object")


def _text(value: Any) -> str:
    """Return a JSON value as a text that spells it: only numbers and texts spell quantities."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _verdict(score: float, shown: str, evidence: dict[str, Any]) -> Verdict:
    outcome = Outcome.CORRECT if score == 1 else Outcome.PARTIAL if score > 0 else Outcome.INCORRECT
    return Verdict(outcome, score, shown, evidence)


def _scored(compiled: _Compiled, number: _Number, *texts: str) -> tuple[float, dict[str, Any]]:
    """Return the score of an answer, given by its readings from the widest on, and what was measured."""
    answer, values, why = _read(compiled, number, *texts)
    if answer is None:
        return 0.0, why
    measured: dict[str, Any] = {"answer": texts[0][:_SHOWN]}
    if answer.ignored:
        measured["ignored"] = [text[:_SHOWN] for text in answer.ignored[:8]]
    if answer.unit is not None and number.truth.unit is None:
        measured["unit_not_compared"] = answer.unit.name
    distances = [distance(compiled.distance, number.truth.value, value) for value in values]
    near = min((one for one in distances if one is not None), default=None)
    if near is None:
        return 0.0, measured | {"distance": "of another sign or zero"}
    measured |= {"distance": _shown(near), "within": _shown(compiled.within), "width": _shown(number.width)}
    return _fallen(compiled, number.width, near), measured


def _read(
    compiled: _Compiled, number: _Number, *texts: str
) -> tuple[Quantity | None, tuple[fmpq, ...], dict[str, str]]:
    """Return the quantity of an answer and what it may be in the truth's unit, or why it is none."""
    try:
        answer = read_quantity(*texts)
        return answer, in_unit_of(number.truth, answer, required=compiled.required), {}
    except NotAQuantity as error:
        return None, (), {"method": "not_a_number", "reason": str(error)[:_SHOWN]}
    except UnitConflict as error:
        return None, (), {"method": "unit_conflict", "reason": str(error)[:_SHOWN]}


def _fallen(compiled: _Compiled, width: fmpq, distance: fmpq) -> float:
    """Return the score at a distance."""
    if distance <= compiled.within:
        return 1.0
    if distance >= width:
        return 0.0
    fraction = (distance - compiled.within) / (width - compiled.within)
    x = int(fraction.p) / int(fraction.q)
    score = DECAYS[compiled.decay](x)
    return min(max(score, 0.0), math.nextafter(1.0, 0.0))


def _shown(value: fmpq) -> float:
    return float(f"{int(value.p) / int(value.q):.6g}") if value.height_bits() < 900 else math.inf  # noqa: PLR2004


def _stated(compiled: _Compiled) -> str:
    shown = {name: number.shown for name, number in compiled.numbers.items()}
    return f"<answer>{shown[_ONE]}</answer>" if _ONE in shown else json.dumps(shown)


def constant_answers(compiled: Sequence[_Compiled]) -> list[str]:
    """Return what a completion could say to every task without having read it: zero, and the mean and the median."""
    values: dict[str, list[float]] = {}
    units: dict[str, str] = {}
    for one in compiled:
        for name, number in one.numbers.items():
            if number.truth.value.height_bits() < 900:  # noqa: PLR2004 - what a float holds
                values.setdefault(name, []).append(int(number.truth.value.p) / int(number.truth.value.q))
                units.setdefault(name, number.truth.unit_name)
    sums = (
        [lambda _found: 0.0, statistics.fmean, statistics.median] if len(compiled) >= _ENOUGH else [lambda _found: 0.0]
    )
    answers = [{name: f"{of(found):.12g} {units[name]}".strip() for name, found in values.items()} for of in sums]
    return [f"<answer>{one[_ONE]}</answer>" if _ONE in one else json.dumps(one) for one in answers if one]


_HEIGHT = {"kind": "regression", "ground_truth": "828 m", "within": 1, "width": 100}
_RATE = {"kind": "regression", "ground_truth": 2.5e-9, "within": 0.05, "width": 2, "distance": "log10"}
_BOX = {"kind": "regression", "ground_truth": {"width": "2 m", "mass": "5 kg"}, "within": 0.01, "width": 0.5,
        "distance": "relative", "decay": "huber"}  # fmt: skip

GRADER = Grader(
    task=RegressionTask,
    version=4,
    compile=compile_task,
    inline_characters=16_384,
    fast=grade,
    state=_stated,
    constant_answers=constant_answers,
    examples=[
        Example(_HEIGHT, "The answer is 0.8285 km.", Outcome.CORRECT),
        Example(_HEIGHT, "I estimate: <answer>about 850 m</answer>", Outcome.PARTIAL),
        Example(_HEIGHT, "<answer>800 to 850 m</answer>", Outcome.INCORRECT),
        Example(_HEIGHT, "<answer>828 s</answer>", Outcome.INCORRECT),
        Example(_HEIGHT, "<think>828 m</think>", Outcome.NO_ANSWER),
        Example(_RATE, r"\boxed{3 \times 10^{-8}}", Outcome.PARTIAL),
        Example(_BOX, '{"width": "200 cm", "mass": "5 kg"}', Outcome.CORRECT),
        Example(_BOX, '{"width": "2.2 m"}', Outcome.PARTIAL),
    ],
)
