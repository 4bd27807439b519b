"""What travels between servers and workers arrives as it was sent."""

import pytest

from reward_server.cases import cases
from reward_server.executors.orders import Order, about, packed, packed_reply, stream_name, unpacked, unpacked_reply
from reward_server.graders import Completion, discover
from reward_server.verdict import Outcome, Verdict, ungradable


@pytest.mark.parametrize("kind", discover())
def test_a_task_of_any_kind_is_the_same_task_at_the_worker(kind: str):
    grader = discover()[kind]
    for told in [*(example.task for example in grader.examples), *(case.task for case in cases(kind))]:
        task = grader.task.model_validate(told)
        order = Order("1", "r", task.model_dump(), Completion("x"), "", {})
        arrived = grader.task.model_validate(unpacked(packed(order)).task)
        assert arrived.model_dump_json() == task.model_dump_json(), told


@pytest.mark.parametrize("text", ["", "\ud800 lone", "\x00", "é 日 😀", "a" * 100_000])
def test_completions_arrive_as_they_were_written(text: str):
    order = Order("1", "r", {"kind": "math"}, Completion(text, text), "tenant", {"traceparent": "00"})
    assert unpacked(packed(order)) == order


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(Outcome.CORRECT, 1.0, "7", {"method": "tests", "failed": [], "n": 1.5}),
        Verdict(Outcome.TIME_LIMIT, 0.0, "\udfff", {"x": [None, {"y": "\x00"}]}, cacheable=False),
        ungradable("no sandbox", retryable=False),
    ],
)
def test_verdicts_arrive_as_they_were_given(verdict: Verdict):
    assert unpacked_reply(packed_reply("n", verdict, "w")) == ("n", verdict, "w")


_JUNK = [b"", b"{", b"[]", b"1", b"null", b'["a", "b"]']
_REPLIES = [
    b'["a", ["correct", null, "", {}]]',
    b'[[], ["correct", 1, null, {}, 1, 1]]',
    b'["a", ["correct", 1, null, 5, 1, 1]]',
    b'["a", ["correct", 1, null, {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}, 1, 1]]",
]


_ORDERS = [
    b'["n", "r", [], ["x", null], "", {}]',
    b'[1, "r", {}, ["x", null], "", {}]',
    b'["n", {}, {}, ["x", null], "", {}]',
    b'["n", "r", {}, [null, null], "", {}]',
    b'["n", "r", {}, ["x", 1], "", {}]',
    b'["n", "r", {}, ["x", null], [], {}]',
    b'["n", "r", {}, ["x", null], "", 5]',
    b'["n", "r", {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b'}, ["x", null], "", {}]',
]


@pytest.mark.parametrize("junk", _JUNK + _REPLIES + _ORDERS)
def test_junk_is_refused_and_breaks_nobody(junk: bytes):
    for read in (unpacked, unpacked_reply):
        with pytest.raises(ValueError):
            read(junk)


def test_workers_that_say_nothing_readable_or_nothing_lately_are_left_out():
    said = {b"a": b'[9, {"slots": 2}]', b"b": b"{", b"c": b"[]", b"d": b'[9, {"slots": "x"}]', b"old": b'{"slots": 1}'}
    said |= {b"deep": b"[" * 100_000, b"gone": b'[7, {"slots": 1}]', b"0": b'[9, {"slots": 0}]'}
    said |= {b"e": b'[9, {"slots": 1, "canaries_failed": "x"}]', b"f": b'[9, {"slots": 1, "canaries_failed": null}]'}
    assert about(said, 8.0) == {"a": {"slots": 2}}


def test_all_numbers_arrive_as_they_were_sent():
    sent = {"kind": "code", "tests": [10**6000, float("inf"), -(10**4400), 0.1, "\ud800"]}
    order = Order("1", "r", sent, Completion("x"), "", {})
    assert unpacked(packed(order._replace(task=sent | {"tests": sent["tests"][:4]}))).task["tests"] == sent["tests"][:4]
    assert unpacked(packed(order._replace(task=sent | {"tests": sent["tests"][1:2]}))).task["tests"] == [float("inf")]
    odd = Verdict(Outcome.CORRECT, 1.0, "x", {"got": 10**6000, "by": {(1, 2): Outcome.CORRECT}, "of": Order})
    assert unpacked_reply(packed_reply("n", odd)).verdict.evidence["got"] == 10**6000


def test_work_for_workers_that_demand_other_trust_goes_elsewhere():
    assert stream_name("separate") != stream_name("exit_status")
