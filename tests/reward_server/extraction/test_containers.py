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
        '[["1", "2"]]',
        "[['x=1', 'x=2']]",
        '[[["1", "2"]]]',
        '[{"answer": ["1", "2"]}]',
        '{"answer": [["1", "2"]]}',
    ],
)
def test_mathematics_is_no_container(text: str):
    assert unpacked(text) == text


def test_a_list_written_without_escaping_is_read_as_it_was_meant():
    assert unpacked('["\\frac{1}{2}", "\\theta"]') == [r"\frac{1}{2}", r"\theta"]
    assert unpacked("['\\frac{1}{2}']") == [r"\frac{1}{2}"]
    assert unpacked("{'answer': '\\frac{1}{2}'}") == r"\frac{1}{2}"


_COMMANDS = [
    r"\theta",
    r"\nu",
    r"\tan x",
    r"\rho",
    r"\beta",
    r"\forall x",
    r"\vec{v}",
    r"\alpha",
    r"\pi",
    r"x\neq 2",
    r"2\times 3",
    r"\text{Yes}",
    r"3\text{ cm}",
    r"\sqrt{2}\times 3",
    r"\frac{1}{2}",
    r"a\nabla f",
    r"\unit{m}",
    r"\xi",
    r"\Nu",
    r"\begin{pmatrix} -1/3 \\ 2/3 \\ 5/3 \end{pmatrix}",
    r"\{1, 2\}",
    r"12\,\%",
]


@pytest.mark.parametrize("quotes", ["'{}'", '"{}"', "['{}']", '["{}"]', "{{'answer': '{}'}}", '{{"answer": "{}"}}'])
@pytest.mark.parametrize("text", _COMMANDS)
def test_a_command_between_quotes_is_a_command(text: str, quotes: str):
    held = unpacked(quotes.format(text))
    assert ([text] if quotes[0] == "[" else text) == held


@pytest.mark.parametrize("quotes", ["'{}'", '"{}"', "['{}']", '["{}"]'])
@pytest.mark.parametrize("text", [r"\theta + \\frac{1}{2}", r"x\neq 2, y = \\sqrt{2}", r"\\frac12\times 3"])
def test_a_command_beside_an_escaped_one_is_a_command_too(text: str, quotes: str):
    held = unpacked(quotes.format(text))
    assert ([text.replace("\\\\", "\\")] if quotes[0] == "[" else text.replace("\\\\", "\\")) == held


@pytest.mark.parametrize("text", ["two\nlines", "\\frac{1}{2}\nor one half", "a\ttab"])
def test_what_python_and_json_write_is_read_as_they_write_it(text: str):
    for written in (repr([text]), json.dumps([text])):
        held = unpacked(written)
        assert held == [text] or "\\" not in text, written
    assert _outcome(repr("\\text{No}"), r"\boxed{ext{No}}") == "incorrect"


@pytest.mark.parametrize("answer", ["1", "2", "1,2", "x=1"])
@pytest.mark.parametrize("truth", ['[["1","2"]]', "[['x=1','x=2']]"])
def test_a_list_of_several_inside_a_list_is_not_one_of_them(truth: str, answer: str):
    assert _outcome(truth, rf"\boxed{{{answer}}}") != "correct"


@pytest.mark.parametrize("text", ['{"answer": "1", "target": "2"}', '{"reply": "1"}'])
def test_an_object_that_could_be_read_in_two_ways_is_refused(text: str):
    with pytest.raises(TaskError, match="ground_truth"):
        unpacked(text)
