"""Scores at a distance agree with numpy's formulas on random numbers, and units with their factors."""

import json
import math
import random

import numpy as np
import pytest
from pydantic import ValidationError

from reward_server.errors import TaskError
from reward_server.files.formats import Row
from reward_server.files.lint import lint_rows
from reward_server.graders import Completion
from reward_server.graders.regression import GRADER

_LENGTHS = {"m": 1.0, "km": 1e3, "cm": 1e-2, "mm": 1e-3, "ft": 0.3048, "mi": 1609.344}


def _compiled(**fields):
    return GRADER.compile(GRADER.task.model_validate({"kind": "regression", **fields}))


def _expected(truth: float, answer: float, within: float, width: float, *, distance: str, decay: str) -> float:
    error = {
        "absolute": lambda: np.abs(answer - truth),
        "relative": lambda: np.abs(answer - truth) / np.abs(truth),
        "log10": lambda: np.abs(np.log10(answer / truth)) if answer * truth > 0 else np.inf,
    }[distance]()
    x = np.clip((error - within) / (width - within), 0, 1)
    huber = np.where(x <= 0.5, 0.5 * x**2, 0.5 * (x - 0.25))
    falls = {
        "linear": 1 - x,
        "quadratic": 1 - x**2,
        "huber": 1 - huber / 0.375,
        "exponential": (np.exp(-5 * x) - np.exp(-5)) / (1 - np.exp(-5)),
    }
    return float(falls[decay])


@pytest.mark.parametrize("decay", ["linear", "quadratic", "huber", "exponential"])
@pytest.mark.parametrize("distance", ["absolute", "relative", "log10"])
@pytest.mark.parametrize("seed", range(25))
def test_scores_agree_with_the_formulas(seed: int, distance: str, decay: str):
    chosen = random.Random(f"{seed} {distance} {decay}")
    truth = round(chosen.choice([-1, 1]) * 10 ** chosen.uniform(-6, 6), 9) or 1.0
    within, width = sorted((round(chosen.uniform(0, 0.2), 3), round(chosen.uniform(0.3, 3), 3)))
    scale = abs(truth) if distance == "absolute" else 1.0
    for _ in range(8):
        answer = truth * (1 + chosen.gauss(0, 1)) if distance != "log10" else truth * 10 ** chosen.gauss(0, 2)
        compiled = _compiled(
            ground_truth=truth, within=within * scale, width=width * scale, distance=distance, decay=decay
        )
        verdict = GRADER.fast(compiled, Completion(f"<answer>{answer!r}</answer>"))
        wanted = _expected(truth, answer, within * scale, width * scale, distance=distance, decay=decay)
        assert verdict.score == pytest.approx(wanted, abs=1e-9), (truth, answer, verdict)
        assert (verdict.outcome.value == "correct") == (wanted == 1)


@pytest.mark.parametrize("seed", range(60))
def test_units_are_converted_before_they_are_measured(seed: int):
    chosen = random.Random(seed)
    one, other = chosen.sample(sorted(_LENGTHS), 2)
    truth, off = chosen.randint(1, 900), chosen.uniform(0.5, 1.5)
    answer = truth * off * _LENGTHS[one] / _LENGTHS[other]
    compiled = _compiled(ground_truth=f"{truth} {one}", width=0.4, distance="relative")
    verdict = GRADER.fast(compiled, Completion(f"<answer>{answer:.15f} {other}</answer>"))
    assert verdict.score == pytest.approx(max(0.0, 1 - abs(off - 1) / 0.4), abs=1e-6), verdict


def test_named_numbers_count_alike():
    compiled = _compiled(ground_truth={"a": 10, "b": "2 s"}, width={"a": 4, "b": 1})
    verdict = GRADER.fast(compiled, Completion(json.dumps({"a": 11, "b": "2.5 s", "c": 1})))
    assert verdict.score == pytest.approx((0.75 + 0.5) / 2)
    assert verdict.evidence["not_asked_for"] == ["c"]


@pytest.mark.parametrize("width", [0, -1, math.inf, math.nan, 0.5])
def test_a_width_is_finite_and_wider_than_what_is_right(width: float):
    with pytest.raises(ValidationError, match="width"):
        GRADER.task.model_validate({"kind": "regression", "ground_truth": 1, "within": 0.5, "width": width})


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"ground_truth": "3 to 5", "width": 1}, "ground_truth: not one number"),
        ({"ground_truth": "nan", "width": 1}, "ground_truth: not one number"),
        ({"ground_truth": 0, "width": 1, "distance": "relative"}, "no relative distance"),
        ({"ground_truth": {"a": 1}, "width": {"b": 1}}, "width: 'a' is not both"),
        ({"ground_truth": {}, "width": 1}, "0 numbers"),
    ],
)
def test_broken_rows_are_named(fields: dict, why: str):
    with pytest.raises(TaskError, match=why):
        _compiled(**fields)


def test_lint_says_what_a_constant_answer_would_be_paid():
    def linted(width: float) -> list[str]:
        tasks = [{"kind": "regression", "ground_truth": truth, "width": width} for truth in (1, 4, 6, 9, 12, 15)]
        rows = [Row(number, f"row {number}", {"task": task}) for number, task in enumerate(tasks)]
        return [finding.reason for finding in lint_rows(rows).findings]

    assert not linted(2)
    assert [reason.split(" is paid")[0] for reason in linted(20)] == [
        "<answer>0</answer>",
        "<answer>7.83333333333</answer>",
        "<answer>7.5</answer>",
    ]


@pytest.mark.parametrize("truth", [True, [1, 2], None, {"a": False}])
def test_what_is_no_number_is_no_ground_truth(truth: object):
    with pytest.raises(ValidationError, match="ground_truth"):
        GRADER.task.model_validate({"kind": "regression", "ground_truth": truth, "width": 1})
