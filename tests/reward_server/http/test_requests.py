"""Bad input gets an answer that names the row and the field."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reward_server.http.requests import decode, error_response, request_type

_GOOD = {"task": {"kind": "exact", "ground_truth": "a"}, "completion": "a"}


def _problem(body: object) -> tuple[int | None, str, str]:
    with pytest.raises(ValidationError) as refusal:
        request_type().model_validate(body)
    first = error_response(refusal.value.errors()).problems[0]
    return first.row, first.field, first.message


@pytest.mark.parametrize(
    ("item", "field", "says"),
    [
        ({"completion": "x"}, "task", "required"),
        ({"task": {"kind": "exact"}, "completion": "x"}, "task.ground_truth", "required"),
        ({"task": {"kind": "nope"}, "completion": "x"}, "task", "exact"),
        ({"task": {"ground_truth": "1"}, "completion": "x"}, "task", "kind"),
        ({"task": {"kind": ["exact"]}, "completion": "x"}, "task", "kind"),
        ({"task": 7, "completion": "x"}, "task", "kind"),
        ({"task": {"kind": "exact", "ground_truth": {}}, "completion": "x"}, "task.ground_truth", "string"),
        (
            {"task": {"kind": "exact", "ground_truth": "a", "tolerence": 1}, "completion": "x"},
            "task.tolerence",
            "Extra",
        ),
        ({"task": {"kind": "exact", "ground_truth": "a"}}, "completion", "required"),
        ({"task": {"kind": "exact", "ground_truth": "a"}, "completion": None}, "completion", "string"),
        ({**_GOOD, "completion": [{"content": "no role"}]}, "completion.0.role", "required"),
        ({**_GOOD, "wieght": 1}, "wieght", "Extra"),
    ],
)
def test_a_malformed_row_is_named_with_its_field(item: object, field: str, says: str):
    row, where, message = _problem({"items": [_GOOD, item]})
    assert (row, where) == (1, field)
    assert says.lower() in message.lower()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"items": []}, "items"),
        ({}, "items"),
        ({"items": [_GOOD], "rewards": {"beauty": 1}}, "rewards.beauty"),
        ({"items": [_GOOD], "rewards": {"format": {"template": "haiku"}}}, "rewards.format.template"),
        ({"items": [_GOOD], "tasks": {"p 1": {"kind": "exact"}}}, "tasks.p 1.ground_truth"),
        ({"items": [_GOOD], "undecided": "maybe"}, "undecided"),
    ],
)
def test_a_malformed_request_is_named_with_its_field(body: object, field: str):
    row, where, _ = _problem(body)
    assert (row, where) == (None, field)


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
