"""Metrics tell an operator where the time goes and what failed; what the service asks itself is no traffic."""

import asyncio
from typing import Any

import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from reward_server import graders
from reward_server.graders import Completion
from reward_server.grading.landing import DEADLINE
from reward_server.grading.scoring import Graded, Job
from reward_server.grading.workers import ENDINGS, WorkerPool
from reward_server.service import Service, open_service
from reward_server.settings import Settings
from reward_server.telemetry.metrics import Metrics
from reward_server.verdict import Outcome, Verdict, ungradable
from sandboxes.supply import CAUSES

_DOUBLE = {"kind": "code", "tests": [{"stdin": "2\n", "stdout": "4\n"}]}
_INTEGRAL = {"kind": "math", "ground_truth": "\\tan^{-1}(x) + \\sin(x)^2"}


def test_nulls_are_counted_by_grader_outcome_and_cause():
    metrics = Metrics()
    undecided = Verdict(Outcome.UNDECIDED, None, "x", {"method": "sympy"})
    late = ungradable(DEADLINE)
    for verdict in (undecided, undecided, ungradable("the sandbox failed"), late, Verdict(Outcome.CORRECT, 1.0)):
        metrics.observe(Graded(verdict, "math/2"))
    found = {
        (sample.labels["outcome"], sample.labels["cause"]): sample.value
        for metric in metrics.collect()
        for sample in metric.samples
        if sample.name == "reward_nulls_total"
    }
    assert found == {("undecided", "sympy"): 2, ("ungradable", "none"): 1, ("ungradable", "deadline"): 1}


def test_reward_parts_are_summed_by_grader():
    metrics = Metrics()
    metrics.note_parts("math/2", {"accuracy": 1.0, "format": None})
    metrics.note_parts("math/2", {"accuracy": 0.5, "format": -1.0})
    samples = {
        (sample.labels["part"], sample.name): sample.value
        for metric in metrics.collect()
        for sample in metric.samples
        if metric.name == "reward_parts"
    }
    assert samples == {
        ("accuracy", "reward_parts_count"): 2, ("accuracy", "reward_parts_sum"): 1.5,
        ("format", "reward_parts_count"): 1, ("format", "reward_parts_sum"): -1.0,
    }  # fmt: skip


def test_a_kind_whose_self_test_starts_a_process_keeps_no_other_from_being_ready(monkeypatch: pytest.MonkeyPatch):
    async def scenario() -> None:
        there = asyncio.Event()
        run = WorkerPool.run

        async def late(pool: WorkerPool, *given: Any) -> Any:
            await there.wait()
            return await run(pool, *given)

        monkeypatch.setattr(WorkerPool, "run", late)
        settings = Settings(sandbox="none", cache_file="memory", redis_url=None, api_token=None)
        async with open_service(settings) as service:
            test = asyncio.create_task(service.self_test())
            async with asyncio.timeout(30):
                while service.unready("tool_call"):  # noqa: ASYNC110 - readiness is asked for, as over HTTP
                    await asyncio.sleep(0.01)
            assert service.unready("regex") == "its self-test has not ended"
            there.set()
            await test
            assert service.describe()["ready"]

    asyncio.run(scenario())


def test_an_operator_sees_stages_slots_workers_joins_and_hits_of_traffic_alone():
    asyncio.run(_watch_a_service())


async def _watch_a_service() -> None:
    settings = Settings(sandbox="process", sandbox_slots=1, cache_file="memory", redis_url=None, api_token=None)
    async with open_service(settings) as service:
        await service.self_test()
        before = _samples(service)
        assert not [name for name, _ in before if name.startswith(("reward_stage_seconds", "reward_verdicts"))], (
            "self-tests are no traffic"
        )
        assert before["reward_slow_verdicts_total", "joined"] == 0
        one = [_job(_DOUBLE, "```python\nprint(int(input()) * 2)\n```")]
        await asyncio.gather(service.scoring.score(one), service.scoring.score(one))
        await service.scoring.score(one)
        await service.scoring.score([_job(_INTEGRAL, "\\boxed{\\arctan x + 1 - \\cos^2 x}")])
        seen = _samples(service)
        for stage in ("compile", "cache", "queue", "slot", "prepare", "run", "compare"):
            assert seen["reward_stage_seconds_count", stage] > 0, stage
        assert seen["reward_stage_seconds_count", "run"] == 1, "one run for three requests"
        assert {source: seen["reward_slow_verdicts_total", source] for source in ("joined", "cache")} == {
            "joined": 1,
            "cache": 1,
        }
        assert seen["reward_sandbox_slots_live", ""] >= 1
        assert seen["reward_workers", ""] == settings.cores
        for name in ("reward_sandbox_slots_busy", "reward_sandbox_slots_replaced_total", "reward_workers_busy"):
            assert (name, "") in seen
        assert seen["process_resident_memory_bytes", ""] > 0
        await asyncio.gather(*(service.sandboxes.check("python") for _ in range(2)))  # type: ignore[union-attr]
        assert _samples(service)["reward_stage_seconds_count", "run"] == 1, "nor are languages' self-tests"


def test_every_cause_of_a_loss_stands_at_0_before_the_first():
    async def samples() -> dict[tuple[str, str], float]:
        service = open_service(Settings(sandbox="process", sandbox_slots=1, cache_file="memory", redis_url=None))
        async with service as opened:
            return _samples(opened)

    found = asyncio.run(samples())
    lost = {cause: found.get(("reward_sandbox_failures_total", cause)) for cause in CAUSES}
    assert lost == dict.fromkeys(CAUSES, 0)
    assert {found.get(("reward_workers_ended_total", cause)) for cause in ENDINGS} == {0}
    assert ("reward_canaries_total", "failed") in found


def _job(task: dict[str, Any], completion: str) -> Job:
    return Job(graders.discover()[task["kind"]].task.model_validate(task), Completion(completion))


def _samples(service: Service) -> dict[tuple[str, str], float]:
    """Every sample by its name and its labels' values; what grows has the ending of a counter."""
    families = list(text_string_to_metric_families(generate_latest(service.metrics.registry).decode()))
    samples = [sample for family in families for sample in family.samples]
    for family in families:
        if family.type == "counter":
            assert all(sample.name.endswith("_total") for sample in family.samples), family.name
        else:
            assert not family.name.endswith("_total"), family.name
    return {(sample.name, ",".join(sample.labels.values())): sample.value for sample in samples}
