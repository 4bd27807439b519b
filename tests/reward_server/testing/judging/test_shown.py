"""What evidence shows of a value costs no more where the value is long."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward_server.testing.judging import shown_values
from reward_server.testing.judging.shown_values import shown_value

_MILLION = 1_000_000
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.binary(max_size=9)
_KEYS = st.integers() | st.text(max_size=3) | st.tuples(st.integers())
_VALUES = st.recursive(
    _SCALARS | st.sets(_KEYS) | st.frozensets(_KEYS),
    lambda inner: st.lists(inner) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(_KEYS, inner),
)


@given(_VALUES)
def test_a_long_value_is_written_as_a_short_one_begins(value: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shown_values, "_WRITTEN_WHOLE", 0)
        shown = shown_value(value)
    assert shown == f"{repr(value)[:1000]} …"


@pytest.mark.parametrize(
    "value",
    [[7, 3] * _MILLION, dict.fromkeys(range(_MILLION), "x"), "word " * _MILLION, [(1,) * 10] * _MILLION,
     [[[7] * 100] * 100] * 100, set(range(_MILLION)), ["x" * _MILLION] * 20, b"\0" * _MILLION],
    ids=["numbers", "dict", "text", "tuples", "nested", "set", "texts", "bytes"],
)  # fmt: skip
def test_of_a_long_value_the_beginning_is_written(value: Any) -> None:
    started = time.thread_time()
    text = shown_value(value)
    spent = time.thread_time() - started
    started = time.thread_time()
    whole = repr(value)
    assert text == f"{whole[:1000]} …"
    assert spent < max(0.02, (time.thread_time() - started) / 4)


@pytest.mark.parametrize("value", [[1], {"a": (1, 2)}, "text", list(range(1000)), {3, 4}, None, 1.5, [[["deep"]]]])
def test_a_short_value_is_written_as_it_is(value: Any) -> None:
    assert shown_value(value).startswith(repr(value)[:80])


def test_the_middle_of_a_long_line_is_left_out_where_that_is_cheap() -> None:
    assert shown_value(list(range(1000))).endswith("998, 999]")
