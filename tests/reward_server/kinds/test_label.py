"""Sets of labels and spans agree with the definition of F1 over true and false positives, on random answers."""

import json
import random

import pytest

from reward_server.graders import Completion
from reward_server.graders.label import GRADER

_LABELS = ["sports", "health", "law", "art", "food", "war", "science", "music"]


def _f1(right: set, given: set) -> float:
    true = len(right & given)
    precision, recall = true / len(given) if given else 0.0, true / len(right) if right else 0.0
    return 2 * precision * recall / (precision + recall) if true else float(not right and not given)


@pytest.mark.parametrize("seed", range(200))
def test_sets_of_labels_agree_with_the_definition(seed: int):
    chosen = random.Random(seed)
    right = chosen.sample(_LABELS, chosen.randint(1, 5))
    given = chosen.sample(_LABELS, chosen.randint(1, 6))
    exact = GRADER.compile(GRADER.task.model_validate({"kind": "label", "ground_truth": right, "labels": _LABELS}))
    loose = GRADER.compile(GRADER.task.model_validate({"kind": "label", "ground_truth": right, "match": "f1"}))
    for text in (
        ", ".join(given),
        json.dumps(given),
        "<answer>" + "\n".join(f"- {one}" for one in given) + "</answer>",
    ):
        assert GRADER.fast(exact, Completion(text)).score == float(set(right) == set(given))
        assert GRADER.fast(loose, Completion(text)).score == pytest.approx(_f1(set(right), set(given)))


@pytest.mark.parametrize("seed", range(100))
def test_spans_agree_with_the_definition(seed: int):
    chosen = random.Random(seed)
    words = ["Ada", "Lovelace", "met", "Charles", "Babbage", "in", "London", "on", "Monday"]
    every = [{"text": word, "label": label} for word in words for label in ("person", "place")]
    right, given = chosen.sample(every, 4), [*chosen.sample(every, 6)]
    given += chosen.sample(right, chosen.randint(0, 3))
    given = [one for number, one in enumerate(given) if one not in given[:number]]
    compiled = GRADER.compile(GRADER.task.model_validate({"kind": "label", "ground_truth": right, "match": "f1"}))
    expected = _f1({tuple(one.values()) for one in right}, {tuple(one.values()) for one in given})
    assert GRADER.fast(compiled, Completion(json.dumps(given))).score == pytest.approx(expected)
