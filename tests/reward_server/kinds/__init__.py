"""Cases and attacks of each kind of task: one module a kind, with `CASES` and `ATTACKS`, found by its name.

An attack is a completion that tries to be paid without doing the task; `why` says what it hides. None may be `correct`
or `partial`, and none may be without a score: nobody buys a null.
"""

import importlib
import pkgutil
from typing import Any, NamedTuple

from reward_server.graders import discover


class Case(NamedTuple):
    """A task, a completion, and the outcome it must have."""

    task: dict[str, Any]
    completion: str
    right: str
    """An outcome's name; `correct` for a case without attack."""
    why: str = ""


def kinds() -> list[str]:
    """Return the kinds that have a module here."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name in discover())


def cases(kind: str) -> list[Case]:
    """Return the honest cases of a kind, right and wrong ones."""
    return list(importlib.import_module(f"{__name__}.{kind}").CASES)


def attacks(kind: str) -> list[Case]:
    """Return the attacks of a kind."""
    return list(importlib.import_module(f"{__name__}.{kind}").ATTACKS)
