"""Turns are handed out first come first served within a tenant, in rotation between tenants, and never lost."""

import asyncio

from sandboxes.turns import Turns, tenant


def test_a_small_tenant_is_not_queued_behind_a_large_one() -> None:
    order: list[str] = []

    async def work(turns: Turns, name: str) -> None:
        tenant.set(name[0])
        async with turns.take():
            order.append(name)
            await asyncio.sleep(0)

    async def scenario() -> None:
        turns = Turns(1)
        await asyncio.gather(*(work(turns, name) for name in ("a1", "a2", "a3", "a4", "b1")))

    asyncio.run(scenario())
    assert order == ["a1", "a2", "b1", "a3", "a4"]


def test_a_cancelled_waiter_neither_blocks_nor_loses_a_turn() -> None:
    async def scenario() -> int:
        turns = Turns(1)
        async with turns.take():
            waiters = [asyncio.ensure_future(_hold(turns)) for _ in range(3)]
            await asyncio.sleep(0)
            waiters[0].cancel()
            waiters[2].cancel()
            await asyncio.sleep(0)
        await waiters[1]
        async with asyncio.timeout(1), turns.take():
            return turns.waiting()

    assert asyncio.run(scenario()) == 0


def test_a_waiter_cancelled_with_its_turn_in_hand_passes_it_on() -> None:
    async def scenario() -> None:
        turns = Turns(1)
        async with turns.take():
            waiter = asyncio.ensure_future(_hold(turns))
            await asyncio.sleep(0)
        waiter.cancel()
        await asyncio.gather(waiter, return_exceptions=True)
        async with asyncio.timeout(1), turns.take():
            assert turns.waiting() == 0

    asyncio.run(scenario())


def test_no_more_than_the_capacity_run_at_once() -> None:
    running, most = 0, 0

    async def work(turns: Turns) -> None:
        nonlocal running, most
        async with turns.take():
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    async def scenario() -> None:
        turns = Turns(3)
        await asyncio.gather(*(work(turns) for _ in range(20)))

    asyncio.run(scenario())
    assert most == 3


def test_more_turns_let_waiters_in_and_fewer_are_kept_by_who_has_them() -> None:
    async def scenario() -> None:
        turns, go = Turns(1), asyncio.Event()
        done = [asyncio.ensure_future(_hold(turns, go)) for _ in range(6)]
        await asyncio.sleep(0)
        assert turns.waiting() == 5
        turns.resize(4)
        assert (turns.waiting(), turns.free) == (2, 0)
        turns.resize(2)
        late = asyncio.ensure_future(_hold(turns, go))
        await asyncio.sleep(0)
        assert (turns.waiting(), turns.free) == (3, -2)
        go.set()
        async with asyncio.timeout(1):
            await asyncio.gather(late, *done)
        assert (turns.waiting(), turns.free) == (0, 2)

    asyncio.run(scenario())


def test_a_turn_that_is_given_up_early_is_given_up_once() -> None:
    async def scenario() -> None:
        turns = Turns(1)
        async with turns.take() as give_up:
            give_up()
            give_up()
            assert turns.free == 1
        assert turns.free == 1

    asyncio.run(scenario())


async def _hold(turns: Turns, go: asyncio.Event | None = None) -> None:
    async with turns.take():
        await (asyncio.sleep(0) if go is None else go.wait())
