"""Requests that come at once do not keep the event loop for all of them together."""

import asyncio
from typing import Any

from reward_server.serving.draining import Door
from reward_server.serving.turnstile import Turnstile


async def _rounds(count: list[int]) -> None:
    while True:
        count[0] += 1
        await asyncio.sleep(0)


def test_few_pass_in_a_round_and_all_in_the_order_they_came() -> None:
    async def passed() -> list[tuple[int, int]]:
        turnstile, rounds, seen = Turnstile(4), [0], list[tuple[int, int]]()

        async def one(number: int) -> None:
            await turnstile.enter()
            seen.append((rounds[0], number))

        counting = asyncio.create_task(_rounds(rounds))
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(number)) for number in range(40)]
            tasks[7].cancel()
        counting.cancel()
        return seen

    seen = asyncio.run(passed())
    assert [number for _, number in seen] == [number for number in range(40) if number != 7]
    in_rounds = [round_ for round_, _ in seen]
    assert max(map(in_rounds.count, in_rounds)) <= 4


def test_the_health_of_a_server_is_told_between_requests_that_came_before() -> None:
    order = []

    async def application(scope: Any, _receive: Any, _send: Any) -> None:
        order.append(scope["path"])

    async def ask() -> None:
        door = Door(application)
        paths = ["/score"] * 64 + ["/healthz"]
        scopes = [{"type": "http", "path": path} for path in paths]
        await asyncio.gather(*(door(scope, None, None) for scope in scopes))  # type: ignore[arg-type]

    asyncio.run(ask())
    assert len(order) == 65
    assert order.index("/healthz") <= 16
