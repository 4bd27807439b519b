"""`Reward`, the single-sample call: one POST for whoever asks together, a deadline, and no number without a verdict."""

import asyncio
import pickle
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from reward_server.datasets import UnknownRow
from tests.trainer_client.fakes import FakeService, fake_service
from trainer_client import RequestRejected, Reward, Unavailable, Ungradable
from trainer_client.client.coalescing import Coalescer
from trainer_client.client.samples import shared

A, B = {"kind": "exact", "ground_truth": "A"}, {"kind": "exact", "ground_truth": "B"}
BROKEN = {"kind": "broken"}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    monkeypatch.setattr("trainer_client.client.client._REGRADE_WAIT_SECONDS", 0.001)
    with fake_service() as running:
        yield running


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows that wait for callers who start late on a busy machine."""
    monkeypatch.setattr(Coalescer.__init__, "__kwdefaults__", {"quiet_seconds": 1.0, "longest_seconds": 10.0})


def sizes(service: FakeService) -> list[int]:
    return [len(request["items"]) for request in service.requests]


@pytest.mark.usefixtures("patient")
def test_samples_of_different_tasks_asked_for_together_are_one_post(service: FakeService) -> None:
    reward = Reward(service.url)

    async def step() -> list[float]:
        return list(await asyncio.gather(*(reward(task, text) for task in (A, B) for text in "AB")))

    assert asyncio.run(step()) == [1.0, 0.0, 0.0, 1.0]
    assert sizes(service) == [4]


@pytest.mark.usefixtures("patient")
def test_threads_and_event_loops_share_the_post(service: FakeService) -> None:
    reward = Reward(service.url)
    start = threading.Barrier(4)

    def on_a_thread(text: str) -> list[float]:
        start.wait()
        return [reward.blocking(A, text)]

    def in_a_loop(text: str) -> list[float]:
        async def both() -> list[float]:
            return list(await asyncio.gather(reward(A, text), reward(B, text)))

        start.wait()
        return asyncio.run(both())

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(work, text) for work in (on_a_thread, in_a_loop) for text in "AB"]
        assert [one.result() for one in asked] == [[1.0], [0.0], [1.0, 0.0], [0.0, 1.0]]
    assert sizes(service) == [6]


def test_the_blocking_twin_works_inside_a_running_event_loop(service: FakeService) -> None:
    reward = Reward(service.url)

    async def inside() -> list[float]:
        return [reward.blocking(A, "A"), await reward(A, "B"), *reward.values([A, A], "AB")]

    assert asyncio.run(inside()) == [1.0, 0.0, 1.0, 0.0]


def test_what_has_no_verdict_raises_and_its_neighbours_have_their_rewards(service: FakeService) -> None:
    reward = Reward(service.url)

    async def step() -> list[Any]:
        calls = (reward(task, "A") for task in (A, BROKEN, B))
        return await asyncio.gather(*calls, return_exceptions=True)

    right, lost, wrong = asyncio.run(step())
    assert (right, wrong) == (1.0, 0.0)
    assert isinstance(lost, Ungradable)
    with pytest.raises(Ungradable):
        reward.blocking(BROKEN, "A")
    with pytest.raises(Ungradable):
        reward.values([A, BROKEN], "AA")


def test_verdicts_are_returned_where_a_sample_can_be_left_out(service: FakeService) -> None:
    reward = Reward(service.url)
    assert [one.reward for one in reward.submit([A, BROKEN, {"answer": 1, "gold": 2}], "AAA").result()] == [
        1,
        None,
        None,
    ]
    assert asyncio.run(reward.verdict(BROKEN, "A")).reward is None
    assert [one.reward for one in asyncio.run(reward.verdicts([B, A], "AA"))] == [0.0, 1.0]


def test_a_whole_verdict_is_had_like_its_reward(service: FakeService) -> None:
    reward = Reward(service.url)
    assert asyncio.run(reward.graded(A, "A")).outcome == "correct"
    assert reward.graded_blocking(A, "B").parts == {"accuracy": 0.0}
    with pytest.raises(Ungradable):
        reward.graded_blocking(BROKEN, "A")
    with pytest.raises(Ungradable):
        asyncio.run(reward.graded(BROKEN, "A"))


def test_a_deadline_is_kept_and_names_the_service(service: FakeService) -> None:
    service.moods = ["hang", "hang", "hang"]
    reward = Reward(service.url, deadline_seconds=60)
    with pytest.raises(Unavailable, match=service.url):
        reward.blocking(A, "A", deadline_seconds=0.2)
    with pytest.raises(Unavailable):
        asyncio.run(reward(A, "A", deadline_seconds=0.2))
    with pytest.raises(Unavailable):
        Reward(service.url, deadline_seconds=0.2).blocking(A, "A")
    assert reward.blocking(A, "A") == 1.0


def test_a_broken_row_fails_alone_and_an_unreadable_one_at_once(service: FakeService) -> None:
    reward = Reward(service.url)

    async def step() -> list[Any]:
        return await asyncio.gather(reward(A, "A"), reward({"kind": "misspelt"}, "A"), return_exceptions=True)

    right, refused = asyncio.run(step())
    assert right == 1.0
    assert isinstance(refused, RequestRejected)
    with pytest.raises(UnknownRow, match=r"`gold`.*`answer`"):
        reward.blocking({"answer": "1", "gold": "2"}, "A")


def test_a_data_set_that_is_not_known_is_an_error_and_one_broken_row_later_is_not(service: FakeService) -> None:
    reward = Reward(service.url)
    with pytest.raises(UnknownRow, match="difficulty"):
        reward.values([{"difficulty": 1}] * 3, "AAA")
    reward.values([A], "A")
    assert reward.submit([{"difficulty": 1}], "A").result()[0].reward is None


@pytest.mark.parametrize(
    "row", [A, {"task": A}, {"problem": "?", "answer": "A"}, "A"], ids=["task", "column", "row", "label"]
)
def test_a_row_is_a_task_or_a_stored_row_or_a_ground_truth(row: Any, service: FakeService) -> None:
    assert Reward(service.url, kind="exact").blocking(row, "A") == 1.0


def test_it_travels_as_its_settings(service: FakeService) -> None:
    reward = Reward(service.url, kind="exact", rewards={"accuracy": 2})
    reward.blocking("A", "A")
    copied = pickle.loads(pickle.dumps(reward))
    assert copied.blocking("A", "A") == 1.0
    assert service.requests[-1]["rewards"] == {"accuracy": 2}


def test_the_environment_configures_it_and_a_change_is_seen(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REWARD_URL", service.url)
    monkeypatch.setenv("REWARD_KIND", "exact")
    monkeypatch.setenv("REWARD_PARTS", '{"accuracy": 3}')
    monkeypatch.setenv("REWARD_API_TOKEN", "k-1")
    reward = shared()
    assert reward.blocking("A", "A") == 1.0
    assert service.requests[-1]["rewards"] == {"accuracy": 3}
    assert service.headers[-1]["Authorization"] == "Bearer k-1"
    assert shared() is reward
    monkeypatch.setenv("REWARD_COLUMN", "truth")
    assert shared() is not reward
    assert shared().blocking({"truth": "A", "answer": "B"}, "A") == 1.0
