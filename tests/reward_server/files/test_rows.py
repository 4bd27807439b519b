"""Completions come apart from their prompts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward_server.files.rows import END_TOKENS, UnknownRow, completion_of

CHAT = "<|im_start|>user\n1 + 1?<|im_end|>\n<|im_start|>assistant\n"


@given(prompt=st.text(), completion=st.text())
def test_prompt_and_completion_decoded_together_come_apart_again(prompt: str, completion: str) -> None:
    text = completion.rstrip()
    if not text.endswith(END_TOKENS):
        assert completion_of(prompt + completion, prompt) == text


@pytest.mark.parametrize(
    "end", ["", "<|im_end|>", "</s>", "<|im_end|>\n<|endoftext|><|endoftext|>", "<｜end▁of▁sentence｜>"]
)
def test_end_tokens_are_cut_off_the_end_alone(end: str) -> None:
    assert completion_of(f"{CHAT}a </s> \\boxed{{2}}{end}", CHAT) == r"a </s> \boxed{2}"


def test_white_space_that_the_tokenizer_changed_does_not_hide_the_prompt() -> None:
    assert completion_of(" 1 + 1 ? Answer:2", "1 + 1?  Answer:").strip() == "2"


def test_of_a_truncated_prompt_the_end_is_found() -> None:
    prompt = "a long introduction " * 50 + CHAT
    assert completion_of(prompt[-60:] + "2", prompt) == "2"


def test_a_query_without_its_prompt_is_refused_rather_than_graded_with_it() -> None:
    with pytest.raises(UnknownRow, match="does not start with its prompt"):
        completion_of(r"\boxed{2} from somewhere else", CHAT)
