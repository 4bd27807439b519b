"""`trainer-client ping`: is the service ready, how fast does it answer from here, does a trainer's plug reach it?"""

from typing import Annotated

import typer

from trainer_client.adapters import Adapter, discover
from trainer_client.client.client import RewardClient
from trainer_client.client.errors import RewardClientError

_TASK = {"kind": "exact", "ground_truth": "right"}
_ITEMS = [{"task": _TASK, "completion": text} for text in ("right", "wrong", "right", "")]
_EXPECTED = [1.0, 0.0, 1.0, 0.0]


def ping(
    url: Annotated[str, typer.Argument(help="The service.")] = "http://127.0.0.1:8000",
    count: Annotated[int, typer.Option(min=1, help="How many requests to time.")] = 20,
    adapter: Annotated[str | None, typer.Option(help="Also call this trainer's plug as the trainer does.")] = None,
    deadline: Annotated[float, typer.Option(help="Seconds to wait for each answer.")] = 10.0,
) -> None:
    """Check the service: readiness, latency of small requests, and with --adapter a trainer's plug. Exit 1 if not."""
    if adapter is not None and adapter not in discover():
        raise typer.BadParameter(f"{adapter!r} is none of {', '.join(sorted(discover()))}", param_hint="--adapter")
    try:
        with RewardClient(url, deadline_seconds=deadline) as client:
            healthy = _check(client, count)
        if adapter is not None:
            healthy &= _check_adapter(discover()[adapter], url)
    except (RewardClientError, ValueError) as error:
        typer.echo(f"trainer-client: {error}", err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if healthy else 1)


def _check(client: RewardClient, count: int) -> bool:
    ready = client.fetch("/readyz").get("ready") is True
    rewards = [[verdict.reward for verdict in client.score(_ITEMS)] for _ in range(count)]
    right = all(answer == _EXPECTED for answer in rewards)
    seen = client.statistics
    typer.echo(f"ready      {'yes' if ready else 'no, see /readyz'}")
    typer.echo(f"verdicts   {'as expected' if right else f'expected {_EXPECTED}, got {rewards[-1]}'}")
    typer.echo(f"latency    p50 {_ms(seen.latency_p50_seconds)}, p95 {_ms(seen.latency_p95_seconds)}")
    typer.echo(f"retries    {seen.retries}")
    return ready and right


def _check_adapter(adapter: Adapter, url: str) -> bool:
    rewards = adapter.as_called(url, _ITEMS)
    right = rewards == _EXPECTED
    typer.echo(f"{adapter.trainer:<10} {'rewards as expected' if right else f'expected {_EXPECTED}, got {rewards}'}")
    typer.echo(f"           no verdict: {adapter.ungradable}")
    return right


def _ms(seconds: float | None) -> str:
    return "none" if seconds is None else f"{seconds * 1000:.1f} ms"
