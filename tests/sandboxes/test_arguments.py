"""Long arguments are written as short ones are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes import arguments
from sandboxes.agent import frames

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(max_size=3), inner) | st.lists(inner, max_size=2).map(tuple)
    ),
)


@given(_VALUES, st.integers(1, 4))
def test_pieces_are_the_whole(value: Any, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arguments, "_SLICE", size)
        assert arguments.written_in_pieces(value) == frames.written(value)


@pytest.mark.parametrize(
    ("value", "long"), [([1] * 100, False), ([1] * 100_000, True), ([[1]] * 100_000, True), ("x" * 9_000_000, True)]
)
def test_what_takes_long_is_written_in_pieces(value: Any, *, long: bool) -> None:
    assert arguments.are_long({"op": "run", "args": [value]}) is long
