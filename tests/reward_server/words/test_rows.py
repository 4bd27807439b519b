"""A piece that stands in a row is found whatever stands around it, and what a known text has too is none."""

import pytest

from reward_server.words.rows import rows_of, said_over_and_over, units_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("the cat sat", {}),
        ("the the cat", {("the",): 1}),
        ("a mat mat mat and a mat mat", {("mat",): 2}),
        ("no longer safe no longer safe then", {("longer", "no", "safe"): 3}),
        ("x b a b a", {("a", "b"): 2}),
    ],
)
def test_the_longest_row_of_each_piece_is_counted(text: str, rows: dict[tuple[str, ...], int]):
    assert rows_of(text.split()) == rows


def test_a_row_is_one_where_the_known_text_has_a_shorter_one():
    known = "no no he said no"
    vocabulary = frozenset(known.split())

    def found(text: str) -> str:
        return said_over_and_over(text.split(), [rows_of(known.split())], vocabulary)

    assert not found("no no no no he said")
    assert found("no no no no no he said") == "no"
    assert found("he said he said he said") == "he said"
    assert not found("he said he said")
    assert not found("ha ha ha ha ha he said")


def test_scripts_without_blanks_are_counted_by_character():
    assert units_of("看着雨", ["看着雨"]) == "看着雨"
    assert units_of("a 看着", ["a", "看着"]) == "a看着"
    assert units_of("the rain 雨", ["the", "rain", "雨"]) == ["the", "rain", "雨"]
