"""The files of the page, as they are served: modules, style and what is vendored."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException
from fastapi.responses import Response

FOLDER = Path(__file__).parent
"""Of `page/` and `vendored/`."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing inline runs, whatever a completion says."""
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".html": "text/html",
    ".svg": "image/svg+xml",
}
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}

router = APIRouter(include_in_schema=False)


@cache
def _known() -> dict[str, Path]:
    return {
        path.relative_to(FOLDER).as_posix(): path
        for part in ("page", "vendored")
        for path in (FOLDER / part).rglob("*")
        if path.suffix in _TYPES
    }


@router.get("/")
async def page() -> Response:
    """Return the page."""
    headers = {**_HEADERS, "Content-Security-Policy": POLICY}
    return Response((FOLDER / "page" / "index.html").read_bytes(), media_type="text/html", headers=headers)


@router.get("/window/static/{name:path}")
async def file(name: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """Return one of the page's files, or say that it is still the same."""
    path = _known().get(name)
    if path is None:
        raise HTTPException(404, f"no file {name[:80]!r}")
    content = path.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": tag}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_TYPES[path.suffix], headers=headers)
