"""The training loop: it learns, overlaps without changing anything, and resumes bit for bit."""

import json
import math
import os
import signal
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.trainer_client.trainer_fakes import Inline, Late, config, grade, problems, tiny_policy, verdict
from trainer_client.policies.tiny_gpt import TinyGPTPolicy
from trainer_client.training.checkpoint import read_checkpoint
from trainer_client.training.config import TrainConfig
from trainer_client.training.grpo import RECIPES, group_advantages
from trainer_client.training.journal import METRICS, SAMPLES, read_rows
from trainer_client.training.pending import Chunk, Scorer, hidden_share, rewards_of, submit_chunk
from trainer_client.training.rollout import sample
from trainer_client.training.train import StepSums, accumulate_gradient, micro_batches, problem_at, train


def weights(policy: TinyGPTPolicy) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in policy.module.parameters()])


def trained(run: TrainConfig, scorer: Scorer | None = None, **options: Any) -> TinyGPTPolicy:
    policy = tiny_policy()
    train(run, policy, problems(), scorer or Inline(), **options)
    return policy


def rows_without_timing(folder: Path) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "timing"} for row in read_rows(folder / METRICS)]


def test_reward_rises_from_the_reward_alone(tmp_path: Path) -> None:
    # Over six seeds and two kinds of processor 60 steps gain 0.5 or more, 30 sometimes less than 0.2.
    trained(config(tmp_path, steps=60, problems_per_step=6, group_size=8, learning_rate=2e-2))
    accuracy = [row["accuracy"] for row in read_rows(tmp_path / METRICS)]
    assert sum(accuracy[-5:]) / 5 > sum(accuracy[:5]) / 5 + 0.2, accuracy


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_takes_steps_and_its_first_ratio_is_one(tmp_path: Path, recipe: str) -> None:
    policy = trained(config(tmp_path, recipe=recipe, minibatches=2))
    assert not torch.equal(weights(policy), weights(tiny_policy()))
    assert torch.isfinite(weights(policy)).all()
    for row in read_rows(tmp_path / METRICS):
        assert row["first_ratio_max"] == pytest.approx(1.0, abs=1e-5)
        assert row["updates"] <= 2


def test_overlapped_and_sequential_training_are_the_same_bit_for_bit(tmp_path: Path) -> None:
    sequential = trained(config(tmp_path / "a", problems_per_step=6, chunk_problems=1))
    late = Late()
    overlapped = trained(config(tmp_path / "b", problems_per_step=6, chunk_problems=1), late)
    assert torch.equal(weights(sequential), weights(overlapped))
    assert rows_without_timing(tmp_path / "a") == rows_without_timing(tmp_path / "b")
    assert all(0 <= row["timing"]["hidden_reward_share"] <= 1 for row in read_rows(tmp_path / "b" / METRICS))


@pytest.mark.parametrize("name", RECIPES)
def test_chunks_micro_batches_and_skipped_rows_do_not_change_the_gradient(tmp_path: Path, name: str) -> None:
    policy, rows = tiny_policy(), problems(6)
    generator = torch.Generator().manual_seed(5)
    prompts = [policy.encode(problem.prompt) for problem in rows]
    whole = sample(policy, prompts, group_size=4, max_new_tokens=6, temperature=1.0, generator=generator)
    reference = tiny_policy(seed=1)

    def gradient(sizes: list[int], micro_batch: int) -> torch.Tensor:
        chunks, first = [], 0
        for size in sizes:
            part = whole.select(torch.arange(first * 4, (first + size) * 4))
            chunks.append(submit_chunk(Inline(), rows[first : first + size], part))
            first += size
        run = config(tmp_path, micro_batch=micro_batch)
        accumulate_gradient(policy, chunks, reference=reference, recipe=RECIPES[name], config=run, sums=StepSums())
        flat = torch.cat([p.grad.flatten() for p in policy.module.parameters() if p.grad is not None])
        policy.module.zero_grad()
        return flat

    expected = gradient([6], 24)
    assert expected.abs().max() > 1e-4
    for sizes, micro_batch in (([2, 2, 2], 24), ([1, 5], 3), ([3, 3], 1)):
        torch.testing.assert_close(gradient(sizes, micro_batch), expected, rtol=0, atol=1e-6)


