"""One verdict for each job, in order, whatever happens to the others."""

import ast
import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest

from reward_server.errors import Overloaded
from reward_server.grading.compilation import weight_of
from reward_server.verdict import Outcome
from tests.reward_server.fakes import MemoryCache, ScriptedGrader, job, scoring_with


def test_verdicts_come_in_order_and_a_bug_of_ours_touches_only_its_item():
    async def run() -> None:
        scoring = scoring_with(ScriptedGrader())
        texts = ["slow right", "fast wrong", "raise", "slow raise", "fast right", "slow wrong"]
        graded = await scoring.score([job(text) for text in texts])
        assert [one.verdict.score for one in graded] == [1.0, 0.0, None, None, 1.0, 0.0]
        assert [one.verdict.outcome for one in graded][2:4] == [Outcome.UNGRADABLE] * 2
        assert "a bug of ours" in graded[2].verdict.evidence["reason"]
        await scoring.close()

    asyncio.run(run())


def test_a_broken_row_is_bad_ground_truth_and_a_compile_bug_is_ungradable():
    async def run() -> None:
        scoring = scoring_with(ScriptedGrader())
        graded = await scoring.score([job("fast right", "broken"), job("fast right", "bug"), job("fast right")])
        outcomes = [one.verdict.outcome for one in graded]
        assert outcomes == [Outcome.BAD_GROUND_TRUTH, Outcome.UNGRADABLE, Outcome.CORRECT]
        assert [one.verdict.score for one in graded] == [None, None, 1.0]
        await scoring.close()

    asyncio.run(run())


def test_equal_items_of_a_batch_are_graded_once():
    async def run() -> None:
        grader = ScriptedGrader()
        scoring = scoring_with(grader)
        graded = await scoring.score([job("slow right")] * 16)
        assert [one.verdict.score for one in graded] == [1.0] * 16
        assert grader.slow_calls == 1
        await scoring.close()

    asyncio.run(run())


def test_equal_work_of_two_requests_is_done_once():
    async def run() -> None:
        grader = ScriptedGrader()
        grader.gate.clear()
        scoring = scoring_with(grader)
        first = asyncio.create_task(scoring.score([job("slow right")]))
        second = asyncio.create_task(scoring.score([job("slow right"), job("slow wrong")]))
        await asyncio.sleep(0.05)
        grader.gate.set()
        assert [one.verdict.score for one in await first + await second] == [1.0, 1.0, 0.0]
        assert grader.slow_calls == 2
        await scoring.close()

    asyncio.run(run())


def test_a_client_that_goes_away_leaves_its_work_to_the_next_one():
    async def run() -> None:
        grader = ScriptedGrader()
        grader.gate.clear()
        scoring = scoring_with(grader)
        gone = asyncio.create_task(scoring.score([job("slow right")]))
        await asyncio.sleep(0.05)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        back = asyncio.create_task(scoring.score([job("slow right")]))
        await asyncio.sleep(0.05)
        grader.gate.set()
        assert (await back)[0].verdict.score == 1.0
        assert grader.slow_calls == 1
        await scoring.close()

    asyncio.run(run())


def test_slow_verdicts_are_cached_and_failures_of_ours_and_unsure_ones_are_not():
    async def run() -> None:
        cache, grader = MemoryCache(), ScriptedGrader()
        texts = ["slow right", "slow raise", "slow unsure", "fast right"]
        scoring = scoring_with(grader, cache)
        await scoring.score([job(text) for text in texts])
        await asyncio.sleep(0.1)
        assert len(cache.entries) == 1
        again = await scoring.score([job(text) for text in texts])
        assert [one.cached for one in again] == [True, False, False, False]
        assert again[0].verdict.score == 1.0
        await scoring.close()

    asyncio.run(run())


@pytest.mark.parametrize("entry", [b"", b"{}", b"[1,2,3]", b'["correct",2.0,null,{}]', b'["correct",1,7,{}]', b"\xff"])
def test_an_entry_that_cannot_be_read_is_a_miss_and_is_written_anew(entry: bytes):
    async def run() -> None:
        cache, grader = MemoryCache(), ScriptedGrader()
        scoring = scoring_with(grader, cache)
        await scoring.score([job("slow right")])
        await asyncio.sleep(0.05)
        good = dict(cache.entries)
        cache.entries.update(dict.fromkeys(good, entry))
        (graded,) = await scoring.score([job("slow right")])
        assert (graded.verdict.outcome, graded.cached) == (Outcome.CORRECT, False)
        await scoring.close()
        assert cache.entries == good

    asyncio.run(run())


def test_a_batch_reads_and_writes_the_cache_in_one_round_trip_each():
    async def run() -> None:
        cache = MemoryCache()
        scoring = scoring_with(ScriptedGrader(), cache)
        await scoring.score([job(f"slow {n} right") for n in range(200)])
        await asyncio.sleep(0.1)
        assert (cache.reads, cache.writes, len(cache.entries)) == (1, 1, 200)
        await scoring.close()

    asyncio.run(run())


def test_a_new_grader_version_does_not_see_old_verdicts():
    async def run() -> None:
        cache = MemoryCache()
        for version in (1, 2):
            scoring = scoring_with(ScriptedGrader(version), cache)
            graded = await scoring.score([job("slow right")])
            assert not graded[0].cached
            await asyncio.sleep(0.1)
        assert len(cache.entries) == 2

    asyncio.run(run())


