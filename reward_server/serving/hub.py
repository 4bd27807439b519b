"""The one process of a server that grades slowly, for the processes in front that speak HTTP (`front`).

Here are the sandboxes, the SymPy processes, the cache, what is in flight, admission and quotas: one of each, so that
equal work of two front processes is done once, and a tenant's share is the same whichever process its requests reach.
A front process sends what its fast tier left open of a batch, in one call, and gets verdicts as they are there. What
is kept from one request to the next (tokens, sessions), and all that is asked rarely, is answered by this process's own
application: its requests are passed through.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from fastapi import FastAPI
from prometheus_client.core import Metric

from reward_server.errors import Overloaded
from reward_server.grading.quotas import Tenant, ask_as
from reward_server.grading.scoring import Job
from reward_server.service import Service
from reward_server.serving.channel import Channel, Exchange, Lost
from reward_server.serving.sums import Sum, summed
from reward_server.settings import Settings
from reward_server.telemetry.tracing import go_on_in

Slow = tuple[Tenant, dict[str, str], list[Job], int, float | None]
"""Who asks, in which trace, what is open, how many items the whole request has, seconds until its deadline."""
_PATIENCE_SECONDS = 2.0
"""For the figures of a process in front."""


class Hub:
    """Answers the calls of the processes in front."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        """`app` is this process's own application, whose lifespan has begun."""
        self._app, self._settings = app, settings
        self._fronts: dict[Channel, Sum] = {}
        self._gone = Sum()
        self.ready = asyncio.Semaphore(0)
        """Released by each process in front that accepts connections."""
        app.state.collect = self.collect

    @property
    def fronts(self) -> list[Channel]:
        """The processes in front that live."""
        return list(self._fronts)

    async def serve(self, channel: Channel) -> None:
        """Answer one process in front until it is gone."""
        self._fronts[channel] = Sum()
        try:
            serving = asyncio.create_task(channel.serve())
            watching = asyncio.create_task(self._note_ready(channel))
            await serving
            watching.cancel()
        finally:
            self._gone.add(self._fronts.pop(channel))

    async def _note_ready(self, channel: Channel) -> None:
        with suppress(Lost):
            await channel.ask("ready")
            self.ready.release()

    async def answer(self, name: str, argument: Any, exchange: Exchange) -> None:
        """Answer one call (`channel.Handler`)."""
        answers: Mapping[str, Callable[[Any, Exchange], Any]] = {
            "settings": self._tell_settings,
            "score": self._score,
            "http": self._pass_through,
        }
        await answers[name](argument, exchange)

    async def _tell_settings(self, _argument: None, exchange: Exchange) -> None:
        await exchange.send(self._settings)

    async def _score(self, asked: Slow, exchange: Exchange) -> None:
        """Send `None` when the work is admitted, or the refusal; then (index, graded) as they finish."""
        tenant, traced, jobs, items, within_seconds = asked
        ask_as(tenant)
        go_on_in(traced)
        service: Service = self._app.state.service
        try:
            graded = await service.scoring.begin(jobs, within_seconds, items)
        except Overloaded as full:
            await exchange.send((str(full), full.retry_after_seconds))
            return
        await exchange.send(None)
        async for index, one in graded:
            await exchange.send((index, one))

    async def _pass_through(self, scope: dict[str, Any], exchange: Exchange) -> None:
        """Answer a request by the own application; what it is sent and what it sends go through the exchange."""
        await self._app(scope, exchange.receive, exchange.send)

    async def collect(self) -> Sum:
        """Return the metrics of all processes as one."""
        await asyncio.gather(*map(self._refresh, self._fronts))
        own = list(self._app.state.service.metrics.registry.collect())
        return summed(own, self._gone, *self._fronts.values())

    async def _refresh(self, channel: Channel) -> None:
        """Ask a process in front for its figures; one that does not answer keeps those it gave before."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                metrics: list[Metric] = await channel.ask("metrics")
        except (Lost, TimeoutError):
            return
        if channel in self._fronts:
            self._fronts[channel] = summed(metrics)
