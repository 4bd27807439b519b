"""`reward-server view LOG`: the page on a log of verdicts, without a service that grades."""

import asyncio
import contextlib
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from reward_server import window
from reward_server.serving.ending import passing_folder
from reward_server.serving.listening import address_of, listen
from reward_server.window.uploads import Uploads

_LARGEST = 2 << 30
"""Bytes of a log that is opened through the page."""


def view(
    log: Annotated[
        Path | None,
        typer.Argument(
            help="An audit log, a folder of them, a trainer's journal (its run's folder). Without it the page asks.",
            exists=True,
        ),
    ] = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 picks a free one.")] = 8100,
    index: Annotated[Path | None, typer.Option(help="Where the index is kept [beside LOG].")] = None,
    uploads: Annotated[bool, typer.Option(help="Let the page open other logs; they are gone when this ends.")] = True,
) -> None:
    """Show runs, groups and completions of a log.

    The log is only read; an index is built beside it, and read on as it grows.

    \b
    reward-server view
    reward-server view audit.jsonl
    reward-server view runs/pair-sum --port 0
    reward-server view /mnt/logs/audit.jsonl --index /tmp/audit.index
    """  # noqa: D301 - a sign to click
    if log is None and not uploads:
        raise typer.BadParameter("name a log, or let the page open one", param_hint="LOG")
    app = FastAPI(title="reward-server", docs_url=None, redoc_url=None, openapi_url=None)
    try:
        listeners = listen("127.0.0.1", port, 1)
    except OSError as error:
        typer.echo(f"reward-server: cannot listen on 127.0.0.1:{port}: {error}; --port 0 picks a free one", err=True)
        raise typer.Exit(1) from None
    with passing_folder("view") as folder:
        opened = Uploads(folder, _LARGEST) if uploads else None
        window.mount(app, window.of_log(log, index, opened))
        typer.echo(f"{log or 'the page'} is shown on http://{address_of(listeners[0])}")
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(server.serve(sockets=listeners))
