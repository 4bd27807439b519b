"""Plugs for other trainers, one file each, found by file name: `adapters/<trainer>.py` with a constant `ADAPTER`.

Every module docstring shows the exact lines to put into that trainer's configuration. Adapters import their trainer
nowhere and torch only where the trainer wants a tensor, so that all of them can be discovered anywhere.

An adapter maps the one thing trainers disagree on, how to say "no verdict", and names it in `ADAPTER.ungradable`.
The contract tests hold every adapter to the same promises: the rewards are the service's, in order; an ungradable
completion is never a silent 0; rows that belong together make one POST.
"""

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from trainer_client.client.batching import Item


@dataclass(frozen=True)
class Adapter:
    """One trainer's plug."""

    trainer: str
    """The file's name."""
    tested_with: str
    """The release of the trainer that `tests/trainers` runs."""
    ungradable: str
    """What the trainer is given for a completion that could not be graded, in its own terms."""
    as_called: Callable[[str, Sequence[Item]], list[float | None]]
    """Score the rows of (service url, items) the way the trainer calls the plug, concurrency included; None where the
    plug told the trainer that there is no verdict. The contract tests and `trainer-client ping --adapter` use it."""


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
