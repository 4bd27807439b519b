"""`reward-server serve`: read the settings, start the service, and say what keeps it from starting."""

import asyncio
import errno
import importlib
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

import structlog
import typer
from pydantic import ValidationError

from reward_server.complaints import of_settings
from reward_server.files.formats import RowError
from reward_server.grading.sandboxing import start_pool
from reward_server.grading.workers import begin_imports
from reward_server.http.keys import KeysError
from reward_server.serving.ending import end_in_order_on_sigterm
from reward_server.settings import SandboxChoice, Settings
from reward_server.telemetry.logs import configure_logging
from sandboxes.sandbox import SandboxError

_log = structlog.get_logger()


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 picks a free one [8000].")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that speak HTTP [1].")] = None,
    take_over: Annotated[
        bool | None, typer.Option("--take-over", help="Take over the port of the server that runs there.")
    ] = None,
    redis_url: Annotated[str | None, typer.Option(help="Keep verdicts in this Redis.")] = None,
    cache_file: Annotated[str | None, typer.Option(help="The embedded cache's file, or `memory`.")] = None,
    sandbox: Annotated[SandboxChoice | None, typer.Option(help="Where programs run.")] = None,
    sandbox_slots: Annotated[int | None, typer.Option(help="Programs at a time [one for each core].")] = None,
    sandbox_runtime: Annotated[str | None, typer.Option(help="Container runtime, such as runsc.")] = None,
    allow_weak_isolation: Annotated[
        bool | None, typer.Option("--allow-weak-isolation", help="Run untrusted code without real isolation.")
    ] = None,
    tasks_file: Annotated[Path | None, typer.Option(help="Tasks that this server keeps: a file of rows.")] = None,
    audit_file: Annotated[Path | None, typer.Option(help="Append every graded item to this JSONL file.")] = None,
    log_format: Annotated[Literal["console", "json"] | None, typer.Option(help="How to log.")] = None,
) -> None:
    """Serve on 127.0.0.1:8000 with embedded defaults. Every option is also a REWARD_* variable."""
    given = {name: value for name, value in locals().items() if value is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        for line in of_settings(error.errors()):
            typer.echo(f"reward-server: {line}", err=True)
        raise typer.Exit(2) from None
    configure_logging(settings.log_format)
    for name, near in Settings.unknown_names().items():
        hint = f"; did you mean {near}?" if near else ""
        _tell(settings, f"{name} is set and is no setting: it is ignored{hint}")
    if (trouble := _out_of_reach(settings)) is not None:
        _tell(settings, trouble)
        raise typer.Exit(2)
    end_in_order_on_sigterm()
    try:
        with suppress(KeyboardInterrupt):  # uvicorn has stopped in order and hands the signal on
            asyncio.run(_serve(settings))
    except RowError as error:
        typer.echo(f"reward-server: REWARD_TASKS_FILE: {error}", err=True)
        raise typer.Exit(2) from None
    except KeysError as error:
        _tell(settings, str(error))
        raise typer.Exit(2) from None
    except SandboxError as error:
        _tell(settings, str(error))
        raise typer.Exit(3) from None
    except OSError as error:
        way_out = "; --port 0 picks a free one" if error.errno == errno.EADDRINUSE else ""
        _tell(settings, f"cannot listen on {settings.host}:{settings.port}: {error}{way_out}")
        raise typer.Exit(1) from None


async def _serve(settings: Settings) -> None:
    """Import the server, a second's work, while other processes on other cores become the workers and the sandboxes."""
    begin_imports()
    pool = asyncio.create_task(start_pool(settings))
    try:
        greeting = await asyncio.to_thread(importlib.import_module, "reward_server.serving.greeting")
        await greeting.serve(settings, pool)
    finally:
        pool.cancel()
        await asyncio.wait([pool])
        if not pool.cancelled() and pool.exception() is None and (started := pool.result()[0]) is not None:
            await started.close()


def _out_of_reach(settings: Settings) -> str | None:
    """Return which setting names what cannot be read or written; None where all can."""
    if settings.tasks_file is not None and not settings.tasks_file.exists():
        return f"REWARD_TASKS_FILE: there is no {settings.tasks_file}"
    try:
        if settings.audit_file is not None:
            settings.audit_file.parent.mkdir(parents=True, exist_ok=True)
            settings.audit_file.open("ab").close()
    except OSError as error:
        return f"REWARD_AUDIT_FILE: cannot write {settings.audit_file}: {error.strerror or error}"
    try:
        if settings.page_uploads is not None:
            settings.page_uploads.mkdir(0o700, parents=True, exist_ok=True)
    except OSError as error:
        return f"REWARD_PAGE_UPLOADS: cannot make {settings.page_uploads}: {error.strerror or error}"
    return None


def _tell(settings: Settings, text: str) -> None:
    if settings.log_format == "json":
        _log.error(text)
    else:
        typer.echo(f"reward-server: {text}", err=True)
