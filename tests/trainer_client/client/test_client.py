"""What the client promises a trainer, against real HTTP on loopback."""

import asyncio
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import stamina

from tests.trainer_client.fakes import FakeService, fake_service
from trainer_client import ProtocolError, RequestRejected, RewardClient, Unavailable, pair

A = {"kind": "exact", "ground_truth": "A"}
BROKEN = {"kind": "broken"}


@pytest.fixture
def service() -> Iterator[FakeService]:
    with fake_service() as running:
        yield running


@pytest.fixture
def client(service: FakeService) -> Iterator[RewardClient]:
    with RewardClient(service.url, deadline_seconds=20) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer_client.client.client._REGRADE_WAIT_SECONDS", 0.001)
    monkeypatch.setattr("trainer_client.client.connection._JITTER_SECONDS", 0.01)
    monkeypatch.setattr("trainer_client.client.connection._FIRST_WAIT_SECONDS", 0.01)


def rewards(client: RewardClient, *completions: str, task: Any = A) -> list[float | None]:
    return [verdict.reward for verdict in client.score([{"task": task, "completion": text} for text in completions])]


def test_one_verdict_for_each_item_in_order(client: RewardClient) -> None:
    assert rewards(client, "A", "B", "A", "") == [1.0, 0.0, 1.0, 0.0]


def test_an_empty_call_asks_nothing(client: RewardClient, service: FakeService) -> None:
    assert client.score([]) == []
    assert service.requests == []


def test_equal_tasks_travel_once_though_they_are_different_objects(client: RewardClient, service: FakeService) -> None:
    tasks = [{"kind": "exact", "ground_truth": "A", "padding": "x" * 1000} for _ in range(8)]
    client.score(pair(tasks, ["A"] * 8))
    (request,) = service.requests
    assert len(request["tasks"]) == 1
    assert {item["task"] for item in request["items"]} == set(request["tasks"])


def test_a_task_named_by_the_caller_is_sent_under_its_name(client: RewardClient, service: FakeService) -> None:
    (verdict,) = client.score([{"task": "p17", "completion": "A"}], tasks={"p17": A, "unused": A})
    assert verdict.reward == 1.0
    assert service.requests[0]["tasks"] == {"p17": A}


def test_a_task_that_occurs_once_stays_in_its_item_so_that_complaints_name_the_row(
    client: RewardClient, service: FakeService
) -> None:
    rewards(client, "A")
    assert service.requests[0]["items"][0]["task"] == A


