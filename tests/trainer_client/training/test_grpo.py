"""Properties of the GRPO arithmetic that published code has got wrong.

Seventeen bugs seen in public GRPO code, and the test that catches each:

 1. end token masked out, or padding trained: `test_policies::test_the_end_token_is_trained_and_padding…`
 2. normaliser of the micro-batch: `test_micro_batches_and_order_do_not_change_the_gradient`
 3. sampler and trainer at different temperatures: `test_policies::test_the_first_importance_ratio_is_one…`
 4. trained on a truncated distribution: `test_policies::test_training_on_a_nucleus_is_refused`
 5. logits off by one: `test_policies::test_log_probabilities_are_those_of_a_naive_loop_over_one_row`
 6. left padding without mask or positions: `test_policies::test_a_prompt_has_the_same_numbers_alone_and_padded…`
 7. population std, amplified noise: `test_std_is_the_unbiased_one`, `test_float_noise_in_rewards_does_not_become…`
 8. groups merged by prompt text: `test_train::test_a_question_that_occurs_twice_in_a_batch_keeps_two_groups`
 9. means over padding: `test_loss_gradient_and_metrics_ignore_padding`
10. fresh log-probabilities as old ones: `test_train::test_the_second_update_of_a_step_is_off_policy_and_says_so`
11. cut or ungraded taken for wrong or right: `test_train::test_a_cut_completion…`, `test_null_rewards_are_masked…`
12. prompt graded together with the completion: `test_train::test_only_the_completion_is_graded…`
13. text encoded again for training: `test_policies::test_training_sees_the_sampled_tokens…`
14. seeds that differ between processes: `test_train::test_the_same_seed_writes_the_same_journal`
15. resume without optimiser, generator or data place: `test_train::test_ten_steps_are_five_a_resume_and_five`
16. evaluation on training problems or one greedy sample: `test_r1_zero::test_held_out_problems…`, `test_evaluate`
17. rollouts under inference mode: `test_policies::test_the_first_importance_ratio_is_one…` (they enter autograd)
"""

import pytest
import torch

from trainer_client.training.grpo import (
    RECIPES,
    completion_mask,
    group_advantages,
    k3_kl,
    policy_loss,
    row_weights,
    token_logprobs,
    zero_variance,
)

NAN = float("nan")


