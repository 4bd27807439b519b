"""`trainer-client train`: GRPO against a running service, from a TOML file, options, or both."""

from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError

from trainer_client.client.errors import RewardClientError
from trainer_client.training.config import options_of_config, read_config


def _train(config_file: Path | None, **options: Any) -> None:
    """Train a model with GRPO on the rewards of a running service.

    Options win over the TOML file. A folder with a checkpoint is resumed; SIGINT ends the step, saves and stops.
    """
    try:
        config = read_config(config_file, options)
    except ValidationError as error:
        told = (f"--{problem['loc'][0]}: {problem['msg']}, not {problem['input']!r}" for problem in error.errors())
        raise typer.BadParameter("; ".join(told).replace("_", "-")) from None
    try:
        from trainer_client.training.launch import launch  # noqa: PLC0415 - torch loads in seconds

        typer.echo(launch(config))
    except ModuleNotFoundError as error:
        wanted = f"training needs {error.name}: pip install 'reward-server[trainer]'"
        typer.echo(f"trainer-client: {wanted}", err=True)
        raise typer.Exit(1) from None
    except (ValueError, RewardClientError) as error:
        typer.echo(f"trainer-client: {error}", err=True)
        raise typer.Exit(1) from None


train = options_of_config(_train)
