"""Evaluation: estimators against brute force, consensus from the service, AIME files as they are stored."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.trainer_client.trainer_fakes import Inline, problems, tiny_policy, verdict
from trainer_client.training.evaluate import (
    Judge,
    Measured,
    Sampling,
    evaluation_hook,
    interval,
    measure,
    pass_at,
    sampler_of,
    summarise,
)  # fmt: skip
from trainer_client.training.journal import METRICS, SAMPLES, Journal, read_rows
from trainer_client.training.problems import Problem, load_problems, save_problems


class Majority(Inline):
    """A service whose consensus counts equal texts."""

    def __init__(self, *options: Any) -> None:
        super().__init__(*options)
        self.asked: list[tuple[list[str], Any]] = []

    def consensus(self, completions: Sequence[Any], /, *, task: dict[str, Any] | None = None) -> dict[str, Any]:
        self.asked.append((list(completions), task))
        clusters = [
            {"count": count, "members": [n for n, text in enumerate(completions) if text == answer]}
            for answer, count in Counter(completions).most_common()
        ]
        return {"clusters": clusters}


def as_math(rows: list[Problem]) -> list[Problem]:
    return [Problem(p.id, p.prompt, {**p.task, "kind": "math"}, level=str(n % 2)) for n, p in enumerate(rows)]


def measure_tiny(rows: list[Problem], judge: Any, sampling: Sampling) -> list[Measured]:
    return measure(sampler_of(tiny_policy(), sampling), rows, judge, sampling)


@pytest.mark.parametrize(("samples", "correct"), [(1, 0), (1, 1), (5, 0), (5, 2), (6, 5), (6, 6)])
def test_pass_at_k_equals_the_share_of_all_subsets_with_a_correct_one(samples: int, correct: int) -> None:
    for k in range(1, samples + 1):
        subsets = list(combinations([True] * correct + [False] * (samples - correct), k))
        assert pass_at(samples, correct, k) == pytest.approx(sum(map(any, subsets)) / len(subsets))


def test_figures_are_those_of_the_samples() -> None:
    judge = Majority()
    k = 8
    measured = measure_tiny(as_math(problems(6)), judge, Sampling(k, max_new_tokens=20, temperature=1.0, top_p=1.0))
    assert [len(one.texts) for one in measured] == [k] * 6
    figures = summarise(measured, k)
    scores = [score for one in measured for score in one.scores]
    assert figures["pass@1"] == pytest.approx(sum(s for s in scores if s) / len(scores)) == figures["pass@k"]["1"]
    assert figures["pass@k"][str(k)] == pytest.approx(sum(any(one.scores) for one in measured) / 6)
    assert set(figures["pass@k"]) == {"1", "2", "4", "8"}
    assert list(figures["levels"]) == ["0", "1"]
    halves = [figures["levels"][level]["pass@1"] for level in ("0", "1")]
    assert sum(halves) / 2 == pytest.approx(figures["pass@1"])
    assert figures["length"] == pytest.approx(sum(sum(one.lengths) for one in measured) / (6 * k))


def test_consensus_is_the_score_of_what_most_completions_answer() -> None:
    judge = Majority()
    measured = measure_tiny(as_math(problems(6)), judge, Sampling(8, max_new_tokens=20, temperature=1.0))
    for one, (texts, task) in zip(measured, judge.asked, strict=True):
        majority = Counter(texts).most_common(1)[0][0]
        assert one.consensus == one.scores[one.texts.index(majority)]
        assert task == {"kind": "math"}
    assert {one.consensus for one in measured} <= {0.0, 1.0}


def test_tasks_without_comparable_answers_have_no_consensus() -> None:
    judge = Majority()
    measured = measure_tiny(problems(2), judge, Sampling(2, max_new_tokens=20))
    assert [one.consensus for one in measured] == [None, None]
    assert judge.asked == []


def test_what_the_service_could_not_grade_is_left_out_not_counted_as_wrong() -> None:
    turn = iter(range(10**6))
    judge = Majority(lambda _: verdict(None if next(turn) % 2 else 1.0))
    measured = measure_tiny(problems(2), judge, Sampling(8, max_new_tokens=60, temperature=1.0, top_p=1.0))
    figures = summarise(measured, 8)
    assert figures["ungraded"] > 0
    ended = sum(verdict_["outcome"] != "cut" for one in measured for verdict_ in one.verdicts)
    cut = 16 - ended
    assert figures["outcomes"].get("cut", 0) == cut
    assert figures["pass@1"] > 0.5, "the ungraded half must not have become zeros"


def test_evaluation_does_not_disturb_training_and_repeats_itself(tmp_path: Path) -> None:
    judge: Judge = Majority()
    hook = evaluation_hook(as_math(problems(4)), judge, Sampling(2, max_new_tokens=8), shown_problems=2)
    with Journal(tmp_path) as journal:
        hook(0, tiny_policy(), journal)
        hook(5, tiny_policy(), journal)
    first, second = read_rows(tmp_path / METRICS, "evaluation")
    first.pop("timing"), second.pop("timing")
    assert {**first, "step": 5} == second
    samples = read_rows(tmp_path / SAMPLES)
    assert [row["step"] for row in samples] == [0, 0, 5, 5]
    assert [row["prompt"] for row in samples[:2]] == [row["prompt"] for row in samples[2:]]


def test_problems_are_read_in_both_layouts(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    rows = [
        {"id": "aime24/60", "problem": "Find it.", "gold": "204"},
        {"question": "1+1?", "answer": "#### 2", "level": 3},
        {"prompt": "Say B.", "task": {"kind": "choice", "ground_truth": "B"}},
    ]
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    one, two, three = load_problems(file)
    assert (one.id, one.prompt, one.task) == ("aime24/60", "Find it.", {"kind": "math", "ground_truth": "204"})
    assert (two.id, two.level, two.task["ground_truth"]) == ("rows/2", "3", "#### 2")
    assert three.task == {"kind": "choice", "ground_truth": "B"}
    save_problems(tmp_path / "again.jsonl", [one, two, three])
    assert load_problems(tmp_path / "again.jsonl") == [one, two, three]


@pytest.mark.parametrize("row", ['{"problem": "no truth"}', '{"gold": "1"}', "not json", "[]", "7"])
def test_a_broken_row_is_named_by_file_and_line(tmp_path: Path, row: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"prompt": "a", "gold": "1"}\n' + row + "\n")
    with pytest.raises(ValueError, match=r"rows\.jsonl:2"):
        load_problems(file)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "count"), [("aime24", 30), ("aime25", 30), ("aime_1983_2023", 900)])
def test_aime_files_are_read_as_they_are_stored(shared_dir: Path, name: str, count: int) -> None:
    rows = load_problems(shared_dir / "data" / "golds" / f"{name}.jsonl")
    assert len(rows) >= count
    assert all(row.task["kind"] == "math" and math.isfinite(int(row.task["ground_truth"])) for row in rows)


def test_an_interval_is_of_problems_and_there_is_none_of_one() -> None:
    low, high = interval([0.0, 1.0] * 50) or (0.0, 0.0)
    assert (low, high) == pytest.approx((0.5 - 1.96 * 0.0502519, 0.5 + 1.96 * 0.0502519), abs=1e-5)
    assert interval([1.0, 1.0, 1.0]) == (1.0, 1.0)
    assert interval([0.5]) is None
