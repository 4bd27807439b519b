"""The page at `/`: a playground for every kind of task, what the service does now, and the rewards of runs.

The server's part is small: files of the page, and JSON under `/window/api`. What is drawn is drawn by plain modules in
`page/`; `vendored/` holds other projects' files, which `vendor` pins. No host but this one is asked for anything.
"""

from collections.abc import Callable
from typing import Any

from fastapi import Depends, FastAPI

from reward_server.window import api, files


def mount(app: FastAPI, authorise: Callable[..., Any]) -> None:
    """Serve the page and its data; `authorise` stands before all but the page's own files."""
    app.include_router(files.router)
    app.include_router(api.open_router)
    app.include_router(api.router, dependencies=[Depends(authorise)])
