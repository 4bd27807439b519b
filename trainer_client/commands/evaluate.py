"""`trainer-client evaluate`: pass@1, pass@k and cons@k of a model on a file of problems."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def evaluate(
    model: Annotated[str, typer.Option(help="Folder of a policy, or a causal LM for from_pretrained.")],
    data: Annotated[Path, typer.Option(help="JSON lines of problems, such as AIME's.", exists=True, dir_okay=False)],
    k: Annotated[int, typer.Option(min=1, help="Completions of each problem; the paper takes 64 for AIME.")] = 16,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many problems.")] = None,
    max_new_tokens: Annotated[int, typer.Option(help="Length limit of a completion.")] = 1024,
    temperature: Annotated[float, typer.Option(help="The paper's is 0.6.")] = 0.6,
    top_p: Annotated[float, typer.Option(help="The paper's is 0.95.")] = 0.95,
    prompt_format: Annotated[str, typer.Option(help="chat, r1-zero, plain or auto.")] = "auto",
    device: Annotated[str, typer.Option(help="Where the model lives, such as cuda.")] = "cpu",
    url: Annotated[str, typer.Option(help="The service.")] = "http://127.0.0.1:8000",
    seed: Annotated[int, typer.Option(help="Of the samples.")] = 0,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Also write the figures as JSON.")] = None,
) -> None:
    """Sample k completions of each problem, let the service grade them, and print the figures."""
    from trainer_client.client.client import RewardClient  # noqa: PLC0415 - these load torch, which takes seconds
    from trainer_client.policies.loading import load_policy  # noqa: PLC0415
    from trainer_client.training.evaluate import AIME_HUMAN_BASELINE, Sampling, measure, summarise  # noqa: PLC0415
    from trainer_client.training.problems import load_problems  # noqa: PLC0415

    problems = load_problems(data)[:limit]
    sampling = Sampling(k, max_new_tokens, temperature, top_p, seed)
    with RewardClient(url, rewards={"accuracy": 1.0, "format": 1.0}) as client:
        figures = summarise(measure(load_policy(model, prompt_format, device), problems, client, sampling), k)
    if data.stem.startswith("aime"):
        figures["human baseline"] = AIME_HUMAN_BASELINE
    if output is not None:
        output.write_text(json.dumps({"model": model, "data": data.name, **figures}, indent=1) + "\n")
    typer.echo("\n".join(_lines(figures, k)))


def _lines(figures: dict[str, Any], k: int) -> list[str]:
    lines = [f"{figures['problems']} problems, {k} completions each, {figures['ungraded']} ungraded"]
    wanted = {"all": figures} | {f"level {level}": some for level, some in figures.get("levels", {}).items()}
    for name, some in wanted.items():
        estimates = "  ".join(f"pass@{j} {value:.3f}" for j, value in some["pass@k"].items())
        lines.append(f"{name}: {estimates}  cons@{k} {some['cons@k']:.3f}  mean length {some['length']:.0f}")
    if "human baseline" in figures:
        lines.append(f"mean score of human AIME participants: {figures['human baseline']:.3f}")
    return lines
