"""Logs are opened through the page: `POST /window/api/logs` with one as its body, `DELETE /window/api/logs/ID` later.

The body is `application/x-ndjson`, which no other page can send to a server on its visitor's machine unasked; the
file's name stands in `X-Reward-Log`, percent-encoded. `uploads` says what is kept.
"""

import asyncio
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Header, HTTPException, Request

from reward_server.window.uploads import UploadRefusedError, Uploads

router = APIRouter(prefix="/window/api/logs", include_in_schema=False)


@router.post("", status_code=201)
async def open_log(
    request: Request,
    x_reward_log: Annotated[str, Header(max_length=512)] = "",
    content_type: Annotated[str, Header()] = "",
    content_length: Annotated[int, Header()] = 0,
) -> dict[str, str]:
    """Keep a log; returns what it is asked for by."""
    uploads: Uploads = request.app.state.window.uploads
    if content_type.partition(";")[0].strip().lower() != "application/x-ndjson":
        raise HTTPException(415, "send a log as Content-Type: application/x-ndjson")
    if content_length > uploads.most_bytes:
        raise HTTPException(413, f"the log is larger than the {uploads.most_bytes} bytes that are taken")
    try:
        identity = await uploads.take(unquote(x_reward_log, errors="replace"), request.stream())
    except UploadRefusedError as refused:
        raise HTTPException(refused.status, str(refused)) from None
    except OSError as error:
        raise HTTPException(507, f"the log cannot be kept: {error.strerror or error}") from None
    return {"log": identity}


@router.delete("/{identity}", status_code=204)
async def close_log(request: Request, identity: str) -> None:
    """Remove a log that was opened here."""
    uploads: Uploads = request.app.state.window.uploads
    if not await asyncio.to_thread(uploads.close, identity):
        raise HTTPException(404, "no such log is open here")
