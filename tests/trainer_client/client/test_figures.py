"""The numbers that trainers log of verdicts: always the same names, and no mean over what was not measured."""

from typing import Any

from reward_server.verdict import Outcome
from reward_server.wire import ItemVerdict
from trainer_client.client.figures import Means, figures, rates, shares


def _verdict(outcome: Outcome, reward: float | None, *, cached: bool = False, **evidence: Any) -> ItemVerdict:
    parts = {"accuracy": reward, "format": 1.0 if cached else None}
    return ItemVerdict(
        id=0, outcome=outcome, score=reward, reward=reward, parts=parts, answer=None, evidence=evidence,
        grader="code/3", cached=cached, elapsed_ms=1.0, retryable=False,
    )  # fmt: skip


BATCH = [
    _verdict(Outcome.CORRECT, 1.0, cached=True), _verdict(Outcome.CORRECT, 1.0, flags=["several_results"]),
    _verdict(Outcome.VIOLATION, 0.0), _verdict(Outcome.UNGRADABLE, None, reason="no sandbox"),
]  # fmt: skip


def test_every_verdict_has_the_same_shares_and_one_outcome():
    assert len({tuple(shares(verdict)) for verdict in BATCH}) == 1
    for verdict in BATCH:
        told = shares(verdict)
        own = {name for name, value in told.items() if name.startswith("outcome/") and value}
        assert own == {f"outcome/{verdict.outcome.value}"}
        assert told["unscored_share"] == (verdict.reward is None)


def test_what_was_not_measured_is_in_no_mean():
    assert "parts/format" not in figures(BATCH[1])
    told = rates(BATCH)
    assert (told["parts/format"], told["parts/accuracy"]) == (1.0, 2 / 3)
    assert (told["cached_share"], told["unscored_share"], told["outcome/time_limit"]) == (0.25, 0.25, 0.0)
    assert rates([]) == {}


def test_signs_of_cheating_count_whatever_the_outcome():
    assert [shares(verdict)["cheating_share"] for verdict in BATCH] == [0.0, 1.0, 1.0, 0.0]


def test_means_begin_anew_when_they_are_taken():
    means = Means()
    means.add([{"a": 1.0}, {"a": 2.0, "b": 5.0}])
    means.add([{"a": 3.0}])
    assert (means.taken(), means.taken()) == ({"a": 2.0, "b": 5.0}, {})
