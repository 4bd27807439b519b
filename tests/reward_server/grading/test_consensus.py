"""The majority answer of k completions: equivalent answers count together, in any order."""

import random

import pytest
from fastapi.testclient import TestClient

from reward_server.errors import TaskError
from reward_server.grading.consensus import MAX_COMPARISONS, ChoiceQuestion, MathQuestion, cluster, consensus
from reward_server.http.app import create_app
from reward_server.settings import Settings
from reward_server.verdict import Outcome

COMPLETIONS = [
    r"\boxed{42}",
    "The answer is 42.0.",
    "<answer>41</answer>",
    "#### 41",
    "it is \\boxed{\\frac{84}{2}}",
    "I cannot say what this might be at all.",
    r"\boxed{7}",
]


def test_equivalent_spellings_are_one_vote_each_for_one_answer():
    found = consensus(COMPLETIONS, MathQuestion(ground_truth="42"))
    assert (found.count, found.total, found.tied) == (3, 7, False)
    assert found.clusters[0].members == [0, 1, 4]
    assert found.clusters[1].members == [2, 3]
    assert found.no_answer == [5]
    assert (found.outcome, found.score) == (Outcome.CORRECT, 1.0)


def test_the_order_of_completions_changes_nothing_but_positions():
    shuffled = COMPLETIONS.copy()
    random.Random(1).shuffle(shuffled)
    one, other = consensus(COMPLETIONS), consensus(shuffled)
    assert (one.answer, one.count, one.tied) == (other.answer, other.count, other.tied)
    assert [(c.answer, c.count) for c in one.clusters] == [(c.answer, c.count) for c in other.clusters]


def test_every_completion_is_in_exactly_one_place():
    found = consensus(COMPLETIONS)
    places = [index for group in found.clusters for index in group.members] + found.no_answer
    assert sorted(places) == list(range(len(COMPLETIONS)))


def test_rounded_numbers_do_not_draw_different_ones_together():
    found = consensus([r"\boxed{0.3}", r"\boxed{0.33}", r"\boxed{0.26}"])
    assert [group.count for group in found.clusters] == [1, 1, 1]
    assert found.tied


def test_letters_are_counted_whatever_stands_around_them():
    found = consensus(
        ["The answer is (B).", "ANSWER: B", "C"], ChoiceQuestion(options=["x", "y", "z"], ground_truth="B")
    )
    assert (found.answer, found.count, found.outcome) == ("B", 2, Outcome.CORRECT)


def test_no_answers_have_no_majority():
    found = consensus(["", " "])
    assert (found.answer, found.count, found.clusters, found.no_answer) == (None, 0, [], [0, 1])


def test_comparisons_are_bounded():
    calls = 0

    def same(_left: str, _right: str) -> bool:
        nonlocal calls
        calls += 1
        return False

    clusters = cluster([str(number) for number in range(1_000)], same)
    assert len(clusters) == 1_000
    assert calls <= MAX_COMPARISONS


def test_a_broken_ground_truth_is_said_so():
    with pytest.raises(TaskError):
        consensus(["B"], ChoiceQuestion(options=["x", "y"], ground_truth="Q"))


def test_it_answers_over_http():
    with TestClient(create_app(Settings(sandbox="none"))) as client:
        body = {"completions": [*COMPLETIONS, [{"role": "assistant", "content": "\\boxed{42}"}]]}
        reply = client.post("/consensus", json={**body, "task": {"kind": "math", "ground_truth": "42"}})
        assert reply.status_code == 200
        assert reply.json()["count"] == 4
        assert reply.json()["outcome"] == "correct"
        broken = {"kind": "choice", "options": ["x"], "ground_truth": "Q"}
        assert client.post("/consensus", json={**body, "task": broken}).status_code == 422
        assert client.post("/consensus", json={"completions": []}).status_code == 422
