"""Scoring files: rows in, verdicts out, in this process or against a server; resumable, and no bad row stops the rest.

A row is an item as on the wire (`task`, `completion`, optional `id`, `prompt`), or a data set's own row with `columns`
saying what is where: `{"completion": "response", "task.ground_truth": "gold"}` reads the item's `completion` from the
row's `response`. Dots go into nested objects on both sides; a `?` behind a column means that rows may lack it.
`constants` sets fields for every row.

The output has one line for each row, in order, with `row` (index in the input). A run that was cut short goes on after
the last whole line.
"""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import orjson
from pydantic import TypeAdapter, ValidationError

from reward_server.graders import Completion
from reward_server.grading.scoring import Job
from reward_server.http.answers import Batch, verdict_record
from reward_server.http.requests import error_response, item_adapter, rewards_type
from reward_server.rewards import compose
from reward_server.service import Service
from reward_server.wire import graded_text

_RETRIES = 6
_HEADERS = {"Content-Type": "application/json"}
_ITEM_FIELDS = ("id", "task", "completion", "prompt", "prefilled_think", "finish_reason")


class RowError(ValueError):
    """A row that is no item; the message names the field."""


@dataclass(frozen=True)
class Layout:
    """Where a data set keeps what an item needs."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Path in the item → path in the row."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """Path in the item → value."""
    joined: Mapping[Any, Mapping[str, Any]] = field(default_factory=dict)
    """Rows of a second file by key, merged under the row (the row wins)."""
    join_on: str | None = None

    def item(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Build the wire item of a row.

        Raises:
            RowError: the row lacks a column.
        """
        if self.join_on is not None:
            key = row.get(self.join_on)
            if key not in self.joined:
                raise RowError(f"{self.join_on}: {key!r} is not in the joined file")
            row = {**self.joined[key], **row}
        item = {name: row[name] for name in _ITEM_FIELDS if name in row}
        for target, source in self.columns.items():
            value = _get(row, source.removesuffix("?"), optional=source.endswith("?"))
            if value is not None:  # data sets fill a column they lack with null: the field keeps its default
                _set(item, target, value)
        for target, value in self.constants.items():
            _set(item, target, value)
        return item


def _get(row: Any, path: str, *, optional: bool) -> Any:
    for part in path.split("."):
        if not isinstance(row, Mapping) or part not in row:
            if optional:
                return None
            raise RowError(f"{path}: the row has no such column")
        row = row[part]
    return row


