"""Any causal language model of Hugging Face's `transformers`, with its tokenizer and chat template.

Weights are trained in float32 whatever they were stored in: on CPUs it is as fast as anything, and a bfloat16 optimiser
step of 1e-6 rounds to nothing. Attention is `sdpa`, because eager attention turns left padding into NaN in float64.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self

import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache

from trainer_client.policies import Cache, positions

PromptFormat = Literal["auto", "chat", "r1-zero", "plain"]

R1_ZERO_TEMPLATE = (
    "A conversation between User and Assistant. The User asks a question and the Assistant solves it. The Assistant"
    " first thinks about the reasoning process in the mind and then provides the User with the answer. The reasoning"
    " process and answer are enclosed within <think>...</think> and <answer>...</answer> tags, respectively, that is,"
    " <think> reasoning process here </think> <answer> answer here </answer>. User: {prompt}. Assistant:"
)
"""DeepSeek-R1's Table 1, https://doi.org/10.1038/s41586-025-09422-z."""


class HuggingFacePolicy:
    """A `Policy` around a model and its tokenizer."""

    def __init__(self, model: Any, tokenizer: Any, prompt_format: str = "auto") -> None:
        if prompt_format == "auto":
            prompt_format = "chat" if tokenizer.chat_template else "r1-zero"
        if prompt_format not in {"chat", "r1-zero", "plain"}:
            raise ValueError(f"unknown prompt format {prompt_format!r}: chat, r1-zero, plain or auto")
        self.module = model.eval()
        self.tokenizer = tokenizer
        self.prompt_format = prompt_format
        self.end_ids = _end_ids(model, tokenizer)
        self.pad_id = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else self.end_ids[0]

    @classmethod
    def from_pretrained(cls, model: str, prompt_format: str = "auto", **options: Any) -> Self:
        """Load model and tokenizer from a folder or a hub; `options` go to both, such as `gguf_file`."""
        tokenizer = AutoTokenizer.from_pretrained(model, **options)
        network = AutoModelForCausalLM.from_pretrained(
            model, dtype=torch.float32, attn_implementation="sdpa", **options
        )
        if "gguf_file" in options:  # its weights are plain float32 by now, but save_pretrained would still refuse them
            network.hf_quantizer = None
            if hasattr(network.config, "quantization_config"):
                del network.config.quantization_config
        return cls(network, tokenizer, prompt_format)

    def encode(self, prompt: str) -> list[int]:
        """Return the tokens of the prompt inside its format."""
        if self.prompt_format == "chat":
            text = self.tokenizer.apply_chat_template(
                [{"role": "user", "content": prompt}], add_generation_prompt=True, tokenize=False
            )
            return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])
        text = R1_ZERO_TEMPLATE.format(prompt=prompt) if self.prompt_format == "r1-zero" else prompt
        return list(self.tokenizer(text)["input_ids"])

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of completion tokens, special tokens left out."""
        return str(self.tokenizer.decode(list(ids), skip_special_tokens=True))

    def logits(
        self, ids: Tensor, valid: Tensor, *, last: int, cache: Cache | None = None, keep_cache: bool = False
    ) -> tuple[Tensor, Cache | None]:
        """See `Policy.logits`."""
        if keep_cache and cache is None:
            cache = DynamicCache(config=self.module.config)
        output = self.module(
            input_ids=ids,
            attention_mask=valid.long(),
            position_ids=positions(valid, ids.shape[1]),
            past_key_values=cache,
            use_cache=keep_cache,
            logits_to_keep=last,
        )
        return output.logits, cache

    def save(self, folder: Path) -> None:
        """Write model and tokenizer as `from_pretrained` reads them."""
        self.module.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)


def _end_ids(model: Any, tokenizer: Any) -> tuple[int, ...]:
    """Collect the end tokens of tokenizer and generation config: chat models often have two."""
    configured = getattr(model.generation_config, "eos_token_id", None)
    several = configured if isinstance(configured, list) else [configured]
    ids = {number for number in (tokenizer.eos_token_id, *several) if number is not None}
    if not ids:
        raise ValueError("the tokenizer names no end-of-text token, so no completion could ever end")
    return tuple(sorted(ids))
