"""What the page asks of the server, as JSON under `/window/api`."""

from typing import Any

from fastapi import APIRouter, Request

from reward_server import __version__
from reward_server.window.plugs import plugs

open_router = APIRouter(prefix="/window/api", include_in_schema=False)
router = APIRouter(prefix="/window/api", include_in_schema=False)


@open_router.get("/about")
async def about(request: Request) -> dict[str, Any]:
    """Return what the page is told before it has a token."""
    settings = request.app.state.settings
    return {"version": __version__, "views": ["playground"], "token": settings.api_token is not None, "api": True}


@router.get("/plugs")
async def list_plugs() -> list[dict[str, str]]:
    """Return the lines that each trainer takes."""
    return plugs()
