"""The HTTP surface: parse, hand to scoring, answer. No grading logic.

`/score` takes and gives JSON; with `Accept: application/x-ndjson` it streams one verdict a line as they finish, each
with its `index`. `/healthz` says the process lives, `/readyz` that its self-tests passed, `/metrics` speaks
Prometheus, `/graders` lists kinds with their schemas. Protocols of other systems are routers in `protocols/`.
"""

import asyncio
import importlib
import pkgutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from http.client import responses
from importlib.metadata import entry_points
from math import ceil
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse, StreamingResponse
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import HTTPConnection

from reward_server import __version__, graders, protocols, rewards, window
from reward_server.errors import Overloaded
from reward_server.grading.quotas import ask_as
from reward_server.http import docs
from reward_server.http.answers import RequestRefused, prepare, render, stream_lines
from reward_server.http.bodies import JsonRoute
from reward_server.http.docs.openapi import described
from reward_server.http.intake import Intake
from reward_server.http.keys import WRONG_KEY, KeyRing
from reward_server.http.leaving import while_connected
from reward_server.http.logbook import PROBES, Logbook
from reward_server.http.problems import about_path, error_response
from reward_server.http.registry import Registry
from reward_server.http.requests import request_type
from reward_server.service import Service, open_service
from reward_server.settings import Settings
from reward_server.wire import ErrorResponse, ScoreResponse

_NDJSON = "application/x-ndjson"
_REFUSALS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorResponse, "description": text}
    for code, text in {
        401: "The bearer token is missing or wrong",
        415: "The body is not `application/json`, or in an encoding that is not taken",
        413: "The body is larger than this server takes",
        422: "A row is malformed; `problems` names row and field",
        429: "The queue of slow work is full, or a quota used up; Retry-After says when to come back",
    }.items()
}

Opener = Callable[[Settings], AbstractAsyncContextManager[Service]]
router = APIRouter(route_class=JsonRoute)


@router.post("/score", response_model=ScoreResponse, summary="Grade a batch: one verdict for each item")
async def score(
    request: Request,
    body: request_type(),  # type: ignore[valid-type] # made at start-up
    x_deadline_seconds: Annotated[float | None, Header(allow_inf_nan=False)] = None,
    x_reward_run: Annotated[str, Header(max_length=512)] = "",
    x_reward_step: Annotated[int | None, Header()] = None,
) -> Response:
    """Grade every item and compose its reward; verdicts come in request order.

    With `Accept: application/x-ndjson` verdicts are streamed, one a line, as they finish. What `X-Deadline-Seconds`
    leaves unfinished is `ungradable` with reason `deadline`; it goes on, and is there when it is asked for again. With
    0 or less, what is known already comes back.
    `X-Reward-Run` and `X-Reward-Step` name the run and its step in the audit log and on the page.
    """
    del x_reward_run, x_reward_step  # documented and validated here, kept by `origin` for every protocol
    service: Service = request.app.state.service
    batch = prepare(body, max_items=service.settings.max_items, kept=request.app.state.registry.named)
    if _NDJSON in request.headers.get("accept", ""):
        lines = stream_lines(service, batch, x_deadline_seconds)
        async with while_connected(request):
            first = await anext(lines)  # an overloaded server must say so before the status line is sent
        return StreamingResponse(_chain(first, lines), media_type=_NDJSON)
    async with while_connected(request):
        graded = await service.scoring.score(batch.jobs, x_deadline_seconds)
    return Response(await render(service, batch, graded), media_type="application/json")


