"""Returned values are what their exact types say: nothing a program returns can decide its own comparison."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward_server.testing.judging.outputs import Tolerance
from reward_server.testing.judging.shown_values import shown_value, size_of
from reward_server.testing.judging.values import (
    UnreadableValue,
    decode,
    json_equal,
    python_equal,
    require_bounded,
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
        ({1, 2}, [1, 2], False),
        (frozenset([1]), [1], False),
        ([{1}], [[1]], False),
        (1000000006.0, 1000000007, False),
        (1000000007.0, 1000000007, True),
        (7.0000000001, 7, False),
        (1000000006, 1000000007, False),
        (1e20, 10**20 + 1, False),
        (1e308, 10**400, False),
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


def test_a_set_is_a_list_only_where_order_does_not_matter() -> None:
    assert unordered_equal({1, 2}, [2, 1])
    assert not unordered_equal({1, 2}, [2, 1, 1])


def test_a_tolerance_of_the_task_never_reaches_another_integer() -> None:
    tolerance = Tolerance(absolute=2.0, relative=1e-6)
    assert json_equal(7.4, 7, tolerance)
    for got in (8, 8.0, 7.5, 1000000006.0):
        assert not json_equal(got, 7 if got < 100 else 1000000007, tolerance)
    assert json_equal(8.5, 7.0, tolerance)


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


def test_a_forged_number_is_neither_computed_nor_nested() -> None:
    nested: object = 1
    for _ in range(400):
        nested = {"complex": [nested, 1]}
    for forged in ({"fraction": ["1e999999999", None]}, {"fraction": [{"decimal": "1e999999"}, 1]}, nested):
        with pytest.raises(UnreadableValue):
            decode(forged)
    assert decode({"fraction": [{"int": "a"}, 4]}) == Fraction(5, 2)
    assert decode({"complex": [{"float": "inf"}, 1]}) == complex(float("inf"), 1)


def test_integers_too_long_to_spell_compare_wherever_they_are() -> None:
    huge = 10**5000
    assert unordered_equal({huge}, [huge])
    assert not unordered_equal({huge + 1}, [huge])
    assert not json_equal({huge: 1}, {"1": 1})
    assert unordered_equal([Fraction(1, huge), {huge: (huge,)}], [{huge: (huge,)}, Fraction(1, huge)])


def test_a_signalling_nan_equals_nothing() -> None:
    assert not python_equal(decode({"decimal": "sNaN"}), Decimal(1))


def test_keys_that_were_made_to_collide_are_not_put_into_a_set() -> None:
    colliding = [{"int": hex(index * (2**61 - 1))} for index in range(1, 200)]
    for forged in ({"set": colliding}, {"frozenset": colliding}, {"dict": [[key, 1] for key in colliding]}):
        with pytest.raises(UnreadableValue):
            decode(forged)
    assert len(decode({"set": list(range(100_000))})) == 100_000


@pytest.mark.parametrize(
    "forged",
    [
        {"fraction": [{"int": hex(1 << 20_001)}, 3]},
        {"fraction": [3, {"int": hex(1 << 3_200_000)}]},
        {"decimal": "1e1000000"},
        {"decimal": "1e-1000000"},
        {"decimal": "1" * 2000},
        {"float": "1" * 2000},
    ],
)
def test_a_number_that_would_cost_anything_is_not_made(forged: object) -> None:
    with pytest.raises(UnreadableValue):
        decode(forged)


def test_numbers_of_honest_size_are_made() -> None:
    assert decode({"fraction": [{"int": hex(3**5000)}, {"int": hex(3**4999)}]}) == 3
    assert decode({"decimal": "1e5000"}) == Decimal("1e5000")
    assert decode({"decimal": "Infinity"}) == Decimal("inf")


def test_integers_are_bounded_where_arithmetic_follows() -> None:
    require_bounded([1, {"dict": [[1 << 99, "x"]]}], 100)
    for encoded in (1 << 100, [[1 << 100]], {"dict": [[1, {"tuple": [-1 << 100]}]]}):
        with pytest.raises(UnreadableValue, match="bits"):
            require_bounded(encoded, 100)


def test_size_is_about_what_is_written_and_counting_ends() -> None:
    assert 9 <= size_of("1234567", 1000) <= 20
    assert size_of([[1, 2], {"a": "bc"}], 1000) < 100
    assert size_of([7] * 1_000_000, 1000) < 1100
