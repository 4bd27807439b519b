"""Between the wire and scoring: named tasks resolved, rewards composed, verdicts rendered as JSON.

Verdicts are written as plain dictionaries by orjson: validating our own output would cost more than grading it. A test
holds them to `wire.ItemVerdict`.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import orjson

from reward_server import exact_json
from reward_server.graders import Completion, Task
from reward_server.grading.quotas import asking
from reward_server.grading.scoring import Graded, Job, undecided_as_zero
from reward_server.http.origin import origin
from reward_server.http.problems import describe
from reward_server.rewards import Composition, Member, compose
from reward_server.service import Service
from reward_server.verdict import Outcome, Verdict, ungradable
from reward_server.wire import ErrorResponse, Problem, graded_text

_ROUND = 6
_NEEDS_GROUP = "is needed by the reward part {!r}: the same for all completions of one prompt"
_INLINE_SECONDS, _INLINE_CHARACTERS = 0.005, 32_768


class RequestRefused(Exception):  # noqa: N818 - named after what happened
    """The request as a whole cannot be taken; carries the HTTP status and body."""

    def __init__(self, status: int, response: ErrorResponse) -> None:
        super().__init__(response.detail)
        self.status = status
        self.response = response


@dataclass(frozen=True, slots=True)
class Batch:
    """A request ready to be graded."""

    jobs: list[Job]
    ids: list[str | int]
    composition: Composition
    undecided: Literal["null", "zero"]
    evidence: bool
    groups: Sequence[str | int | None] = ()
    """The group of each job, where reward parts see groups."""
    items: Sequence[Any] = ()
    """As they were asked, for the audit log."""


def prepare(request: Any, *, max_items: int, kept: Mapping[str, Task] = MappingProxyType({})) -> Batch:
    """Resolve task names and completions of a validated request; `kept` are the tasks of this server by name.

    Raises:
        RequestRefused: 413 for too many items, 422 for an item that names no task of either.
    """
    max_items = min(max_items, asking.get().largest_batch or max_items)
    if len(request.items) > max_items:
        detail = f"{len(request.items)} items in one request, the most for this client is {max_items}: send several"
        raise RequestRefused(413, ErrorResponse(detail=detail))
    tasks = {**kept, **request.tasks} if kept else request.tasks
    problems = [_unknown_name(row, item.task) for row, item in enumerate(request.items) if _missing(item, tasks)]
    problems += [
        Problem(row=None, field=f"tasks.{name}", message="must be a task, not another name", input=task[:120])
        for name, task in request.tasks.items()
        if isinstance(task, str)
    ]
    if problems:
        raise RequestRefused(422, describe(problems))
    jobs, ids = [], []
    for row, item in enumerate(request.items):
        task = tasks[item.task] if isinstance(item.task, str) else item.task
        jobs.append(Job(task, completion_of(item)))
        ids.append(row if item.id is None else item.id)
    composition = compose(request.rewards)
    problems = [
        _untold_tokens(row, composition.needs_tokens)
        for row, item in enumerate(request.items)
        if composition.needs_tokens and item.token_count is None and item.token_ids is None
    ]
    problems += [
        Problem(row=row, field="group", message=_NEEDS_GROUP.format(composition.group_terms[0][0]), input="missing")
        for row, item in enumerate(request.items)
        if composition.group_terms and item.group is None
    ]
    if problems:
        raise RequestRefused(422, describe(problems))
    groups = [item.group for item in request.items] if composition.group_terms else ()
    return Batch(jobs, ids, composition, request.undecided, request.evidence, groups, request.items)


def completion_of(item: Any) -> Completion:
    """Return what graders and reward parts see of an item."""
    ids = None if item.token_ids is None else tuple(item.token_ids)
    return Completion(*graded_text(item), item.token_count, ids)


def _untold_tokens(row: int, parts: Sequence[str]) -> Problem:
    message = f"is needed by the reward part {parts[0]!r}, or `token_ids`"
    return Problem(row=row, field="token_count", message=message, input="missing")


def _missing(item: Any, tasks: Mapping[str, Any]) -> bool:
    return isinstance(item.task, str) and item.task not in tasks


def _unknown_name(row: int, name: str) -> Problem:
    return Problem(
        row=row,
        field="task",
        message=f"{name[:40]!r} is not the name of a task in `tasks`, nor of one that this server keeps; "
        'a task itself is an object such as {"kind": "math", "ground_truth": "1/2"}',
        input=name[:120],
    )


def _told_anyway(verdict: Verdict) -> dict[str, Any]:
    """Return what of the evidence is told even where none is wanted: why there is no score, and signs of cheating."""
    wanted = {"flags"} if verdict.score is not None else {"flags", "reason"}
    return {name: value for name, value in verdict.evidence.items() if name in wanted}


def _counted(batch: Batch, graded: Graded) -> Verdict:
    return undecided_as_zero(graded.verdict) if batch.undecided == "zero" else graded.verdict


@dataclass(frozen=True, slots=True)
class OfGroup:
    """What an item's siblings make of it: its values of the group parts, and why it has none."""

    values: Mapping[str, float | None]
    notes: Mapping[str, str]


def of_groups(batch: Batch, graded: Mapping[int, Graded]) -> dict[int, OfGroup]:
    """Return what the group parts say of these jobs, which must be whole groups; nothing where there are no such parts.

    `graded` is by index.
    """
    by_group: dict[str | int | None, list[int]] = {}
    for index in graded if batch.groups else ():
        by_group.setdefault(batch.groups[index], []).append(index)
    found: dict[int, OfGroup] = {}
    for indices in by_group.values():
        indices.sort()
        members = [Member(batch.jobs[index].completion, _counted(batch, graded[index])) for index in indices]
        values, notes = batch.composition.of_group(members)
        found |= {index: OfGroup(of_one, notes) for index, of_one in zip(indices, values, strict=True)}
    return found


