"""What the service does now, once a second, as server-sent events.

Each event holds figures as they stand, and the page makes rates and quantiles of their differences. A stream ends after
some events and is asked for again, so that an open page keeps no server from ending.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

router = APIRouter(prefix="/window/api", include_in_schema=False)
_EVENTS, _SECONDS = 8, 1.0
_COUNTS = {"reward_verdicts": "verdicts", "reward_nulls": "nulls", "reward_canaries": "canaries"}
_HISTOGRAMS = {"reward_stage_seconds": "stages", "reward_grading_seconds": "grading"}
_FIGURES = (
    "reward_queued_cpu_seconds", "reward_event_loop_worst_lag_seconds", "reward_sandbox_slots_live",
    "reward_sandbox_slots_busy", "reward_sandbox_slots_waiting", "reward_cache_failures",
)  # fmt: skip


@router.get("/live")
async def live(request: Request) -> StreamingResponse:
    """Stream what the service does."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(request.app.state), media_type="text/event-stream", headers=headers)


async def _events(state: Any) -> AsyncIterator[bytes]:
    for count in range(_EVENTS):
        if count:
            await asyncio.sleep(_SECONDS)
        yield (
            b"data: " + orjson.dumps(snapshot(state.service, (await state.collect()).collect()), default=str) + b"\n\n"
        )


def snapshot(service: Any, families: Iterable[Any]) -> dict[str, Any]:
    """Return the state of a `Service`, and its figures of Prometheus' families, as they stand."""
    told: dict[str, Any] = {
        "time": time.time(),
        "verdicts": [],
        "nulls": [],
        "canaries": [],
        "parts": [],
        "stages": {},
        "grading": {},
        "figures": {},
    }
    for family in families:
        if family.name in _COUNTS:
            told[_COUNTS[family.name]] = [
                [*sample.labels.values(), sample.value] for sample in family.samples if sample.name.endswith("_total")
            ]
        elif family.name == "reward_parts":
            told["parts"] = _parts(family)
        elif family.name in _HISTOGRAMS:
            told[_HISTOGRAMS[family.name]] = _buckets(family)
        elif family.name in _FIGURES:
            told["figures"][family.name.removeprefix("reward_")] = family.samples[0].value
    state = service.describe()
    sandbox = state["sandbox"]
    told["state"] = {
        "ready": state["ready"],
        "lacking": {kind: about["reason"] for kind, about in state["graders"].items() if not about["ready"]},
        "launcher": sandbox["launcher"],
        "isolation_level": sandbox.get("isolation_level"),
        "why_not_higher": sandbox.get("reason") or service.lacking,
        "cache": state["cache"],
    }
    return told


def _buckets(family: Any) -> dict[str, list[list[float]]]:
    """Return, by the first label, [upper bound in seconds, how many up to it] pairs; no bound is -1."""
    told: dict[str, list[list[float]]] = {}
    for sample in family.samples:
        if sample.name.endswith("_bucket"):
            label = next(value for name, value in sample.labels.items() if name != "le")
            bound = sample.labels["le"]
            told.setdefault(label, []).append([-1.0 if bound == "+Inf" else float(bound), sample.value])
    return told


def _parts(family: Any) -> list[list[Any]]:
    """Return grader, reward part, how many there were, and their sum."""
    sums: dict[tuple[str, str], list[float]] = {}
    for sample in family.samples:
        place = ("_count", "_sum").index(sample.name.removeprefix("reward_parts"))
        sums.setdefault((sample.labels["grader"], sample.labels["part"]), [0.0, 0.0])[place] = sample.value
    return [[*labels, *values] for labels, values in sums.items()]
