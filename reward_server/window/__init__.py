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

from reward_server.window import api, files, live, opening
from reward_server.window.records.index import LogIndex
from reward_server.window.uploads import Uploads

STREAMED = "/window/api/logs"
"""Where bodies are read a piece at a time."""


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
    uploads: Uploads | None = None
    """Where logs are opened through the page; None where they are not."""

    @property
    def guarded(self) -> bool:
        """Whether who reads stored completions has shown a token."""
        return self.token or self.reader_token is not None

    @property
    def about(self) -> dict[str, Any]:
        """What the page is told first."""
        return {"views": list(self.views), "token": self.guarded, "api": self.api} | {
            "log": self.index is not None, "uploads": self.uploads.most_bytes if self.uploads is not None else 0
        }  # fmt: skip


def of_service(settings: Any) -> Window:
    """Return the window of a service with these settings."""
    tenants = settings.api_keys is not None or settings.api_keys_file is not None
    shown = settings.reader_token is not None or not tenants
    log = settings.audit_file if shown else None
    uploads = Uploads(settings.page_uploads, settings.page_upload_bytes) if shown and settings.page_uploads else None
    return Window(
        ("playground", "overview", "runs", "look") if log or uploads else ("playground", "overview"),
        log,
        LogIndex(log) if log else None,
        settings.api_token is not None or tenants,
        settings.reader_token,
        settings.host,
        uploads=uploads,
    )


def of_log(log: Path | None, index: Path | None = None, uploads: Uploads | None = None) -> Window:
    """Return the window of a log alone, or of none yet but those that are opened through it."""
    return Window(("runs", "look"), log, LogIndex(log, index) if log else None, api=False, uploads=uploads)


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
    before = [] if window.reader_token is not None else guard
    if window.index is not None or window.uploads is not None:
        app.include_router(api.records, dependencies=[*before, Depends(api.may_read)])
    if window.uploads is not None:
        app.include_router(opening.router, dependencies=[*before, Depends(api.may_read)])
