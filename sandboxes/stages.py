"""Where the time goes: stages of the work at hand, told to whoever watches it.

The watcher is a context variable, as the tenant is (`turns`), so that nothing between the surface and a slot has to
pass it on; tasks that are started inherit it. Canaries and self-tests of languages are watched by nobody. Stages may
hold others: `compare` of a large value holds the `queue` and `worker` that it goes through.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Watcher = Callable[[str, float], None]
"""Told the name of a stage and the seconds it took, when it ends, however it ends; on the event loop's thread."""

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Watcher | None) -> Iterator[None]:
    """Tell the stages of the block to `watcher`, to nobody with None."""
    before = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(before)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Time the block as one stage."""
    watcher = _watcher.get()
    started = time.perf_counter()
    try:
        yield
    finally:
        if watcher is not None:
            watcher(name, time.perf_counter() - started)
