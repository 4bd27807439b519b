"""Bad input gets an answer that names the row and the field."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reward_server.http.problems import describe, error_response
from reward_server.http.requests import decode, request_type
from reward_server.wire import Problem

_GOOD = {"task": {"kind": "exact", "ground_truth": "a"}, "completion": "a"}


def _problems(body: object) -> list[Problem]:
    with pytest.raises(ValidationError) as refusal:
        request_type().model_validate(body)
    return error_response(refusal.value.errors()).problems


@pytest.mark.parametrize(
    ("item", "field", "says"),
    [
        ({"completion": "x"}, "task", "required"),
        ({"task": {"kind": "exact"}, "completion": "x"}, "task.ground_truth", "required"),
        ({"task": {"kind": "nope"}, "completion": "x"}, "task", "there is no kind 'nope'; the kinds here are"),
        ({"task": {"kind": "maths"}, "completion": "x"}, "task", "no kind 'maths', did you mean 'math'?"),
        ({"task": {"ground_truth": "1"}, "completion": "x"}, "task", "kind"),
        ({"task": {"kind": ["exact"]}, "completion": "x"}, "task", "kind"),
        ({"task": 7, "completion": "x"}, "task", "kind"),
        ({"task": {"kind": "exact", "ground_truth": {}}, "completion": "x"}, "task.ground_truth", "not an object"),
        (
            {"task": {"kind": "exact", "ground_truth": "a", "tolerence": 1}, "completion": "x"},
            "task.tolerence",
            "no such field; known are",
        ),
        ({"task": {"kind": "code", "tests": [], "timeout": 1}, "completion": "x"}, "task.timeout", "'wall_seconds'"),
        ({"task": {"kind": "code", "tests": [], "cpu_second": 1}, "completion": "x"}, "task.cpu_second", "cpu_seconds"),
        ({"task": {"kind": "exact", "gold": "a"}, "completion": "x"}, "task.gold", "did you mean 'ground_truth'?"),
        ({"task": {"kind": "exact", "ground_truth": "a"}, "response": "x"}, "response", "mean 'completion'?"),
        ({"task": {"kind": "exact", "ground_truth": "a"}}, "completion", "required"),
        (
            {"task": {"kind": "exact", "ground_truth": "a"}, "completion": None},
            "completion",
            "takes a text or a list, not null",
        ),
        ({**_GOOD, "completion": [{"content": "no role"}]}, "completion.0.role", "required"),
        ({**_GOOD, "promt": "p"}, "promt", "did you mean 'prompt'?"),
        ({**_GOOD, "completion": ["x"]}, "completion.0", "takes an object, not the text 'x'"),
        ({**_GOOD, "id": 1.5}, "id", "takes a text or an integer, not the number 1.5"),
        (
            {"task": {"kind": "math", "ground_truth": None}, "completion": ""},
            "task.ground_truth",
            "a number or a list, not null",
        ),
        (
            {"task": {"kind": "math", "tolerance": "exact"}, "completion": ""},
            "task.tolerance",
            "it stands in `options`",
        ),
        ({"task": {"kind": "math", "prompt": "q"}, "completion": ""}, "task.prompt", "stands in the item, beside"),
        ({"kind": "math", "ground_truth": "1", "completion": ""}, "kind", "it stands in `task`"),
        ({"kind": "math", "ground_truth": "1", "completion": ""}, "ground_truth", "it stands in `task`"),
        ({**_GOOD, "output": "x"}, "output", "did you mean 'completion'?"),
        (
            {"task": {"kind": "composite", "checks": [{"kind": "math"}]}, "completion": ""},
            "task.checks.0.kind",
            "in `task`",
        ),
        ({"task": {"kind": "choice", "answerKey": "A"}, "completion": ""}, "task.answerKey", "mean 'ground_truth'?"),
        (
            {"task": {"kind": "edit", "files": {"a": "x"}, "tests": [], "options": {"x": 1}}, "completion": ""},
            "task",
            "options.x: extra",
        ),
        # fields that are called like a kind
        ({"task": {"kind": "output"}, "completion": ""}, "task.output", "required"),
        ({"task": {"kind": "label", "label": "a"}, "completion": ""}, "task.label", "mean 'ground_truth'?"),
        ({"task": {"kind": "sql", "schema": "CREATE"}, "completion": ""}, "task.schema", "mean 'database'?"),
        ({"task": {"kind": "schema", "schma": {}}, "completion": ""}, "task.schma", "mean 'schema'?"),
    ],
)
def test_a_malformed_row_is_named_with_its_field(item: object, field: str, says: str):
    problems = _problems({"items": [_GOOD, item]})
    assert {problem.row for problem in problems} == {1}
    message = next(problem.message for problem in problems if problem.field == field)
    assert says.lower() in message.lower()


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({"items": []}, "items", "at least 1"),
        ({}, "items", "required"),
        ({"items": [_GOOD], "rewards": {"lenght": 1}}, "rewards.lenght", "did you mean 'length'?"),
        ({"items": [_GOOD], "rewards": {"beauty": 1}}, "rewards.beauty", "known are accuracy, format"),
        ({"items": [_GOOD], "rewards": {"format": {"template": "haiku"}}}, "rewards.format.template", "answer"),
        ({"items": [_GOOD], "rewards": {"format": {"templat": "x"}}}, "rewards.format.templat", "'template'"),
        ({"items": [_GOOD], "tasks": {"p 1": {"kind": "exact"}}}, "tasks.p 1.ground_truth", "required"),
        ({"items": [_GOOD], "tasks": {"p": {"kind": "code", "tests": [], "lang": "c"}}}, "tasks.p.lang", "'language'"),
        ({"items": [_GOOD], "undecided": "maybe"}, "undecided", "'null' or 'zero'"),
        ({"items": [_GOOD], "reward": {}}, "reward", "did you mean 'rewards'?"),
        ({"items": None}, "items", "takes a list, not null"),
        ({"items": [_GOOD], "rewards": ["accuracy"]}, "rewards", "takes an object, not a list"),
        (
            {"items": [_GOOD], "rewards": {"accuracy": "one"}},
            "rewards.accuracy",
            "a number or an object, not the text 'one'",
        ),
        ({"items": [_GOOD], "task": {}}, "task", "it stands in an item"),
    ],
)
def test_a_malformed_request_is_named_with_its_field_and_the_way_out(body: object, field: str, says: str):
    problem = _problems(body)[0]
    assert (problem.row, problem.field) == (None, field)
    assert says.lower() in problem.message.lower()


def test_chat_messages_and_extra_message_fields_are_taken():
    messages = [{"role": "assistant", "content": [{"type": "text", "text": "a"}], "tool_calls": []}]
    request = request_type().model_validate({"items": [{**_GOOD, "completion": messages}]})
    assert request.items[0].completion[0].role == "assistant"


@given(st.text())
def test_any_text_survives_decoding(text: str):
    assert decode(json.dumps({"completion": text}).encode()) == {"completion": text}


def test_lone_surrogates_of_random_models_are_repaired_rather_than_refused():
    assert decode(rb'{"completion": "a \ud800 b", "other": "\ud83d\ude00"}') == {
        "completion": "a � b",
        "other": "\U0001f600",
    }


@pytest.mark.parametrize(
    "body", [b'{"a": NaN}', b'{"a": Infinity}', b"\xff\xfe", b"[" * 100_000, b'{"a": "\xff"}', b""]
)
def test_what_is_not_json_says_so(body: bytes):
    with pytest.raises(ValueError, match=r"column|codec|decode"):
        decode(body)


def test_integers_beyond_64_bits_stay_exact_and_texts_with_such_digits_stay_texts():
    body = (
        b'{"a": 18446744073709551617, "b": [-123456789012345678901234567890], "c": "[12345678901234567890]", "d": 1.5}'
    )
    assert decode(body) == {
        "a": 18446744073709551617,
        "b": [-123456789012345678901234567890],
        "c": "[12345678901234567890]",
        "d": 1.5,
    }


def test_what_is_misspelt_speaks_for_all_that_follows_from_it():
    missing = Problem(row=0, field="task.ground_truth", message="Field required", input="")
    unknown = Problem(
        row=0, field="task.gold", message="there is no such field, did you mean 'ground_truth'?", input=""
    )
    assert describe([missing, unknown]).detail == f"items[0].task.gold: {unknown.message} (and 1 more)"
    assert describe([missing]).detail == "items[0].task.ground_truth: Field required"


def test_a_message_has_no_word_of_the_library_that_found_the_fault():
    bodies: list[Any] = [
        {"items": [{**_GOOD, "task": {"kind": "edit", "files": {"a": "x"}, "tests": [], "options": {"kind": 1}}}]},
        {"items": []},
        {"items": [{**_GOOD, "completion": 1, "prompt": [1], "token_ids": "x"}]},
    ]
    for body in bodies:
        for problem in _problems(body):
            assert not re.search("Value error|validation|dictionary|instance|extract", problem.message)
