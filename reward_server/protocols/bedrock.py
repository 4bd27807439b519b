"""Reward functions of hosted fine-tuning on AWS: what a Lambda of SageMaker Nova or Bedrock gets and gives.

    # the whole Lambda
    import json, os, urllib.request
    def handler(event, context):
        body = json.dumps(event).encode()
        headers = {"content-type": "application/json", "authorization": f"Bearer {os.environ['REWARD_API_TOKEN']}"}
        asked = urllib.request.Request(os.environ["REWARD_URL"] + "/score_rollouts", body, headers)
        return json.load(urllib.request.urlopen(asked, timeout=60))

The event is a list of `{"id", "messages", "reference_answer"}` (Nova) or with `metadata.reference_answer` (Bedrock), as
AWS documents them; each becomes `{"id", "aggregate_reward_score", "metrics_list"}`. A reference answer is a ground
truth, a whole task, or a row with its columns. The last message of the assistant is graded.

There is no "no verdict": a failure of ours is 503, so that the Lambda fails and is called again; what a row or
completion causes is 0 with the metric `ungradable`.
"""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from reward_server.http.bodies import JsonRoute
from reward_server.http.items import grade_items, refused
from reward_server.http.labels import label_task, last_reply, no_verdict, row_task

router = APIRouter(route_class=JsonRoute)


@router.post("/score_rollouts", summary="AWS: reward function of hosted fine-tuning", response_model=None)
async def score_rollouts(request: Request, body: list[dict[str, Any]]) -> Response:
    """Grade each sample of the event."""
    items = [_item(row, sample) for row, sample in enumerate(body)]
    records = await grade_items(request, items) if items else []
    return no_verdict(records) or JSONResponse(
        [_told(sample, record) for sample, record in zip(body, records, strict=True)]
    )


def _item(row: int, sample: dict[str, Any]) -> dict[str, Any]:
    given = sample.get("metadata")
    metadata: dict[str, Any] = given if isinstance(given, dict) else {}
    truth = sample.get("reference_answer", metadata.get("reference_answer"))
    if truth is None:
        raise refused("reference_answer", "is missing, and in `metadata` too", row)
    if isinstance(truth, dict):
        task = row_task("reference_answer", truth, row)
    else:
        task = label_task("reference_answer", truth, row, data_source=metadata.get("data_source"))
    messages = sample.get("messages")
    if not isinstance(messages, list) or not all(isinstance(message, dict) for message in messages):
        raise refused("messages", "must be a list of messages", row)
    reply = last_reply(messages)
    if not reply:
        raise refused("messages", "hold no message of the assistant", row)
    return {"task": task, "completion": reply}


def _told(sample: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    metrics = [{"name": name, "value": float(value or 0), "type": "Reward"} for name, value in record["parts"].items()]
    metrics.append({"name": "ungradable", "value": float(record["reward"] is None), "type": "Metric"})
    return {
        "id": sample.get("id"),
        "aggregate_reward_score": float(record["reward"] or 0),
        "metrics_list": metrics,
    }
