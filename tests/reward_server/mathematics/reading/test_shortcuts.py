"""The shorter ways of reading: each gives what the longer way gives."""

import re
from types import ModuleType

import pytest

from reward_server.mathematics import compare, compile_ground_truth, parse
from reward_server.mathematics.comparing import degenerate
from reward_server.mathematics.reading import statements, units
from reward_server.mathematics.reading.lexer import ParseError, tokenize
from reward_server.mathematics.reading.units import may_begin_unit, parse_unit
from reward_server.mathematics.tree.nodes import Sum, Words

_PROSE = "Given the complexity of the problem and the goal to solve it there is no closed form that anybody would know."
_LETTERS = " + ".join(["a b", "b c", "c d"] * 12)


def _made(monkeypatch: pytest.MonkeyPatch, module: ModuleType) -> list[str]:
    texts: list[str] = []

    def noted(text: str, **options: bool) -> object:
        texts.append(text)
        return tokenize(text, **options)

    monkeypatch.setattr(module, "tokenize", noted)
    return texts


def test_long_prose_is_refused_without_making_tokens_of_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = _made(monkeypatch, statements)
    with pytest.raises(ParseError):
        statements.parse_statement(_PROSE * 20, frozenset(), [])
    assert [len(text) < 60 for text in texts] == [True]


def test_a_long_formula_of_letters_is_read_to_its_end() -> None:
    assert len(_LETTERS) > 100
    tree = parse(_LETTERS)
    assert isinstance(tree, Sum)
    assert len(tree.terms) == 36


@pytest.mark.parametrize("behind", [" but no more", " whatever it is", " for all x we know"])
def test_words_behind_a_long_formula_are_no_part_of_it(behind: str) -> None:
    assert isinstance(parse(_LETTERS + behind), Words)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (r"11,\! 111,\! 100", "11111100"),
        ("1,234", "1234"),
        ("1{,}234", "1234"),
        ("1 234", "1234"),
        ("1.234.567", "1234567"),
        ("1'234", "1234"),
        ("12e3", "12e3"),
        ("12.5", "12.5"),
    ],
)
def test_a_numeral_goes_on_behind_its_first_digits(text: str, number: str) -> None:
    assert [token.value for token in tokenize(text)] == [number, ""]


def test_a_unit_may_be_spelled_over_several_tokens() -> None:
    truth = compile_ground_truth("7 ZeV")
    assert compare(truth, r"7 Z\mathrm{eV}").equal


@pytest.mark.parametrize("word", ["R", "AF", "xyz", "r", "worker"])
def test_no_unit_begins_with_a_word_that_may_begin_none(word: str) -> None:
    assert not may_begin_unit(word)
    behind = ("", "^2", "/s", " per hour", " m", "*kg", "(m)")
    assert [parse_unit(word + more) for more in behind] == [None] * len(behind)


@pytest.mark.parametrize("unit", ["m", "per s", "square feet", "units", "Miles per hour", "cu ft", "Hours"])
def test_every_unit_begins_with_a_word_that_may_begin_one(unit: str) -> None:
    word = re.match("[A-Za-z]+", unit)
    assert word is not None
    assert may_begin_unit(word[0])


@pytest.mark.parametrize("text", [r"\sqrt{3}", r"2\sqrt{3}", r"\sqrt[3]{-5}", r"2\pi", r"\pi e", r"\sqrt{2}\sqrt{3}"])
def test_what_is_plainly_not_zero_needs_no_proof(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    node = parse(text)
    assert not degenerate.is_zero(node)
    monkeypatch.setattr(degenerate, "same_function", None)
    assert not degenerate.is_zero(node)


@pytest.mark.parametrize("text", [r"0\sqrt{3}", r"\sqrt{2}-\sqrt{2}", r"\pi-\pi"])
def test_zero_is_proved_where_it_is_not_plain(text: str) -> None:
    assert degenerate.is_zero(parse(text))


def test_what_is_rewritten_in_a_unit_holds_a_sign_that_is_looked_for() -> None:
    assert [old for old, _ in units._LATEX if units._SPELLED.search(old) is None] == []
    assert [old for old, _ in units._DEGREES if "°" not in old and "degrees" not in old] == []


@pytest.mark.parametrize(
    ("text", "kind"), [("3 to 4", "Ratio"), (r"3 \text{ to } 4", "Ratio"), ("from 3 to 4", "Words")]
)
def test_to_makes_a_ratio_where_no_other_word_stands(text: str, kind: str) -> None:
    assert type(parse(text)).__name__ == kind
