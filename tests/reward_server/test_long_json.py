"""JSON decoded in pieces is JSON decoded whole, wherever a piece could have ended."""

import json
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reward_server import long_json

_SCALARS = st.none() | st.booleans() | st.integers(-9, 10**12) | st.floats(0, 9) | st.text('a"\\,[]{}: \né', max_size=9)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text('a,"\\:[', max_size=3), inner, max_size=6),
    max_leaves=60,
)
_WRITTEN: list[Callable[[Any], bytes]] = [
    orjson.dumps,
    lambda value: json.dumps(value).encode(),
    lambda value: json.dumps(value, indent=3, separators=(" ,\t", " : ")).encode() + b" \n",
]


@settings(max_examples=300, deadline=None)
@given(_VALUES, st.sampled_from(_WRITTEN), st.integers(1, 40))
def test_pieces_make_the_whole(value: Any, write: Callable[[Any], bytes], piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_json, "PIECE", piece)
        assert long_json.loads(write(value), orjson.loads) == value


@settings(max_examples=600, deadline=None)
@given(_VALUES, st.data(), st.integers(1, 20))
def test_what_is_broken_whole_is_broken_in_pieces(value: Any, data: st.DataObject, piece: int) -> None:
    text = orjson.dumps(value)
    place = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 2))
    broken = text[:place] + data.draw(st.sampled_from([b"", b",", b"[", b"]", b"}", b'"', b"1", b" ", b":", b"x"]))
    broken += text[place + cut :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_json, "PIECE", piece)
        assert _read(lambda: long_json.loads(broken, orjson.loads)) == _read(lambda: orjson.loads(broken))


def _read(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except ValueError:
        return ValueError


def test_a_key_that_stands_twice_has_the_later_value() -> None:
    body = b'{"a": [' + b"1," * 100_000 + b'1], "a": 2, "b": 3}'
    assert long_json.loads(body, orjson.loads) == {"a": 2, "b": 3}


@pytest.mark.parametrize("body", [b"[" * 2_000_000, b'{"a":' * 500_000, b'["' + b"a" * 300_000, b"[1," * 400_000])
def test_what_does_not_end_says_where(body: bytes) -> None:
    with pytest.raises(ValueError, match="byte"):
        long_json.loads(body, orjson.loads)


@pytest.mark.parametrize(
    "value",
    [[7, 3] * 500_000, [[]] * 300_000, [{"a": 1}] * 200_000, {"x": "word " * 400_000, "y": ['\n"\\' * 200_000]},
     {str(n): [n] * 20 for n in range(20_000)}, [[[["deep"] * 9] * 99] * 99] * 9],
    ids=["numbers", "lists", "objects", "texts", "names", "nested"],
)  # fmt: skip
def test_no_piece_is_long_but_for_a_text(value: Any) -> None:
    longest = 0

    def decode(piece: bytes) -> Any:
        nonlocal longest
        decoded = orjson.loads(piece)
        if not (isinstance(decoded, str) or any(isinstance(each, str) and len(each) > 1000 for each in _flat(decoded))):
            longest = max(longest, len(piece))
        return decoded

    assert long_json.loads(orjson.dumps(value), decode) == value
    assert longest <= 2 * long_json.PIECE + 100


def _flat(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value
