"""Who scores the rows of a data set: this process, or a server. `scoring` has the way of the rows."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import aiohttp
import orjson
from pydantic import TypeAdapter, ValidationError

from reward_server import exact_json
from reward_server.files.scoring import Item, Record
from reward_server.graders import discover
from reward_server.grading.scoring import Job
from reward_server.http.answers import Batch, completion_of, verdict_record
from reward_server.http.problems import error_response
from reward_server.http.requests import item_adapter, rewards_type
from reward_server.rewards import Composition, compose
from reward_server.service import Service

_RETRIES = 6
_NDJSON = "application/x-ndjson"
_HEADERS = {"Content-Type": "application/json", "Accept": _NDJSON}


class LocalScorer:
    """Scores in this process."""

    def __init__(self, service: Service, rewards: Any) -> None:
        """Raises: ValueError if `rewards` names no reward parts, or one that sees groups."""
        self._service = service
        self._composition = _without_groups(compose(None if rewards is None else _read_rewards(rewards)))

    async def score(self, items: Sequence[Item]) -> AsyncGenerator[tuple[int, Record], None]:
        """Yield (place, record) as they finish."""
        jobs, places = [], []
        for place, raw in enumerate(items):
            try:
                item = item_adapter().validate_python(raw)
            except ValidationError as error:
                yield place, {"error": error_response(error.errors()).detail.removeprefix("request.")}
                continue
            jobs.append(Job(item.task, completion_of(item)))
            places.append(place)
        batch = Batch(jobs, [items[place]["id"] for place in places], self._composition, "null", evidence=True)
        async for index, graded in self._service.scoring.stream(jobs):
            yield places[index], verdict_record(batch, index, graded)


def _without_groups(composition: Composition) -> Composition:
    """Refuse parts that need siblings: a file is graded in batches that do not keep groups together."""
    if composition.group_terms:
        raise ValueError(f"the reward part {composition.group_terms[0][0]!r} sees whole groups: send them to /score")
    return composition


def _read_rewards(rewards: Any) -> Any:
    try:
        return TypeAdapter(rewards_type()).validate_python(rewards)
    except ValidationError as error:
        found = [{**one, "loc": ("rewards", *one["loc"])} for one in error.errors()]
        raise ValueError(error_response(found).detail.removeprefix("request.")) from None


class RemoteScorer:
    """Scores against a server, waiting as long as it asks when it is busy."""

    def __init__(self, session: aiohttp.ClientSession, url: str, rewards: Any) -> None:
        """`session` carries the token."""
        self._session = session
        self._url = url.rstrip("/") + "/score"
        self._rewards = rewards

    async def score(self, items: Sequence[Item]) -> AsyncGenerator[tuple[int, Record], None]:
        """Yield (place, record) as they finish; rows the server refuses come with its reason.

        Raises:
            aiohttp.ClientError: the server is out of reach, breaks off, or refuses the request as a whole.
        """
        places = list(range(len(items)))
        while places:
            refused: dict[int, str] = {}
            async with aclosing(self._post([items[place] for place in places])) as answers:
                async for index, record in answers:
                    yield places[index], record
                    if "error" in record:
                        refused[index] = record["error"]
            places = [place for index, place in enumerate(places) if index not in refused] if refused else []

    async def _post(self, items: Sequence[Item]) -> AsyncGenerator[tuple[int, Record], None]:
        """Yield a verdict for each item, or an error for those that the server refuses, before it grades the rest."""
        body = exact_json.dumps({"items": items} | ({} if self._rewards is None else {"rewards": self._rewards}))
        for attempt in range(_RETRIES):
            async with self._session.post(self._url, data=body, headers=_HEADERS) as answer:
                if answer.status == 200:  # noqa: PLR2004
                    async for index, record in _verdicts(answer, len(items)):
                        yield index, record
                    return
                if answer.status not in {429, 503} or attempt == _RETRIES - 1:
                    for index, reason in _refusals(self._url, answer.status, await answer.read()).items():
                        yield index, {"error": reason}
                    return
                wait = float(answer.headers.get("Retry-After", 2**attempt))
            await asyncio.sleep(wait)


async def _verdicts(answer: aiohttp.ClientResponse, expected: int) -> AsyncGenerator[tuple[int, Record], None]:
    rest, seen = b"", 0
    async for data in answer.content.iter_any():
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            record = exact_json.loads(line.decode())
            seen += 1
            yield record.pop("index"), record
    if seen != expected:
        raise aiohttp.ClientPayloadError(f"{answer.url} broke off after {seen} of {expected} verdicts")


def _refusals(url: str, status: int, body: bytes) -> dict[int, str]:
    """Return why each row was refused.

    Raises:
        aiohttp.ClientError: it was not the rows.
    """
    try:
        answer = orjson.loads(body)
    except ValueError:
        answer = {"detail": body[:200].decode(errors="replace")}
    refused = {p["row"]: f"{p['field']}: {p['message']}" for p in answer.get("problems", [])}
    if status != 422 or not refused or None in refused:  # noqa: PLR2004
        raise aiohttp.ClientError(f"{url} answered {status}: {answer.get('detail')}")
    return refused


async def versions_at(session: aiohttp.ClientSession, url: str) -> dict[str, str]:
    """Return the labels of a server's graders by kind, such as `{"math": "math/3"}`.

    Raises:
        aiohttp.ClientError: the server is out of reach or does not tell.
    """
    async with session.get(url.rstrip("/") + "/graders") as answer:
        if answer.status != 200:  # noqa: PLR2004
            _refusals(answer.url.human_repr(), answer.status, await answer.read())
        graders: Mapping[str, Any] = orjson.loads(await answer.read())
    return {kind: f"{kind}/{grader['version']}" for kind, grader in graders.items()}


def versions_here() -> dict[str, str]:
    """Return the labels of this process's graders by kind."""
    return {kind: f"{kind}/{grader.version}" for kind, grader in discover().items()}
