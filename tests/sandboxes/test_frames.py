"""What agent and server tell each other survives the way, and what does not make sense is our failure."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandboxes import decoding
from sandboxes.agent import frames
from sandboxes.agent.submission import tier_for

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3), max_leaves=10
)


@settings(deadline=None)
@given(header=st.dictionaries(st.text().filter(lambda key: key != "sizes"), JSON, max_size=4),
       blobs=st.lists(st.binary(max_size=50), max_size=4))  # fmt: skip
def test_a_frame_arrives_as_it_was_sent(header: dict[str, object], blobs: list[bytes]) -> None:
    reader, writer = os.pipe()
    try:
        frames.write(writer, frames.pack(header, blobs))
        assert frames.read(reader) == frames.Frame(header, blobs)
    finally:
        os.close(reader)
        os.close(writer)


@settings(deadline=None)
@given(text=st.binary(max_size=60), blob=st.binary(max_size=10))
def test_nonsense_is_a_protocol_error_and_nothing_else(text: bytes, blob: bytes) -> None:
    try:
        frame = frames.unpack(text, blob)
    except frames.ProtocolError:
        return
    assert isinstance(frame.header, dict)


@pytest.mark.parametrize("header", [
    {}, {"status": "perfect"}, {"status": "ok"}, {"status": "ok", "error": "", "exit_code": 0, "signal": None,
    "cpu_seconds": "much", "wall_seconds": 0, "memory_bytes": 0, "flags": []},
])  # fmt: skip
def test_a_reply_that_makes_no_sense_is_a_protocol_error(header: dict[str, object]) -> None:
    with pytest.raises(frames.ProtocolError):
        decoding.execution_of(frames.Frame(header, [b"", b"", b'{"value":1}']))


def test_a_frame_beyond_any_sensible_size_is_refused_before_it_is_read() -> None:
    with pytest.raises(frames.ProtocolError):
        frames.lengths(frames.PREFIX.pack(1 << 31, 0))


TIERS = [
    (b"print(1)", "bare"),
    (b"import sys, math\nfrom collections import deque", "bare"),
    (b"import json", "stdlib"),
    (b"import pytest\nfrom solution import f", "pytest"),
    (b"import pytest, numpy", "numpy"),
    (b"def f():\n    import numpy as np", "numpy"),
    (b"from scipy.stats import norm", "full"),
    (b"import sys, pandas", "full"),
]


@pytest.mark.parametrize(("source", "tier"), TIERS)
def test_the_interpreter_is_chosen_by_what_the_source_imports(source: bytes, tier: str) -> None:
    assert tier_for(source) == tier
