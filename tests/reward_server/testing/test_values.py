"""Returned values are what their exact types say: nothing a program returns can decide its own comparison."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward_server.testing.values import (
    UnreadableValue,
    decode,
    json_equal,
    python_equal,
    shown_value,
    unordered_equal,
)


@pytest.mark.parametrize(
    ("got", "expected", "equal"),
    [
        (6.0, 6, True),
        (True, 1, False),
        (1, True, False),
        ((1, 2), [1, 2], True),
        ([1, 2], [2, 1], False),
        ({1, 2}, [2, 1], True),
        ({1: "a"}, {"1": "a"}, True),
        ({"b": [1.0], "a": None}, {"a": None, "b": [1]}, True),
        ("6", 6, False),
        (None, 0, False),
        (0.1 + 0.2, 0.3, True),
        (0.31, 0.3, False),
        (10**400, 10**400, True),
        (10**400, 1.5, False),
        (float("nan"), float("nan"), False),
        ([], {}, False),
    ],
)
def test_json_reads_values_as_data_sets_mean_them(got: object, expected: object, equal: bool) -> None:
    assert json_equal(got, expected) is equal


def test_asserts_compare_as_python_does() -> None:
    assert python_equal(True, 1)
    assert not python_equal((1, 2), [1, 2])
    assert python_equal({1, 2}, {2, 1})


def test_tagged_values_become_exact_python_values() -> None:
    assert decode({"tuple": [1, {"set": [2]}]}) == (1, {2})
    assert decode({"dict": [[{"tuple": [1]}, "a"]]}) == {(1,): "a"}
    assert decode({"int": "-0x10000000000000000"}) == -(2**64)
    assert decode({"bytes": "6162"}) == b"ab"
    assert decode({"complex": [1.0, {"float": "-inf"}]}) == complex(1, float("-inf"))


@pytest.mark.parametrize(
    "encoded", [{}, {"a": 1, "b": 2}, {"lambda": "x"}, {"set": [[1]]}, {"int": "12z"}, {"dict": [1]}, {"bytes": "q"}]
)
def test_malformed_values_count_as_not_delivered(encoded: object) -> None:
    with pytest.raises(UnreadableValue):
        decode(encoded)


def test_depth_is_bounded_before_anything_recurses() -> None:
    nested: list[object] = []
    for _ in range(5000):
        nested = [nested]
    with pytest.raises(UnreadableValue):
        decode(nested)
    assert not json_equal(nested, nested)


def test_order_free_lists_pair_equal_items() -> None:
    assert unordered_equal([(1, 2), [3.0]], [[3], [1, 2]])
    assert not unordered_equal([1, 1, 2], [1, 2, 2])


def test_a_huge_integer_is_described_not_spelled() -> None:
    assert shown_value(1 << 50_000_000).startswith("<integer of 50000001 bits")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=4)))
def test_json_equality_is_reflexive(value: object) -> None:
    assert json_equal(value, value)
    assert json_equal(decode(value), value)
