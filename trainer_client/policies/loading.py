"""Load a policy: from a folder that `Policy.save` wrote, or any causal language model of Hugging Face."""

import json
from pathlib import Path

import torch

from trainer_client.policies import Policy


def load_policy(model: str, prompt_format: str = "auto", device: str = "cpu") -> Policy:
    """Load a policy onto a device, from a folder that `save` wrote, or any causal LM that `from_pretrained` knows.

    `prompt_format` is for the latter: "chat" (the tokenizer's template), "r1-zero" (the paper's), "plain" or "auto".
    """
    description = Path(model) / "tiny_gpt.json"
    if description.is_file():
        from trainer_client.policies.tiny_gpt import TinyGPTPolicy  # noqa: PLC0415 - transformers and this stay apart

        weights = torch.load(Path(model) / "weights.pt", map_location="cpu", weights_only=True)
        policy: Policy = TinyGPTPolicy.from_saved(json.loads(description.read_text()), weights)
    else:
        from trainer_client.policies.huggingface import HuggingFacePolicy  # noqa: PLC0415 - loads in seconds

        policy = HuggingFacePolicy.from_pretrained(model, prompt_format)
    policy.module.to(device)
    return policy
