"""OpenRLHF's remote reward model: `POST /get_reward`, so that its users change only a URL.

    --reward.remote_url "http://127.0.0.1:8000/get_reward?kind=math&rewards=accuracy:1&rewards=format:1"

Request and answer, as `SingleTurnAgentExecutor._fetch_rewards_via_http` of OpenRLHF 0.11 has them (and the forks that
kept the protocol):

    {"query": ["<prompt and completion, special tokens included>"], "prompts": ["…"], "labels": ["42"]}
    {"rewards": [1.0], "scores": [1.0], "extra_logs": {"ungradable": [0.0], "accuracy": [1.0]}}

The prompt is cut off the query, end tokens are cut off its end (`reward_server.files.rows.completion_of`). A label is a
ground truth, a whole task as an object or JSON text, or `{"data_source": …, "ground_truth": …}`; OpenRLHF passes labels
through untouched. `extra_logs` holds numbers only, since OpenRLHF makes tensors of them: the parts, `ungradable`, and
what else docs/trainers.md says of a trainer's log (shares of outcomes, cache hits, signs of cheating).

OpenRLHF has no "no verdict". A null that a completion or its row causes (`undecided`, `bad_ground_truth`) is 0, counted
in `extra_logs.ungradable`: asking again would change nothing, and no completion may stop a run. For a failure of ours
`ungradable=` in the URL says what it gets instead:

- `error` (the default): 503 for the whole request, which OpenRLHF tries five times. Loud: the step then fails;
- `nan`: NaN, for every null, which drops the sample's group, but only with `--algo.dynamic_filtering_enable`. The body
  is then not strict JSON, which OpenRLHF's client reads;
- `zero`: 0, counted in `extra_logs.ungradable`. It trains on our failures; the count says how much.
"""

import json
import math
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from reward_server.datasets import UnknownRow
from reward_server.files.rows import completion_of
from reward_server.http.bodies import JsonRoute
from reward_server.http.items import grade_items, refused, weights
from reward_server.http.labels import LabelOptions, label_task, no_verdict
from reward_server.verdict import Outcome, told_shares

router = APIRouter(route_class=JsonRoute)


class RewardRequest(BaseModel):
    """What OpenRLHF sends; fields of newer versions are ignored."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    query: list[str]
    """Prompt and completion of each rollout, decoded with special tokens."""
    prompts: list[str]
    labels: list[Any]
    """The data set's `--data.label_key` column."""


class Options(LabelOptions):
    """The URL's query parameters."""

    ungradable: Literal["error", "nan", "zero"] = "error"
    """What stands for "no verdict"."""


@router.post("/get_reward", summary="OpenRLHF's remote reward model", response_model=None)
async def get_reward(request: Request, body: RewardRequest, options: Annotated[Options, Query()]) -> Response:
    """Grade the rollouts; 422 names the row that cannot be read."""
    records = await grade_items(request, _items(body, options), weights(options.rewards))
    if options.ungradable == "error" and (failure := no_verdict(records)) is not None:
        return failure
    columns = _columns(records, math.nan if options.ungradable == "nan" else 0.0)
    # Not a JSONResponse: it refuses NaN, which OpenRLHF's client reads.
    return Response(json.dumps(columns).encode(), media_type="application/json")


def _items(body: RewardRequest, options: Options) -> list[dict[str, Any]]:
    """Return the rollouts as items of `POST /score`."""
    if not len(body.query) == len(body.prompts) == len(body.labels):
        lengths = f"query {len(body.query)}, prompts {len(body.prompts)}, labels {len(body.labels)}"
        raise refused("query", f"the columns differ in length: {lengths}")
    items = []
    for row, (query, prompt, label) in enumerate(zip(body.query, body.prompts, body.labels, strict=True)):
        task = label_task("labels", label, row, kind=options.kind, data_source=options.data_source)
        try:
            items.append({"task": task, "completion": completion_of(query, prompt), "prompt": prompt})
        except UnknownRow as error:
            raise refused("query", str(error), row) from None
    return items


def _columns(records: list[dict[str, Any]], missing: float) -> dict[str, Any]:
    """Return the answer: one number for each rollout in every column."""
    rewards = [missing if record["reward"] is None else record["reward"] for record in records]
    logs = {part: [record["parts"][part] or 0.0 for record in records] for part in records[0]["parts"]}
    logs["ungradable"] = [float(record["reward"] is None) for record in records]
    told = [told_shares(Outcome(one["outcome"]), one["reward"], one["cached"], one["evidence"]) for one in records]
    logs |= {name: [shares[name] for shares in told] for name in told[0]}
    return {"rewards": rewards, "scores": rewards, "extra_logs": logs}
