"""Items of other systems' protocols, graded as a request of `POST /score` would be: same pipeline, same audit log."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import orjson
from fastapi import Request
from pydantic import ValidationError

from reward_server.http.answers import RequestRefused, prepare, render
from reward_server.http.leaving import while_connected
from reward_server.http.problems import describe, error_response
from reward_server.http.requests import request_type
from reward_server.wire import Problem

_BACKTICKS = re.compile("`+")


async def grade_items(
    request: Request, items: Sequence[Mapping[str, Any]], rewards: Mapping[str, float] | None = None
) -> list[dict[str, Any]]:
    """Return one record (`wire.ItemVerdict`) for each item of the wire format, in order.

    Raises:
        RequestRefused: 422 for an item that cannot be read, which names it.
        Overloaded: the queue of slow work is full, or the tenant's quota used up.
    """
    service = request.app.state.service
    try:
        body = request_type().model_validate({"items": list(items), "rewards": rewards})
    except ValidationError as error:
        raise RequestRefused(422, error_response(error.errors())) from None
    batch = prepare(body, max_items=service.settings.max_items, kept=request.app.state.registry.named)
    async with while_connected(request):
        graded = await service.scoring.score(batch.jobs)
    records: list[dict[str, Any]] = orjson.loads(await render(service, batch, graded))["verdicts"]
    return records


def fenced(program: str, language: str) -> str:
    """Return a completion that holds this program and nothing else, whatever back-ticks stand in it."""
    longest = max((len(run) for run in _BACKTICKS.findall(program)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{program}\n{fence}"


def refused(field: str, message: str, row: int | None = None) -> RequestRefused:
    """Return the 422 that names a field, and a row where the request has several."""
    return RequestRefused(422, describe([Problem(row=row, field=field, message=message, input="")]))


def weights(rewards: Sequence[str]) -> dict[str, float] | None:
    """Read `name:weight` pairs of a URL; None where there are none.

    Raises:
        RequestRefused: 422 for what is no such pair.
    """
    try:
        return {name: float(weight or 1) for name, _, weight in (pair.partition(":") for pair in rewards)} or None
    except ValueError:
        raise refused("rewards", "must be `name:weight`, such as accuracy:1") from None


def relative_path(field: str, name: str) -> str:
    """Return the name of a file as a path inside the working directory.

    Raises:
        RequestRefused: 422 for an absolute path, an empty one, or one with `..`.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise refused(field, "must be a relative path without `..`")
    return str(path)
