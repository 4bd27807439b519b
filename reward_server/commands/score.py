"""`reward-server score FILE`: grade a file of completions, here or against a server, and say how it went."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from reward_server.files.offline import (
    Layout,
    LocalScorer,
    RemoteScorer,
    RowError,
    Scorer,
    matching,
    read_rows,
    rows_done,
    score_file,
)
from reward_server.http.requests import error_response
from reward_server.service import open_service
from reward_server.settings import SandboxChoice, Settings
from reward_server.telemetry import configure_logging
from sandboxes.sandbox import SandboxError

_PASSING = frozenset({"1", "1.0", "true", "pass", "passed", "correct", "right", "ac", "accepted", "yes"})
_RIGHT = 0.5
"""A score of at least this counts as right when it is compared with a label."""


def score(
    file: Annotated[Path, typer.Argument(help="JSONL or JSON, .gz too.", exists=True, dir_okay=False)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Verdicts [FILE.verdicts.jsonl].")] = None,
    kind: Annotated[str | None, typer.Option(help="Task kind of every row: math, code, choice, exact.")] = None,
    completion: Annotated[str | None, typer.Option(help="Column with the completion.")] = None,
    ground_truth: Annotated[str | None, typer.Option(help="Column with the ground truth.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="ITEM.PATH=ROW.PATH, such as task.tests=tests.")] = None,
    constant: Annotated[list[str] | None, typer.Option("--set", help="ITEM.PATH=VALUE (JSON or text).")] = None,
    join: Annotated[Path | None, typer.Option(help="A second file whose columns are merged into each row.")] = None,
    on: Annotated[str | None, typer.Option(help="The column both files share.")] = None,
    where: Annotated[list[str] | None, typer.Option(help="COLUMN=VALUE[,VALUE]: only these rows.")] = None,
    label: Annotated[str | None, typer.Option(help="Column with a known label: print the agreement.")] = None,
    rewards: Annotated[
        str | None, typer.Option(help='Reward parts as JSON, such as {"accuracy": 1, "format": 1}.')
    ] = None,
    url: Annotated[str | None, typer.Option(help="Score against this server; in this process if omitted.")] = None,
    sandbox: Annotated[SandboxChoice | None, typer.Option(help="Where programs run.")] = None,
    allow_weak_isolation: Annotated[bool, typer.Option("--allow-weak-isolation", help="As for serve.")] = False,
    batch_size: Annotated[int, typer.Option(min=1, max=4096, help="Rows in one request.")] = 256,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over instead of going on after the last row.")] = False,
) -> None:
    """Grade a file of completions, resumably; rows are wire items, or any data set with --kind, --completion, …."""
    configure_logging("console")
    console = Console(stderr=True, soft_wrap=True)
    output = output or file.with_name(file.name.removesuffix(".gz").rsplit(".", 1)[0] + ".verdicts.jsonl")
    if fresh:
        output.unlink(missing_ok=True)
    chosen: dict[str, Any] = {"sandbox": sandbox} if sandbox else {}
    chosen |= {"allow_weak_isolation": True} if allow_weak_isolation else {}
    try:
        plan = _Plan(
            file=file,
            output=output,
            layout=_layout(kind, completion, ground_truth, column or [], constant or [], join, on),
            where={name: frozenset(values.split(",")) for name, values in map(_pair, where or [])},
            label=label,
            rewards=None if rewards is None else json.loads(rewards),
            url=url,
            settings=Settings(**chosen),
            batch_size=batch_size,
        )
        asyncio.run(_run(plan, console))
    except ValidationError as error:
        console.print(f"[red]{error_response(error.errors()).detail}")
        raise typer.Exit(2) from None
    except (SandboxError, aiohttp.ClientError, OSError, ValueError) as error:
        console.print(f"[red]{type(error).__name__}: {error}")
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        console.print(f"stopped; the same command goes on after the last row in {output}")
        raise typer.Exit(130) from None


@dataclass(frozen=True)
class _Plan:
    file: Path
    output: Path
    layout: Layout
    where: dict[str, frozenset[str]]
    label: str | None
    rewards: Any
    url: str | None
    settings: Settings
    batch_size: int


def _layout(
    kind: str | None,
    completion: str | None,
    ground_truth: str | None,
    columns: list[str],
    constants: list[str],
    join: Path | None,
    on: str | None,
) -> Layout:
    wanted = {"completion": completion, "task.ground_truth": ground_truth}
    reads = {target: source for target, source in wanted.items() if source} | dict(map(_pair, columns))
    sets = {target: _value(text) for target, text in map(_pair, constants)} | ({"task.kind": kind} if kind else {})
    if (join is None) != (on is None):
        raise RowError("--join and --on go together")
    joined = {row[on]: row for row in read_rows(join) if isinstance(row, dict) and on in row} if join else {}
    return Layout(reads, sets, joined, on)


def _pair(text: str) -> tuple[str, str]:
    target, found, source = text.partition("=")
    if not found:
        raise RowError(f"{text!r}: expected PATH=…")
    return target, source


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@asynccontextmanager
async def _scorer(plan: _Plan) -> AsyncIterator[Scorer]:
    if plan.url is not None:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            yield RemoteScorer(session, plan.url, plan.rewards)
    else:
        async with open_service(plan.settings) as service:
            yield LocalScorer(service, plan.rewards)


@dataclass
class _Tally:
    outcomes: Counter[str] = field(default_factory=Counter)
    rewards: list[float] = field(default_factory=list)
    agreements: Counter[bool] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, row: dict[str, Any], record: dict[str, Any], label: str | None) -> None:
        if "error" in record:
            self.outcomes["malformed row"] += 1
            self.errors.append(record["error"])
            return
        self.outcomes[record["outcome"]] += 1
        if record["reward"] is not None:
            self.rewards.append(record["reward"])
        if label is not None and label in row:
            agrees = (record["score"] or 0) >= _RIGHT if record["score"] is not None else None
            expected = str(row[label]).strip().lower() in _PASSING
            self.agreements[agrees is expected] += 1
            if agrees is not expected:
                name = row.get("id", "")
                self.disagreements.append(
                    f"{name}: label {row[label]!r}, {record['outcome']}, {record['answer']!r:.80}"
                )


async def _run(plan: _Plan, console: Console) -> None:
    total = sum(1 for _ in matching(read_rows(plan.file), plan.where))
    skip = rows_done(plan.output)
    if skip:
        console.print(f"{plan.output}: {skip} rows are done, going on after them")
    tally, started, cpu = _Tally(), time.perf_counter(), time.process_time()
    columns = (TextColumn(plan.file.name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("score", total=total, completed=skip)
        async with _scorer(plan) as scorer:
            started, cpu = time.perf_counter(), time.process_time()
            rows = matching(read_rows(plan.file), plan.where)
            done = score_file(rows, plan.layout, scorer, plan.output, batch_size=plan.batch_size, skip=skip)
            async for row, record in done:
                tally.add(row, record, plan.label)
                progress.advance(bar)
    _report(tally, time.perf_counter() - started, time.process_time() - cpu, plan)


def _report(tally: _Tally, seconds: float, cpu_seconds: float, plan: _Plan) -> None:
    rows = tally.outcomes.total()
    typer.echo(
        f"{rows} rows in {seconds:.1f} s ({cpu_seconds:.1f} s CPU here), {rows / max(seconds, 1e-9):.0f} a second"
    )
    for outcome, count in tally.outcomes.most_common():
        typer.echo(f"  {outcome:<18}{count:>8}  {count / rows:7.2%}")
    if tally.rewards:
        typer.echo(f"  mean reward       {sum(tally.rewards) / len(tally.rewards):8.4f}")
    if labelled := tally.agreements.total():
        agreed = tally.agreements[True]
        typer.echo(f"agreement with {plan.label!r}: {agreed} of {labelled} = {agreed / labelled:.2%}")
        for line in tally.disagreements:
            typer.echo(f"  {line}")
    for line in tally.errors[:5]:
        typer.echo(f"  malformed: {line}")
    typer.echo(f"verdicts: {plan.output}")
