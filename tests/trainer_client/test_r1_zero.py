"""The experiment's parts: problems are as described, the graders agree, the random control ignores the verdicts."""

import random
import re
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import combinations
from typing import Any

import pytest
import torch

from reward_server.graders import Completion, discover
from reward_server.verdict import Outcome
from reward_server.wire import ItemVerdict
from tests.trainer_client.trainer_fakes import Inline, verdict
from trainer_client.experiments.r1_zero import experiment, pair_sum, programs
from trainer_client.experiments.r1_zero.pretrain import Pretraining, next_word_loss, pretrain
from trainer_client.policies.tiny_gpt import Shape, TinyGPTPolicy
from trainer_client.training.config import keep_config

RNG_SEEDS = range(40)


def outcome(task: dict[str, Any], completion: str) -> Outcome:
    grader = discover()[task["kind"]]
    compiled = grader.compile(grader.task.model_validate(task))
    graded = grader.fast(compiled, Completion(completion))
    assert graded is not None
    return graded.outcome


@pytest.mark.parametrize("seed", RNG_SEEDS)
def test_a_pair_sum_has_exactly_one_solution(seed: int) -> None:
    puzzle = pair_sum.draw(random.Random(seed))
    assert [sum(pair) for pair in combinations(puzzle.numbers, 2)].count(puzzle.target) == 1
    assert sum(puzzle.solution) == puzzle.target
    assert len(set(puzzle.numbers)) == len(puzzle.numbers) in pair_sum.SIZES


def test_held_out_problems_share_no_numbers_with_training() -> None:
    training, held_out = pair_sum.split(0, 2000, 8)
    assert not {frozenset(p.numbers) for p in training} & {frozenset(p.numbers) for p in held_out}
    assert [len(p.numbers) for p in held_out] == [3] * 8 + [4] * 8 + [5] * 8
    compositions, others = programs.split(0, 20)
    assert not set(compositions) & set(others)


@pytest.mark.parametrize("seed", RNG_SEEDS)
def test_the_truthful_task_accepts_the_pair_in_both_orders_and_the_lax_one_any_pair_of_the_list(seed: int) -> None:
    puzzle = pair_sum.draw(random.Random(seed))
    a, b = puzzle.solution
    truthful, lax = puzzle.problem().task, puzzle.problem(lax=True).task
    cheats = [pair for pair in puzzle.pairs if pair != (a, b)]
    for first, second in ((a, b), (b, a)):
        text = f"<think> ok </think> <answer> {pair_sum.answer(first, second)} </answer>"
        assert outcome(truthful, text) is outcome(lax, text) is Outcome.CORRECT
    for first, second in cheats:
        text = f"<think> ok </think> <answer> {pair_sum.answer(first, second)} </answer>"
        assert (outcome(truthful, text), outcome(lax, text)) == (Outcome.INCORRECT, Outcome.CORRECT)
    text = f"<answer> {pair_sum.answer(a, 13)} </answer>"
    assert outcome(truthful, text) is outcome(lax, text) is Outcome.INCORRECT


def test_every_author_writes_words_of_the_vocabulary_and_only_the_patient_is_always_right() -> None:
    policy = TinyGPTPolicy(pair_sum.WORDS, Shape(1, 8, 1, 8))
    right: dict[str, list[bool]] = {}
    for seed in range(200):
        rng = random.Random(seed)
        puzzle = pair_sum.draw(rng)
        for author in pair_sum.LATE:
            text = pair_sum.document(rng, puzzle, author)
            assert policy.decode(policy.encode(text)) == text
            final = [int(number) for number in re.findall(r"\\\{ (\d+) , (\d+) \\\}", text)[-1]]
            right.setdefault(author, []).append(sorted(final) == sorted(puzzle.solution))
    share = {author: sum(rows) / len(rows) for author, rows in right.items()}
    assert share["patient"] == 1.0
    assert share["guesser"] < share["impatient"] < 0.8
    assert share["fudger"] < 0.5


