"""RLVR-IFeval's instructions, which name a function of open-instruct (`func_name`), as those of IFEval that they mean.

The row's constraint is graded as this service grades the same instruction of IFEval, not as the function's source does:
words are whole words, "around" is a tenth (one sentence) to either side, "exactly" is both bounds. Two are refused by
name: `validate_choice`, which takes "A" for said in "Apple", and `verify_letter_frequency`, which counts one case of a
letter where its text asks for the letter.
"""

from collections.abc import Callable, Mapping
from typing import Any

Call = tuple[str, dict[str, Any]]
"""An instruction's id with its arguments."""

_WHOLE: Mapping[str, tuple[str, dict[str, str]]] = {
    "verify_keywords": ("keywords:existence", {"keywords": "keyword_list"}),
    "validate_forbidden_words": ("keywords:forbidden_words", {"forbidden_words": "forbidden_words"}),
    "validate_response_language": ("language:response_language", {"language": "language"}),
    "verify_paragraph_count": ("length_constraints:number_paragraphs", {"num_paragraphs": "N"}),
    "validate_paragraphs": (
        "length_constraints:nth_paragraph_first_word",
        {"num_paragraphs": "N", "nth_paragraph": "i", "first_word": "first_word"},
    ),
    "verify_postscript": ("detectable_content:postscript", {"postscript_marker": "postscript_marker"}),
    "validate_placeholders": ("detectable_content:number_placeholders", {"num_placeholders": "N"}),
    "verify_bullet_points": ("detectable_format:number_bullet_lists", {"num_bullets": "N"}),
    "validate_title": ("detectable_format:title", {}),
    "validate_highlighted_sections": ("detectable_format:number_highlighted_sections", {"num_highlights": "N"}),
    "validate_sections": (
        "detectable_format:multiple_sections",
        {"section_spliter": "section_splitter", "num_sections": "N"},
    ),
    "validate_json_format": ("detectable_format:json_format", {}),
    "validate_repeat_prompt": ("combination:repeat_prompt", {"prompt_to_repeat": "original_prompt"}),
    "validate_two_responses": ("combination:two_responses", {}),
    "validate_uppercase": ("change_case:english_capital", {}),
    "validate_lowercase": ("change_case:english_lowercase", {}),
    "validate_end": ("startend:end_checker", {"end_phrase": "end_phrase"}),
    "validate_quotation": ("startend:quotation", {}),
    "validate_no_commas": ("punctuation:no_comma", {}),
}
"""Function → (instruction, its arguments by the names they have in the row)."""


def _tenth(number: int) -> int:
    return max(round(number / 10), 1)


def _one(_number: int) -> int:
    return 1


_COUNTED: Mapping[str, tuple[str, Callable[[int], int]]] = {
    "validate_word_constraint": ("between:words", _tenth),
    "verify_sentence_constraint": ("between:sentences", _one),
    "validate_frequency_capital_words": ("between:capital_words", _tenth),
}
"""Function → (instruction, what "around" a number allows)."""
_EXACTLY = "verify_keyword_frequency"
_MOST = 10_000_000


def as_instruction(row: Mapping[str, Any]) -> Call:
    """Return the instruction that a row with a `func_name` means.

    Raises:
        ValueError: the function is not known or not served, or an argument is missing; the message names it.
    """
    name = str(row["func_name"])
    if name in _WHOLE:
        instruction, arguments = _WHOLE[name]
        return instruction, {
            ours: _number(row, name) if theirs == "N" else _given(row, name, theirs)
            for ours, theirs in arguments.items()
        }
    if name == _EXACTLY:
        number = _number(row, name)
        return "between:keyword", {"keyword": _given(row, name, "word"), "least": number, "most": number}
    if name in _COUNTED:
        instruction, around = _COUNTED[name]
        number, quantifier = _number(row, name), str(_given(row, name, "quantifier"))
        slack = around(number)
        bounds = {
            "at least": (number, _MOST), "at most": (0, number), "around": (max(number - slack, 0), number + slack)
        }  # fmt: skip
        if quantifier not in bounds:
            raise ValueError(f"{name}: quantifier {quantifier!r} is not at least, at most or around")
        least, most = bounds[quantifier]
        return instruction, {"least": least, "most": most}
    raise ValueError(f"func_name: {name[:60]!r} is not one that is graded here; known: {', '.join(known())}")


def known() -> list[str]:
    """Return the functions that are graded."""
    return sorted((*_WHOLE, *_COUNTED, _EXACTLY))


def _given(row: Mapping[str, Any], name: str, argument: str) -> Any:
    value = row.get(argument)
    if value is None:
        raise ValueError(f"{name}: argument {argument!r} is missing")
    return value


def _number(row: Mapping[str, Any], name: str) -> int:
    value = _given(row, name, "N")
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name}: N must be a whole number")  # noqa: TRY004
    return value
