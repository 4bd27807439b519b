"""The client and the real server, as two processes."""

import asyncio
import socket
from collections.abc import Iterator

import pytest

from tests.trainer_client.live import live_service
from trainer_client import RequestRejected, RewardClient, pair

HALF = {"kind": "math", "ground_truth": r"\frac{1}{2}"}
PARIS = {"kind": "exact", "ground_truth": "Paris"}
LOST = {"kind": "code", "tests": [{"stdin": "", "stdout": "1"}]}
PROGRAM = "```python\nprint(1)\n```"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with live_service() as running:
        yield running


@pytest.fixture
def client(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RewardClient]:
    monkeypatch.setattr("trainer_client.client.client._REGRADE_WAIT_SECONDS", 0.001)
    with RewardClient(url, rewards={"accuracy": 1, "format": 0.5}, deadline_seconds=60) as opened:
        yield opened


def test_kinds_mix_in_one_batch_and_what_cannot_be_graded_is_none(client: RewardClient) -> None:
    items = pair([HALF, HALF, PARIS, LOST], [r"\boxed{0.5}", r"\boxed{0.6}", "paris", PROGRAM])
    verdicts = client.score(items)
    assert [verdict.reward for verdict in verdicts] == [1.0, 0.0, 1.0, None]
    assert verdicts[0].parts == {"accuracy": 1.0, "format": 0.0}
    assert verdicts[3].retryable
    assert client.statistics.ungradable == 1


def test_verdicts_stream_as_they_finish_and_equal_the_batch(client: RewardClient) -> None:
    items = pair(
        [HALF] * 40 + [PARIS] * 40, [rf"\boxed{{{number}/40}}" for number in range(40)] + ["Paris", "Rome"] * 20
    )
    batch = [verdict.reward for verdict in client.score(items)]
    streamed = dict(client.stream(items))
    assert [streamed[index].reward for index in range(80)] == batch
    assert sum(reward for reward in batch if reward) == 1 + 20


def test_a_malformed_row_in_a_later_request_is_named_as_the_caller_counts(url: str) -> None:
    items = pair([PARIS] * 7 + [{"kind": "exact"}], ["Paris"] * 8)
    with (
        RewardClient(url, batch_items=3) as client,
        pytest.raises(RequestRejected, match=r"items\[7\]\.task\.ground_truth"),
    ):
        client.score(items)


def test_compressed_bodies_are_understood(url: str) -> None:
    with RewardClient(url, compress=True) as client:
        verdicts = client.score(pair([PARIS] * 2, ["Paris", "Rome " * 20_000]))
    assert [verdict.reward for verdict in verdicts] == [1.0, 0.0]


def test_equivalent_answers_are_one_vote_in_the_consensus(client: RewardClient) -> None:
    completions = [r"\boxed{1/2}", r"\boxed{0.5}", r"\boxed{3}", r"\boxed{\frac{2}{4}}", r"\boxed{3}"]
    assert client.consensus(completions)["clusters"][0]["count"] == 3
    assert client.consensus(completions, task=HALF)["score"] == 1.0


def test_many_callers_share_one_client(client: RewardClient) -> None:
    async def callers() -> list[float | None]:
        calls = (client.score_async(pair([PARIS], [text])) for text in ["Paris", "Rome"] * 32)
        return [verdicts[0].reward for verdicts in await asyncio.gather(*calls)]

    assert asyncio.run(callers()) == [1.0, 0.0] * 32


def test_a_call_made_while_the_service_is_away_is_answered_when_it_is_back() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with RewardClient(f"http://127.0.0.1:{port}", deadline_seconds=120) as client:
        waiting = client.submit(pair([PARIS], ["Paris"]))
        with live_service("--sandbox", "none", port=port):
            assert [verdict.reward for verdict in waiting.result()] == [1.0]
        assert client.statistics.retries > 0
