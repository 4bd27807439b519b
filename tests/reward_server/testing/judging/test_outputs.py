"""Outputs are equal exactly when the mode says so, whatever hostile text they hold."""

import pytest

from reward_server.testing.judging.outputs import CompareMode, OutputRule, Tolerance, shown


@pytest.mark.parametrize(
    ("mode", "got", "expected", "equal"),
    [
        ("lines", b"1\n2\n", b"1\n2", True),
        ("lines", b"1 \n2\t\n\n\n", b"1\n2\n", True),
        ("lines", b"\n  1\n", b"1", True),
        ("lines", b"1\n 2\n", b"1\n2\n", False),
        ("lines", b"1\r\n2", b"1\n2\r\n\r\n", True),
        ("lines", b"1\r2", b"1\n2", False),
        ("lines", b"1 2", "\ufeff1\u00a02".encode(), True),
        ("lines", "1\u200b".encode(), b"1", False),
        ("lines", b"1\x00", b"1", False),
        ("lines", b"", b" \n\n", True),
        ("exact", b"1\r\n", b"1\n", False),
        ("exact", "\ufeff1".encode(), b"1", False),
        ("tokens", b"\r\n1\x0b2\x0c", "1\u00a02".encode(), True),
        ("tokens", b"1 2 3", b"1 2", False),
        ("unordered", b"b \r\na\r\n", b"a\nb", True),
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
        ("floats", b"NaN 1", b"NaN 1", False),
        ("floats", b"-0.0 .5 5. +1 1E2", b"0 0.5 5 1 100", True),
        ("floats", b"1e400", b"1e999", True),
        ("floats", b"1e400", b"-1e400", False),
        ("floats", b"1,5", b"1.5", False),
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


@pytest.mark.parametrize(
    ("mode", "got", "place"),
    [
        ("lines", b"1\n3\n", "line 2"), ("lines", b"1\n", "1 lines"), ("lines", b"1\n2\n3\n", "line 3"),
        ("lines", b"", "0 lines"), ("tokens", b"1 3", "token 2"), ("tokens", b"1", "1 tokens"),
        ("tokens", b"1 2 3", "more than 2 tokens"), ("exact", b"1\n2", "byte 4"), ("exact", b"1\n3\n", "byte 3"),
        ("floats", b"1 2.5", "token 2"), ("floats", b"1 2 3", "more than 2 tokens"),
    ],
)  # fmt: skip
def test_the_first_difference_is_named(mode: str, got: bytes, place: str) -> None:
    assert OutputRule(CompareMode(mode)).difference(got, b"1\n2\n") == place


@pytest.mark.parametrize("mode", list(CompareMode))
def test_long_outputs_differ_wherever_they_do(mode: CompareMode) -> None:
    long = b"12 \n" * 100_000
    for got in (long[:-2] + b"3\n", long + b"1\n", b"1" + long, long[:200_000] + b"1" + long[200_000:]):
        assert OutputRule(mode).difference(got, long) is not None
    assert OutputRule(mode).difference(long, bytes(long)) is None
    assert OutputRule(mode).difference(long, b"12\n") is not None
