"""`reward-server view LOG`: the page on a log of verdicts, without a service that grades."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from reward_server import window
from reward_server.serving.listening import address_of, listen


def view(
    log: Annotated[
        Path,
        typer.Argument(help="An audit log, a folder of them, a trainer's journal (its run's folder).", exists=True),
    ],
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 picks a free one.")] = 8100,
    index: Annotated[Path | None, typer.Option(help="Where the index is kept [beside LOG].")] = None,
) -> None:
    """Show runs, groups and completions of a log.

    The log is only read; an index is built beside it, and read on as it grows.

    \b
    reward-server view audit.jsonl
    reward-server view runs/pair-sum --port 0
    reward-server view /mnt/logs/audit.jsonl --index /tmp/audit.index
    """  # noqa: D301 - a sign to click
    app = FastAPI(title="reward-server", docs_url=None, redoc_url=None, openapi_url=None)
    window.mount(app, window.of_log(log, index))
    try:
        listeners = listen("127.0.0.1", port, 1)
    except OSError as error:
        typer.echo(f"reward-server: cannot listen on 127.0.0.1:{port}: {error}; --port 0 picks a free one", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{log} is shown on http://{address_of(listeners[0])}")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
    asyncio.run(server.serve(sockets=listeners))
