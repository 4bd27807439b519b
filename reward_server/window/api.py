"""What the page asks of the server, as JSON under `/window/api`.

Figures and stored completions are for who may enter; where readers have a token of their own, completions are for them.
A service without a token gives stored completions to those who name it by an address or as `localhost` alone: a page
elsewhere cannot point a name of its own at this machine and read what its visitor's service has recorded.
"""

import asyncio
import ipaddress
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import SecretStr

from reward_server import __version__, exact_json
from reward_server.window.plugs import plugs
from reward_server.window.records import asking, curves, looking, tasks
from reward_server.window.records.index import LogIndex

_AWAITED_SECONDS = 0.5
"""For what the log has gained to be read, before an answer is given without it."""
_refreshing: set[asyncio.Future[None]] = set()

open_router = APIRouter(prefix="/window/api", include_in_schema=False)
router = APIRouter(prefix="/window/api", include_in_schema=False)
records = APIRouter(prefix="/window/api", include_in_schema=False)


@open_router.get("/about")
async def about(request: Request) -> dict[str, Any]:
    """Return what the page is told before it has a token."""
    return {"version": __version__, **request.app.state.window.about}


@router.get("/plugs")
async def list_plugs() -> list[dict[str, str]]:
    """Return the lines that each trainer takes."""
    return plugs()


def may_read(request: Request) -> None:
    """Let those in who may read stored completions.

    Raises:
        HTTPException: 401 for a token that is not the readers', 403 for a name that may be anybody's.
    """
    window = request.app.state.window
    if window.reader_token is not None and not _carries(window.reader_token, request.headers):
        raise HTTPException(401, "stored completions ask for the readers' token", {"WWW-Authenticate": "Bearer"})
    if not window.guarded and not _named_safely(request.headers.get("host", ""), window.host):
        detail = "without a token stored completions are given under an address or `localhost` alone"
        raise HTTPException(403, detail)


def _carries(token: SecretStr, headers: Mapping[str, str]) -> bool:
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    right = token.get_secret_value().encode()
    return scheme.lower() == "bearer" and secrets.compare_digest(credentials.strip().encode(), right)


def _named_safely(host: str, own: str) -> bool:
    name = (host if host.endswith("]") else host.rsplit(":", 1)[0]).strip("[]").lower()
    if name in {"localhost", "testserver", own.lower()}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _index_of(request: Request) -> LogIndex:
    """Return the index that is asked: of the log that was opened through the page, if one is named."""
    window, identity = request.app.state.window, request.query_params.get("log", "")
    index: LogIndex | None = window.index
    if identity:
        index = window.uploads.find(identity) if window.uploads is not None else None
        if index is None:
            raise HTTPException(404, "the log that was opened here is closed: open it again under Runs")
    if index is None:
        raise HTTPException(404, "no log is kept here: open one under Runs, or set REWARD_AUDIT_FILE")
    return index


async def _asked(request: Request, ask: Callable[[LogIndex], Any], lacking: str = "") -> Response:
    """Ask the index in a thread, with what the log has gained as far as that is read at once.

    `lacking` is said where there is no answer.
    """
    index = await asyncio.to_thread(_index_of, request)
    loop = asyncio.get_running_loop()
    refreshing = loop.run_in_executor(None, index.refresh)
    _refreshing.add(refreshing)
    refreshing.add_done_callback(_forget)
    await asyncio.wait([refreshing], timeout=_AWAITED_SECONDS)
    try:
        if refreshing.done():
            refreshing.result()
        told = await asyncio.to_thread(_written, ask, index)
    except (OSError, sqlite3.Error, ValueError) as error:  # ValueError: a line of the log that is JSON no longer
        raise HTTPException(503, f"the log or its index, {index.path}, cannot be used: {error}") from None
    if told is None:
        raise HTTPException(404, lacking)
    return Response(told, media_type="application/json")


def _written(ask: Callable[[LogIndex], Any], index: LogIndex) -> bytes | None:
    """Return an answer as JSON.

    Raises:
        ValueError: it is nested deeper than JSON is written here.
    """
    told = ask(index)
    try:
        return None if told is None else exact_json.dumps(told)
    except ValueError as error:
        raise ValueError(f"a line cannot be shown: {error}") from None


def _forget(done: asyncio.Future[None]) -> None:
    _refreshing.discard(done)
    done.cancelled() or done.exception()


Name = Annotated[str, Query(max_length=512)]
Step = Annotated[int, Query(ge=-(2**63), lt=2**63)]
"""What SQLite holds as an integer."""
Number = Annotated[int, Query(ge=0, lt=2**63)]


@records.get("/runs")
async def runs(request: Request) -> Response:
    """Return the runs in the log, and how much of it is indexed."""
    return await _asked(request, lambda index: {"runs": asking.runs(index), "progress": index.progress()})


@records.get("/curve")
async def curve(request: Request, run: Name = "", kind: Name = "", task: Number | None = None) -> Response:
    """Return columns by step: of a run, or of one task in it or in every run."""
    if task is not None:
        return await _asked(request, lambda index: tasks.curve(index, task, run), f"no task {task} in the log")
    if not run:
        raise HTTPException(422, "run: name one, or a task")
    return await _asked(request, lambda index: curves.curve(index, run, kind))


@records.get("/groups")
async def groups(request: Request, run: Name, step: Step) -> Response:
    """Return the groups of a step."""
    return await _asked(request, lambda index: asking.groups(index, run, step))


@records.get("/task")
async def task(request: Request, id: Number) -> Response:  # noqa: A002 - as the page calls it
    """Return what became of a task in every run."""
    return await _asked(request, lambda index: tasks.task(index, id), f"no task {id} in the log")


@records.get("/verdicts")
async def verdicts(
    request: Request,
    *,
    run: Name = "",
    step: Step | None = None,
    kind: Name = "",
    outcome: Name = "",
    signal: Name = "",
    group: Number | None = None,
    after: Number = 0,
) -> Response:
    """Return one page of verdicts."""
    wanted = asking.Wanted(run, step, kind, outcome, signal, group, after)
    return await _asked(request, lambda index: asking.verdicts(index, wanted))


@records.get("/verdict")
async def verdict(request: Request, id: Number) -> Response:  # noqa: A002 - as the page calls it
    """Return one verdict with everything."""
    return await _asked(request, lambda index: asking.verdict(index, id), f"no verdict {id} in the log")


@records.get("/look")
async def look(request: Request, run: Name = "") -> Response:
    """Return where to look first."""
    return await _asked(request, lambda index: looking.look(index, run))