def _set(item: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for part in parents:
        inner = item.get(part)
        item[part] = inner = dict(inner) if isinstance(inner, dict) else {}
        item = inner
    item[last] = value


def matching(rows: Iterator[Any], where: Mapping[str, Collection[str]]) -> Iterator[Any]:
    """Yield the rows whose columns have one of the values asked for; broken rows match, so that they are seen."""
    for row in rows:
        if not isinstance(row, Mapping) or all(str(row.get(column)) in values for column, values in where.items()):
            yield row


def read_rows(path: Path) -> Iterator[Any]:
    """Yield the rows of a `.jsonl` or `.json` file, gzipped or not; a line that is no JSON comes as a RowError."""
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as lines:
        if path.name.removesuffix(".gz").endswith(".json"):
            yield from json.load(lines)
            return
        for line in lines:
            if line.strip():
                try:
                    yield orjson.loads(line)
                except ValueError as error:
                    yield RowError(f"not JSON: {error}")


class Scorer(Protocol):
    """Whoever turns items into verdict records, each a verdict or an `error`."""

    async def score(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return one record for each item, in order."""
        ...


class LocalScorer:
    """Scores in this process."""

    def __init__(self, service: Service, rewards: Any) -> None:
        self._service = service
        self._composition = compose(None if rewards is None else TypeAdapter(rewards_type()).validate_python(rewards))

    async def score(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return one record for each item, in order."""
        records: list[dict[str, Any]] = [{} for _ in items]
        jobs, ids, places = [], [], []
        for place, raw in enumerate(items):
            try:
                item = item_adapter().validate_python(raw)
            except ValidationError as error:
                records[place] = {"error": error_response(error.errors()).detail.removeprefix("request.")}
                continue
            jobs.append(Job(item.task, Completion(*graded_text(item))))
            ids.append(place if item.id is None else item.id)
            places.append(place)
        batch = Batch(jobs, ids, self._composition, "null", evidence=True)
        for index, graded in enumerate(await self._service.scoring.score(jobs)):
            records[places[index]] = verdict_record(batch, index, graded)
        return records


class RemoteScorer:
    """Scores against a server, waiting as long as it asks when it is busy."""

    def __init__(self, session: aiohttp.ClientSession, url: str, rewards: Any) -> None:
        self._session = session
        self._url = url.rstrip("/") + "/score"
        self._rewards = rewards

    async def score(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return one record for each item, in order; rows the server refuses come back with its reason.

        Raises:
            aiohttp.ClientError: the server is out of reach or refuses the request as a whole.
        """
        records: list[dict[str, Any]] = [{} for _ in items]
        places = list(range(len(items)))
        while places:
            status, answer = await self._post([items[place] for place in places])
            if status == 200:  # noqa: PLR2004
                for place, verdict in zip(places, answer["verdicts"], strict=True):
                    records[place] = verdict
                return records
            refused = {p["row"]: f"{p['field']}: {p['message']}" for p in answer.get("problems", [])}
            if status != 422 or not refused or None in refused:  # noqa: PLR2004
                raise aiohttp.ClientError(f"{self._url} answered {status}: {answer.get('detail')}")
            for row, reason in refused.items():
                records[places[row]] = {"error": reason}
            places = [place for row, place in enumerate(places) if row not in refused]
        return records

    async def _post(self, items: list[dict[str, Any]]) -> tuple[int, Any]:
        body = {"items": items} | ({"rewards": self._rewards} if self._rewards is not None else {})
        for attempt in range(_RETRIES):
            async with self._session.post(self._url, data=orjson.dumps(body), headers=_HEADERS) as answer:
                if answer.status not in {429, 503} or attempt == _RETRIES - 1:
                    return answer.status, orjson.loads(await answer.read())
                wait = float(answer.headers.get("Retry-After", 2**attempt))
            await asyncio.sleep(wait)
        raise AssertionError("unreachable")


def rows_done(output: Path) -> int:
    """Return how many rows an earlier run has written, cutting off a last line that was written in part."""
    if not output.exists():
        return 0
    content = output.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with output.open("r+b") as file:
            file.truncate(whole)
    return content.count(b"\n")


async def score_file(
    rows: Iterator[Any], layout: Layout, scorer: Scorer, output: Path, *, batch_size: int, skip: int = 0
) -> AsyncIterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Score rows from index `skip` on, append a line for each to `output`, and yield (row, record) then."""
    batch: list[tuple[int, Any]] = []
    with output.open("ab") as sink:
        for index, row in enumerate(rows):
            if index < skip:
                continue
            batch.append((index, row))
            if len(batch) == batch_size:
                for pair in await _score_batch(batch, layout, scorer, sink):
                    yield pair
                batch = []
        for pair in await _score_batch(batch, layout, scorer, sink):
            yield pair


async def _score_batch(
    batch: list[tuple[int, Any]], layout: Layout, scorer: Scorer, sink: Any
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    records: dict[int, dict[str, Any]] = {}
    items: dict[int, dict[str, Any]] = {}
    for index, row in batch:
        try:
            if isinstance(row, RowError) or not isinstance(row, Mapping):
                raise row if isinstance(row, RowError) else RowError("the row is not an object")
            items[index] = {"id": index, **layout.item(row)}
        except RowError as error:
            records[index] = {"error": str(error)}
    if items:
        records.update(zip(items, await scorer.score(list(items.values())), strict=True))
    for index, _ in batch:
        sink.write(orjson.dumps({"row": index, **records[index]}, default=str, option=orjson.OPT_APPEND_NEWLINE))
    sink.flush()
    return [(row if isinstance(row, dict) else {}, records[index]) for index, row in batch]
