"""Programs on the nodes of a real Ray cluster, of which one is killed while they run."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from reward_server.executors.orders import packed_reply
from reward_server.executors.ray import RayNodes, _Node
from reward_server.graders import Completion
from reward_server.graders.math import MathTask
from reward_server.grading.scoring import Job
from reward_server.service import Service, open_service
from reward_server.settings import Settings
from reward_server.verdict import Outcome, Verdict, ungradable

from .test_streams import graded, job, outcomes, right

_OURS = {"reward": 1}


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head that runs no programs, and two nodes that do."""
    utilities = pytest.importorskip("ray.cluster_utils", reason="no package: pip install 'reward-server[ray]'")
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    soon = {"health_check_period_ms": 300, "health_check_timeout_ms": 2000, "health_check_initial_delay_ms": 0}
    head = {"num_cpus": 1, "include_dashboard": False, "_system_config": soon}
    found = utilities.Cluster(initialize_head=True, head_node_args=head)
    found.nodes_of_ours = [found.add_node(num_cpus=1, resources=_OURS) for _ in range(2)]
    yield found
    found.shutdown()


@asynccontextmanager
async def serving(address: str) -> AsyncIterator[Service]:
    settings = Settings(
        executor="ray", ray_address=address, ray_resource="reward", lease_seconds=20, cache_file="memory",
        sandbox="process", sandbox_slots=1, allow_weak_isolation=True,
    )  # fmt: skip
    async with open_service(settings) as service:
        yield service


async def until_there_are(count: int, service: Service) -> None:
    """A node that is killed may answer for a moment yet, so it is not always a lost order that tells of it."""
    while len(service.describe()["executor"]["workers"]) != count:  # noqa: ASYNC110 - it looks now and then
        await asyncio.sleep(0.1)


@pytest.mark.cluster
def test_a_node_that_is_lost_loses_nothing_and_changes_no_verdict(cluster: Any):
    async def play() -> None:
        async with serving(cluster.address) as service:
            half = Job(MathTask(ground_truth="1/2"), Completion("\\boxed{0.5}"))
            assert (await service.scoring.score([half]))[0].verdict.score == 1
            await until_there_are(2, service)
            assert service.unready("code") in {"", "its self-test has not ended"}
            jobs = [job(number, "sum(range(20_000_000))") for number in range(12)]
            asked = asyncio.create_task(graded(service, jobs))
            await asyncio.sleep(1)
            assert not asked.done()
            cluster.remove_node(cluster.nodes_of_ours.pop(), allow_graceful=False)
            assert outcomes(await asked) == right(12)
            await until_there_are(1, service)

    asyncio.run(asyncio.wait_for(play(), 200))


def test_a_node_that_could_not_be_asked_has_its_room_again():
    def refuse(_order: bytes) -> None:
        raise ValueError("Ray is not initialized")

    nodes = RayNodes("none", chosen={}, resource=None, patience_seconds=1)
    nodes._ray = SimpleNamespace(exceptions=SimpleNamespace(RayTaskError=LookupError, RayError=OSError))
    node = nodes._nodes["n"] = _Node(SimpleNamespace(grade=SimpleNamespace(remote=refuse)), {"slots": 1})
    with pytest.raises(ValueError, match="not initialized"):
        asyncio.run(nodes.fulfil("1", b""))
    assert node.busy == 0


def test_what_a_node_lacks_another_does_and_where_all_lack_it_the_verdict_names_it():
    lacking = ungradable("java is not installed where programs run here", retryable=False)

    def node(verdict: Verdict) -> _Node:
        async def grade(_order: bytes) -> bytes:
            return packed_reply("1", verdict)

        return _Node(SimpleNamespace(grade=SimpleNamespace(remote=grade)), {"slots": 1})

    nodes = RayNodes("none", chosen={}, resource=None, patience_seconds=1)
    nodes._ray = SimpleNamespace(exceptions=SimpleNamespace(RayTaskError=LookupError, RayError=OSError))
    nodes._nodes |= {"without": node(lacking), "too": node(lacking), "with": node(Verdict(Outcome.CORRECT, 1.0))}
    assert asyncio.run(nodes.fulfil("1", b"")).outcome is Outcome.CORRECT
    del nodes._nodes["with"]
    assert asyncio.run(nodes.fulfil("1", b"")) == lacking


def test_what_nodes_say_of_themselves_is_asked_again():
    said = {"slots": 1, "canaries_failed": 0}

    async def about() -> dict[str, Any]:
        return dict(said)

    async def silent() -> dict[str, Any]:
        raise OSError("it is gone")

    async def play() -> None:
        nodes = RayNodes("none", chosen={}, resource=None, patience_seconds=1)
        for name, answer in (("n", about), ("gone", silent)):
            nodes._nodes[name] = _Node(SimpleNamespace(about=SimpleNamespace(remote=answer)), dict(said))
        said["canaries_failed"] = 1
        await nodes._ask_anew()
        assert [one["canaries_failed"] for one in nodes.describe()["workers"].values()] == [1, 0]

    asyncio.run(play())


def test_without_a_cluster_programs_are_ungradable_and_it_says_why():
    async def play() -> None:
        settings = Settings(executor="ray", ray_address="127.0.0.1:9", lease_seconds=1, cache_file="memory")
        async with open_service(settings) as service:
            (told,) = await service.scoring.score([job(0)])
            assert told.verdict.outcome.value == "ungradable"
            assert "Ray is out of reach" in told.verdict.evidence["reason"]
            assert "Ray is out of reach" in service.unready("code")

    asyncio.run(play())
