"""Scores are sacrebleu's own for one sentence, as its documented interface gives them."""

import asyncio
import random
from itertools import pairwise

import pytest

from reward_server.cache.lenient import LenientCache
from reward_server.cache.verdicts import VerdictCache
from reward_server.graders import Completion, Resources, translation
from reward_server.graders.translation import GRADER
from reward_server.grading.admission import Admission
from reward_server.grading.scoring import Job, Scoring
from reward_server.service import Service
from reward_server.settings import Settings
from reward_server.telemetry.metrics import Metrics
from reward_server.verdict import Outcome
from tests.reward_server.fakes import MemoryCache

metrics = pytest.importorskip("sacrebleu.metrics", reason="no sacrebleu: the extra `translation` is not installed")

_TEXT = (
    "the a cat dog old new mat rug sat slept on under near last night day and then watched heard rain wind by river "
    "house green very slowly with her his two three friends"
)
_WORDS = _TEXT.split()
_ORACLES = {
    "chrf": metrics.CHRF(),
    "chrf++": metrics.CHRF(word_order=2),
    "bleu": metrics.BLEU(effective_order=True),
}


@pytest.mark.parametrize("metric", _ORACLES)
@pytest.mark.parametrize("seed", range(100))
def test_scores_are_those_of_sacrebleu(metric: str, seed: int):
    chosen = random.Random(seed)
    reference = [chosen.choice(_WORDS) for _ in range(chosen.randint(8, 20))]
    other = chosen.sample(reference, len(reference))
    given = [word if chosen.random() < 0.7 else chosen.choice(_WORDS) for word in reference]
    references = [" ".join(reference) + ".", " ".join(other)]
    task = {"kind": "translation", "ground_truth": references, "metric": metric, "least": 0.0}
    verdict = GRADER.fast(GRADER.compile(GRADER.task.model_validate(task)), Completion(" ".join(given)))
    expected = _ORACLES[metric].sentence_score(" ".join(given), references).score / 100
    if verdict.evidence["method"] != metric:
        assert verdict.evidence["method"] in {"another_language", "reference"}
    else:
        assert verdict.score == pytest.approx(min(1.0, expected))


def test_words_at_random_are_refused_and_phrases_in_another_order_are_not():
    chosen, words = random.Random(7), [f"word{number}" for number in range(20)]
    task = GRADER.task.model_validate({"kind": "translation", "ground_truth": " ".join(words)})
    compiled = GRADER.compile(task)

    def refused(text: list[str]) -> bool:
        return GRADER.fast(compiled, Completion(" ".join(text))).evidence["method"] == "words_in_no_order"

    assert sum(refused(chosen.sample(words, len(words))) for _ in range(200)) >= 196
    for _ in range(50):
        cuts = [0, *sorted(chosen.sample(range(1, 20), 5)), 20]
        phrases = [words[start:end] for start, end in pairwise(cuts)]
        assert not refused([word for phrase in chosen.sample(phrases, len(phrases)) for word in phrase])


def test_without_the_extra_items_are_ungradable_and_say_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(translation.importlib.util, "find_spec", lambda _name: None)
    cache = VerdictCache(LenientCache(MemoryCache()))
    scoring = Scoring({"translation": GRADER}, cache, Resources(), Admission(slots=1, queue_cpu_seconds=1))
    task = GRADER.task.model_validate({"kind": "translation", "ground_truth": "never compiled before"})
    (graded,) = asyncio.run(scoring.score([Job(task, Completion("never compiled before"))]))
    assert graded.verdict.outcome is Outcome.UNGRADABLE
    assert "`pip install sacrebleu`" in graded.verdict.evidence["reason"]
    assert not graded.verdict.retryable, "who asks again waits for nothing"
    settings = Settings(sandbox="none", cache_file="memory", redis_url=None)
    service = Service(settings, scoring, LenientCache(MemoryCache()), None, Metrics())
    assert "`pip install sacrebleu`" in service.unready("translation")
