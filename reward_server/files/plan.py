"""The options that every command which scores a data set has, and what they mean together."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from reward_server.files.folders import DataSet, open_data
from reward_server.files.formats import COMPRESSIONS, RowError
from reward_server.files.layout import Layout, join_table

FileArgument = Annotated[
    Path,
    typer.Argument(help="JSON lines, JSON, CSV, TSV, Parquet or Arrow, compressed or not, or a folder.", exists=True),
]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Verdicts (FILE.verdicts.jsonl).")]
SplitOption = Annotated[str | None, typer.Option(help="Which split of a folder.")]
KindOption = Annotated[str | None, typer.Option(help="Task kind of every row, such as math or code.")]
CompletionOption = Annotated[str | None, typer.Option(help="Column with the completion.")]
GroundTruthOption = Annotated[str | None, typer.Option(help="Column with the ground truth.")]
ColumnOption = Annotated[list[str] | None, typer.Option(help="ITEM.PATH=ROW.PATH, such as task.tests=tests.")]
SetOption = Annotated[list[str] | None, typer.Option("--set", help="ITEM.PATH=VALUE (JSON or text).")]
JoinOption = Annotated[Path | None, typer.Option(help="A second file whose columns go into each row.", exists=True)]
OnOption = Annotated[str | None, typer.Option(help="The column both files share.")]
WhereOption = Annotated[list[str] | None, typer.Option(help="COLUMN=VALUE[,VALUE]: only these rows.")]
LabelOption = Annotated[str | None, typer.Option(help="Column with a known label: print the agreement.")]
RewardsOption = Annotated[str | None, typer.Option(help='Reward parts as JSON: {"accuracy": 1, "format": 1}.')]
BatchOption = Annotated[int, typer.Option(min=1, max=4096, help="Rows in one request.")]
FreshOption = Annotated[bool, typer.Option("--fresh", help="Grade every row anew, whatever an earlier run wrote.")]


@dataclass(frozen=True)
class Plan:
    """What is to be scored, how it is read, and where the verdicts go."""

    data: DataSet
    name: str
    """Of the data set, for people."""
    output: Path
    layout: Layout
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    label: str | None = None
    rewards: Any = None
    batch_size: int = 256
    fresh: bool = False


def make_plan(
    file: Path,
    *,
    output: Path | None,
    split: str | None,
    kind: str | None,
    completion: str | None,
    ground_truth: str | None,
    column: list[str] | None,
    constant: list[str] | None,
    join: Path | None,
    on: str | None,
    where: list[str] | None,
    label: str | None,
    rewards: str | None,
    batch_size: int,
    fresh: bool,
) -> Plan:
    """Read the options.

    Raises:
        RowError: they make no sense, alone or together; the message names the option.
    """
    wanted = {"completion": completion, "task.ground_truth": ground_truth}
    reads = {target: source for target, source in wanted.items() if source} | _pairs("--column", column)
    sets = {target: _json_or_text(text) for target, text in _pairs("--set", constant).items()}
    if (join is None) != (on is None):
        raise RowError("--join and --on go together: a second file, and the column both share")
    joined = join_table((row.value for row in open_data(join).rows()), on) if join and on else {}
    return Plan(
        data=open_data(file, split),
        name=file.name,
        output=output or output_for(file),
        layout=Layout(reads, sets | ({"task.kind": kind} if kind else {}), joined, on),
        where={name: frozenset(values.split(",")) for name, values in _pairs("--where", where).items()},
        label=label,
        rewards=None if rewards is None else read_json("--rewards", rewards),
        batch_size=batch_size,
        fresh=fresh,
    )


def output_for(file: Path) -> Path:
    """Return where the verdicts of a data set go: beside it."""
    name = file.resolve().name
    for ending in COMPRESSIONS:
        name = name.removesuffix(ending)
    stem = name if file.is_dir() else name.rsplit(".", 1)[0]
    return file.parent / f"{stem}.verdicts.jsonl"


def read_json(option: str, text: str) -> Any:
    """Return the value of an option that is written as JSON.

    Raises:
        RowError: it is not; the message names the option and the place.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        example = '{"accuracy": 1, "format": 1}'
        raise RowError(f"{option}: {text!r:.100} is not JSON ({error}); such as '{example}'") from None


def _pairs(option: str, texts: list[str] | None) -> dict[str, str]:
    pairs = {}
    for text in texts or ():
        target, found, source = text.partition("=")
        if not found:
            raise RowError(f"{option} {text!r}: expected NAME=…")
        pairs[target] = source
    return pairs


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
