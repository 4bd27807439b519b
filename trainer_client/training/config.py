"""Everything a training run can be told, as one typed record read from a TOML file, the command line, or both.

Imports no torch: the command line must list its options at once.
"""

import inspect
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import typer
from pydantic import BaseModel, ConfigDict, Field


class TrainConfig(BaseModel):
    """Fields of a run; each is a key of the TOML file and an option of `trainer-client train`."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    model: str
    """Folder of a saved policy, or a causal LM that Hugging Face's from_pretrained knows."""
    data: Path
    """JSON lines of problems to train on."""
    folder: Path = Path("runs/run")
    """Where metrics, samples, checkpoints and the trained model go."""
    url: str = "http://127.0.0.1:8000"
    """The reward service."""
    rewards: dict[str, float] = {"accuracy": 1.0, "format": 1.0}
    """Weights of reward parts; R1-Zero's rule is accuracy 1 and format 1."""
    prompt_format: str = "auto"
    """How a Hugging Face model is asked: chat, r1-zero, plain or auto."""
    recipe: Literal["grpo", "dapo", "dr_grpo", "gspo", "cispo"] = "grpo"
    """Loss, clipping, aggregation and advantage scale, as their papers have them."""
    beta: float | None = Field(default=None, ge=0)
    """KL coefficient in place of the recipe's."""
    reference_every: int = Field(default=400, ge=1)
    """Steps after which the newest policy becomes the reference of the KL term."""
    steps: int = Field(default=100, ge=1)
    """Rollout steps in all, those before a resume included."""
    problems_per_step: int = Field(default=32, ge=1)
    """Groups in one step."""
    group_size: int = Field(default=16, ge=2)
    """Completions of each problem."""
    chunk_problems: int = Field(default=8, ge=1)
    """Groups decoded together, and sent to the service while the next are decoded."""
    minibatches: int = Field(default=1, ge=1)
    """Optimiser steps in one rollout step; more than one makes the later ones off-policy."""
    micro_batch: int = Field(default=64, ge=1)
    """Rows in one forward and backward pass: memory only, the gradient does not depend on it."""
    max_new_tokens: int = Field(default=512, ge=1)
    """Length limit of a completion."""
    overlong: Literal["wrong", "mask"] = "wrong"
    """What a completion cut at the limit is: reward 0, or left out of its group as DAPO does."""
    temperature: float = Field(default=1.0, gt=0)
    """Of the sampler, and therefore of the trainer's log-probabilities."""
    learning_rate: float = Field(default=1e-6, gt=0)
    """Constant, AdamW without weight decay."""
    held_out: Path | None = None
    """JSON lines of problems to evaluate on; none without it."""
    evaluate_every: int = Field(default=10, ge=1)
    """Steps between evaluations."""
    checkpoint_every: int = Field(default=20, ge=1)
    """Steps between checkpoints; SIGINT also writes one."""
    seed: int = 0
    """Of sampling and data order."""
    threads: int = Field(default=0, ge=0)
    """Threads of torch; 0 leaves its default."""
    device: str = "cpu"
    """Where the policy lives, such as cuda."""
    tensorboard: bool = False
    """Also write TensorBoard events, if its package is installed."""


CONFIG = "config.toml"
"""In the run's folder: what it was told."""
_MAY_CHANGE = frozenset(
    {"folder", "url", "steps", "micro_batch", "checkpoint_every", "threads", "device", "tensorboard"}
)
"""Fields with which a run may be resumed otherwise than it began: they decide where and how long, not what."""


def read_config(toml: Path | None, options: dict[str, Any]) -> TrainConfig:
    """Combine a TOML file with options that are not None, which win."""
    fields = tomllib.loads(toml.read_text(encoding="utf-8")) if toml else {}
    return TrainConfig.model_validate(fields | {name: value for name, value in options.items() if value is not None})


def keep_config(config: TrainConfig) -> None:
    """Write the run's configuration into its folder, or hold it against the one that is there.

    Raises:
        ValueError: the run there was started with another value of what decides its course; the message names each.
    """
    path = config.folder / CONFIG
    if path.exists():
        earlier = TrainConfig.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        differing = [
            f"{name}: {getattr(earlier, name)} there, {getattr(config, name)} now"
            for name in TrainConfig.model_fields
            if name not in _MAY_CHANGE and getattr(earlier, name) != getattr(config, name)
        ]
        if differing:
            way_out = "go on with its values, or choose another --folder"
            raise ValueError(f"{config.folder} holds a run with {'; '.join(differing)}: {way_out}")
    config.folder.mkdir(parents=True, exist_ok=True)
    fields = config.model_dump(mode="json", exclude_none=True)
    path.write_text("".join(f"{name} = {_toml(value)}\n" for name, value in fields.items()), encoding="utf-8")


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(name)} = {_toml(inner)}" for name, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def options_of_config(command: Callable[..., None]) -> Callable[..., None]:
    """Give `command(config_file, **options)` one command-line option for each field of `TrainConfig`."""
    parameters = [
        inspect.Parameter(
            "config",
            inspect.Parameter.KEYWORD_ONLY,
            default=typer.Option(None, help="TOML file with any of these fields."),
            annotation=Path | None,
        )
    ]
    for name, field in TrainConfig.model_fields.items():
        kind, flag = _option_type(field.annotation), f"--{name.replace('_', '-')}"
        shown = "" if field.is_required() or field.default is None else f" [default: {field.default}]"
        option = typer.Option(None, flag, help=f"{field.description}{shown}", show_default=False)
        parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=option, annotation=kind))

    def wrapped(config: Path | None = None, **options: Any) -> None:
        weights = options.pop("rewards", None)
        if weights:
            options["rewards"] = dict(weight.split("=", 1) for weight in weights)
        command(config, **options)

    wrapped.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    return wrapped


def _option_type(annotation: Any) -> Any:
    """Return what typer should parse: pydantic checks choices and bounds, so texts and numbers are enough."""
    text = str(annotation)
    if "dict" in text:
        return list[str] | None
    for kind in (bool, int, float):
        if annotation is kind or annotation == kind | None:
            return kind | None
    return str | None
