"""`trainer-client evaluate`: pass@1, pass@k and cons@k of a model on a file of problems, with their completions."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from trainer_client.client.errors import RewardClientError


def evaluate(
    model: Annotated[str, typer.Option(help="Folder of a policy, a causal LM, or the endpoint's model.")],
    data: Annotated[Path, typer.Option(help="JSON lines of problems, such as AIME's.", exists=True, dir_okay=False)],
    k: Annotated[int, typer.Option(min=1, help="Completions of each problem; the paper takes 64 for AIME.")] = 16,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many problems.")] = None,
    max_new_tokens: Annotated[int, typer.Option(help="Length limit of a completion.")] = 1024,
    temperature: Annotated[float, typer.Option(help="The paper's is 0.6.")] = 0.6,
    top_p: Annotated[float, typer.Option(help="The paper's is 0.95.")] = 0.95,
    prompt_format: Annotated[str, typer.Option(help="chat, r1-zero, plain or auto.")] = "auto",
    device: Annotated[str, typer.Option(help="Where the model lives, such as cuda.")] = "cpu",
    url: Annotated[str, typer.Option(help="The service.")] = "http://127.0.0.1:8000",
    endpoint: Annotated[str | None, typer.Option(help="OpenAI-compatible, such as http://host:8001/v1.")] = None,
    seed: Annotated[int, typer.Option(help="Of the samples.")] = 0,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Figures; completions beside them.")] = None,
) -> None:
    """Sample k completions of each problem, let the service grade them, and print the figures."""
    from trainer_client.client.client import RewardClient  # noqa: PLC0415 - these load torch, which takes seconds
    from trainer_client.training.endpoint import Endpoint  # noqa: PLC0415
    from trainer_client.training.evaluate import Sampling, measure, sampler_of  # noqa: PLC0415
    from trainer_client.training.problems import load_problems  # noqa: PLC0415

    problems = load_problems(data)[:limit]
    sampling = Sampling(k, max_new_tokens, temperature, top_p, seed)
    try:
        with RewardClient(url, rewards={"accuracy": 1.0, "format": 1.0}) as client:
            client.fetch("/readyz")  # before minutes of sampling
            if endpoint is None:
                from trainer_client.policies.loading import load_policy  # noqa: PLC0415

                draw = sampler_of(load_policy(model, prompt_format, device), sampling)
            else:
                draw = partial(Endpoint(endpoint, model).sample, sampling=sampling)
            measured = measure(draw, problems, client, sampling)
    except (RewardClientError, ValueError) as error:
        typer.echo(f"trainer-client: {error}", err=True)
        raise typer.Exit(1) from None
    figures = _figures(measured, k, aime=data.stem.startswith("aime"))
    if output is not None:
        asked = {"model": model, "data": data.name, "date": datetime.now(UTC).isoformat(timespec="seconds")}
        output.write_text(json.dumps(asked | {"sampling": asdict(sampling)} | figures, indent=1) + "\n")
        kept = output.with_suffix(".completions.jsonl")
        kept.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in _completions(measured)))
        typer.echo(f"completions and verdicts: {kept}")
    typer.echo("\n".join(_lines(figures, k)))


def _figures(measured: Sequence[Any], k: int, *, aime: bool) -> dict[str, Any]:
    from trainer_client.training.evaluate import AIME_HUMAN_BASELINE, interval, summarise  # noqa: PLC0415

    scores = [sum(one.graded) / len(one.graded) for one in measured if one.graded]
    agreed = [one.consensus for one in measured if one.consensus is not None]
    intervals = {"pass@1 interval": interval(scores), "cons@k interval": interval(agreed)}
    return summarise(measured, k) | intervals | ({"human baseline": AIME_HUMAN_BASELINE} if aime else {})


def _completions(measured: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for one in measured:
        for text, length, score, verdict in zip(one.texts, one.lengths, one.scores, one.verdicts, strict=True):
            asked = {"problem": one.problem.id, "level": one.problem.level, "prompt": one.problem.prompt}
            yield asked | {"completion": text, "length": length, "score": score, "verdict": verdict}


def _lines(figures: dict[str, Any], k: int) -> list[str]:
    lines = [f"{figures['problems']} problems, {k} completions each, {figures['ungraded']} ungraded"]
    wanted = {"all": figures} | {f"level {level}": some for level, some in figures.get("levels", {}).items()}
    for name, some in wanted.items():
        estimates = "  ".join(f"pass@{j} {value:.3f}" for j, value in some["pass@k"].items())
        lines.append(f"{name}: {estimates}  cons@{k} {some['cons@k']:.3f}  mean length {some['length']:.0f}")
    for name, shown in (("pass@1 interval", "pass@1"), ("cons@k interval", f"cons@{k}")):
        if figures[name] is not None:
            lines.append(f"{shown}: 95 % interval {figures[name][0]:.3f} to {figures[name][1]:.3f}, over problems")
    if "human baseline" in figures:
        lines.append(f"mean score of human AIME participants: {figures['human baseline']:.3f}")
    return lines
