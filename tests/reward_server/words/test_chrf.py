"""chrF with counted references gives sacrebleu's scores to the last bit."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reward_server.words.chrf import counts_of, grams_of, score

metrics = pytest.importorskip("sacrebleu.metrics", reason="no sacrebleu: the extra `translation` is not installed")
_TEXTS = st.text(alphabet="ab cä,.(日 ", min_size=0, max_size=60)


@pytest.mark.parametrize("word_order", [0, 1, 2])
@given(text=_TEXTS, references=st.lists(_TEXTS, min_size=1, max_size=3))
@settings(deadline=None, max_examples=150)
def test_any_text_scores_as_sacrebleu_scores_it(word_order: int, text: str, references: list[str]):
    metric = metrics.CHRF(word_order=word_order)
    counted = [counts_of(reference, metric) for reference in references]
    assert score(grams_of(text, metric), counted, metric) == metric.sentence_score(text, references).score / 100


@pytest.mark.parametrize("seed", range(200))
def test_long_texts_of_few_letters_score_as_sacrebleu_scores_them(seed: int):
    chosen = random.Random(seed)
    text, reference = ("".join(chosen.choices("abcde fgh .,", k=chosen.randint(200, 900))) for _ in range(2))
    metric = metrics.CHRF(word_order=chosen.choice((0, 2)))
    assert score(grams_of(text, metric), [counts_of(reference, metric)], metric) == (
        metric.sentence_score(text, [reference]).score / 100
    )
