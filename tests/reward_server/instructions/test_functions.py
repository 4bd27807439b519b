"""Instructions that rows of RLVR-IFeval name by a function of open-instruct."""

import json
from typing import Any

import pytest

from reward_server.datasets import read_row
from reward_server.errors import TaskError
from reward_server.graders import Completion
from reward_server.graders.instruction import GRADER
from reward_server.instructions.functions import as_instruction, known

ROWS: list[tuple[str, dict[str, Any], str, str]] = [
    ("verify_keywords", {"keyword_list": ["tea", "milk"]}, "Tea with milk.", "Tea alone."),
    ("verify_keyword_frequency", {"word": "tea", "N": 2}, "Tea, tea.", "Tea, tea, tea."),
    ("validate_forbidden_words", {"forbidden_words": ["coffee"]}, "Tea.", "Coffee."),
    (
        "validate_response_language",
        {"language": "de"},
        "Das ist ein ganz gewöhnlicher deutscher Satz über den Tee.",
        "This is a perfectly ordinary English sentence about tea.",
    ),
    ("verify_paragraph_count", {"N": 2}, "One.\n* * *\nTwo.", "One."),
    ("validate_word_constraint", {"N": 3, "quantifier": "at least"}, "one two three", "one two"),
    ("validate_word_constraint", {"N": 3, "quantifier": "at most"}, "one two three", "one two three four"),
    ("validate_word_constraint", {"N": 30, "quantifier": "around"}, "word " * 33, "word " * 34),
    ("verify_sentence_constraint", {"N": 2, "quantifier": "around"}, "A cup. And two. And three.", "One is. " * 4),
    ("validate_paragraphs", {"N": 2, "first_word": "Tea", "i": 2}, "First.\n\nTea is second.", "Tea.\n\nFirst."),
    ("verify_postscript", {"postscript_marker": "P.S."}, "Hello.\nP.S. Goodbye.", "Hello."),
    ("validate_placeholders", {"N": 2}, "Dear [name], at [address].", "Dear [name]."),
    ("verify_bullet_points", {"N": 2}, "* one\n* two", "* one"),
    ("validate_title", {}, "<<Tea>>\nText.", "Tea\nText."),
    ("validate_highlighted_sections", {"N": 1}, "This is *important* here.", "This is not."),
    ("validate_sections", {"N": 2, "section_splitter": "Section"}, "Section 1\na\nSection 2\nb", "Section 1\na"),
    ("validate_json_format", {}, '{"a": 1}', "a"),
    ("validate_repeat_prompt", {"original_prompt": "Write a poem."}, "Write a poem.\nRoses.", "Roses."),
    ("validate_two_responses", {}, "Tea.\n******\nMilk.", "Tea."),
    ("validate_uppercase", {}, "THIS IS ENGLISH AND LOUD.", "This is not."),
    ("validate_lowercase", {}, "this is english and quiet.", "This is not."),
    ("validate_frequency_capital_words", {"N": 1, "quantifier": "at most"}, "one LOUD word", "TWO LOUD words"),
    ("validate_end", {"end_phrase": "That is all."}, "Tea. That is all.", "Tea."),
    ("validate_quotation", {}, '"Tea is good."', "Tea is good."),
    ("validate_no_commas", {}, "Tea and milk", "Tea, milk"),
]
_NULLS = dict.fromkeys(("N", "quantifier", "keyword_list", "word", "end_phrase", "language", "options"))


@pytest.mark.parametrize(("name", "arguments", "right", "wrong"), ROWS, ids=[row[0] for row in ROWS])
def test_a_stored_row_is_graded_by_the_instruction_it_means(
    name: str, arguments: dict[str, Any], right: str, wrong: str
) -> None:
    stored = json.dumps({"func_name": name, **_NULLS, **arguments})
    task = read_row({"messages": [], "ground_truth": stored, "dataset": "ifeval", "constraint": "c"})
    compiled = GRADER.compile(GRADER.task.model_validate(task))
    assert [GRADER.fast(compiled, Completion(text)).score for text in (right, wrong)] == [1.0, 0.0]


@pytest.mark.parametrize(
    ("word", "text", "times"),
    [
        ("ice cream", "Ice cream, no nice cream, and ICE CREAM.", 2),
        ("don't", "Don't, I don't; do t.", 2),
        ("well-known", "A well-known, (well-known) unwell-known.", 2),
        ("a a", "Ba a a.", 1),
        ("C++", "C++ and C.", 1),
        (" cat", "Cat, cat-like; category.", 2),
        ("sea", "Sea_side, sea-side, sea's.", 2),
    ],
)
def test_a_keyword_of_several_words_or_signs_is_counted(word: str, text: str, times: int) -> None:
    for number in range(times + 2):
        row = {"func_name": "verify_keyword_frequency", "word": word, "N": number}
        compiled = GRADER.compile(GRADER.task.model_validate({"kind": "instruction", "ground_truth": row}))
        assert GRADER.fast(compiled, Completion(text)).score == float(number == times)


def test_every_function_that_is_known_has_a_row_here() -> None:
    assert {name for name, *_ in ROWS} == set(known())


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"func_name": "validate_choice", "options": ["A"]}, "validate_choice"),
        ({"func_name": "verify_letter_frequency", "letter": "a", "N": 1}, "known: .*validate_end"),
        ({"func_name": "validate_end"}, "'end_phrase' is missing"),
        ({"func_name": "verify_bullet_points", "N": True}, "whole number"),
        ({"func_name": "validate_word_constraint", "N": 1, "quantifier": "about"}, "quantifier"),
    ],
)
def test_what_is_not_served_or_lacks_an_argument_is_refused_by_name(row: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        as_instruction(row)
    with pytest.raises((TaskError, ValueError)):
        GRADER.compile(GRADER.task.model_validate({"kind": "instruction", "ground_truth": row}))