def test_large_calls_are_cut_between_groups_and_come_back_in_order(service: FakeService) -> None:
    tasks = [{"kind": "exact", "ground_truth": str(number // 3)} for number in range(12)]
    with RewardClient(service.url, batch_items=4) as client:
        verdicts = client.score(pair(tasks, [str(number // 3) for number in range(12)]))
    assert [verdict.reward for verdict in verdicts] == [1.0] * 12
    assert [len(request["items"]) for request in service.requests] == [3, 3, 3, 3]


def test_a_group_larger_than_a_request_is_cut(service: FakeService) -> None:
    with RewardClient(service.url, batch_items=4) as client:
        assert rewards(client, *"ABABABABAB") == [1.0, 0.0] * 5
    assert sorted(len(request["items"]) for request in service.requests) == [2, 4, 4]


def test_a_service_that_takes_fewer_at_once_is_sent_fewer(service: FakeService) -> None:
    service.most_items = 5
    other = {"kind": "exact", "ground_truth": "B"}
    items = [*pair([A] * 4, "ABAB"), *pair([other] * 7, "ABABABA")]
    rewards = [verdict.reward for verdict in RewardClient(service.url).score(items)]
    assert rewards == [1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]
    assert [len(request["items"]) for request in service.requests] == [11, 4, 7, 3, 4], "cut between groups first"


def test_one_item_that_is_too_large_is_refused(service: FakeService) -> None:
    service.most_items = 0
    with pytest.raises(RequestRejected, match="too many"):
        RewardClient(service.url).score(pair([A], "A"))


def test_requests_stay_below_the_size_limit(service: FakeService) -> None:
    with RewardClient(service.url, batch_bytes=10_000) as client:
        rewards(client, *["x" * 4_000] * 10)
    assert [len(request["items"]) for request in service.requests] == [2] * 5


@pytest.mark.parametrize("mood", ["busy", "down", "error", "hang up"])
def test_a_failure_in_passing_is_retried_with_the_same_request_id(
    client: RewardClient, service: FakeService, mood: Any
) -> None:
    service.moods = [mood, mood]
    assert rewards(client, "A", "B") == [1.0, 0.0]
    assert client.statistics.retries == 2
    assert len({headers["X-Request-ID"] for headers in service.headers}) == 1


def test_retry_after_is_waited_for(client: RewardClient, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    hook = stamina.instrumentation.get_on_retry_hooks()
    stamina.instrumentation.set_on_retry_hooks([lambda details: waits.append(details.wait_for)])
    service.moods = ["busy"]
    try:
        rewards(client, "A")
    finally:
        stamina.instrumentation.set_on_retry_hooks(hook)
    assert 0.05 <= waits[0] <= 0.05 * 1.25


def test_a_dead_service_raises_at_the_deadline_and_says_why() -> None:
    with (
        RewardClient("http://127.0.0.1:9", deadline_seconds=0.3) as client,
        pytest.raises(Unavailable, match=r"127\.0\.0\.1:9.*0\.3 s; last failure: .*9"),
    ):
        client.score([{"task": A, "completion": "A"}])


def test_a_service_that_hangs_raises_at_the_deadline(service: FakeService) -> None:
    service.moods = ["hang"]
    with RewardClient(service.url, deadline_seconds=0.3) as client, pytest.raises(Unavailable):
        rewards(client, "A")


def test_a_malformed_row_is_rejected_at_once_and_named_as_the_caller_counts(service: FakeService) -> None:
    items = pair([A, A, {"kind": "misspelt"}], ["A", "B", "C"])
    with RewardClient(service.url, batch_items=2) as client, pytest.raises(RequestRejected) as caught:
        client.score(items)
    assert caught.value.status == 422
    assert [problem.row for problem in caught.value.problems] == [2]
    assert "items[2].task.kind: unknown kind" in str(caught.value)


@pytest.mark.parametrize("mood", ["too few", "swapped", "gibberish"])
def test_a_reply_that_does_not_match_the_request_is_never_trained_on(
    client: RewardClient, service: FakeService, mood: Any
) -> None:
    service.moods = [mood]
    with pytest.raises(ProtocolError):
        rewards(client, "A", "B")


def test_ungradable_items_alone_are_sent_again(client: RewardClient, service: FakeService) -> None:
    service.broken_for = 1
    items = pair([A, BROKEN | {"ground_truth": "A"}, A], ["A", "A", "B"])
    assert [verdict.reward for verdict in client.score(items)] == [1.0, 1.0, 0.0]
    assert [len(request["items"]) for request in service.requests] == [3, 1]


def test_what_stays_ungradable_is_none_and_never_zero(client: RewardClient, service: FakeService) -> None:
    verdicts = client.score(pair([A, BROKEN], ["B", "A"]))
    assert [verdict.reward for verdict in verdicts] == [0.0, None]
    assert len(service.requests) == 1 + client.ungradable_retries
    assert client.statistics.ungradable == 1


def test_at_the_deadline_ungradable_verdicts_count_as_answers(
    service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer_client.client.client._REGRADE_WAIT_SECONDS", 60)
    with RewardClient(service.url, deadline_seconds=3) as client:
        assert rewards(client, "A", task=BROKEN) == [None]


@pytest.mark.parametrize("streams", [True, False])
def test_streaming_yields_each_item_once_whether_or_not_the_service_streams(streams: bool) -> None:
    with fake_service(streams=streams) as service, RewardClient(service.url) as client:
        streamed = list(client.stream(pair([A] * 5, "ABABA")))
    assert [index for index, _ in streamed] == ([4, 3, 2, 1, 0] if streams else [0, 1, 2, 3, 4])
    assert {index: verdict.reward for index, verdict in streamed} == {0: 1.0, 1: 0.0, 2: 1.0, 3: 0.0, 4: 1.0}


def test_a_stream_that_breaks_off_goes_on_with_the_missing_rows(client: RewardClient, service: FakeService) -> None:
    service.moods = ["break off"]
    streamed = dict(client.stream(pair([A] * 3, "ABA")))
    assert {index: verdict.reward for index, verdict in streamed.items()} == {0: 1.0, 1: 0.0, 2: 1.0}
    assert [len(request["items"]) for request in service.requests] == [3, 2]


def test_an_error_in_a_stream_reaches_its_reader(client: RewardClient) -> None:
    with pytest.raises(RequestRejected):
        list(client.stream([{"task": {"kind": "misspelt"}, "completion": ""}]))


def test_leaving_a_stream_early_leaves_the_client_usable(client: RewardClient) -> None:
    for _ in client.stream(pair([A] * 5, "ABABA")):
        break
    assert rewards(client, "A") == [1.0]


def test_the_api_token_goes_with_every_request(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REWARD_API_TOKEN", "secret")
    with RewardClient(service.url, headers={"X-Run": "7"}) as client:
        rewards(client, "A")
    assert service.headers[0]["Authorization"] == "Bearer secret"
    assert service.headers[0]["X-Run"] == "7"


def test_text_of_a_random_model_travels(client: RewardClient) -> None:
    awful = "\x00\ud800\udfff\ufffe\U0010ffff\u202e"
    assert rewards(client, awful, "A") == [0.0, 1.0]


def test_the_clients_settings_go_with_every_request(service: FakeService) -> None:
    with RewardClient(service.url, rewards={"accuracy": 1, "format": 0.5}, undecided="zero", evidence=False) as client:
        rewards(client, "A")
    sent = service.requests[0]
    assert (sent["rewards"], sent["undecided"], sent["evidence"]) == ({"accuracy": 1, "format": 0.5}, "zero", False)


def test_ids_of_the_caller_come_back(client: RewardClient) -> None:
    items = [{"id": "first", "task": A, "completion": "A"}, {"id": 7, "task": A, "completion": "A"}]
    assert [verdict.id for verdict in client.score(items)] == ["first", 7]


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="1 tasks, 2 completions"):
        pair([A], ["A", "B"])


@pytest.mark.parametrize("takes_gzip", [True, False])
def test_large_bodies_are_compressed_until_the_service_refuses_it(takes_gzip: bool) -> None:
    with fake_service(takes_gzip=takes_gzip) as service, RewardClient(service.url, compress=True) as client:
        for _ in range(2):
            assert rewards(client, "A", "x" * 100_000) == [1.0, 0.0]
    encodings = [headers.get("Content-Encoding") for headers in service.headers]
    assert encodings == (["gzip", "gzip"] if takes_gzip else ["gzip", None, None])


def test_a_connection_is_kept_and_used_again(client: RewardClient, service: FakeService) -> None:
    for _ in range(3):
        rewards(client, "A")
    assert len(service.connections) == 1


def test_a_submitted_call_runs_while_the_caller_goes_on(client: RewardClient) -> None:
    futures = [client.submit(pair([A, A], texts)) for texts in ("AB", "BA")]
    assert [[verdict.reward for verdict in future.result()] for future in futures] == [[1.0, 0.0], [0.0, 1.0]]


def test_one_client_serves_asyncio_several_loops_and_several_threads(client: RewardClient) -> None:
    async def scored() -> list[float | None]:
        return [verdict.reward for verdict in await client.score_async(pair([A, A], "AB"))]

    seen = [asyncio.run(scored()), asyncio.run(scored())]
    threads = [threading.Thread(target=lambda: seen.append(rewards(client, "A", "B"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [[1.0, 0.0]] * 6


def test_the_blocking_face_works_inside_a_running_event_loop(client: RewardClient) -> None:
    async def blocks() -> list[float | None]:
        return rewards(client, "A")

    assert asyncio.run(blocks()) == [1.0]


def test_a_client_is_pickled_as_its_settings_even_after_use(client: RewardClient) -> None:
    rewards(client, "A")
    copied = pickle.loads(pickle.dumps(client))
    with copied:
        assert rewards(copied, "A") == [1.0]
    assert copied.statistics.requests == 1
    assert copied.url == client.url


def test_a_used_client_works_in_a_spawned_process(client: RewardClient) -> None:
    rewards(client, "A")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(rewards, (client, "A", "B")) == [1.0, 0.0]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Python 3.12 warns of any fork beside threads
def test_a_used_client_works_in_a_forked_process(client: RewardClient) -> None:
    rewards(client, "A")
    child = os.fork()
    if child == 0:
        works = False
        try:
            works = rewards(client, "A", "B") == [1.0, 0.0]
        finally:
            os._exit(0 if works else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_statistics_count_what_happened(client: RewardClient, service: FakeService) -> None:
    service.moods = ["busy"]
    rewards(client, "A", "B")
    seen = client.statistics
    assert (seen.requests, seen.retries, seen.items, seen.cached_share) == (1, 1, 2, 0.0)
    assert seen.latency_p50_seconds is not None
    assert seen.latency_p95_seconds is not None
    assert 0 < seen.latency_p50_seconds <= seen.latency_p95_seconds


def test_importing_the_client_needs_neither_torch_nor_a_server_framework() -> None:
    program = (
        "import sys, trainer_client.client.client, trainer_client.client.coalescing, trainer_client.adapters\n"
        "trainer_client.adapters.discover()\n"
        "print([name for name in ('torch', 'fastapi', 'sympy', 'flint', 'starlette') if name in sys.modules])"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[]"


def test_a_program_that_forgets_to_close_ends_quietly(service: FakeService) -> None:
    program = (
        "import asyncio, logging; from trainer_client import RewardClient\n"
        "logging.getLogger('asyncio').setLevel('ERROR')  # its warnings of slow steps tell of a busy machine\n"
        f"client = RewardClient({service.url!r}); item = {{'task': {A!r}, 'completion': 'A'}}\n"
        "print(client.score([item])[0].reward, asyncio.run(client.score_async([item]))[0].reward)"
    )
    command = [sys.executable, "-X", "dev", "-c", program]
    finished = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert (finished.stdout.strip(), finished.stderr) == ("1.0 1.0", "")
