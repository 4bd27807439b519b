"""Short answers agree with the scorers of SQuAD and GAIA, except where these drop signs that say something."""

import random
import re
import string
from collections import Counter

import pytest

from reward_server.graders import Completion
from reward_server.graders.short_answer import GRADER

_WORDS = ["the", "a", "an", "Paris", "of", "New", "York", "theatre", "Ana", "city", "It", "Rome", "U.S.", "o'clock"]
_MARKS = ["", "", "", ",", ".", "!", ";", ":", "'", '"', " ", "  "]


def _squad(text: str) -> str:
    """`normalize_answer` of SQuAD's `evaluate-v1.1.py`."""
    bare = "".join(one for one in text.lower() if one not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def _squad_f1(given: str, right: str) -> float:
    """`f1_score` of the same."""
    said, truth = _squad(given).split(), _squad(right).split()
    common = sum((Counter(said) & Counter(truth)).values())
    return 2 * common / (len(said) + len(truth)) if common else 0.0


def _gaia(text: str) -> str:
    """`normalize_str` of GAIA's `scorer.py`."""
    return re.sub(r"\s", "", text).lower().translate(str.maketrans("", "", string.punctuation))


def _score(truth: str, answer: str, **fields: str) -> float | None:
    task = GRADER.task.model_validate({"kind": "short_answer", "ground_truth": truth, **fields})
    verdict = GRADER.fast(GRADER.compile(task), Completion(f"<answer>{answer}</answer>"))
    assert verdict is not None
    return verdict.score


def _pairs(seed: int) -> list[tuple[str, str]]:
    """Return pairs of texts: unrelated, and the same with other case, articles and marks."""
    chosen = random.Random(seed)
    pairs = []
    while len(pairs) < 40:
        words = [chosen.choice(_WORDS) for _ in range(chosen.randint(1, 5))]
        other = list(words) if chosen.random() < 0.6 else [chosen.choice(_WORDS) for _ in words]
        right, given = (" ".join(f"{one}{chosen.choice(_MARKS)}" for one in side) for side in (words, other))
        given = chosen.choice([str.upper, str.lower, str])(given)
        if _squad(right) and _squad(given):
            pairs.append((right, given))
    return pairs


@pytest.mark.parametrize("seed", range(10))
def test_four_hundred_answers_score_as_squad_and_gaia_score_them(seed: int):
    for right, given in _pairs(seed):
        assert _score(right, given) == float(_squad(right) == _squad(given)), (right, given)
        assert _score(right, given, match="f1") == pytest.approx(_squad_f1(given, right)), (right, given)
        assert _score(right, given, normalize="gaia") == float(_gaia(right) == _gaia(given)), (right, given)


@pytest.mark.parametrize(
    ("right", "given"),
    [("C++", "C"), ("A*", "A"), ("-5 °C", "5 °C"), ("3.5 million", "35 million"), ("12:30", "1230"), ("12", "12%"),
     ("Paris", "Paris?"), ("2-1", "21")],
)  # fmt: skip
def test_signs_that_squads_script_drops_count(right: str, given: str):
    assert _score(right, given) == 0
    assert _squad(right) == _squad(given)


@pytest.mark.parametrize(
    ("right", "given", "squad_agrees"),
    [("1,000", "1000.0", False), ("5 March 2024", "March 5, 2024", False), ("$5", "5", True)],
)
def test_the_same_number_or_date_is_right_also_where_squads_script_differs(right: str, given: str, squad_agrees: bool):
    assert _score(right, given) == 1
    assert (_squad(right) == _squad(given)) is squad_agrees
