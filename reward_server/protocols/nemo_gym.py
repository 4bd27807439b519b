"""NeMo-Gym's resources server: `POST /seed_session`, `/verify`, `/close_session`, `/aggregate_metrics`.

Whoever speaks to a resources server of NeMo-Gym speaks to this one: its agents, NeMo-RL, Unsloth, Axolotl's plugin,
verifiers' `NeMoGymTaskConfig(resources_url="http://127.0.0.1:8000", headers={"Authorization": "Bearer …"})`.

Requests and answers as nemo-gym 0.7 has them, both the untyped ones, which carry the data set's row beside
`responses_create_params` and `response`, and the typed ones (`episode_id`, `task_id`, `verification_input`). The row
is read as everywhere here (`reward_server.datasets`); `?kind=` or `?data_source=` say what it does not say of itself.
`/verify` echoes the request and adds `reward`, `reward_components` (which sum to it), `extracted_answer`, `outcome`,
`mask_sample`, `failure_kind`, `failure_reason`. Nothing is kept between calls: `GET /reverify_mode` is `stateless`.

A null is `mask_sample: true` with `failure_kind`; its `reward` of 0 must not be trained on. NeMo-RL leaves a masked
sample out of the loss, but its 0 stays in the group's mean; verifiers and Axolotl do not look at `mask_sample`. So a
failure of ours is 503, unless `?ungradable=mask` asks for it to be masked too. Axolotl's plugin makes 0 of that as
well: use its reward function there.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from reward_server.http.bodies import JsonRoute
from reward_server.http.items import grade_items, refused, weights
from reward_server.http.labels import LabelOptions, no_verdict, row_task, why_null

_NOT_OF_THE_ROW = ("responses_create_params", "response")
_FAILURES = {
    "ungradable": "verifier_error",
    "undecided": "reward_server:undecided",
    "bad_ground_truth": "reward_server:bad_ground_truth",
}
router = APIRouter(route_class=JsonRoute)


class Options(LabelOptions):
    """The URL's query parameters."""

    ungradable: Literal["error", "mask"] = "error"
    """What a failure of ours is: a 503, or a sample with `mask_sample`."""


@router.post("/seed_session", summary="NeMo-Gym: begin a session", response_model=None)
async def seed_session(body: dict[str, Any]) -> Response:
    """Confirm it; there is no state to make."""
    session = body.get("resources_session_id")
    if session is None:
        return JSONResponse({})
    return JSONResponse({"resources_session_id": session, "resources_tools": None, "sandbox_access": None})


@router.post("/close_session", include_in_schema=False, response_model=None)
async def close_session(body: dict[str, Any]) -> Response:
    """Confirm it."""
    return JSONResponse({"resources_session_id": body.get("resources_session_id")})


@router.get("/reverify_mode", include_in_schema=False)
async def reverify_mode() -> str:
    """Say that verdicts depend on the request alone."""
    return "stateless"


@router.post("/verify", summary="NeMo-Gym: reward of one response", response_model=None)
async def verify(request: Request, body: dict[str, Any], options: Annotated[Options, Query()]) -> Response:
    """Grade one response against its row."""
    given = body.get("verification_input", body)
    if not isinstance(given, Mapping) or not isinstance(given.get("response"), Mapping):
        raise refused("response", "is missing: an object of the Responses API")
    row = {name: value for name, value in given.items() if name not in _NOT_OF_THE_ROW and value is not None}
    task = row_task("request", row, kind=options.kind, data_source=options.data_source)
    item = {"task": task, "completion": _completion(given["response"])}
    records = await grade_items(request, [item], weights(options.rewards))
    if options.ungradable == "error" and (failure := no_verdict(records)) is not None:
        return failure
    record = records[0]
    reason = why_null(record) if record["reward"] is None else None
    return JSONResponse({**body, **_told(record), "failure_reason": reason})


@router.post("/aggregate_metrics", include_in_schema=False, response_model=None)
async def aggregate_metrics(body: dict[str, Any]) -> Response:
    """Return the mean of every number of the responses; masked samples are no measurement and are left out."""
    responses = body.get("verify_responses", [])
    if not isinstance(responses, list):
        raise refused("verify_responses", "must be a list")
    told = [one for one in responses if isinstance(one, Mapping) and not one.get("mask_sample")]
    sums: dict[str, list[float]] = {}
    for one in told:
        for name, value in one.items():
            if isinstance(value, bool | int | float) and not name.startswith("_"):
                sums.setdefault(name, []).append(float(value))
    means = {f"mean/{name}": sum(values) / len(values) for name, values in sums.items() if name != "mask_sample"}
    key = {name: means[name] for name in ("mean/reward",) if name in means}
    whole = {"group_level_metrics": [], "agent_metrics": means, "key_metrics": key, "repeat_level_metrics": []}
    return JSONResponse(whole)


def _completion(response: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the last message of a response of the Responses API, its reasoning apart, its calls beside it."""
    text, thinking, calls = "", [], []
    output = response.get("output")
    if not isinstance(output, list) or not all(isinstance(item, Mapping) for item in output):
        raise refused("response.output", "must be a list of the Responses API's items")
    for item in output:
        kind = item.get("type")
        if kind == "message" and item.get("role", "assistant") == "assistant":
            text = "".join(_texts(item.get("content")))
        elif kind == "reasoning":
            thinking += [*_texts(item.get("summary")), *_texts(item.get("content"))]
        elif kind == "function_call":
            function = {"name": item.get("name"), "arguments": item.get("arguments")}
            calls.append({"id": item.get("call_id"), "type": "function", "function": function})
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if thinking:
        message["reasoning_content"] = "\n".join(thinking)
    if calls:
        message["tool_calls"] = calls
    return [message]


def _texts(content: Any) -> list[str]:
    """Return the texts of an item's content, which is a text or a list of parts; parts that are no text have none."""
    parts = content if isinstance(content, list) else [{"text": content}]
    texts = [part.get("text") if isinstance(part, Mapping) else part for part in parts]
    if not all(text is None or isinstance(text, str) for text in texts):
        raise refused("response.output", "has content that is neither a text nor parts with one")
    return [text for text in texts if isinstance(text, str)]


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    lost = record["reward"] is None
    parts = {name: value for name, value in record["parts"].items() if value is not None}
    total, told = sum(parts.values()), dict(parts)
    if not lost and parts and abs(total - record["reward"]) > _SLACK:
        told = {"reward": record["reward"]}  # weights: what is weighed is what sums
    return {
        "reward": 0.0 if lost else float(record["reward"]),
        "reward_components": {} if lost else told,
        "extracted_answer": record["answer"],
        "outcome": record["outcome"],
        "mask_sample": lost,
        "failure_kind": _FAILURES.get(record["outcome"]) if lost else None,
    }


_SLACK = 1e-9
