"""What the client saves: single calls against coalesced calls against one batch, side by side on a live server.

    python benchmarks/client_batching.py [COMPLETIONS]

Prints the client's CPU time and the wall time for the same completions (one prompt's task, cached after the first way,
so the transport is what is measured), and each as a ratio to the batch.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.trainer_client.live import live_service
from trainer_client import RewardClient, pair
from trainer_client.client.coalescing import Coalescer

TASK = {"kind": "math", "ground_truth": "1/2"}
REPEATS = 5


def measured(way: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return the least (CPU seconds, wall seconds) of a few runs in this process."""
    times = []
    for _ in range(REPEATS):
        cpu, wall = time.process_time(), time.perf_counter()
        asyncio.run(way())
        times.append((time.process_time() - cpu, time.perf_counter() - wall))
    return min(time[0] for time in times), min(time[1] for time in times)


def main(count: int = 512) -> None:
    """Print the table."""
    completions = [rf"so it is \boxed{{{number}/{count}}} " + "because " * 200 for number in range(count)]
    items = pair([TASK] * count, completions)
    with live_service() as url, RewardClient(url) as client:
        coalescer = Coalescer(client)

        async def singly() -> None:
            await asyncio.gather(*(client.score_async([item]) for item in items))

        async def coalesced() -> None:
            await asyncio.gather(*(coalescer.score(TASK, text) for text in completions))

        async def together() -> None:
            await client.score_async(items)

        asyncio.run(together())
        found = {way.__name__: measured(way) for way in (together, coalesced, singly)}
    base = found["together"]
    print(f"{count} completions of {len(completions[0])} characters; best of {REPEATS}")
    for name, (cpu, wall) in found.items():
        ratios = f"{cpu / base[0]:5.1f} x CPU {wall / base[1]:5.1f} x wall"
        print(f"{name:<10} CPU {cpu * 1000:7.1f} ms   wall {wall * 1000:7.1f} ms   {ratios}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
