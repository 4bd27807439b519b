"""Both policies keep the protocol's promises: sampler and trainer agree, padding changes nothing, ends are trained."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.trainer_client.trainer_fakes import Inline, config, grade, problems, tiny_policy
from trainer_client.policies import Policy
from trainer_client.policies.loading import load_policy
from trainer_client.training.problems import Problem
from trainer_client.training.rollout import Rollouts, completion_logprobs, pad_left, sample
from trainer_client.training.train import train


@pytest.fixture(scope="session")
def saved_llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random two-layer Llama with its own tokenizer and chat template, saved as any model is."""
    tokenizers, transformers = pytest.importorskip("tokenizers"), pytest.importorskip("transformers")
    words = ["<|pad|>", "<|end|>", "<|user|>", "<|assistant|>", *(str(number) for number in range(10)), "+", "="]
    model = tokenizers.models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="=")
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|end|>", additional_special_tokens=words[2:4]
    )
    fast.chat_template = (
        "{% for m in messages %}<|user|> {{ m.content }} {% endfor %}"
        "{% if add_generation_prompt %}<|assistant|>{% endif %}"
    )
    torch.manual_seed(0)
    shape = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
    llama = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(vocab_size=len(words), num_key_value_heads=2, eos_token_id=1, pad_token_id=1, **shape)
    )
    folder = tmp_path_factory.mktemp("llama")
    llama.save_pretrained(folder)
    fast.save_pretrained(folder)
    return folder


@pytest.fixture(params=["tiny GPT", "Hugging Face"])
def policy(request: pytest.FixtureRequest) -> Policy:
    return tiny_policy() if request.param == "tiny GPT" else load_policy(str(request.getfixturevalue("saved_llama")))


def prompts_of(policy: Policy) -> list[list[int]]:
    texts = ("a ?", "a b c d ?", "c c ?") if policy.pad_id == 0 else ("1 + 1", "1 + 2 + 3 + 4", "5 + 5 =")
    return [policy.encode(text) for text in texts]


def draw(policy: Policy, temperature: float = 1.0, seed: int = 0, **changes: Any) -> Rollouts:
    options = {"group_size": 8, "max_new_tokens": 24} | changes
    generator = torch.Generator().manual_seed(seed)
    return sample(policy, prompts_of(policy), temperature=temperature, generator=generator, **options)


@pytest.mark.parametrize("temperature", [0.6, 1.0, 1.3])
def test_the_first_importance_ratio_is_one_at_every_temperature(policy: Policy, temperature: float) -> None:
    rollouts = draw(policy, temperature)
    assert len(set(rollouts.lengths.tolist())) > 1, "rows must have left the cache at different times"
    logp = completion_logprobs(policy, rollouts)
    ratio = (logp - rollouts.logp).masked_fill(~rollouts.mask, 0.0).exp()
    assert (ratio - 1).abs().max() < 1e-5
    assert logp.requires_grad, "rollouts made under inference_mode could not be trained on"


