"""`trainer-client score`: send a JSONL file to a service and write the verdicts as they come."""

from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from reward_server.files.rows import UnknownRow, task_for
from trainer_client.client.client import RewardClient
from trainer_client.client.errors import RewardClientError

_GROUND_TRUTHS = ("ground_truth", "solution", "answer")


def score(
    file: Annotated[Path, typer.Argument(help="JSONL.", exists=True, dir_okay=False)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Verdicts; standard output if omitted.")] = None,
    url: Annotated[str, typer.Option(help="The service.")] = "http://127.0.0.1:8000",
    kind: Annotated[str | None, typer.Option(help="Kind of the rows' tasks, where no data source says it.")] = None,
    completion: Annotated[str, typer.Option(help="Column with the completion.")] = "completion",
    rewards: Annotated[str | None, typer.Option(help='Reward parts as JSON, such as {"format": 1}.')] = None,
    deadline: Annotated[float, typer.Option(help="Seconds for the whole file.")] = 3600.0,
) -> None:
    """Grade a file against a running service, verdicts as they finish, each with its row as `index`.

    A row has a completion and a `task`, or a ground truth (`ground_truth`, `solution` or `answer`) and maybe a
    `data_source`.
    """
    outcomes: Counter[str] = Counter()
    known_rewards: list[float] = []
    try:
        items = [_item(number, row, kind, completion) for number, row in enumerate(_rows(file))]
        weights = orjson.loads(rewards) if rewards else None
        client = RewardClient(url, rewards=weights, deadline_seconds=deadline)
        with client, output.open("wb") if output else nullcontext(typer.get_binary_stream("stdout")) as sink:
            for index, verdict in client.stream(items):
                record = verdict.model_dump(mode="json") | {"index": index}
                sink.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
                outcomes[verdict.outcome.value] += 1
                known_rewards += [] if verdict.reward is None else [verdict.reward]
            sink.flush()
    except (RewardClientError, UnknownRow, orjson.JSONDecodeError) as error:
        typer.echo(f"trainer-client: {error}", err=True)
        raise typer.Exit(1) from None
    mean = f"{sum(known_rewards) / len(known_rewards):.4f}" if known_rewards else "none"
    counted = ", ".join(f"{name} {count}" for name, count in outcomes.most_common())
    typer.echo(f"{sum(outcomes.values())} verdicts, mean reward {mean}: {counted}", err=True)


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield orjson.loads(line)


def _item(number: int, row: dict[str, Any], kind: str | None, column: str) -> dict[str, Any]:
    """Return the item of a row.

    Raises:
        UnknownRow: a column is missing, or the data source has no route.
    """
    truth = next((row[name] for name in _GROUND_TRUTHS if name in row), None)
    if column not in row or (truth is None and "task" not in row):
        raise UnknownRow(f"row {number}: needs {column!r} and `task` or one of {_GROUND_TRUTHS}, has {sorted(row)}")
    try:
        task = task_for(truth, kind=kind, data_source=row.get("data_source"), extra=row)
    except UnknownRow as error:
        raise UnknownRow(f"row {number}: {error}") from None
    return {"id": row.get("id"), "task": task, "completion": row[column]}
