"""Kimina's Lean server, passed through: `POST /api/check` (its version 2), and `/kimina/verify` (its version 1).

    KiminaClient(api_url="http://127.0.0.1:8000/kimina")     # or the address alone: version 2 has a path of its own

With `REWARD_LEAN_SERVER` set, requests go to that server and its answers come back as they are: one address and one
API token for a trainer that checks Lean 4 proofs itself. `/verify` alone is NeMo-Gym's here. Without a Lean server, or
where it is out of reach, busy or refuses this server's key, or where what answers is no Lean server (a redirect, a
page, an object without results), the answer is 503: none of those is a verdict on a proof. At most 64 requests are
asked at once, those of the kind `proof` among them; the others wait.

The client judges what Lean prints, and can be cheated there: by `sorry`, axioms, another statement under the same name,
or a message printed by the proof. The kind `proof` of `POST /score` guards against those.
"""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from reward_server.errors import ServiceError
from reward_server.http.bodies import JsonRoute
from reward_server.http.items import refused
from reward_server.proofs.kimina import LeanServer

_SECONDS = 60.0
"""What the Lean server gives a snippet where the request names no `timeout`."""
_MOST_SECONDS = 3600.0
router = APIRouter(route_class=JsonRoute)


@router.post("/api/check", summary="Kimina Lean server: check snippets", response_model=None)
async def check(request: Request, body: dict[str, Any]) -> Response:
    """Have the Lean server check `snippets`."""
    return await _passed_on(request, "/api/check", "snippets", body)


@router.post("/kimina/verify", summary="Kimina Lean server, version 1: check codes", response_model=None)
async def verify(request: Request, body: dict[str, Any]) -> Response:
    """Have the Lean server check `codes`."""
    return await _passed_on(request, "/verify", "codes", body)


async def _passed_on(request: Request, path: str, field: str, body: dict[str, Any]) -> Response:
    if not isinstance(body.get(field), list):
        raise refused(field, "must be a list of objects, each with its Lean code")
    seconds = body.get("timeout", _SECONDS)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= _MOST_SECONDS:
        raise refused("timeout", f"must be seconds, at most {_MOST_SECONDS:g}")
    server: LeanServer | None = request.app.state.service.scoring.resources.lean
    if server is None:
        return _unavailable("no Lean server: start this one with REWARD_LEAN_SERVER")
    try:
        answer = await server.forward(path, body, seconds * max(1, len(body[field])))
    except ServiceError as error:
        return _unavailable(str(error))
    return Response(answer.body, answer.status, media_type=answer.media_type)


def _unavailable(reason: str) -> Response:
    return JSONResponse({"detail": reason}, 503, {"Retry-After": "1"})
