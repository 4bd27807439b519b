"""Outputs are equal exactly when the mode says so, whatever hostile text they hold."""

import pytest

from reward_server.testing.outputs import CompareMode, OutputRule, Tolerance, shown


@pytest.mark.parametrize(
    ("mode", "got", "expected", "equal"),
    [
        ("lines", b"1\n2\n", b"1\n2", True),
        ("lines", b"1 \n2\t\n\n\n", b"1\n2\n", True),
        ("lines", b" 1\n", b"1\n", False),
        ("lines", b"1\n\n2\n", b"1\n2\n", False),
        ("lines", b"1\n", b"1\n2\n", False),
        ("exact", b"1\n", b"1", False),
        ("tokens", b"1   2\n\n3", b"1 2 3\n", True),
        ("tokens", b"12", b"1 2", False),
        ("floats", b"0.3333334 x", b"0.3333333 x", True),
        ("floats", b"1e0", b"1", True),
        ("floats", b"1.1", b"1", False),
        ("floats", b"nan", b"nan", False),
        ("floats", b"inf", b"6", False),
        ("floats", "٣".encode(), b"3", False),
        ("floats", b"1 2", b"1", False),
        ("unordered", b"b\na\n", b"a\nb\n", True),
        ("unordered", b"a\na\nb\n", b"a\nb\nb\n", False),
    ],
)
def test_modes(mode: str, got: bytes, expected: bytes, equal: bool) -> None:
    rule = OutputRule(CompareMode(mode))
    assert (rule.difference(got, expected) is None) is equal


def test_case_counts_unless_told_otherwise() -> None:
    assert OutputRule().difference(b"YES", b"Yes") is not None
    assert OutputRule(ignore_case=True).difference(b"YES", b"Yes") is None


@pytest.mark.parametrize("hostile", [b"9" * 2_000_000, b"1e999999999", b"-1e-999999999", b"0x1", b"1_0", b"1e" * 1000])
def test_number_bombs_are_neither_equal_nor_parsed(hostile: bytes) -> None:
    assert OutputRule(CompareMode.FLOATS).difference(hostile, b"10") is not None


def test_tolerance_is_absolute_or_relative() -> None:
    assert Tolerance(1e-6, 0).admits(1.0000005, 1)
    assert not Tolerance(1e-6, 0).admits(1e9 + 1, 1e9)
    assert Tolerance(0, 1e-6).admits(1e9 + 1, 1e9)
    assert not Tolerance(1e308, 1).admits(float("nan"), 1)


def test_what_is_shown_is_short_and_text() -> None:
    assert len(shown(b"\xff\x00" * 1_000_000)) < 500
