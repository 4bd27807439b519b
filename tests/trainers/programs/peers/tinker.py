"""tinker-cookbook 0.6.1: its rollouts of a group of our environments, then its `compute_advantages`.

Only the renderer and the policy, which need a model, are stand-ins: tokens are the characters of a text.
"""

import asyncio
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from absent import absent
from group import ROW


@cache
def cookbook() -> Any:
    absent("blobfile", "PIL")
    import tinker
    from tinker_cookbook.completers import TokensWithLogprobs
    from tinker_cookbook.rl import data_processing, metric_util, problem_env, rollouts

    return SimpleNamespace(
        ModelInput=tinker.ModelInput,
        Tokens=TokensWithLogprobs,
        data=data_processing,
        env=problem_env,
        roll=rollouts,
        metrics=metric_util,
    )


class Renderer:
    """Characters as tokens."""

    def get_stop_sequences(self) -> list[str]:
        return ["\n\n"]

    def build_generation_prompt(self, _: Any) -> Any:
        return cookbook().ModelInput.from_ints([1])

    def parse_response(self, tokens: list[int]) -> Any:
        text = "".join(map(chr, tokens))
        return {"role": "assistant", "content": text}, SimpleNamespace(is_stop_sequence=True, is_clean=True)


@dataclass
class Policy:
    """Says what it is told to, in turn."""

    texts: list[str]

    async def __call__(self, *_: Any, **__: Any) -> Any:
        text = self.texts.pop(0)
        return cookbook().Tokens(tokens=list(map(ord, text)), maybe_logprobs=[0.0] * len(text))


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    from trainer_client.adapters.tinker import environment

    problem = cookbook().env.ProblemGroupBuilder
    made = environment()
    builder = problem(lambda: made(Renderer(), "3 + 4?", ROW), len(completions))
    group = asyncio.run(cookbook().roll.do_group_rollout(builder, Policy(list(completions))))
    logged = cookbook().metrics.compute_trajectory_metrics([group], [["service"]])
    assert abs(logged["env/all/outcome/correct"] - sum(group.get_total_rewards()) / len(completions)) < 1e-6
    (advantages,) = cookbook().data.compute_advantages([group])
    return group.get_total_rewards(), advantages.tolist()
