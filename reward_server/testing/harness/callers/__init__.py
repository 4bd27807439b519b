"""How functions of programs in languages other than Python are called: a harness that is put around the program.

One file here holds one group of languages, found by its `CALLERS`. The harness reads `{"name", "args"}` as JSON from
the file `reward-call.json`, calls the function and writes its value behind a mark; `harness.calls` has the rest.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Caller:
    """How programs of one language are made to answer calls."""

    harnessed: Callable[[str, str, int], str]
    """Source, the function's name and how many arguments the calls have, to a program that makes the call."""
    typed: bool = False
    """Whether the program's own types say what arguments become; no node of a list or tree is then an empty list."""


@cache
def callers() -> Mapping[str, Caller]:
    """Every language whose functions can be called so."""
    found: dict[str, Caller] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        found.update(getattr(importlib.import_module(f"{__name__}.{module}"), "CALLERS", {}))
    return MappingProxyType(found)
