"""`trainer-client report`: curves of runs on one sheet, and a page of samples with their verdicts."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    folders: Annotated[list[Path], typer.Argument(help="Folders of runs; the first is drawn in detail.", exists=True)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Figure, without its ending.")] = None,
    baseline: Annotated[float | None, typer.Option(help="Height of a dashed line, such as the human score.")] = None,
) -> None:
    """Draw the curves of one or several runs, and write report.html about the first."""
    from trainer_client.reporting.figures import Run, draw  # noqa: PLC0415 - matplotlib loads in a second
    from trainer_client.reporting.report import write_report  # noqa: PLC0415

    dashed = None if baseline is None else ("baseline", baseline)
    try:
        runs = [Run.read(folder) for folder in folders]
    except FileNotFoundError as error:
        typer.echo(f"trainer-client: no run is here yet, {error.filename} is missing", err=True)
        raise typer.Exit(1) from None
    if not any(run.training or run.evaluations for run in runs):
        typer.echo(f"trainer-client: no step has ended yet in {', '.join(map(str, folders))}", err=True)
        raise typer.Exit(1)
    for path in draw(runs, output or folders[0] / "curves", baseline=dashed):
        typer.echo(path)
    typer.echo(write_report(folders[0]))
