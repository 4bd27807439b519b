"""Labelled cases of each kind of task, used by the tests and by `reward-server audit`: one module a kind, by its name.

A module has `CASES`, honest completions, right and wrong ones, and `ATTACKS`: completions that try to be paid without
doing the task. An attack may be neither `correct` nor `partial`, and never without a score: nobody buys a null.
"""

import importlib
import pkgutil
from typing import Any, NamedTuple


class Case(NamedTuple):
    """A task, a completion, and the outcome it must have."""

    task: dict[str, Any]
    completion: str
    right: str
    """An outcome's name; empty for an attack: any outcome that scores 0."""
    why: str = ""
    """What the case shows, or what the attack hides."""


def kinds() -> list[str]:
    """Return the kinds that have cases here."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def cases(kind: str) -> list[Case]:
    """Return the honest cases of a kind, right and wrong ones; none for a kind without a module here."""
    return list(importlib.import_module(f"{__name__}.{kind}").CASES) if kind in kinds() else []


def attacks(kind: str) -> list[Case]:
    """Return the attacks of a kind; none for a kind without a module here."""
    return list(getattr(importlib.import_module(f"{__name__}.{kind}"), "ATTACKS", ())) if kind in kinds() else []
