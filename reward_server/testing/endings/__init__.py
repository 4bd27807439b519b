"""Where a test program has done its last check, in each language: there it is made to print the nonce.

Leaving early with status 0 then earns nothing. One file here holds one group of languages, found by its `ENDINGS`. An
ending has two halves: `arm` sees the tests alone, so that what a task's verdicts are worth is known before there is a
submission, and gives None where the place cannot be found; the exit status decides then. `join` puts a submission in
front of tests that were armed.

A test framework that reports failures without failing the process (rackunit, SRFI 64, clojure.test, `Debug.Assert`)
is made to fail it. Checks are meant the way the tests' author meant them: assertions a submission switched off are on.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType


def appended(source: str, tests: str) -> str:
    """Put the tests behind the submission."""
    return f"{source}\n{tests}\n"


@dataclass(frozen=True, slots=True)
class Ending:
    """How test programs of one language are made to say that they are through."""

    arm: Callable[[str, str], str | None]
    """Tests and nonce to tests that print the nonce, as the last line, once every check has passed."""
    join: Callable[[str, str], str] = appended


@cache
def endings() -> Mapping[str, Ending]:
    """Every language whose test programs can be armed.

    Raises:
        TaskError: never here; an `arm` raises it for tests that no submission could pass.
    """
    found: dict[str, Ending] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        found.update(getattr(importlib.import_module(f"{__name__}.{module}"), "ENDINGS", {}))
    return MappingProxyType(found)


def arm(language: str, tests: str, nonce: str) -> str | None:
    """Return the tests with the nonce at their end, None where the exit status has to decide.

    Raises:
        TaskError: the tests need a framework that no sandbox has.
    """
    ending = endings().get(language)
    return ending.arm(tests, nonce) if ending is not None else None


def join(language: str, source: str, armed: str) -> str:
    """Return submission and armed tests as one program."""
    return endings()[language].join(source, armed)
