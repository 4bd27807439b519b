"""TRL's `_compute_loss` and ours through a real model on the same left-padded batch; prints the largest differences.

TRL's method is called unbound: `self` is a stub with the settings it reads and TRL's own fused log-probabilities.
"""

import json
from collections import defaultdict
from contextlib import nullcontext
from dataclasses import replace
from types import MethodType, SimpleNamespace
from typing import Any

import torch
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM
from trl.trainer.grpo_trainer import GRPOTrainer
from trl.trainer.utils import add_fused_lm_head

from trainer_client.policies.huggingface import HuggingFacePolicy
from trainer_client.training.grpo import RECIPES, policy_loss, row_weights
from trainer_client.training.rollout import Rollouts, completion_logprobs, pad_left

TEMPERATURE, WIDTH, VOCABULARY = 0.9, 11, 40
KINDS = {
    "grpo": ("grpo", "token"),
    "dapo": ("dapo", "token"),
    "dr_grpo": ("dr_grpo", "token"),
    "gspo": ("grpo", "sequence"),
    "cispo": ("cispo", "token"),
}
SETTINGS = [(10.0, 10.0, 0.001), (0.2, 0.28, 0.0), (0.2, 0.2, 0.04)]


def llama(seed: int) -> LlamaForCausalLM:
    torch.manual_seed(seed)
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = LlamaConfig(vocab_size=VOCABULARY, num_key_value_heads=2, pad_token_id=0, eos_token_id=1, **shape)
    return LlamaForCausalLM(config).eval()


def policy_of(model: LlamaForCausalLM) -> HuggingFacePolicy:
    return HuggingFacePolicy(model, SimpleNamespace(chat_template=None, eos_token_id=1, pad_token_id=0), "plain")


def random_batch() -> Rollouts:
    generator = torch.Generator().manual_seed(1)
    prompts = [torch.randint(2, VOCABULARY, (length,), generator=generator).tolist() for length in (2, 7, 3, 5, 5, 4)]
    lengths = torch.tensor([11, 1, 4, 7, 9, 3])
    left, left_valid = pad_left(prompts, 0)
    right = torch.randint(2, VOCABULARY, (len(prompts), WIDTH), generator=generator)
    right_valid = torch.arange(WIDTH) < lengths[:, None]
    return Rollouts(
        ids=torch.cat((left, right.masked_fill(~right_valid, 0)), dim=1),
        valid=torch.cat((left_valid, right_valid), dim=1),
        prompt_width=left.shape[1],
        lengths=lengths,
        finished=lengths < WIDTH,
        logp=torch.zeros(len(prompts), WIDTH),
        temperature=TEMPERATURE,
        top_p=1.0,
        texts=[""] * len(prompts),
    )


def stub(kind: tuple[str, str], setting: tuple[float, float, float]) -> Any:
    made = SimpleNamespace(
        loss_type=kind[0],
        importance_sampling_level=kind[1],
        epsilon_low=setting[0],
        epsilon_high=setting[1],
        beta=setting[2],
        aux_loss_enabled=False,
        top_entropy_quantile=1.0,
        off_policy_mask_threshold=None,
        use_vllm=False,
        vllm_importance_sampling_correction=False,
        _entropy_bonus_enabled=False,
        model=SimpleNamespace(training=True),
        model_kwarg_keys=(),
        state=SimpleNamespace(global_step=0),
        current_gradient_accumulation_steps=1,
        max_completion_length=WIDTH,
        args=SimpleNamespace(report_to=[], delta=None, use_bias_correction_kl=False, steps_per_generation=1),
        accelerator=SimpleNamespace(
            num_processes=1,
            autocast=nullcontext,
            gather=lambda value: value,
            reduce=lambda value, **_: value,
            sync_gradients=True,
            is_main_process=False,
        ),
        _metrics=defaultdict(lambda: defaultdict(list)),
    )
    made._get_per_token_logps_and_entropies = MethodType(GRPOTrainer._get_per_token_logps_and_entropies, made)
    return made


def gradient(model: LlamaForCausalLM, loss: Tensor) -> Tensor:
    model.zero_grad()
    loss.backward()
    return torch.cat([parameter.grad.flatten() for parameter in model.parameters() if parameter.grad is not None])


def main() -> None:
    batch, model, theirs = random_batch(), llama(0), llama(0)
    add_fused_lm_head(theirs, temperature=TEMPERATURE, outputs=("log_probs", "entropy"))
    with torch.no_grad():
        old, reference = (completion_logprobs(policy_of(llama(seed)), batch) for seed in (2, 3))
    # Random models are far apart; a policy is not: go a part of the way from what the model says now.
    with torch.no_grad():
        now = completion_logprobs(policy_of(model), batch)
    old, reference = now + 0.3 * (old - now), now + 0.2 * (reference - now)
    advantages = torch.tensor([1.2, -0.7, 0.0, 0.4, -1.1, 0.2])
    losses, gradients, norms = [], [], []
    for name, kind in KINDS.items():
        for setting in SETTINGS:
            recipe = replace(RECIPES[name], epsilon_low=setting[0], epsilon_high=setting[1], beta=setting[2])
            ours = policy_loss(
                recipe,
                logp=completion_logprobs(policy_of(model), batch),
                old_logp=old,
                reference_logp=reference,
                advantages=advantages,
                mask=batch.mask,
                weights=row_weights(batch.lengths, recipe.aggregation, WIDTH),
            ).loss
            inputs = {
                "prompt_ids": batch.ids[:, : batch.prompt_width],
                "prompt_mask": batch.valid[:, : batch.prompt_width].long(),
                "completion_ids": batch.ids[:, batch.prompt_width :],
                "completion_mask": batch.mask.long(),
                "advantages": advantages,
                "old_per_token_logps": old,
                "ref_per_token_logps": reference,
                "num_items_in_batch": batch.mask.sum(),
            }
            their = GRPOTrainer._compute_loss(stub(kind, setting), theirs, inputs)
            ours_gradient, their_gradient = gradient(model, ours), gradient(theirs, their)
            losses.append(float((ours - their).detach().abs()))
            gradients.append(float((ours_gradient - their_gradient).abs().max()))
            norms.append(float(their_gradient.norm()))
    print(json.dumps({"cases": len(losses), "loss": max(losses), "gradient": max(gradients), "norm": min(norms)}))  # noqa: T201


if __name__ == "__main__":
    main()
