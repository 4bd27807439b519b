"""The options that every command which scores a data set has, and what they mean together."""

import functools
import inspect
import json
from collections.abc import Callable, Mapping
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
SplitOption = Annotated[str | None, typer.Option(help="Which split of a folder.")]


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
    json: bool = False
    """The summary is for a program."""


def make_plan(
    file: FileArgument,
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Verdicts (FILE.verdicts.jsonl).")] = None,
    split: SplitOption = None,
    kind: Annotated[str | None, typer.Option(help="Task kind of every row, such as math or code.")] = None,
    completion: Annotated[str | None, typer.Option(help="Column with the completion.")] = None,
    ground_truth: Annotated[str | None, typer.Option(help="Column with the ground truth.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="ITEM.PATH=ROW.PATH, such as task.tests=tests.")] = None,
    constant: Annotated[list[str] | None, typer.Option("--set", help="ITEM.PATH=VALUE (JSON or text).")] = None,
    join: Annotated[Path | None, typer.Option(help="A second file, joined into each row.", exists=True)] = None,
    on: Annotated[str | None, typer.Option(help="The column both files share.")] = None,
    where: Annotated[list[str] | None, typer.Option(help="COLUMN=VALUE[,VALUE]: only these rows.")] = None,
    label: Annotated[str | None, typer.Option(help="Column with a known label: print the agreement.")] = None,
    rewards: Annotated[str | None, typer.Option(help='Reward parts as JSON: {"accuracy": 1, "format": 1}.')] = None,
    batch_size: Annotated[int, typer.Option(min=1, max=4096, help="Rows in one request.")] = 256,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Grade anew what an earlier run graded.")] = False,
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
    output = output or output_for(file)
    for name, read in (("file", file), ("--join", join)):
        if read is not None and output.exists() and output.samefile(read):
            raise RowError(f"--output: {output} is what {name} reads: verdicts would take the place of its rows")
    joined = join_table((row.value for row in open_data(join).rows()), on) if join and on else {}
    return Plan(
        data=open_data(file, split),
        name=file.name,
        output=output,
        layout=Layout(reads, sets | ({"task.kind": kind} if kind else {}), joined, on),
        where={name: frozenset(values.split(",")) for name, values in _pairs("--where", where).items()},
        label=label,
        rewards=None if rewards is None else read_json("--rewards", rewards),
        batch_size=batch_size,
        fresh=fresh,
        json=as_json,
    )


def takes_plan(command: Callable[..., None]) -> Callable[..., None]:
    """Give `command(options, **own)` the options of `make_plan`, which come as one mapping, in front of its own."""
    shared = inspect.signature(make_plan).parameters
    own = list(inspect.signature(command).parameters.values())[1:]

    @functools.wraps(command)
    def wrapped(**given: Any) -> None:
        command({name: given.pop(name) for name in shared}, **given)

    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in (*shared.values(), *own)]
    wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {one.name: one.annotation for one in parameters}
    del wrapped.__wrapped__  # its signature is another
    return wrapped


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
