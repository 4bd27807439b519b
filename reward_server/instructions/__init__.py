"""Verifiable instructions: one small function each, registered under the id that data sets store.

A check is `def name(answer: Answer, argument: Type, …) -> Finding` under `@instruction("family:name")`; the annotations
say what the arguments are, and everything else is refused. `checks/` has them by family; `stored.py` reads the forms
in which data sets keep them; `loose.py` has the variants of a text that loose grading tries.

Decided for all of them, where the references differ or let things pass:

- A check that finds nothing to look at fails: no sentence, no pair of words, no quotation. "Each … must" is not
  followed by a text without any.
- Arguments are texts, never patterns. A missing argument is an error, never drawn at random.
- A word is a run of letters, digits and underscores, with apostrophes and hyphens inside; `length` and `count:…_range`
  count runs without those, as their references do.
- A sentence ends at its sign (`.`, `!`, `?`, `…` and those of other scripts) and has a letter in it; an
  abbreviation, an initial or the number of a list item ends none, and neither does a line.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple, ParamSpec

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from reward_server.complaints import said
from reward_server.instructions.answer import Answer


class Finding(NamedTuple):
    """Whether an instruction was followed, and what was counted or found: JSON, short enough to show."""

    passed: bool
    counted: Any = None


P = ParamSpec("P")


@dataclass(frozen=True)
class Instruction:
    """A check with the id that data sets store it under."""

    id: str
    check: Callable[..., Finding]

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The arguments as a model; unknown ones are forbidden."""
        fields: dict[str, Any] = {}
        for name, parameter in list(inspect.signature(self.check).parameters.items())[1:]:
            default = ... if parameter.default is parameter.empty else parameter.default
            fields[name] = (parameter.annotation, default)
        return create_model(self.id, __config__=ConfigDict(extra="forbid", frozen=True), **fields)

    def bind(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments as the check takes them; those that are null are left out, as data sets store them.

        Raises:
            ValueError: an argument is unknown, missing or of the wrong kind, or, as a check says when it is tried,
                contradicts another; the message names it.
        """
        given = {name: value for name, value in kwargs.items() if value is not None}
        try:
            bound = self.arguments.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            known = ", ".join(self.arguments.model_fields) or "none"
            where = ".".join(map(str, first["loc"]))
            raise ValueError(f"{self.id}: argument {where!r}: {said(first)} (arguments: {known})") from None
        arguments = {name: getattr(bound, name) for name in self.arguments.model_fields}
        try:
            self.check(Answer("x"), **arguments)
        except ValueError as error:
            raise ValueError(f"{self.id}: {error}") from None
        return arguments


REGISTRY: dict[str, Instruction] = {}


def instruction(*ids: str) -> Callable[[Callable[P, Finding]], Callable[P, Finding]]:
    """Register a check under the ids that data sets store."""

    def register(check: Callable[P, Finding]) -> Callable[P, Finding]:
        for name in ids:
            if name in REGISTRY:
                raise ValueError(f"instruction {name!r} is there already")
            REGISTRY[name] = Instruction(name, check)
        return check

    return register


@cache
def discover() -> dict[str, Instruction]:
    """Return every instruction by id, from the files of `checks/`."""
    package = importlib.import_module(f"{__name__}.checks")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return REGISTRY