def test_only_rows_with_an_advantage_are_run_unless_there_is_a_kl_term() -> None:
    lengths, advantages = torch.tensor([1, 5, 3, 2]), torch.tensor([0.0, 1.0, 0.0, -1.0])
    run = [rows.tolist() for rows in micro_batches(lengths, advantages, RECIPES["dapo"], 8)]
    assert run == [[1, 3]], "longest first"
    assert [rows.tolist() for rows in micro_batches(lengths, advantages, RECIPES["grpo"], 3)] == [[1, 2, 3], [0]]
    assert list(micro_batches(lengths, torch.zeros(4), RECIPES["dapo"], 8)) == []


def test_a_batch_that_teaches_nothing_changes_nothing(tmp_path: Path) -> None:
    policy = trained(config(tmp_path), Inline(lambda _: verdict(1.0)))
    assert not read_rows(tmp_path / METRICS)[0]["updates"] or read_rows(tmp_path / METRICS)[0]["cut_share"] > 0
    none = trained(config(tmp_path / "none"), Inline(lambda _: verdict(None)))
    masked = trained(config(tmp_path / "masked", overlong="mask"), Inline(lambda _: verdict(1.0)))
    assert torch.equal(weights(masked), weights(tiny_policy()))
    assert torch.equal(weights(none), weights(tiny_policy())) or read_rows(tmp_path / "none" / METRICS)
    assert policy.module.training is False


def test_null_rewards_are_masked_and_counted_not_zeroed(tmp_path: Path) -> None:
    turn = iter(range(10**6))

    def every_other_fails(item: dict[str, Any]) -> Any:
        return verdict(None) if next(turn) % 2 else grade(item)

    trained(config(tmp_path, overlong="mask"), Inline(every_other_fails))
    row = read_rows(tmp_path / METRICS)[0]
    assert row["ungraded"] >= row["outcomes"]["ungradable"] > 0
    graded = row["outcomes"].get("correct", 0) + row["outcomes"].get("incorrect", 0)
    assert row["reward"] == pytest.approx(row["outcomes"].get("correct", 0) / graded)


def test_a_cut_completion_is_never_graded_as_if_it_had_ended(tmp_path: Path) -> None:
    policy, rows = tiny_policy(), problems(2)
    scorer = Inline(lambda _: verdict(1.0))
    generator = torch.Generator().manual_seed(0)
    prompts = [policy.encode(problem.prompt) for problem in rows]
    rollouts = sample(policy, prompts, group_size=8, max_new_tokens=3, temperature=1.0, generator=generator)
    chunk = submit_chunk(scorer, rows, rollouts)
    chunk.collect()
    assert 0 < len(scorer.items) == int(rollouts.finished.sum()) < 16
    wrong, masked = rewards_of(chunk, "wrong"), rewards_of(chunk, "mask")
    assert (wrong == rollouts.finished.float()).all()
    assert masked.isnan().tolist() == (~rollouts.finished).tolist()


def test_only_the_completion_is_graded_never_prompt_and_completion(tmp_path: Path) -> None:
    scorer = Inline()
    trained(config(tmp_path), scorer)
    assert scorer.items
    assert all("?" in item["prompt"] for item in scorer.items)
    policy = tiny_policy()
    nothing = sample(
        policy, [policy.encode("a ?")], group_size=64, max_new_tokens=2, temperature=1.0, generator=torch.Generator()
    )
    empty = [text for text, length in zip(nothing.texts, nothing.lengths.tolist(), strict=True) if length == 1]
    assert "" in empty, "a completion may be empty, and then its text is"


def test_a_question_that_occurs_twice_in_a_batch_keeps_two_groups(tmp_path: Path) -> None:
    rewards = torch.tensor([1.0, 0.0, 1.0, 1.0])
    assert group_advantages(rewards, 2, "none").tolist() == [0.5, -0.5, 0.0, 0.0]
    policy = tiny_policy()
    train(config(tmp_path, problems_per_step=4), policy, problems(1), Inline())
    assert read_rows(tmp_path / METRICS)[0]["zero_variance_share"] in {0.0, 0.25, 0.5, 0.75, 1.0}


def test_the_second_update_of_a_step_is_off_policy_and_says_so(tmp_path: Path) -> None:
    trained(config(tmp_path, minibatches=2, group_size=16, recipe="dapo", learning_rate=0.1))
    first = read_rows(tmp_path / METRICS)[0]
    assert first["updates"] == 2
    assert first["first_ratio_max"] == pytest.approx(1.0, abs=1e-5)
    assert first["ratio_max"] > 1.05
    assert first["clipped_share"] > 0


