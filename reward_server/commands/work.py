"""`reward-server work`: grade what servers on other machines hand out through Redis."""

import asyncio
import signal
from typing import Annotated, Any

import structlog
import typer
from prometheus_client import start_http_server
from pydantic import ValidationError

from reward_server.complaints import of_settings
from reward_server.executors.fulfilment import settings_to_work
from reward_server.executors.orders import HELD_FOR_EACH_SLOT
from reward_server.executors.worker import Worker
from reward_server.service import open_service
from reward_server.settings import SandboxChoice, Settings
from reward_server.telemetry.logs import configure_logging
from sandboxes.sandbox import SandboxError

_log = structlog.get_logger()


def work(
    url: Annotated[str | None, typer.Option(help="Redis of the servers [REWARD_WORK_URL, REWARD_REDIS_URL].")] = None,
    sandbox: Annotated[SandboxChoice | None, typer.Option(help="Where programs run.")] = None,
    sandbox_slots: Annotated[int | None, typer.Option(help="Programs at a time [one for each core].")] = None,
    allow_weak_isolation: Annotated[bool, typer.Option("--allow-weak-isolation", help="As for serve.")] = False,
    metrics_port: Annotated[int | None, typer.Option(help="Serve /metrics on this port.")] = None,
    metrics_host: Annotated[str, typer.Option(help="Address for it, for a Prometheus elsewhere.")] = "127.0.0.1",
) -> None:
    """Run programs for every server with REWARD_EXECUTOR=redis on the same Redis, until SIGTERM.

    reward-server work --url redis://10.0.0.5:6379/0 --sandbox docker
    """
    chosen: dict[str, Any] = {"sandbox": sandbox, "sandbox_slots": sandbox_slots, "work_url": url}
    given = {name: value for name, value in chosen.items() if value is not None}
    if allow_weak_isolation:
        given["allow_weak_isolation"] = True
    try:
        settings = settings_to_work(**given)
    except ValidationError as error:
        _fail("; ".join(of_settings(error.errors())), 2)
    if settings.orders_url is None:
        _fail("which Redis? Give --url, or set REWARD_WORK_URL or REWARD_REDIS_URL", 2)
    configure_logging(settings.log_format)
    try:
        asyncio.run(_work(settings, (metrics_host, metrics_port)))
    except (SandboxError, OSError) as error:
        _fail(str(error), 3)


def _fail(message: str, status: int) -> None:
    typer.echo(f"reward-server: {message}", err=True)
    raise typer.Exit(status) from None


async def _work(settings: Settings, metrics_at: tuple[str, int | None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as below nohup
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_service(settings) as service:
        if service.sandboxes is None:
            raise SandboxError(f"no programs can be run here: {service.lacking}")
        host, port = metrics_at
        if port is not None:
            start_http_server(port, host, registry=service.metrics.registry)
        assert settings.orders_url is not None, "asked for before"
        about = service.about_programs()
        worker = Worker(
            settings.orders_url,
            service.scoring,
            at_once=about["slots"] * HELD_FOR_EACH_SLOT,
            says=service.about_programs,
            lease_seconds=settings.lease_seconds,
        )
        _log.info("working", name=worker.name, slots=about["slots"], languages=sorted(about["languages"]))
        await worker.run(stop, settings.drain_seconds)
