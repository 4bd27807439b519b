"""What protocols that ask for rewards share: labels and rows read as tasks, and a failure of ours, which is no number.

Most of these protocols have no word for "no verdict". A null that the completion or its row causes is their 0, counted
where they count anything: asking again would change nothing. A failure of ours is 503 with its reason, whatever a
client then does with it: none of them takes that for a reward.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from reward_server.datasets import UnknownRow, read_row, task_for
from reward_server.http.items import refused
from reward_server.verdict import Outcome

_RETRY_AFTER_SECONDS = "1"


class LabelOptions(BaseModel):
    """The query parameters by which a URL says what labels do not say."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    kind: str | None = None
    """Kind of task of labels and rows that do not tell theirs; mathematics where omitted."""
    data_source: str | None = None
    """The data set they come from, to derive the kind."""
    rewards: list[str] = Field(default_factory=list)
    """Reward parts, each `name:weight`; accuracy alone where omitted."""


def label_task(
    field: str, label: Any, row: int | None = None, *, kind: str | None = None, data_source: str | None = None
) -> dict[str, Any]:
    """Return the task of a label: a ground truth, a whole task or an object with its data source, as JSON text too.

    Raises:
        RequestRefused: 422 that names the field, and the row, of a label that cannot be read.
    """
    if label is None:
        raise refused(field, "is missing", row)
    try:
        return task_for(label, kind=kind, data_source=data_source)
    except UnknownRow as error:
        raise refused(field, str(error), row) from None


def row_task(
    field: str, columns: Any, row: int | None = None, *, kind: str | None = None, data_source: str | None = None
) -> dict[str, Any]:
    """Return the task of a data set's row; errors as in `label_task`."""
    try:
        return read_row(columns, kind=kind, dataset=data_source)
    except UnknownRow as error:
        raise refused(field, str(error), row) from None


def last_reply(messages: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the last message of the assistant alone, as the completion that is graded; empty where there is none."""
    return [one for one in messages if isinstance(one, dict) and one.get("role") == "assistant"][-1:]


def no_verdict(records: Sequence[Mapping[str, Any]]) -> Response | None:
    """Return the 503 where a completion has no verdict because of us, None where none has."""
    lost = [record for record in records if record["outcome"] == Outcome.UNGRADABLE]
    if not lost:
        return None
    detail = f"{len(lost)} of {len(records)} completions have no verdict: {why_null(lost[0])}"
    return JSONResponse({"detail": detail}, 503, {"Retry-After": _RETRY_AFTER_SECONDS})


def why_null(record: Mapping[str, Any]) -> str:
    """Return the outcome of a verdict without a reward, and its reason."""
    return f"{record['outcome']}: {record['evidence'].get('reason', 'no reason given')}"
