"""Plugs for other trainers, one file each, found by file name: `adapters/<trainer>.py` with a constant `ADAPTER`.

Every module docstring shows the exact lines to put into that trainer's configuration. Adapters import their trainer
nowhere and torch only where the trainer wants a tensor, so that all of them can be discovered anywhere.

An adapter maps the one thing trainers disagree on, how to say "no verdict", and names it in `ADAPTER.ungradable`.
The contract tests hold every adapter to the same promises: the rewards are the service's, in order; an ungradable
completion is never a silent 0; rows that belong together make one POST; with one ungradable completion in a group, the
advantages of its siblings are those of the group without it, or the step does not happen.

Plugs for trainers that take a function or class by its name are configured by the environment (`REWARD_URL`,
`REWARD_API_TOKEN`, `REWARD_PARTS`, …: `trainer_client.client.samples`).
"""

import asyncio
import importlib
import os
import pkgutil
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from trainer_client.client.batching import Item
from trainer_client.client.errors import Ungradable


@dataclass(frozen=True)
class Adapter:
    """One trainer's plug."""

    trainer: str
    """The file's name."""
    tested_with: str
    """The release whose own code `tests/trainers` runs with this plug."""
    ungradable: str
    """What the trainer is given for a completion that could not be graded, in its own terms."""
    log: str
    """Where the trainer's own log shows the figures of `trainer_client.client.figures`, or "no" and why not."""
    as_called: "AsCalled"
    """Score the rows of (service url, items) the way the trainer calls the plug, concurrency included; None where the
    plug told the trainer that there is no verdict. The contract tests and `trainer-client ping --adapter` use it."""


AsCalled = Callable[[str, Sequence[Item]], list[float | None]]


def one_by_one(score: Callable[[Item], Awaitable[float]]) -> AsCalled:
    """Score the items as trainers do that await single samples together; None where the plug raised `Ungradable`."""

    async def sample(item: Item) -> float | None:
        try:
            return await score(item)
        except Ungradable:
            return None

    async def together(items: Sequence[Item]) -> list[float | None]:
        return list(await asyncio.gather(*map(sample, items)))

    def called(url: str, items: Sequence[Item]) -> list[float | None]:
        with configured(url):
            return asyncio.run(together(items))

    return called


def on_threads(score: Callable[[Item], float]) -> AsCalled:
    """The same for plugs that are called directly, from many threads at once."""

    def sample(item: Item) -> float | None:
        try:
            return score(item)
        except Ungradable:
            return None

    def called(url: str, items: Sequence[Item]) -> list[float | None]:
        with configured(url), ThreadPoolExecutor(max_workers=max(1, len(items))) as threads:
            return list(threads.map(sample, items))

    return called


def as_batch(score: Callable[[list[Any], list[Any]], Sequence[float | None] | None]) -> AsCalled:
    """Score completions and tasks in one call; None for all where the plug raised `Ungradable` or gave None."""

    def called(url: str, items: Sequence[Item]) -> list[float | None]:
        with configured(url):
            try:
                told = score([item["completion"] for item in items], [item["task"] for item in items])
            except Ungradable:
                told = None
        return [None] * len(items) if told is None else list(told)

    return called


@contextmanager
def configured(url: str) -> Iterator[None]:
    """Have the environment name this service, as users of these plugs have it."""
    before = os.environ.get("REWARD_URL")
    os.environ["REWARD_URL"] = url
    try:
        yield
    finally:
        if before is None:
            del os.environ["REWARD_URL"]
        else:
            os.environ["REWARD_URL"] = before


@cache
def discover() -> dict[str, Adapter]:
    """Import every module of this package and return its `ADAPTER`, by trainer.

    Raises:
        TypeError: a module has no `ADAPTER`, or one whose trainer is not its file name.
    """
    adapters: dict[str, Adapter] = {}
    for module_info in pkgutil.iter_modules(__path__):
        adapter: Any = getattr(importlib.import_module(f"{__name__}.{module_info.name}"), "ADAPTER", None)
        if not isinstance(adapter, Adapter) or adapter.trainer != module_info.name:
            raise TypeError(f"adapters/{module_info.name}.py must define ADAPTER for {module_info.name!r}")
        adapters[adapter.trainer] = adapter
    return adapters