def test_another_environment_does_not_see_the_verdicts_of_this_one():
    async def run() -> None:
        cache = MemoryCache()
        for image in ("sha256:a", "sha256:b"):
            grader = ScriptedGrader()
            grader.grader = replace(grader.grader, environment=lambda _task, _resources, image=image: image)
            scoring = scoring_with(grader, cache)
            assert not (await scoring.score([job("slow right")]))[0].cached
            await asyncio.sleep(0.1)
        assert len(cache.entries) == 2

    asyncio.run(run())


def test_a_dead_cache_changes_no_verdict_and_is_used_again_when_it_is_back():
    async def run() -> None:
        cache, grader = MemoryCache(), ScriptedGrader()
        cache.alive = False
        scoring = scoring_with(grader, cache)
        assert (await scoring.score([job("slow right")]))[0].verdict.score == 1.0
        await asyncio.sleep(0.1)
        cache.alive = True
        await scoring.score([job("slow right")])
        await asyncio.sleep(0.1)
        assert (await scoring.score([job("slow right")]))[0].cached
        assert grader.slow_calls == 2
        await scoring.close()

    asyncio.run(run())


def test_a_full_queue_refuses_the_whole_request_before_it_starts_and_takes_it_when_it_has_drained():
    async def run() -> None:
        grader = ScriptedGrader()
        grader.gate.clear()
        scoring = scoring_with(grader, queue_cpu_seconds=2.5)
        running = asyncio.create_task(scoring.score([job("slow 1 right"), job("slow 2 right")]))
        await asyncio.sleep(0.05)
        with pytest.raises(Overloaded) as refusal:
            await scoring.score([job("slow 3 right")])
        assert refusal.value.retry_after_seconds >= 1
        assert grader.slow_calls == 2
        grader.gate.set()
        await running
        assert (await scoring.score([job("slow 3 right")]))[0].verdict.score == 1.0
        assert scoring.admission.queued_cpu_seconds == 0
        await scoring.close()

    asyncio.run(run())


def test_an_empty_queue_admits_a_request_larger_than_its_limit():
    async def run() -> None:
        scoring = scoring_with(ScriptedGrader(), queue_cpu_seconds=1.0)
        graded = await scoring.score([job(f"slow {n} right") for n in range(50)])
        assert all(one.verdict.score == 1.0 for one in graded)
        await scoring.close()

    asyncio.run(run())


def test_every_job_is_streamed_exactly_once_and_the_fast_ones_first():
    async def run() -> None:
        grader = ScriptedGrader()
        grader.gate.clear()
        scoring = scoring_with(grader)
        asyncio.get_running_loop().call_later(0.05, grader.gate.set)
        seen = [index async for index, _ in scoring.stream([job("slow right"), job("fast right"), job("slow right")])]
        assert seen[0] == 1
        assert sorted(seen) == [0, 1, 2]
        await scoring.close()

    asyncio.run(run())


def test_large_tasks_and_long_completions_are_read_in_a_thread_and_judged_alike():
    threads: dict[str, set[str]] = {"compile": set(), "fast": set()}

    def noted(step: str, work: Any) -> Any:
        def run(*arguments: Any) -> Any:
            threads[step].add(threading.current_thread().name)
            return work(*arguments)

        return run

    async def run() -> None:
        scripted = ScriptedGrader()
        scripted.grader = replace(
            scripted.grader, compile=noted("compile", scripted._compile), fast=noted("fast", scripted.grader.fast)
        )
        scoring = scoring_with(scripted)
        large = "x" * 100_000
        (graded,) = await scoring.score([job(f"fast {large} {large}", large)])
        assert graded.verdict.outcome is Outcome.CORRECT
        assert threading.current_thread().name not in threads["compile"] | threads["fast"]
        await scoring.score([job("fast right")])
        assert threading.current_thread().name in threads["compile"] & threads["fast"]
        await scoring.close()

    asyncio.run(run())


def test_a_compiled_task_weighs_what_it_holds():
    tree = ast.parse("assert f(1) == [2, 3]\n" * 500)
    assert weight_of(tree) > 20 * len("assert f(1) == [2, 3]\n" * 500)
    assert weight_of("x" * 1_000_000) > 1_000_000
    assert weight_of(5) < 100


def test_a_deadline_returns_what_is_done_and_the_rest_is_found_later():
    async def run() -> None:
        grader = ScriptedGrader()
        grader.gate.clear()
        scoring = scoring_with(grader)
        first = await scoring.score([job("fast right"), job("slow right"), job("slow wrong")], 0.05)
        assert [one.verdict.outcome for one in first] == [Outcome.CORRECT, Outcome.UNGRADABLE, Outcome.UNGRADABLE]
        assert first[1].verdict.evidence["reason"] == "deadline"
        grader.gate.set()
        again = await scoring.score([job("slow right"), job("slow wrong")], 60.0)
        assert [one.verdict.score for one in again] == [1.0, 0.0]
        assert grader.slow_calls == 2
        await scoring.close()

    asyncio.run(run())


def test_a_deadline_that_has_passed_gives_what_is_known_already():
    async def run() -> None:
        grader = ScriptedGrader()
        scoring = scoring_with(grader)
        await scoring.score([job("slow right")])
        grader.gate.clear()
        for within in (0.0, -1.0):
            known = await scoring.score([job("slow right"), job("fast right"), job("slow wrong")], within)
            assert [one.verdict.score for one in known] == [1.0, 1.0, None]
            assert known[0].cached
        grader.gate.set()
        (again,) = await scoring.score([job("slow wrong")])
        assert (again.verdict.score, grader.slow_calls) == (0.0, 2)
        await scoring.close()

    asyncio.run(run())
