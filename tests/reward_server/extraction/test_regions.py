"""Which part of a completion is its final text: nothing of a thought, in whatever marks a model thinks."""

import pytest

from reward_server.extraction.region import final_region

_MARKS = [
    ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<reasoning>", "</reasoning>"), ("◁think▷", "◁/think▷"),
    ("<seed:think>", "</seed:think>"), ("[THINK]", "[/THINK]"), ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
]  # fmt: skip


@pytest.mark.parametrize(("opening", "closing"), _MARKS)
def test_what_follows_the_thought_is_the_final_text_and_an_unfinished_one_hides_the_rest(opening: str, closing: str):
    assert final_region(f"{opening}draft{closing}said").text == "said"
    assert final_region(f"draft{closing}said").text == "said"
    assert final_region(f"{opening}draft").text == ""
    assert final_region(f"said{opening}draft").text == "said"


@pytest.mark.parametrize(
    "text", ["THINK about it", "a THINK] b", "I [think] so", "<|channel|>final<|message|>I analysis"]
)
def test_words_about_thinking_hide_nothing(text: str):
    assert final_region(text).text == text.rpartition("<|message|>")[2]
