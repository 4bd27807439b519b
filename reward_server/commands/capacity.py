"""`reward-server capacity`: what a load needs, from unit costs that are measured on this machine, now."""

import asyncio
import math
import secrets
import time
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
import typer

from reward_server.graders import Completion, discover
from reward_server.grading.scoring import Graded, Job
from reward_server.service import Service, open_service
from reward_server.settings import SandboxChoice, Settings

_CODE_ITEMS, _CODE_ROUNDS = 32, 3
_MATH_ITEMS, _MATH_ROUNDS = 512, 5
_A_MINUTE = 60.0
_GIB = 1 << 30
_SLOT_BYTES, _SERVER_BYTES = 60 << 20, 300 << 20
"""Of memory, above what docs/capacity.md has at rest; what programs use themselves comes on top."""


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """What one of each costs here."""

    slot_seconds_a_verdict: float
    """A slot's time for a program with its tests, which themselves do next to nothing."""
    hub_seconds_a_verdict: float
    """The server's own CPU time for it."""
    math_seconds: float
    """The server's CPU time for a verdict of mathematics."""
    kept_bytes: int
    """Of a code verdict in the cache, its key included."""
    sent_bytes: int
    """Of a code item and its verdict on the network, the task sent once for sixteen completions."""


def capacity(
    verdicts_a_minute: Annotated[float, typer.Option(min=1, help="Code verdicts, cached ones left out.")] = 1_000_000,
    tests: Annotated[int, typer.Option(min=1, max=1000, help="Tests of a program.")] = 8,
    cpu_seconds: Annotated[float, typer.Option(min=0, help="CPU-seconds that a test of yours takes by itself.")] = 0.0,
    cores: Annotated[int, typer.Option(min=1, help="Cores of a node.")] = 64,
    sandbox: Annotated[SandboxChoice | None, typer.Option(help="Where programs run.")] = None,
) -> None:
    """Measure unit costs in a few seconds, and say what a load of code verdicts needs."""
    chosen: dict[str, Any] = {} if sandbox is None else {"sandbox": sandbox}
    settings = Settings(cache_file="memory", redis_url=None, sandbox_slots=1, audit_file=None, **chosen)
    costs = asyncio.run(_measure(settings, tests))
    typer.echo(f"measured here, with one slot and programs that do next to nothing, best of {_CODE_ROUNDS}:")
    for name, figure in (
        (f"a Python program with {tests} tests", f"{costs.slot_seconds_a_verdict * 1e3:.1f} ms of a slot"),
        ("the server's part of it", f"{costs.hub_seconds_a_verdict * 1e3:.2f} ms of CPU"),
        ("a verdict of mathematics", f"{costs.math_seconds * 1e6:.0f} µs of CPU"),
        ("a code verdict in the cache", f"{costs.kept_bytes} bytes"),
        ("a code item on the network, both ways", f"{costs.sent_bytes} bytes"),
    ):
        typer.echo(f"  {name:<40}{figure}")
    typer.echo(f"{verdicts_a_minute:,.0f} code verdicts a minute, {tests} tests of {cpu_seconds:g} CPU-seconds each:")
    for name, figure in needs(costs, verdicts_a_minute / _A_MINUTE, tests * cpu_seconds, cores):
        typer.echo(f"  {name:<40}{figure}")


def needs(costs: UnitCosts, a_second: float, cpu_seconds: float, cores: int) -> list[tuple[str, str]]:
    """Return what so many code verdicts a second need; `cpu_seconds` is what a program takes by itself."""
    slots = math.ceil(a_second * (costs.slot_seconds_a_verdict + cpu_seconds))
    hubs = math.ceil(a_second * costs.hub_seconds_a_verdict)
    nodes = max(1, math.ceil((slots + hubs) / cores))
    kept = a_second * costs.kept_bytes * 86_400
    memory = (math.ceil(slots / nodes) * _SLOT_BYTES + _SERVER_BYTES * math.ceil(hubs / nodes)) / _GIB
    return [
        ("slots, one for each core", f"{slots:,}"),
        ("cores for servers", f"{hubs:,}, each the hub of its own slots"),
        (f"nodes of {cores} cores", f"{nodes:,}"),
        ("memory of a node at rest", f"{memory:.1f} GiB, and what programs use"),
        ("Redis, of one day's verdicts", f"{kept / _GIB:,.0f} GiB"),
        ("Redis, writes", f"{a_second:,.0f} a second, in pipelines"),
        ("network, all nodes", f"{a_second * costs.sent_bytes * 8 / 1e9:.2f} Gbit/s"),
    ]


async def _measure(settings: Settings, tests: int) -> UnitCosts:
    async with open_service(settings) as service:
        if service.sandboxes is None:
            typer.echo(f"reward-server: code cannot be measured: {service.lacking}", err=True)
            raise typer.Exit(3)
        await _timed(service, _programs(1, tests))  # languages are tested, the slot is warm
        code = [await _timed(service, _programs(_CODE_ITEMS, tests)) for _ in range(_CODE_ROUNDS)]
        mathematics = [await _timed(service, _answers()) for _ in range(_MATH_ROUNDS)]
        job = _programs(1, tests)[0]
        (graded,) = await service.scoring.score([job])
    said = graded.verdict
    verdict = orjson.dumps([said.outcome, said.score, said.answer, said.evidence])
    item = len(job.completion.text) + len(job.task.model_dump_json()) // 16 + 60
    return UnitCosts(
        min(wall for wall, _ in code) / _CODE_ITEMS,
        min(cpu for _, cpu in code) / _CODE_ITEMS,
        min(cpu for _, cpu in mathematics) / _MATH_ITEMS,
        len(verdict) + 90,
        item + len(verdict) + 150,
    )


async def _timed(service: Service, jobs: list[Job]) -> tuple[float, float]:
    """Return seconds and CPU-seconds of this process; every verdict has to be right."""
    wall, cpu = time.perf_counter(), time.process_time()
    graded: list[Graded] = await service.scoring.score(jobs)
    spent = time.perf_counter() - wall, time.process_time() - cpu
    wrong = next((one for one in graded if one.verdict.score != 1.0), None)
    if wrong is not None:
        typer.echo(f"reward-server: a right program was not judged right: {wrong.verdict.evidence}", err=True)
        raise typer.Exit(3)
    return spent


def _programs(count: int, tests: int) -> list[Job]:
    cases = [{"stdin": f"{n}\n", "stdout": f"{n * n}\n"} for n in range(tests)]
    task = discover()["code"].task.model_validate({"kind": "code", "language": "python", "tests": cases})
    text = "```python\nn = int(input())\nprint(n * n)  # {}\n```"
    return [Job(task, Completion(text.format(secrets.token_hex(8)))) for _ in range(count)]


def _answers() -> list[Job]:
    task = discover()["math"].task
    truths = [f"{secrets.randbelow(10**6)}/7" for _ in range(_MATH_ITEMS)]
    asked = [task.model_validate({"kind": "math", "ground_truth": truth}) for truth in truths]
    return [Job(one, Completion(f"so $\\boxed{{{truth}}}$")) for one, truth in zip(asked, truths, strict=True)]
