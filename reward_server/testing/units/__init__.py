"""Tests of compiled languages as a unit of their own: what the submission's text says does not reach their text.

Pasted behind a submission, tests mean what it wants them to mean: `#define assert(x)`, `#define return`, an
`operator==` of its own for `std::vector`. So the submission is compiled alone, and the language's compile command
(`sandboxes/languages/c.py`) makes the program in the first of these ways that compiles:

- `own`: the tests are a unit that sees the standard headers and the declarations of the functions that they name,
  linked with the submission's object, in which every other symbol is hidden;
- `namespace` (C++): where that cannot be, as for templates, classes and `auto`, the submission stands in front of the
  tests in a namespace, all its macros expanded and gone, and the names that the tests use are brought in;
- `shared`: the same without the namespace. Refused where the submission defines what checks rely on.

Java's tests are a compilation unit beside the submission's, `own` (`java.py`). Rust's are a module of its crate in a
file of their own, `own`, or `compared` where values of the program's own types were compared as it says (`rust.py`).
Go's are a package beside the submission's, `own` or `compared`, else `shared`: two files of one package (`go.py`).

Which of them it was is in the evidence, `tests_unit`. All run in one process, so trust stays `opaque`.

One file here holds one group of languages, found by its `UNITS`. Its function gives None where tests and submission
cannot be taken apart; they are then joined as text.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

WAYS = {b"o": "own", b"n": "namespace", b"s": "shared", b"p": "compared"}
"""What follows the nonce, by the way the program was made."""


@dataclass(frozen=True, slots=True)
class Apart:
    """A submission, and the files from which the compile command makes the tests' unit."""

    source: str
    files: Mapping[str, bytes]


@cache
def _units() -> Mapping[str, Callable[[str, str, str, str], Apart | None]]:
    found: dict[str, Callable[[str, str, str, str], Apart | None]] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        found.update(getattr(importlib.import_module(f"{__name__}.{module}"), "UNITS", {}))
    return MappingProxyType(found)


def take_apart(language: str, source: str, armed: str, nonce: str) -> Apart | None:
    """Return the submission and the unit of tests that were armed with the nonce; None where they stay one text."""
    split = _units().get(language)
    return split(language, source, armed, nonce) if split is not None else None
