"""The page at `/`: a playground for every kind of task, what the service does now, and the rewards of runs.

The server's part is small: files of the page, and JSON under `/window/api`. What is drawn is drawn by plain modules in
`page/`; `vendored/` holds other projects' files, which `vendor` pins. No host but this one is asked for anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from pydantic import SecretStr

from reward_server.window import api, files, live
from reward_server.window.records.index import LogIndex


@dataclass(frozen=True)
class Window:
    """What a page shows, and to whom."""

    views: tuple[str, ...]
    log: Path | None = None
    """A file or folder of verdicts; None where there is none."""
    index: LogIndex | None = None
    token: bool = False
    """Whether the API asks for one."""
    reader_token: SecretStr | None = None
    host: str = ""
    """The name that the server listens on."""
    api: bool = True
    """Whether there is the API beside the page."""

    @property
    def guarded(self) -> bool:
        """Whether who reads stored completions has shown a token."""
        return self.token or self.reader_token is not None

    @property
    def about(self) -> dict[str, Any]:
        """What the page is told first."""
        return {"views": list(self.views), "token": self.guarded, "api": self.api}


def of_service(settings: Any) -> Window:
    """Return the window of a service with these settings."""
    tenants = settings.api_keys is not None or settings.api_keys_file is not None
    log = settings.audit_file if settings.reader_token is not None or not tenants else None
    return Window(
        ("playground", "overview", "runs", "look") if log else ("playground", "overview"),
        log,
        LogIndex(log) if log else None,
        settings.api_token is not None or tenants,
        settings.reader_token,
        settings.host,
    )


def of_log(log: Path, index: Path | None = None) -> Window:
    """Return the window of a log alone."""
    return Window(("runs", "look"), log, LogIndex(log, index), api=False)


def mount(app: FastAPI, window: Window, authorise: Callable[..., Any] | None = None) -> None:
    """Serve the page and its data; `authorise` stands before all but the page's own files.

    Where readers have a token of their own, it stands in the API's place before stored completions.
    """
    app.state.window = window
    guard = [Depends(authorise)] if authorise is not None else []
    app.include_router(files.router)
    app.include_router(api.open_router)
    app.include_router(api.router, dependencies=guard)
    if window.api:
        app.include_router(live.router, dependencies=guard)
    if window.index is not None:
        before = [] if window.reader_token is not None else guard
        app.include_router(api.records, dependencies=[*before, Depends(api.may_read)])
