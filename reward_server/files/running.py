"""One run over a data set, as the commands do it: progress by finished verdicts, a summary, an exit status."""

import json
import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from reward_server.files.formats import Row, RowError
from reward_server.files.layout import column, did_you_mean, selected
from reward_server.files.ledger import Ledger
from reward_server.files.plan import Plan
from reward_server.files.scoring import Scored, Scorer, score_rows
from reward_server.files.summary import Summary

NOTHING_GRADED = 1
"""Exit status where there is no row, or all are malformed."""
_ROWS_WITH_LABEL = 1000
"""In so many rows the label's column has to be met."""


async def run_plan(
    plan: Plan,
    scorer: Scorer,
    versions: Mapping[str, str],
    console: Console,
    note: Callable[[Scored], None] = lambda _scored: None,
) -> int:
    """Score what the plan says, print a summary, and return the exit status.

    `versions` are the labels of the scorer's graders by kind. `console` shows the progress. `note` is told of every
    row.

    Raises:
        RowError: the data set cannot be read, has no column of the label's name, or is said to be of an unknown kind.
        What the scorer raises. All that had finished is in the output then.
    """
    _check_kind(plan, versions)
    summary = Summary(plan.label)
    total = _count(plan)
    started, cpu = time.perf_counter(), time.process_time()
    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Ledger(plan.output, versions, fresh=plan.fresh) as ledger:
        with Progress(*shown, console=console, transient=True) as progress:
            bar = progress.add_task(plan.name, total=total)
            work = score_rows(
                _chosen(plan), plan.layout, scorer, ledger, asked=plan.rewards, batch_size=plan.batch_size
            )
            async with aclosing(work) as finished:
                async for scored in finished:
                    summary.add(scored)
                    note(scored)
                    progress.advance(bar)
        kept = not summary.usable and ledger.had_lines
        others = 0 if kept else ledger.finish()
        if kept:
            ledger.withdraw()
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    _print(plan, summary, stale=ledger.stale, others=others, seconds=seconds, cpu_seconds=cpu_seconds)
    if not summary.usable:
        reason = "all rows are malformed" if summary.rows else "there are no rows"
        beside = f"; what an earlier run wrote is kept: {plan.output}" if kept else ""
        typer.echo(f"nothing was graded: {reason} in {plan.name}{beside}", err=True)
    return 0 if summary.usable else NOTHING_GRADED


def _check_kind(plan: Plan, versions: Mapping[str, str]) -> None:
    """See that the kind of all rows is one the scorer has, before an earlier run's verdicts are replaced."""
    kind = plan.layout.constants.get("task.kind")
    if isinstance(kind, str) and kind not in versions:
        hint = did_you_mean(kind, versions)
        raise RowError(f"--kind: there is no kind {kind!r}{hint}; known are {', '.join(sorted(versions))}")


def _chosen(plan: Plan) -> Iterator[Row]:
    return (row for row in plan.data.rows() if selected(row.value, plan.where))


def _count(plan: Plan) -> int:
    """Return how many rows there will be; on the way it looks for the label, so that no run is for nothing."""
    if plan.label is not None:
        broken: RowError | None = None
        for row, _ in zip(_chosen(plan), range(_ROWS_WITH_LABEL), strict=False):
            try:
                column(row.value if isinstance(row.value, Mapping) else {}, plan.label)
                break
            except RowError as error:
                broken = broken or error
        else:
            if broken is not None:
                raise RowError(f"--label: {broken}")
    return sum(1 for _ in _chosen(plan)) if plan.where else plan.data.count()


def _print(plan: Plan, summary: Summary, *, stale: int, others: int, seconds: float, cpu_seconds: float) -> None:
    graded = summary.rows - summary.kept
    files = shlex.quote(str(plan.output)), shlex.quote(plan.name)
    if plan.json:
        told = {"file": plan.name, "output": str(plan.output), "graded": graded, "seconds": round(seconds, 3)}
        typer.echo(json.dumps(told | summary.as_json() | summary.closing.as_json(*files), ensure_ascii=False))
        return
    if summary.kept or stale:
        again = f"; {stale} had changed, or had no verdict, and were graded again" if stale else ""
        typer.echo(f"{summary.kept} rows were graded by an earlier run{again}")
    speed = f"{graded / max(seconds, 1e-9):.0f} a second"
    typer.echo(f"{summary.rows} rows, {graded} of them now: {seconds:.1f} s ({cpu_seconds:.1f} s CPU here), {speed}")
    for line in summary.lines():
        typer.echo(line)
    for line in summary.closing.lines(*files):
        typer.echo(line)
    typer.echo(f"verdicts: {plan.output}")
    if others:
        typer.echo(f"  with {others} of rows that this run did not ask about (--fresh drops them)")