@pytest.mark.parametrize("scale", ["group", "batch", "none"])
def test_a_group_of_equal_rewards_has_advantage_exactly_zero(scale: str) -> None:
    rewards = torch.tensor([1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    advantages = group_advantages(rewards, 4, scale)  # type: ignore[arg-type]
    assert advantages[:4].tolist() == [0.0] * 4
    assert (advantages[4:] != 0).all()


@pytest.mark.parametrize("scale", ["group", "batch", "none"])
def test_float_noise_in_rewards_does_not_become_an_advantage(scale: str) -> None:
    rewards = torch.tensor([0.3, 0.1 + 0.2, 0.3 + 1e-8, 0.3])
    assert group_advantages(rewards, 4, scale).abs().max() == 0  # type: ignore[arg-type]


def test_std_is_the_unbiased_one() -> None:
    advantages = group_advantages(torch.tensor([0.0, 1.0]), 2)
    assert advantages.tolist() == pytest.approx([-0.70700, 0.70700], abs=1e-4), "population std would give ±1"


@pytest.mark.parametrize("scale", ["group", "batch", "none"])
def test_an_ungradable_completion_neither_learns_nor_teaches(scale: str) -> None:
    with_ungradable = group_advantages(torch.tensor([1.0, NAN, 0.0, 1.0]), 4, scale)  # type: ignore[arg-type]
    without = group_advantages(torch.tensor([1.0, 0.0, 1.0]), 3, scale)  # type: ignore[arg-type]
    assert with_ungradable[1] == 0
    torch.testing.assert_close(with_ungradable[[0, 2, 3]], without)


@pytest.mark.parametrize("scale", ["group", "batch", "none"])
@pytest.mark.parametrize("rewards", [[NAN] * 4, [NAN, 1.0, NAN, NAN]])
def test_a_group_with_fewer_than_two_graded_completions_teaches_nothing(scale: str, rewards: list[float]) -> None:
    advantages = group_advantages(torch.tensor(rewards), 4, scale)  # type: ignore[arg-type]
    assert advantages.tolist() == [0.0] * 4
    assert zero_variance(torch.tensor(rewards), 4).tolist() == [True]


def test_the_mask_counts_sampled_tokens_whatever_their_ids() -> None:
    mask = completion_mask(torch.tensor([1, 3, 5]), 5)
    assert mask.sum(dim=1).tolist() == [1, 3, 5]
    assert mask[1].tolist() == [True, True, True, False, False]


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("size", [1, 3, 8])
def test_micro_batches_and_order_do_not_change_the_gradient(name: str, size: int) -> None:
    generator = torch.Generator().manual_seed(7)
    logp = -torch.rand(8, 6, generator=generator, dtype=torch.float64)
    old, reference = logp + 0.3 * torch.randn(8, 6, generator=generator).double(), logp - 0.1
    advantages = torch.randn(8, generator=generator).double()
    lengths = torch.randint(1, 7, (8,), generator=generator)
    recipe = RECIPES[name]
    weights, mask = row_weights(lengths, recipe.aggregation, 6), completion_mask(lengths, 6)

    def gradient(rows_of_each: list[torch.Tensor]) -> torch.Tensor:
        leaf = logp.clone().requires_grad_()
        for rows in rows_of_each:
            policy_loss(
                recipe,
                logp=leaf[rows],
                old_logp=old[rows],
                reference_logp=reference[rows],
                advantages=advantages[rows],
                mask=mask[rows],
                weights=weights[rows],
            ).loss.backward()
        assert leaf.grad is not None
        return leaf.grad

    shuffled = torch.randperm(8, generator=generator)
    torch.testing.assert_close(gradient(list(shuffled.split(size))), gradient([torch.arange(8)]), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", RECIPES)
def test_loss_gradient_and_metrics_ignore_padding(name: str) -> None:
    generator = torch.Generator().manual_seed(3)
    logp, old = -torch.rand(2, 4, generator=generator), -torch.rand(2, 4, generator=generator)
    lengths, advantages = torch.tensor([2, 4]), torch.tensor([1.0, -1.0])

    def loss(width: int, padding: float) -> tuple[float, ...]:
        wide = torch.full((2, width), padding)
        wide_logp, wide_old = wide.clone(), wide.clone() * 0.5
        wide_logp[:, :4], wide_old[:, :4] = logp, old
        mask = completion_mask(lengths, width)
        wide_logp[:, :4] = torch.where(mask[:, :4], logp, padding)
        weights = row_weights(lengths, RECIPES[name].aggregation, 8)
        got = policy_loss(
            RECIPES[name],
            logp=wide_logp,
            old_logp=wide_old,
            reference_logp=wide_old,
            advantages=advantages,
            mask=mask,
            weights=weights,
        )
        return float(got.loss), got.kl_sum, got.clipped_sum, got.ratio_max, got.tokens

    assert loss(4, -0.5) == pytest.approx(loss(9, -50.0), rel=1e-6)


def test_kl_is_never_negative_and_zero_only_for_equal_policies() -> None:
    logp = -torch.rand(3, 5, generator=torch.Generator().manual_seed(1))
    assert k3_kl(logp, logp).abs().max() == 0
    assert (k3_kl(logp, logp - 0.5) > 0).all()
    assert (k3_kl(logp, logp + 0.5) > 0).all()


def test_a_loss_with_kl_refuses_to_run_without_a_reference() -> None:
    one = torch.zeros(1, 1)
    with pytest.raises(ValueError, match="reference"):
        policy_loss(
            RECIPES["grpo"],
            logp=one,
            old_logp=one,
            advantages=one[0],
            mask=one == 0,
            weights=one[0],
        )


def test_a_ratio_beyond_floats_stays_finite() -> None:
    logp = torch.full((1, 2), -1.0, requires_grad=True)
    loss = policy_loss(
        RECIPES["dr_grpo"],
        logp=logp,
        old_logp=torch.full((1, 2), -5000.0),
        advantages=torch.tensor([-1.0]),
        mask=torch.ones(1, 2, dtype=torch.bool),
        weights=torch.ones(1),
    )
    assert torch.isfinite(loss.loss)


def test_log_probabilities_equal_a_naive_loop_and_know_the_temperature() -> None:
    logits = torch.randn(2, 3, 7, generator=torch.Generator().manual_seed(0))
    ids = torch.tensor([[1, 0, 6], [2, 2, 5]])
    logp = token_logprobs(logits, ids, temperature=0.7)
    for row in range(2):
        for position in range(3):
            p = torch.softmax(logits[row, position] / 0.7, dim=0)
            assert logp[row, position].item() == pytest.approx(p[ids[row, position]].log().item(), abs=1e-6)


def test_the_first_of_several_updates_has_no_clipping_and_the_next_may() -> None:
    old = -torch.rand(2, 4, generator=torch.Generator().manual_seed(2))
    mask, weights = torch.ones(2, 4, dtype=torch.bool), torch.ones(2)
    arguments = {"old_logp": old, "advantages": torch.tensor([1.0, -1.0]), "mask": mask, "weights": weights}
    first = policy_loss(RECIPES["dapo"], logp=old, **arguments)
    assert (first.ratio_max, first.clipped_sum) == (1.0, 0)
    second = policy_loss(RECIPES["dapo"], logp=old + 0.5, **arguments)
    assert second.clipped_sum == 4, "only tokens of positive advantage may be held back from above"
    assert second.ratio_max == pytest.approx(1.6487, abs=1e-3)
