"""A ground truth is the same answer however a data set packs it."""

import gzip
import json
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


@pytest.mark.shared
def test_every_encoding_of_real_ground_truths_is_the_same_answer(shared_dir: Path):
    truths = []
    for path in ("math500.jsonl", "olympiadbench_math_en.jsonl", "math_test_5000.jsonl.gz"):
        opened = gzip.open if path.endswith(".gz") else open
        with opened(shared_dir / "data" / "golds" / path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        truths += [row["gold"] for row in rows if isinstance(row.get("gold"), str) and "\\" in row["gold"]][:200]
    assert truths
    for truth in truths:
        plain = _outcome(truth, statement(truth))
        for name, encode in _ENCODINGS.items():
            assert _outcome(encode(truth), statement(truth)) == plain, (name, truth)


@pytest.mark.parametrize("text", ["[1, 2]", "{1, 2}", "(1, 2)", '["a"', "", "x", "[x, y]", '{"a": {"b": 1}}'[:9]])
def test_mathematics_is_no_container(text: str):
    assert unpacked(text) == text


def test_a_list_written_without_escaping_is_read_as_it_was_meant():
    assert unpacked('["\\frac{1}{2}", "\\theta"]') == [r"\frac{1}{2}", r"\theta"]


@pytest.mark.parametrize("text", ['{"answer": "1", "target": "2"}', '{"reply": "1"}'])
def test_an_object_that_could_be_read_in_two_ways_is_refused(text: str):
    with pytest.raises(TaskError, match="ground_truth"):
        unpacked(text)
