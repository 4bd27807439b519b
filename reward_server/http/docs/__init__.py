"""`/docs`: the API's own page, served whole by this server, so that it works without the internet.

The files in `assets` are Swagger UI's, fetched once by `vendor`, which pins their digests; `start.js` is ours.
"""

from importlib.resources import files

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

router = APIRouter(include_in_schema=False)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>reward-server: API</title>
<link rel="icon" href="docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
</head>
<body>
<div id="documentation"></div>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/assets/start.js"></script>
</body>
</html>
"""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
_TYPES = {"js": "text/javascript", "css": "text/css", "png": "image/png"}


@router.get("/docs")
async def page() -> Response:
    """Return the page."""
    return Response(_PAGE, media_type="text/html", headers=_HEADERS)


@router.get("/redoc")
async def other_page() -> RedirectResponse:
    """Send those who know the other page to the one there is."""
    return RedirectResponse("docs")


@router.get("/docs/assets/{name}")
async def asset(name: str) -> Response:
    """Return one of the page's files."""
    found = files(__name__).joinpath("assets", name)
    kind = _TYPES.get(name.rpartition(".")[2])
    if "/" in name or kind is None or not found.is_file():
        raise HTTPException(404, f"no file {name[:80]!r}")
    return Response(found.read_bytes(), media_type=kind, headers={"Cache-Control": "public, max-age=86400"})