async def _chain(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for line in rest:
        yield line


health = APIRouter()


@health.get("/healthz", summary="The process lives")
async def healthz() -> dict[str, str]:
    """Answer at once, whatever the load."""
    return {"status": "ok", "version": __version__}


@health.get("/readyz", summary="Self-tests passed; isolation level, languages, cache", response_model=None)
async def readyz(request: Request, kind: str = "") -> Response:
    """Answer 200 when every kind that needs no sandbox serves, 503 before that and otherwise.

    With `?kind=code` it is asked whether that kind serves: 503 also while no sandbox lives, 404 for no kind.
    """
    state = request.app.state.service.describe()
    if kind and kind not in state["graders"]:
        raise HTTPException(404, f"kind: there is no {kind!r}, but {', '.join(sorted(state['graders']))}")
    ready = state["graders"][kind]["ready"] if kind else state["ready"]
    body = orjson.dumps(state, option=orjson.OPT_INDENT_2, default=str)
    return Response(body, status_code=200 if ready else 503, media_type="application/json")


@health.get("/metrics", summary="Prometheus metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Return the metrics as text; as OpenMetrics, with exemplars, for who accepts that."""
    figures = await request.app.state.collect()
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(figures), media_type=content_type)


@router.get("/graders", summary="Task kinds with versions and JSON schemas")
async def list_graders() -> dict[str, Any]:
    """Return each kind with its version, the schema of its task, and examples with the outcomes they must get.

    `request` has the examples as a body that `/score` takes as it is.
    """
    return {kind: _described(kind, grader) for kind, grader in sorted(graders.discover().items())}


def _described(kind: str, grader: graders.Grader[Any, Any]) -> dict[str, Any]:
    items = [{"task": {"kind": kind} | one.task, "completion": one.completion} for one in grader.examples]
    return {
        "version": grader.version,
        "task_schema": grader.task.model_json_schema(),
        "example": items[0],
        "request": {"items": items},
        "examples": [item | {"outcome": one.outcome} for item, one in zip(items, grader.examples, strict=True)],
    }


@router.get("/rewards", summary="Reward parts with the schemas of their options")
async def list_rewards() -> dict[str, Any]:
    """Return each part with what it measures, the schema of its options, and whether it sees groups as a whole."""
    parts: dict[str, rewards.RewardPart[Any] | rewards.GroupPart[Any]] = {**rewards.discover()}
    parts |= rewards.discover_group_parts()
    return {
        name: {
            "about": rewards.about(part),
            "sees_groups": isinstance(part, rewards.GroupPart),
            "options_schema": part.options.model_json_schema(),
        }
        for name, part in sorted(parts.items())
    }


async def _documentation() -> RedirectResponse:
    """Send people to the documentation where there is no page."""
    return RedirectResponse("docs")


async def _authorise(request: HTTPConnection) -> None:
    """Ask for the key where `Intake` did not: it looks at requests with bodies alone."""
    if (tenant := request.app.state.keys.holder(request.headers)) is None:
        raise HTTPException(401, WRONG_KEY, {"WWW-Authenticate": "Bearer"})
    ask_as(tenant)


def _is_probe(scope: MutableMapping[str, Any]) -> bool:
    return scope.get("path") in PROBES


async def _own_figures(service: Service) -> Collector:
    return service.metrics.registry


def create_app(settings: Settings, registry: Registry | None = None, open_: Opener = open_service) -> FastAPI:
    """Return the application; its parts start and stop with its lifespan. `registry` has the tasks it keeps.

    `open_` opens the service that it is in front of.

    Raises:
        KeysError: the keys of the settings cannot be used.
    """
    requests: Counter[tuple[str, str]] = Counter()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_(settings) as service:
            app.state.service = service
            app.state.collect = partial(_own_figures, service)
            service.metrics.requests = requests
            test = asyncio.create_task(service.self_test())
            try:
                yield
            finally:
                test.cancel()
                with suppress(asyncio.CancelledError):
                    await test

    app = FastAPI(
        title="reward-server",
        version=__version__,
        summary="Verifiable rewards as a service",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        telemetry={"metrics": False, "logs": False, "operation_spans": False, "exclude": _is_probe},
    )
    keys = KeyRing(settings.api_token, settings.api_keys, settings.api_keys_file)
    app.openapi = lambda: described(app, needs_token=not keys.is_open)  # type: ignore[method-assign]
    app.add_middleware(
        Intake,
        keys=keys,
        max_body_bytes=settings.max_body_bytes,
        max_held_bytes=settings.max_held_bytes,
        streamed=window.STREAMED if settings.page and settings.page_uploads else "",
    )
    app.add_middleware(Logbook, requests=requests)  # added last, so that it sees what the others refuse
    app.state.settings, app.state.keys, app.state.registry = settings, keys, registry or Registry()
    app.include_router(health)
    app.include_router(docs.router)
    if settings.page:
        window.mount(app, window.of_service(settings), _authorise)
    else:
        app.add_api_route("/", _documentation, include_in_schema=False)
    app.include_router(router, dependencies=[Depends(_authorise)], responses=_REFUSALS)
    spoken = _protocol_routers()
    app.state.paths = sorted(
        {getattr(route, "path", "") for each in (health, router, *spoken.values()) for route in each.routes}
    )
    for name, protocol in spoken.items():
        for prefix in ("", f"/{name}"):
            app.include_router(
                protocol,
                prefix=prefix,
                dependencies=[Depends(_authorise)],
                responses=_REFUSALS,
                include_in_schema=not prefix,
            )
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(RequestRefused, _refused)
    app.add_exception_handler(Overloaded, _overloaded)
    app.add_exception_handler(StarletteHTTPException, _http_error)
    return app


def _protocol_routers() -> dict[str, APIRouter]:
    names = sorted(info.name for info in pkgutil.iter_modules(protocols.__path__))
    routers = {name: importlib.import_module(f"{protocols.__name__}.{name}").router for name in names}
    for entry in entry_points(group=protocols.__name__):  # of other distributions: `name = "package.module:router"`
        router = entry.load()
        if not isinstance(router, APIRouter) or entry.name in routers:
            raise TypeError(f"{entry.value}: must be a router of a protocol, {entry.name!r}, that is not built in")
        routers[entry.name] = router
    return routers


def _error(status: int, body: ErrorResponse, headers: dict[str, str] | None = None) -> Response:
    return Response(body.model_dump_json(), status_code=status, headers=headers, media_type="application/json")


async def _malformed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return _error(422, error_response(error.errors()))


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestRefused)
    return _error(error.status, error.response)


async def _overloaded(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Overloaded)
    return _error(429, ErrorResponse(detail=str(error)), {"Retry-After": str(ceil(error.retry_after_seconds))})


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    detail = str(error.detail)
    if detail == responses.get(error.status_code):  # nobody has said more yet
        detail = about_path(request.scope, error.status_code, (error.headers or {}).get("Allow", "")) or detail
    return _error(error.status_code, ErrorResponse(detail=detail), dict(error.headers or {}))
