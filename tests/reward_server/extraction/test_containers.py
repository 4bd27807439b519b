"""A ground truth is the same answer however a data set packs it."""

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reward_server.errors import TaskError
from reward_server.extraction.containers import unpacked
from reward_server.files.lint import statement
from reward_server.graders import Completion, math

_ENCODINGS: dict[str, Callable[[str], object]] = {
    "JSON list": lambda truth: json.dumps([truth]),
    "list": lambda truth: [truth],
    "JSON text": json.dumps,
    "encoded twice": lambda truth: json.dumps(json.dumps([truth])),
    "Python list": lambda truth: repr([truth]),
    "object": lambda truth: json.dumps({"ground_truth": truth}),
    "Python text": repr,
    "Python object": lambda truth: repr({"answer": truth}),
    "list in a list": lambda truth: json.dumps([[truth]]),
}
_TRUTHS = [
    r"\frac{1}{2}",
    r"\text{ten}",
    r"\beta",
    "2\\sqrt{3}",
    r"\{1,2\}",
    "x\\in[1,2)",
    r"\rho + \nu",
    "1/2",
    "3, 4",
]


def _outcome(truth: object, completion: str) -> str:
    try:
        verdict = math.grade_fast(math.compile_task(math.MathTask(ground_truth=truth)), Completion(completion))
    except TaskError:
        return "bad_ground_truth"
    return verdict.outcome.value if verdict else "slow"


@pytest.mark.parametrize("encoding", _ENCODINGS)
@pytest.mark.parametrize("truth", _TRUTHS)
def test_every_encoding_is_the_same_answer(truth: str, encoding: str):
    assert _outcome(_ENCODINGS[encoding](truth), statement(truth)) == _outcome(truth, statement(truth)) == "correct"


def _read(truth: object) -> object:
    """Return the answers of a ground truth, or that it is none."""
    try:
        read = math.unpack_ground_truth(math.MathTask(ground_truth=truth).ground_truth)
    except TaskError:
        return "none"
    return read if isinstance(read, list) else [read]


@pytest.mark.shared
def test_every_encoding_of_real_ground_truths_is_the_same_answer(shared_dir: Path):
    truths: set[str] = set()
    for path in sorted((shared_dir / "data" / "golds").glob("*.jsonl*")):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as lines:
            truths |= {row["gold"] for line in lines if isinstance((row := json.loads(line)).get("gold"), str)}
    assert truths
    for truth in sorted(truths)[:: 1 if os.environ.get("REWARD_TEST_ALL_GOLDS") else 25]:
        plain = _read(truth)
        for name, encode in _ENCODINGS.items():
            told = f"{name} {truth!r}"
            assert _read(encode(truth)) == plain or _outcome(encode(truth), statement(truth)) == _outcome(
                truth, statement(truth)
            ), told


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2]",
        "{1, 2}",
        "(1, 2)",
        '["a"',
        "",
        "x",
        "[x, y]",
        '{"a": {"b": 1}}'[:9],
        "{'a', 'b'}",
        "'a', 'b'",
        "'",
        "x'",
        "[[1, 2]]",
    ],
)
def test_mathematics_is_no_container(text: str):
    assert unpacked(text) == text


def test_a_list_written_without_escaping_is_read_as_it_was_meant():
    assert unpacked('["\\frac{1}{2}", "\\theta"]') == [r"\frac{1}{2}", r"\theta"]
    assert unpacked("['\\frac{1}{2}']") == [r"\frac{1}{2}"]
    assert unpacked("{'answer': '\\frac{1}{2}'}") == r"\frac{1}{2}"


@pytest.mark.parametrize("text", ['{"answer": "1", "target": "2"}', '{"reply": "1"}'])
def test_an_object_that_could_be_read_in_two_ways_is_refused(text: str):
    with pytest.raises(TaskError, match="ground_truth"):
        unpacked(text)