def test_log_probabilities_are_those_of_a_naive_loop_over_one_row(policy: Policy) -> None:
    rollouts = draw(policy, 0.8)
    for row in (0, 9, 17):
        prompt = prompts_of(policy)[row // 8]
        ids = rollouts.ids[row, rollouts.prompt_width :][: rollouts.lengths[row]].tolist()
        for position, token in enumerate(ids):
            context = torch.tensor([prompt + ids[:position]])
            logits, _ = policy.logits(context, torch.ones_like(context, dtype=torch.bool), last=1)
            expected = torch.log_softmax(logits[0, -1].float() / 0.8, dim=0)[token]
            assert rollouts.logp[row, position].item() == pytest.approx(expected.item(), abs=1e-5)


def test_a_prompt_has_the_same_numbers_alone_and_padded_in_a_batch(policy: Policy) -> None:
    prompts = prompts_of(policy)
    ids, valid = pad_left(prompts, policy.pad_id)
    together, _ = policy.logits(ids, valid, last=1)
    for row, prompt in enumerate(prompts):
        alone = torch.tensor([prompt])
        logits, _ = policy.logits(alone, torch.ones_like(alone, dtype=torch.bool), last=1)
        torch.testing.assert_close(together[row], logits[0], rtol=0, atol=1e-5)


def test_the_end_token_is_trained_and_padding_after_it_is_not(policy: Policy) -> None:
    rollouts = draw(policy, max_new_tokens=12)
    ended, cut = rollouts.finished, ~rollouts.finished
    assert ended.any()
    assert cut.any()
    for row in ended.nonzero().squeeze(1).tolist():
        completion = rollouts.ids[row, rollouts.prompt_width :]
        first_end = next(place for place, token in enumerate(completion.tolist()) if token in policy.end_ids)
        assert rollouts.mask[row].sum() == first_end + 1 == rollouts.lengths[row]
    assert (rollouts.mask[cut].sum(dim=1) == 12).all()
    assert (rollouts.valid.sum(dim=1) >= rollouts.lengths).all()


def test_trimming_a_micro_batch_keeps_its_log_probabilities(policy: Policy) -> None:
    rollouts = draw(policy)
    rows = rollouts.lengths.argsort()[:3]
    some = rollouts.select(rows)
    assert some.ids.shape[1] < rollouts.ids.shape[1]
    whole, trimmed = completion_logprobs(policy, rollouts), completion_logprobs(policy, some)
    torch.testing.assert_close(trimmed, whole[rows][:, : trimmed.shape[1]], rtol=0, atol=1e-5)
    assert some.texts == [rollouts.texts[row] for row in rows.tolist()]


def test_training_on_a_nucleus_is_refused(policy: Policy) -> None:
    rollouts = draw(policy, top_p=0.8)
    with pytest.raises(ValueError, match="nucleus"):
        completion_logprobs(policy, rollouts)


def test_a_nucleus_keeps_only_the_likeliest_tokens(policy: Policy) -> None:
    greedy = draw(policy, top_p=1e-9, seed=1)
    again = draw(policy, top_p=1e-9, seed=2)
    assert greedy.texts == again.texts


def test_sampling_follows_the_distribution(policy: Policy) -> None:
    prompt = prompts_of(policy)[:1]
    drawn = sample(
        policy, prompt, group_size=4000, max_new_tokens=1, temperature=0.7, generator=torch.Generator().manual_seed(0)
    )
    logits, _ = policy.logits(torch.tensor(prompt), torch.ones(1, len(prompt[0]), dtype=torch.bool), last=1)
    expected = torch.softmax(logits[0, -1] / 0.7, dim=0)
    counts = torch.bincount(drawn.ids[:, -1], minlength=len(expected)) / 4000
    assert (counts - expected).abs().max() < 0.03


def test_training_sees_the_sampled_tokens_even_where_text_does_not_encode_back(saved_llama: Path) -> None:
    policy = load_policy(str(saved_llama))
    rollouts = draw(policy)
    assert any(
        policy.encode(text)[-length:] != rollouts.ids[row, rollouts.prompt_width :][:length].tolist()
        for row, (text, length) in enumerate(zip(rollouts.texts, rollouts.lengths.tolist(), strict=True))
    ), "special tokens vanish from the text"
    assert completion_logprobs(policy, rollouts).shape == rollouts.logp.shape


def test_a_saved_policy_loads_with_the_same_logits(policy: Policy, tmp_path: Path) -> None:
    policy.save(tmp_path)
    loaded = load_policy(str(tmp_path))
    ids, valid = pad_left(prompts_of(policy), policy.pad_id)
    assert torch.equal(loaded.logits(ids, valid, last=2)[0], policy.logits(ids, valid, last=2)[0])
    assert prompts_of(loaded) == prompts_of(policy)


@pytest.mark.parametrize("name", ["chat", "r1-zero", "plain"])
def test_a_hugging_face_model_is_asked_in_the_format_wanted(saved_llama: Path, name: str) -> None:
    policy = load_policy(str(saved_llama), name)
    text: Callable[[list[int]], str] = policy.tokenizer.decode  # type: ignore[attr-defined]
    asked = text(policy.encode("1 + 2"))
    assert ("<|user|>" in asked) == (name == "chat")
    assert len(asked.split()) == {"chat": 5, "plain": 3}.get(name, len(asked.split()))
    assert "1 + 2" in asked if name != "r1-zero" else len(asked.split()) > 50


def test_an_unknown_prompt_format_is_refused(saved_llama: Path) -> None:
    with pytest.raises(ValueError, match="prompt format"):
        load_policy(str(saved_llama), "alpaca")


def test_grpo_trains_a_hugging_face_model(saved_llama: Path, tmp_path: Path) -> None:
    policy = load_policy(str(saved_llama))
    before = torch.cat([p.detach().flatten() for p in policy.module.parameters()]).clone()
    rows = [Problem(f"{n}", f"{n} + 1", {"kind": "letter", "ground_truth": "2"}) for n in range(4)]
    train(config(tmp_path, recipe="grpo", max_new_tokens=24, group_size=8), policy, rows, Inline(grade))
    after = torch.cat([p.detach().flatten() for p in policy.module.parameters()])
    assert not torch.equal(before, after)
    assert torch.isfinite(after).all()
    reloaded = load_policy(str(tmp_path / "model"))
    assert torch.equal(torch.cat([p.detach().flatten() for p in reloaded.module.parameters()]), after)


def test_words_and_line_breaks_decode_and_encode_to_themselves() -> None:
    policy = tiny_policy()
    assert policy.decode(policy.encode("a b wait ?")) == "a b wait ?"
    with pytest.raises(ValueError, match=r"'a zebra'.*and not 'zebra'"):
        policy.encode("a zebra")
    assert problems(3)[1].prompt == "b ?"
