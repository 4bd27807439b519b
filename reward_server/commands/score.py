"""`reward-server score FILE`: grade a file of completions, here or against a server, and say how it went."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import aiohttp
import typer
from pydantic import ValidationError
from rich.console import Console

from reward_server.files.offline import LocalScorer, RemoteScorer, versions_at, versions_here
from reward_server.files.plan import Plan, make_plan, takes_plan
from reward_server.files.running import run_plan
from reward_server.http.problems import error_response
from reward_server.service import open_service
from reward_server.settings import SandboxChoice, Settings
from reward_server.telemetry.logs import configure_logging
from reward_server.wire import service_url
from sandboxes.sandbox import SandboxError

_NO_BOUND = 1e12
"""Of the queue: rows come as fast as they are graded, so that there is nobody to turn away."""


@takes_plan
def score(
    options: Mapping[str, Any],
    url: Annotated[str | None, typer.Option(help="Score against this server; in this process if omitted.")] = None,
    sandbox: Annotated[SandboxChoice | None, typer.Option(help="Where programs run.")] = None,
    allow_weak_isolation: Annotated[bool, typer.Option("--allow-weak-isolation", help="As for serve.")] = False,
) -> None:
    """Grade a file of completions; rows are wire items, or any data set with --kind, --completion and so on.

    The same command again grades what is missing, has changed or was malformed, and keeps the rest.
    """
    console = Console(stderr=True, soft_wrap=True)
    configure_logging("console")
    try:
        plan = make_plan(**options)
        settings = _settings(sandbox, allow_weak_isolation)
        status = asyncio.run(_here(plan, settings, console) if url is None else _there(plan, settings, url, console))
    except ValidationError as error:
        _fail(error_response(error.errors()).detail)
    except aiohttp.ClientConnectionError as error:
        _fail(f"{url} is out of reach: {error}. Is the service running there? What was graded is in the output")
    except (SandboxError, aiohttp.ClientError, OSError, ValueError) as error:
        _fail(str(error) or type(error).__name__)
    except KeyboardInterrupt:
        typer.echo("stopped; what was graded is kept, the same command goes on", err=True)
        raise typer.Exit(130) from None
    raise typer.Exit(status)


def _fail(message: str) -> None:
    typer.echo(f"reward-server: {message}", err=True)
    raise typer.Exit(2) from None


def _settings(sandbox: SandboxChoice | None, allow_weak_isolation: bool) -> Settings:
    chosen: dict[str, Any] = {"sandbox": sandbox} if sandbox else {}
    chosen |= {"allow_weak_isolation": True} if allow_weak_isolation else {}
    return Settings(**chosen, queue_cpu_seconds=_NO_BOUND)


async def _here(plan: Plan, settings: Settings, console: Console) -> int:
    async with open_service(settings) as service:
        return await run_plan(plan, LocalScorer(service, plan.rewards), versions_here(), console)


async def _there(plan: Plan, settings: Settings, url: str, console: Console) -> int:
    url = service_url(url)
    token = settings.api_token
    headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10)
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
        versions = await versions_at(session, url)
        return await run_plan(plan, RemoteScorer(session, url, plan.rewards), versions, console)
