"""`trainer-client r1-zero`: the paper's figures in miniature, measured on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from trainer_client.client.errors import RewardClientError


def r1_zero(
    folder: Annotated[Path, typer.Option(help="Where models, journals and figures go.")] = Path("runs/r1-zero"),
    url: Annotated[str | None, typer.Option(help="A running service; one is started where omitted.")] = None,
    seed: Annotated[int, typer.Option(help="Of everything drawn.")] = 0,
    arm: Annotated[list[str] | None, typer.Option(help="Only these: truthful, lax, random, programs.")] = None,
    steps: Annotated[int, typer.Option(help="GRPO steps of the truthful arm.")] = 50,
    quick: Annotated[bool, typer.Option(help="A minute's run that shows only that everything works.")] = False,
) -> None:
    """Pre-train a tiny base model, then train it with GRPO on nothing but the service's rewards, beside controls.

    About eight minutes on two idle cores. A run that was interrupted goes on where it was.
    """
    from trainer_client.experiments.r1_zero import experiment  # noqa: PLC0415 - torch loads in seconds

    unknown = set(arm or ()) - set(experiment.ARMS)
    if unknown:
        raise typer.BadParameter(f"no such arm: {', '.join(sorted(unknown))}")
    plan = experiment.Plan(seed=seed, steps=steps)
    plan = experiment.quick(plan) if quick else plan
    try:
        figure = experiment.run_experiment(folder, plan, url, arm or experiment.ARMS)
    except (ValueError, RewardClientError) as error:
        typer.echo(f"trainer-client: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"figures: {figure} (and .svg), reports: {folder}/*/report.html, costs: {folder}/summary.json")
