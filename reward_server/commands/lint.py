"""`reward-server lint FILE`: which rows of a data set would train on noise, before any training."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reward_server.files.folders import open_data
from reward_server.files.lint import Report, lint_rows
from reward_server.files.plan import FileArgument, SplitOption
from reward_server.graders import discover
from reward_server.http.problems import nearest


def lint(
    file: FileArgument,
    field: Annotated[
        str | None,
        typer.Option("--field", "--ground-truth", help="Column with the ground truth; found by itself if omitted."),
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Kind of every row that is no whole task.")] = None,
    split: SplitOption = None,
    limit: Annotated[int, typer.Option(min=0, help="Findings to print.")] = 50,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write every finding as JSONL.")] = None,
) -> None:
    """Read every ground truth, grade it against itself, and list the rows that are unusable or ambiguous.

    \b
    reward-server lint train.parquet
    reward-server lint problems.jsonl --field gold --kind math -o findings.jsonl
    """  # noqa: D301 - a sign to click
    console = Console()
    if kind is not None and kind not in discover():
        hint = f"{nearest(kind, discover())}; known are {', '.join(sorted(discover()))}"
        typer.echo(f"reward-server: no kind {kind!r}{hint}", err=True)
        raise typer.Exit(2)
    try:
        report = lint_rows(open_data(file, split).rows(), column=field, kind=kind)
    except (OSError, ValueError) as error:
        typer.echo(f"reward-server: {error}", err=True)
        raise typer.Exit(2) from None
    if output is not None:
        lines = (json.dumps(asdict(finding), ensure_ascii=False) for finding in report.findings)
        output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    _show(console, file, report, limit)
    if not report.rows:
        typer.echo(f"nothing was read: there are no rows in {file.name}", err=True)
        raise typer.Exit(1)
    if any(finding.severity != "ambiguous" for finding in report.findings):
        raise typer.Exit(1)


def _show(console: Console, file: Path, report: Report, limit: int) -> None:
    share = report.self_correct / report.rows if report.rows else 0.0
    console.print(f"[bold]{file.name}[/bold]: {report.rows} rows, {share:.2%} grade themselves correct")
    console.print("  " + "  ".join(f"{name} {count}" for name, count in report.classes.most_common()), highlight=False)
    if report.only_compiled:
        console.print(f"  {report.only_compiled} read, but not graded: they state no answer, or a sandbox grades them")
    if not report.findings:
        return
    table = Table("where", "id", "severity", "reason", "ground truth", box=None, pad_edge=False)
    for finding in report.findings[:limit]:
        cells = (finding.place, finding.id[:40], finding.severity, finding.reason, finding.ground_truth[:60])
        table.add_row(*map(escape, cells))
    console.print(table)
    if len(report.findings) > limit:
        console.print(f"… and {len(report.findings) - limit} more")