def verdict_record(batch: Batch, index: int, graded: Graded, of_group: OfGroup | None = None) -> dict[str, Any]:
    """Return the wire form (`wire.ItemVerdict`) of one graded job."""
    verdict = _counted(batch, graded)
    completion = batch.jobs[index].completion
    reward, parts = batch.composition.apply(completion, verdict, of_group.values if of_group else {})
    notes = {"notes": dict(of_group.notes)} if of_group is not None and of_group.notes else {}
    return {
        "id": batch.ids[index],
        "outcome": verdict.outcome,
        "score": verdict.score,
        "reward": reward,
        "parts": parts,
        "answer": verdict.answer,
        "evidence": verdict.evidence if batch.evidence else _told_anyway(verdict),
        "grader": graded.grader,
        "cached": graded.cached,
        "elapsed_ms": round(graded.elapsed_seconds * 1000, _ROUND - 3),
        **notes,
        "retryable": verdict.outcome is Outcome.UNGRADABLE and verdict.retryable,
    }


async def _record(
    service: Service, batch: Batch, index: int, graded: Graded, of_group: OfGroup | None
) -> dict[str, Any]:
    """Return the wire form; the reward parts of a long completion are measured in a thread."""
    if len(batch.jobs[index].completion.text) <= _INLINE_CHARACTERS:
        record = verdict_record(batch, index, graded, of_group)
    else:
        record = await asyncio.to_thread(verdict_record, batch, index, graded, of_group)
    service.metrics.note_parts(graded.grader, record["parts"])
    return record


async def _of_groups(batch: Batch, graded: Mapping[int, Graded]) -> dict[int, OfGroup]:
    return await asyncio.to_thread(of_groups, batch, graded) if batch.groups else {}


async def render(service: Service, batch: Batch, graded: Sequence[Graded]) -> bytes:
    """Return the response body for a whole batch; the event loop is handed back every few milliseconds."""
    records = []
    groups = await _of_groups(batch, dict(enumerate(graded)))
    lap = time.perf_counter()
    for index, one in enumerate(graded):
        records.append(await _record(service, batch, index, one, groups.get(index)))
        if time.perf_counter() - lap > _INLINE_SECONDS:
            await asyncio.sleep(0)
            lap = time.perf_counter()
    _audit(service, batch, records)
    try:
        return orjson.dumps({"verdicts": records})
    except TypeError:
        return b'{"verdicts":[' + b",".join(_dump(record) for record in records) + b"]}"


async def stream_lines(service: Service, batch: Batch, within_seconds: float | None = None) -> AsyncIterator[bytes]:
    """Yield one JSON line for each verdict as it finishes, with its `index`.

    Raises:
        Overloaded: before the first line.
    """
    waiting: dict[str | int | None, dict[int, Graded]] = {}
    sizes = Counter(batch.groups)
    async for index, graded in service.scoring.stream(batch.jobs, within_seconds):
        group = batch.groups[index] if batch.groups else None
        finished = waiting.setdefault(group, {})
        finished[index] = graded
        if len(finished) < sizes[group]:  # its siblings are still graded
            continue
        groups = await _of_groups(batch, waiting.pop(group))
        for one, of_one in finished.items():
            record = {"index": one, **await _record(service, batch, one, of_one, groups.get(one))}
            _audit(service, batch, [record], one)
            yield _dump(record) + b"\n"


def _dump(record: dict[str, Any]) -> bytes:
    """Serialise one verdict; evidence that JSON cannot hold, such as huge integers, is written as text."""
    try:
        return orjson.dumps(record)
    except TypeError:
        text = json.dumps(record["evidence"], default=str, ensure_ascii=False).encode("utf-8", "replace")
        evidence = json.loads(text, parse_int=_int_or_text)
    try:
        return exact_json.dumps({**record, "evidence": evidence, "answer": _plain(record["answer"])})
    except ValueError as error:
        lost = ungradable(f"the verdict could not be written as JSON: {error}")
        return exact_json.dumps({**record, **_wire_fields(lost), "reward": None, "retryable": True})


def _wire_fields(verdict: Verdict) -> dict[str, Any]:
    return {"outcome": verdict.outcome, "score": None, "answer": None, "evidence": verdict.evidence}


def _plain(text: str | None) -> str | None:
    return None if text is None else text.encode("utf-8", "replace").decode()


def _int_or_text(digits: str) -> int | str:
    return int(digits) if len(digits) < 19 else digits  # noqa: PLR2004 - what 64 bits hold


def _audit(service: Service, batch: Batch, records: Sequence[dict[str, Any]], start: int = 0) -> None:
    if service.audit is not None:
        named = origin()
        service.audit.append(
            [
                {
                    **named,
                    **record,
                    **_told_beside(batch.items[start + offset]),
                    "task": _task_record(batch.jobs[start + offset].task),
                    "completion": batch.jobs[start + offset].completion.text,
                }
                for offset, record in enumerate(records)
            ]
        )


def _told_beside(item: Any) -> dict[str, Any]:
    """Return what an item says that is graded by nobody: its group, prompt and why the sampler stopped."""
    told = item.model_dump(include={"group", "prompt", "finish_reason"}, exclude_none=True, mode="json")
    return dict(told)


def _task_record(task: Task) -> dict[str, Any]:
    try:
        return task.model_dump(mode="json")
    except ValueError as error:  # nested beyond what can be written; it was graded as broken
        return {"kind": getattr(task, "kind", "?"), "unwritable": str(error)[:200]}
