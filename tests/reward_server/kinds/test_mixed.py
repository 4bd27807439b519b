"""All kinds in one request, shuffled: each item gets the verdict that it gets alone."""

import asyncio
import random
from typing import Any

import pytest

from reward_server import graders
from reward_server.cache.lenient import LenientCache
from reward_server.cache.verdicts import VerdictCache
from reward_server.cases import attacks, cases, kinds
from reward_server.graders import Resources
from reward_server.grading.admission import Admission
from reward_server.grading.scoring import Scoring
from reward_server.grading.workers import WorkerPool
from reward_server.http.answers import prepare, verdict_record
from reward_server.http.requests import request_type
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from tests.reward_server.fakes import FakeLean, MemoryCache

_CASES, _ATTACKS = 12, 6
_LONGEST = 20_000
_EVERYTHING = Resources(lean=FakeLean())
_VARYING = {"cpu_seconds", "wall_seconds", "memory_bytes", "elapsed_ms", "cached", "id", "seconds", "got"}
"""Measurements, and what a program printed: some print their process's command line, which numbers its descriptors."""


def _here() -> dict[str, graders.Grader[Any, Any]]:
    """Return the kinds whose packages are installed."""
    return {kind: grader for kind, grader in graders.discover().items() if not grader.lacking(_EVERYTHING)}


def _items() -> list[dict[str, Any]]:
    """Return items of every kind: its examples, and some of its cases and attacks."""
    chosen = random.Random(11)
    found = [
        ({"kind": kind} | example.task, example.completion)
        for kind, grader in _here().items()
        for example in grader.examples
    ]
    for kind in sorted(set(kinds()) & set(_here())):
        for some, count in ((cases(kind), _CASES), (attacks(kind), _ATTACKS)):
            short = [(case.task, case.completion) for case in some if len(case.completion) < _LONGEST]
            found += chosen.sample(short, min(count, len(short)))
    chosen.shuffle(found)
    return [{"id": number, "task": task, "completion": text} for number, (task, text) in enumerate(found)]


def _steady(value: Any) -> Any:
    """Return a verdict without what differs from run to run."""
    if isinstance(value, dict):
        return {name: _steady(inner) for name, inner in value.items() if name not in _VARYING}
    return [_steady(inner) for inner in value] if isinstance(value, list) else value


async def _scored(resources: Resources, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    batch = prepare(request_type().model_validate({"items": items}), max_items=10_000)
    cache = VerdictCache(LenientCache(MemoryCache()))
    scoring = Scoring(graders.discover(), cache, resources, Admission(slots=2, queue_cpu_seconds=10_000))
    graded = await scoring.score(batch.jobs)
    await scoring.close()
    return [_steady(verdict_record(batch, index, one)) for index, one in enumerate(graded)]


@pytest.mark.timeout(280)
def test_each_item_of_a_mixed_batch_gets_the_verdict_that_it_gets_alone():
    async def both() -> tuple[list[Any], list[Any]]:
        pool = SandboxPool([Family("process", process.launch)], slots=2, allow_weak_isolation=True)
        workers = WorkerPool(2)
        await pool.start()
        try:
            resources = Resources(sandboxes=pool, workers=workers, lean=FakeLean())
            together = await _scored(resources, items)
            alone = [(await _scored(resources, [item]))[0] for item in items]
        finally:
            await workers.close()
            await pool.close()
        return together, alone

    items = _items()
    together, alone = asyncio.run(both())
    assert {item["task"]["kind"] for item in items} == set(_here())
    different = [(item, one, other) for item, one, other in zip(items, together, alone, strict=True) if one != other]
    assert not different, "; ".join(f"{item['task']['kind']}: {one} is not {other}" for item, one, other in different)
