"""`trainer-client train`: GRPO against a running service, from a TOML file, options, or both."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError

from trainer_client.client.errors import RewardClientError
from trainer_client.training.config import TrainConfig, options_of_config, read_config


def _train(config_file: Path | None, **options: Any) -> None:
    """Train a model with GRPO on the rewards of a running service.

    Options win over the TOML file. A folder with a checkpoint is resumed; SIGINT ends the step, saves and stops.
    """
    try:
        config = read_config(config_file, options)
    except ValidationError as error:
        raise typer.BadParameter("; ".join(map(_told, error.errors()))) from None
    try:
        from trainer_client.training.launch import launch  # noqa: PLC0415 - torch loads in seconds

        typer.echo(launch(config))
    except (ValueError, OSError, RewardClientError) as error:
        typer.echo(f"trainer-client: {error}", err=True)
        raise typer.Exit(1) from None


def _told(problem: Mapping[str, Any]) -> str:
    name = str(problem["loc"][0])
    option = f"--{name.replace('_', '-')}"
    if problem["type"] == "missing":
        return f"{option} is needed, here or in the TOML file"
    if problem["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, TrainConfig.model_fields, n=1)
        return f"{name}: there is no such field" + (f", did you mean {near[0]!r}?" if near else "")
    return f"{option}: {problem['msg']}, not {problem['input']!r}"


train = options_of_config(_train)
