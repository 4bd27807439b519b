"""`trainer-client train`: GRPO against a running service, from a TOML file, options, or both."""

from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError

from trainer_client.training.config import options_of_config, read_config


def _train(config_file: Path | None, **options: Any) -> None:
    """Train a model with GRPO on the rewards of a running service.

    Options win over the TOML file. A folder with a checkpoint is resumed; SIGINT ends the step, saves and stops.
    """
    try:
        config = read_config(config_file, options)
    except ValidationError as error:
        raise typer.BadParameter(str(error)) from None
    from trainer_client.training.launch import launch  # noqa: PLC0415 - torch loads in seconds

    typer.echo(launch(config))


train = options_of_config(_train)