def test_the_same_seed_writes_the_same_journal(tmp_path: Path) -> None:
    trained(config(tmp_path / "a"))
    trained(config(tmp_path / "b"))
    assert rows_without_timing(tmp_path / "a") == rows_without_timing(tmp_path / "b")
    assert (tmp_path / "a" / SAMPLES).read_bytes() == (tmp_path / "b" / SAMPLES).read_bytes()
    trained(config(tmp_path / "c", seed=1))
    assert rows_without_timing(tmp_path / "a") != rows_without_timing(tmp_path / "c")


@pytest.mark.parametrize("recipe", ["grpo", "dapo"])
def test_ten_steps_are_five_a_resume_and_five(tmp_path: Path, recipe: str) -> None:
    plan: dict[str, Any] = {"recipe": recipe, "reference_every": 3, "checkpoint_every": 5}
    straight = trained(config(tmp_path / "a", steps=10, **plan))
    trained(config(tmp_path / "b", steps=5, **plan))
    with (tmp_path / "b" / METRICS).open("a") as file:
        file.write('{"step": 6, "kind": "train", "lost": "in a crash"}\n')
    resumed = trained(config(tmp_path / "b", steps=10, **plan))
    assert torch.equal(weights(straight), weights(resumed))
    assert rows_without_timing(tmp_path / "a") == rows_without_timing(tmp_path / "b")
    assert [row["step"] for row in rows_without_timing(tmp_path / "b")] == list(range(1, 11))
    ended, other = read_checkpoint(tmp_path / "a"), read_checkpoint(tmp_path / "b")
    assert ended is not None
    assert other is not None
    assert ended.cursor == other.cursor == 40
    assert torch.equal(ended.generator, other.generator)


def test_sigint_ends_the_step_saves_and_can_be_resumed(tmp_path: Path) -> None:
    def interrupt(row: dict[str, Any]) -> None:
        if row["step"] == 2:
            os.kill(os.getpid(), signal.SIGINT)

    policy = tiny_policy()
    handler = signal.getsignal(signal.SIGINT)
    assert train(config(tmp_path, steps=5), policy, problems(), Inline(), progress=interrupt) == 2
    assert signal.getsignal(signal.SIGINT) is handler
    resumed = trained(config(tmp_path, steps=5))
    assert torch.equal(weights(resumed), weights(trained(config(tmp_path / "straight", steps=5))))


def test_a_checkpoint_that_fails_to_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: Any) -> None:
    trained(config(tmp_path, steps=1))
    before = (tmp_path / "checkpoint.pt").read_bytes()

    def full_disk(*_: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(torch, "save", full_disk)
    with pytest.raises(OSError, match="No space"):
        trained(config(tmp_path, steps=2))
    assert (tmp_path / "checkpoint.pt").read_bytes() == before


def test_every_problem_comes_once_in_each_epoch_in_an_order_of_its_own() -> None:
    rows = problems(6)
    epochs = [[problem_at(rows, 6 * epoch + place, seed=3).id for place in range(6)] for epoch in range(4)]
    assert all(sorted(epoch) == sorted(problem.id for problem in rows) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) > 1
    assert epochs[0] == [problem_at(rows, place, seed=3).id for place in range(6)]


def test_hidden_share_counts_each_second_of_outstanding_rewards_once() -> None:
    def chunk(submitted: float, answered: float, waited: float) -> Any:
        made = object.__new__(Chunk)
        made.submitted, made.answered, made.waited = submitted, answered, waited
        return made

    assert hidden_share([chunk(0, 2, 0), chunk(1, 3, 1)]) == pytest.approx(2 / 3)
    assert hidden_share([chunk(0, 1, 1)]) == 0.0
    assert math.isclose(hidden_share([]), 1.0)


def test_samples_carry_the_evidence_of_their_verdicts(tmp_path: Path) -> None:
    trained(config(tmp_path))
    rows = [json.loads(line) for line in (tmp_path / SAMPLES).read_text().splitlines()]
    assert {row["step"] for row in rows} == {1, 2}
    graded = [row["verdict"] for row in rows if row["verdict"]["outcome"] != "cut"]
    assert all(row["evidence"] == {"method": "letter"} for row in graded)
