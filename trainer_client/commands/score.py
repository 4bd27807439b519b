"""`trainer-client score`: grade a file of completions against a running service, resumably."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from reward_server.files.plan import Plan, make_plan, takes_plan
from reward_server.files.running import run_plan
from reward_server.files.scoring import Item, Record
from trainer_client.client.client import RewardClient
from trainer_client.client.errors import RequestRejected, RewardClientError

_FIRST_ANSWER_SECONDS = 30.0
"""A service that cannot be reached at all is said to be so while somebody looks."""


@takes_plan
def score(
    options: Mapping[str, Any],
    url: Annotated[str, typer.Option(help="The service.")] = "http://127.0.0.1:8000",
    deadline: Annotated[float, typer.Option(help="Seconds to wait for the verdicts of one request.")] = 3600.0,
) -> None:
    """Grade a file of completions; rows are wire items, or any data set with --kind, --completion and so on.

    The same command again grades what is missing, has changed or was malformed, and keeps the rest.

    \b
    trainer-client score answers.jsonl --url http://127.0.0.1:8000
    trainer-client score rows.csv --kind math --completion text --ground-truth gold --label human
    trainer-client score rows.jsonl --json | jq .mean_reward
    """  # noqa: D301 - a sign to click
    try:
        plan = make_plan(**options)
        client = RewardClient(url, rewards=plan.rewards, deadline_seconds=deadline, batch_items=options["batch_size"])
        status = asyncio.run(_score(plan, client))
    except (RewardClientError, OSError, ValueError) as error:
        typer.echo(f"trainer-client: {error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("stopped; what was graded is kept, the same command goes on", err=True)
        raise typer.Exit(130) from None
    raise typer.Exit(status)


async def _score(plan: Plan, client: RewardClient) -> int:
    async with client:
        graders: dict[str, Any] = await client.fetch_async("/graders", _FIRST_ANSWER_SECONDS)
        versions = {kind: f"{kind}/{grader['version']}" for kind, grader in graders.items()}
        return await run_plan(plan, _ClientScorer(client), versions, Console(stderr=True, soft_wrap=True))


class _ClientScorer:
    """Scores through a client; rows that the service refuses come with its reason."""

    def __init__(self, client: RewardClient) -> None:
        self._client = client

    async def score(self, items: Sequence[Item]) -> AsyncGenerator[tuple[int, Record], None]:
        """Yield (place, record) as they finish."""
        places = list(range(len(items)))
        while places:
            left, refused = dict.fromkeys(range(len(places))), dict[int, str]()
            try:
                async for index, verdict in self._client.stream_async([items[place] for place in places]):
                    left.pop(index)
                    yield places[index], verdict.model_dump(mode="json", exclude={"index"})
            except RequestRejected as error:
                refused = {p.row: f"{p.field}: {p.message}" for p in error.problems if p.row is not None}
                if not refused:
                    raise
                for index, reason in refused.items():
                    yield places[index], {"error": reason}
            places = [places[index] for index in left if index not in refused]
