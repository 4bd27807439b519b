"""`reward-server score FILE`: grade a file of completions, here or against a server, and say how it went."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Any

import aiohttp
import typer
from pydantic import ValidationError
from rich.console import Console

from reward_server import exact_json
from reward_server.files.offline import LocalScorer, RemoteScorer, versions_at, versions_here
from reward_server.files.plan import Plan, make_plan, takes_plan
from reward_server.files.running import run_plan
from reward_server.files.scoring import Scored
from reward_server.files.summary import is_passing
from reward_server.http.problems import error_response
from reward_server.service import open_service
from reward_server.settings import SandboxChoice, Settings
from reward_server.telemetry.logs import configure_logging
from reward_server.window.report import write_report
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
    report: Annotated[Path | None, typer.Option(help="Write a page that needs no server to this file.")] = None,
) -> None:
    """Grade a file of completions; rows are wire items, or any data set with --kind, --completion and so on.

    The same command again grades what is missing, has changed or was malformed, and keeps the rest.

    \b
    reward-server score answers.jsonl
    reward-server score gsm8k.parquet --completion response --report page.html
    reward-server score rows.csv --kind math --completion text --ground-truth gold --label human
    reward-server score rows.jsonl --url http://127.0.0.1:8000 --json | jq .mean_reward
    """  # noqa: D301 - a sign to click
    console = Console(stderr=True, soft_wrap=True)
    configure_logging("console")
    try:
        plan = make_plan(**options)
        settings = _settings(sandbox, allow_weak_isolation)
        with _reporting(plan, report) as note:
            scoring = (
                _here(plan, settings, console, note) if url is None else _there(plan, settings, url, console, note)
            )
            status = asyncio.run(scoring)
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


@contextmanager
def _reporting(plan: Plan, target: Path | None) -> Iterator[Callable[[Scored], None]]:
    """Yield what is told of every row; at the end the report is written, where one is wanted."""
    if target is None:
        yield lambda _scored: None
        return
    target.touch()  # better said now than after an hour
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "scored.jsonl"
        with log.open("wb") as file:
            yield lambda scored: _write(file, plan, scored)
        held = write_report(log, target)
    typer.echo(f"report: {target} ({held} completions with everything)", err=plan.json)


def _write(file: IO[bytes], plan: Plan, scored: Scored) -> None:
    if "error" in scored.record:
        return
    item = plan.layout.item(scored.row.value)
    value = scored.row.value
    row: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    known = plan.label is not None and plan.label in row
    label: dict[str, Any] = {"label": is_passing(row[str(plan.label)])} if known else {}
    beside = {name: item[name] for name in ("task", "prompt", "group") if name in item}
    line: dict[str, Any] = dict(scored.record) | label | beside
    line |= {"completion": _text(item["completion"]), "run": plan.name, "step": 0}
    file.write(exact_json.dumps(line) + b"\n")


def _text(completion: Any) -> str:
    return completion if isinstance(completion, str) else json.dumps(completion, ensure_ascii=False)


async def _here(plan: Plan, settings: Settings, console: Console, note: Callable[[Scored], None]) -> int:
    async with open_service(settings) as service:
        return await run_plan(plan, LocalScorer(service, plan.rewards), versions_here(), console, note)


async def _there(plan: Plan, settings: Settings, url: str, console: Console, note: Callable[[Scored], None]) -> int:
    url = service_url(url)
    token = settings.api_token
    headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10)
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
        versions = await versions_at(session, url)
        return await run_plan(plan, RemoteScorer(session, url, plan.rewards), versions, console, note)
