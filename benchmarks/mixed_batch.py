"""How many verdicts a second a shuffled batch of all kinds without a sandbox gets, in this process's fast tier."""

import asyncio
import random
import time

from reward_server.files.auditing import shipped_cases
from reward_server.graders import Completion, discover
from reward_server.grading.scoring import Job
from reward_server.service import open_service
from reward_server.settings import Settings

_USUAL = 4_000
_EACH = 40
_ROUNDS = 5


def jobs() -> list[Job]:
    """Return honest cases of usual length, as many of each kind, that its fast tier decides."""
    chosen, rng = [], random.Random(7)
    for kind, grader in discover().items():
        if grader.needs_sandbox:
            continue
        cases = [case for case in shipped_cases(kind)[0] if len(case.completion) <= _USUAL]
        compiled = [(case, grader.task.model_validate(case.task)) for case in cases]
        fast = [
            Job(task, Completion(case.completion))
            for case, task in compiled
            if grader.fast(grader.compile(task), Completion(case.completion)) is not None
        ]
        chosen += [rng.choice(fast) for _ in range(_EACH)] if fast else []
    rng.shuffle(chosen)
    return chosen


async def main() -> None:
    batch = jobs()
    async with open_service(Settings(sandbox="none", cache_file="memory")) as service:
        await service.scoring.score(batch)
        best = 1e9
        for number in range(_ROUNDS):
            # another text each round, so that no verdict is another's
            varied = [Job(job.task, Completion(job.completion.text + " " * number)) for job in batch]
            started = time.perf_counter()
            await service.scoring.score(varied)
            best = min(best, time.perf_counter() - started)
    kinds = len({job.task.kind for job in batch})  # type: ignore[attr-defined]
    print(f"{len(batch)} items of {kinds} kinds: {len(batch) / best:,.0f} verdicts/s in one process")


if __name__ == "__main__":
    asyncio.run(main())