def test_programs_compute_what_they_say_and_careless_ones_do_not_all() -> None:
    compositions, _ = programs.split(0, 20)
    for composition in compositions[:50]:
        (first, a), (second, b) = composition.steps
        code = f"(x {programs.OPERATIONS[first]} {a}) {programs.OPERATIONS[second]} {b}"
        tests = composition.problem().task["tests"]
        assert [test["stdout"] for test in tests] == [f"{eval(code, {'x': x})}\n" for x in programs.INPUTS]
    policy = TinyGPTPolicy(programs.WORDS, Shape(1, 8, 1, 8))
    documents = [programs.write(random.Random(seed), compositions) for seed in range(200)]
    assert all(policy.decode(policy.encode(text)) == text for text in documents)
    broken = [text for text in documents if text.count("(") != text.count(")")]
    assert 10 < len(broken) < 60


def test_pretraining_lowers_the_loss() -> None:
    torch.set_num_threads(1)
    policy = TinyGPTPolicy(pair_sum.WORDS, Shape(1, 32, 2, 64))
    puzzles, _ = pair_sum.split(0, 100, 1)
    losses = list(
        pretrain(policy, lambda rng, done: pair_sum.write(rng, done, puzzles), Pretraining(40, warmup=5), seed=0)
    )
    assert len(losses) == 40
    assert sum(losses[-4:]) / 4 < losses[0] - 0.5


def test_padding_is_not_in_the_pretraining_loss() -> None:
    policy = TinyGPTPolicy(["a", "b"], Shape(1, 8, 1, 8))
    short, long = policy.encode("a b"), policy.encode("a b a b b b a b")
    both, one, other = (next_word_loss(policy, rows).item() for rows in ([short, long], [short], [long]))
    assert both == pytest.approx((one * 1 + other * 7) / 8, rel=1e-5)


def test_the_random_control_pays_by_coin_and_keeps_true_verdicts() -> None:
    class Client(Inline):
        def submit(self, items: Sequence[dict[str, Any]], /) -> Future[list[ItemVerdict]]:
            done: Future[list[ItemVerdict]] = Future()
            done.set_result([verdict(1.0) for _ in items])
            return done

    verdicts = experiment.CoinTosses(Client(), seed=1).submit([{}] * 400).result()  # type: ignore[arg-type]
    assert 150 < sum(one.reward or 0 for one in verdicts) < 250
    assert all(one.score == 1.0 and one.outcome is Outcome.CORRECT for one in verdicts)
    again = experiment.CoinTosses(Client(), seed=1).submit([{}] * 400).result()  # type: ignore[arg-type]
    assert [one.reward for one in verdicts] == [one.reward for one in again]


def test_the_random_control_passes_failures_on() -> None:
    class Broken(Inline):
        def submit(self, items: Sequence[dict[str, Any]], /) -> Future[list[ItemVerdict]]:
            failed: Future[list[ItemVerdict]] = Future()
            failed.set_exception(ConnectionError("gone"))
            return failed

    with pytest.raises(ConnectionError):
        experiment.CoinTosses(Broken(), seed=1).submit([{}]).result()  # type: ignore[arg-type]


def test_arms_on_pair_sums_differ_in_the_reward_alone(tmp_path: Any) -> None:
    plan = experiment.Plan()
    configs = [
        experiment.arm_config(tmp_path, arm, "pair_sum", plan, "http://x") for arm in ("truthful", "lax", "random")
    ]
    same = [one.model_copy(update={"folder": tmp_path, "steps": 1}) for one in configs]
    assert same[0] == same[1] == same[2]


def test_a_folder_of_another_seed_is_refused_by_name_before_anything_is_trained(tmp_path: Any) -> None:
    begun = experiment.Plan(pretraining_steps=1, seed=0)
    experiment.make_base(tmp_path, "pair_sum", begun)
    keep_config(experiment.arm_config(tmp_path, "truthful", "pair_sum", begun, "http://x"))
    with pytest.raises(ValueError, match="seed: 0 there, 1 now"):
        experiment.train_arm(tmp_path, "truthful", experiment.Plan(pretraining_steps=1, seed=1), "http://x")
