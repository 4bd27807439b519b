"""`reward-server demo`: score a bundled run of mixed tasks and serve the page on it."""

import asyncio
import errno
import os
import sys
import webbrowser
from typing import Annotated, Any

import typer

from reward_server.http.answers import prepare, render
from reward_server.http.app import create_app
from reward_server.http.origin import note_origin
from reward_server.http.requests import request_type
from reward_server.service import Service
from reward_server.serving.ending import passing_folder
from reward_server.serving.running import run
from reward_server.settings import SandboxChoice, Settings
from reward_server.telemetry.logs import configure_logging
from reward_server.window.demo import STEPS, batches
from sandboxes.sandbox import SandboxError

_REWARDS = {"accuracy": 1.0, "format": 0.2}


def demo(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 picks a free one.")] = 8000,
    sandbox: Annotated[SandboxChoice, typer.Option(help="Where programs run.")] = "process",
    open_: Annotated[bool, typer.Option("--open/--no-open", help="In a browser, where there is a screen.")] = True,
) -> None:
    """Score a bundled run of mixed tasks, and show it on the page: from its reward curve to the failing test.

    \b
    reward-server demo
    reward-server demo --port 0 --sandbox none
    """  # noqa: D301 - a sign to click
    configure_logging("console")
    with passing_folder("demo") as folder:
        log = folder / "demo.jsonl"
        settings = Settings(
            host="127.0.0.1",
            port=port,
            sandbox=sandbox,
            cache_file="memory",
            audit_file=log,
            page_uploads=folder / "opened",
        )
        try:
            asyncio.run(_serve(settings, open_))
        except KeyboardInterrupt:
            return
        except OSError as error:
            way_out = f" on 127.0.0.1:{port}; --port 0 picks a free one" if error.errno == errno.EADDRINUSE else ""
            typer.echo(f"reward-server: {error}{way_out}", err=True)
            raise typer.Exit(1) from None
        except SandboxError as error:
            typer.echo(f"reward-server: {error}; --sandbox none shows the rest", err=True)
            raise typer.Exit(1) from None


async def _serve(settings: Settings, open_: bool) -> None:
    app = create_app(settings)
    scoring: list[asyncio.Task[None]] = []

    def greet(address: str) -> None:
        page = f"http://{address}/#/runs/run/demo"
        typer.echo(f"the page is at {page}; {STEPS} steps are being scored")
        if open_ and has_screen():
            webbrowser.open(page)
        scoring.append(asyncio.create_task(score_all(app.state.service)))

    try:
        await run(app, settings, greet)
    finally:
        for task in scoring:
            task.cancel()
        await asyncio.gather(*scoring, return_exceptions=True)


def has_screen() -> bool:
    """Say whether a browser would have somewhere to be seen; without, a text browser would take the terminal."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


async def score_all(service: Service) -> None:
    """Score every step as a trainer would have it done."""
    for step, items in batches():
        note_origin({b"x-reward-run": b"demo", b"x-reward-step": str(step).encode()}, f"demo-{step}")
        body: dict[str, Any] = {"items": items, "rewards": _REWARDS}
        batch = prepare(request_type().model_validate(body), max_items=len(items))
        await render(service, batch, await service.scoring.score(batch.jobs))
    typer.echo("scored: the log is gone when this ends")
