"""Rows of data sets and trainers become the right tasks, and completions without their prompts."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward_server import graders
from reward_server.files.rows import END_TOKENS, ROUTES, UnknownRow, completion_of, kind_of, task_for

CHAT = "<|im_start|>user\n1 + 1?<|im_end|>\n<|im_start|>assistant\n"


@pytest.mark.parametrize(
    ("data_source", "kind"),
    [
        ("openai/gsm8k", "math"),
        ("lighteval/MATH", "math"),
        ("DigitalLearningGmbH/MATH-lighteval", "math"),
        ("HuggingFaceH4/MATH-500", "math"),
        ("math_dapo", "math"),
        ("math_dapo_reasoning", "math"),
        ("math", "math"),
        ("aime", "math"),
        ("aime2024", "math"),
        ("HuggingFaceH4/aime_2024", "math"),
        ("math-ai/aime25", "math"),
        ("BytedTsinghua-SIA/AIME-2024", "math"),
        ("BytedTsinghua-SIA/DAPO-Math-17k", "math"),
        ("numina_aops_forum", "math"),
        ("numina_olympiads", "math"),
        ("AI-MO/NuminaMath-1.5", "math"),
        ("agentica-org/DeepScaleR-Preview", "math"),
        ("hiyouga/geometry3k", "math"),
        ("codecontests", "code"),
        ("apps", "code"),
        ("codeparrot/apps", "code"),
        ("codeforces", "code"),
        ("open-r1/codeforces", "code"),
        ("taco", "code"),
        ("BAAI/TACO", "code"),
        ("livecodebench/code_generation_lite", "code"),
        ("openai_humaneval", "code"),
        ("google-research-datasets/mbpp", "code"),
        ("Idavidrein/gpqa", "choice"),
        ("TIGER-Lab/MMLU-Pro", "choice"),
        ("searchR1_hotpotqa", "exact"),
    ],
)
def test_well_known_data_sources_have_their_grader(data_source: str, kind: str) -> None:
    assert kind_of(data_source) == kind


def test_every_route_leads_to_a_grader() -> None:
    assert {kind for _, kind in ROUTES} <= set(graders.discover())


@pytest.mark.parametrize("data_source", ["", "my/private-set", "mapps", "Skywork/Skywork-OR1-RL-Data"])
def test_an_unknown_data_source_is_refused_and_not_guessed(data_source: str) -> None:
    with pytest.raises(UnknownRow, match="`kind`"):
        kind_of(data_source)


WHOLE = {"kind": "exact", "ground_truth": "A"}


@pytest.mark.parametrize(
    ("ground_truth", "settings", "task"),
    [
        ("42", {}, {"kind": "math", "ground_truth": "42"}),
        (WHOLE, {}, WHOLE),
        (json.dumps(WHOLE), {"kind": "math"}, WHOLE),
        ("42", {"extra": {"task": WHOLE}}, WHOLE),
        ("42", {"extra": {"task": WHOLE | {"tests": None}}}, WHOLE),
        ("42", {"kind": "exact", "data_source": "openai/gsm8k"}, {"kind": "exact", "ground_truth": "42"}),
        ({"data_source": "searchR1_nq", "ground_truth": "A"}, {}, WHOLE),
        (json.dumps({"data_source": "searchR1_nq", "ground_truth": {"target": ["A", "B"]}}), {},
         {"kind": "exact", "ground_truth": ["A", "B"]}),
        ('{"inputs": ["1"], "outputs": ["2"]}', {"data_source": "apps"},
         {"kind": "code", "tests": '{"inputs": ["1"], "outputs": ["2"]}'}),
        ("B", {"data_source": "Idavidrein/gpqa", "extra": {"task_fields": {"options": ["x", "y"]}}},
         {"kind": "choice", "ground_truth": "B", "options": ["x", "y"]}),
        (r"{1, 2}", {}, {"kind": "math", "ground_truth": r"{1, 2}"}),
    ],
)  # fmt: skip
def test_a_row_becomes_its_task(ground_truth: Any, settings: dict[str, Any], task: dict[str, Any]) -> None:
    assert task_for(ground_truth, **settings) == task


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
