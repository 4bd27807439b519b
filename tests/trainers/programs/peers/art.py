"""OpenPipe ART 0.5.23: its gathering of rollouts that call `judge`, and its advantages.

`gather_trajectories`, what it calls and `compute_advantages` are taken from the package's source, which asks for Python
3.12; a trajectory is a stand-in with a reward and a log of metrics. One missing rollout is allowed (`max_exceptions`).
"""

import asyncio
import contextlib
import contextvars
from collections import Counter
from types import SimpleNamespace
from typing import Any

import torch
from group import ROW
from sources import SITE, taken

from trainer_client.adapters.art import judge

ART = SITE / "art"


class Trajectory:
    def __init__(self) -> None:
        self.reward = 0.0
        self.metrics: dict[str, float] = {}


class Context(SimpleNamespace):
    """ART's `GatherContext`, whose fields are a dataclass's."""

    def __init__(self, pbar: Any = None, max_exceptions: float = 0, max_metrics: int | None = None) -> None:
        super().__init__(pbar=pbar, max_exceptions=max_exceptions, max_metrics=max_metrics, metric_sums=Counter())
        methods = taken(ART / "gather.py", "GatherContext.update_pbar", "GatherContext.too_many_exceptions")
        self.update_pbar = lambda n: methods.update_pbar(self, n)
        self.too_many_exceptions = lambda: methods.too_many_exceptions(self)


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    current = contextvars.ContextVar[Any]("gather")

    @contextlib.contextmanager
    def set_gather_context(context: Any) -> Any:
        token = current.set(context)
        yield
        current.reset(token)

    bar = SimpleNamespace(tqdm=lambda **_: None)
    given = {"asyncio": asyncio, "tqdm": bar, "GatherContext": Context, "Trajectory": Trajectory}
    given |= {
        "set_gather_context": set_gather_context,
        "get_gather_context": current.get,
        "record_metrics": lambda *_: 0,
    }
    wrap = taken(ART / "gather.py", "wrap_trajectories_awaitable", **given).wrap_trajectories_awaitable
    gather = last_definition(given | {"wrap_trajectories_awaitable": wrap})

    async def group() -> list[Any]:
        rollouts = [judge(Trajectory(), {"task": ROW}, text) for text in completions]
        return list(await gather(rollouts, max_exceptions=1))

    gathered = asyncio.run(group())
    kept = [one for one in gathered if isinstance(one, Trajectory)]
    compute = taken(ART / "tinker_native/data.py", "compute_advantages", torch=torch).compute_advantages
    advantages = iter(compute([one.reward for one in kept]))
    return [one.reward for one in kept], [next(advantages) if one in kept else None for one in gathered]


def last_definition(given: dict[str, Any]) -> Any:
    """Return `gather_trajectories`, whose overloads stand before it under the same name."""
    text = (ART / "gather.py").read_text()
    body = text[text.rindex("async def gather_trajectories(") :]
    body = body[: body.index("\nasync def ", 1)]
    space = dict(given)
    exec(compile(f"from __future__ import annotations\n{body}", "art/gather.py", "exec"), space)
    return space["gather_trajectories"]
