"""What a reward part is, and how parts are found: a file `rewards/<part>.py` with a constant `PART`.

A part turns (options, completion, verdict) into a number. The reward is the sum of weight × part over the parts a
request names, and null when a part with a non-zero weight is null. Weights are the request's, so rewards are never
cached; verdicts are.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from reward_server.graders import Completion
from reward_server.verdict import Verdict


class PartOptions(BaseModel):
    """Options every part has; a part adds its own fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    weight: float = 1.0


O = TypeVar("O", bound=PartOptions)  # noqa: E741 - options


@dataclass(frozen=True)
class RewardPart(Generic[O]):
    """One named term of the reward."""

    options: type[O]
    measure: Callable[[O, Completion, Verdict], float | None]
    """Deterministic and bounded whatever the text; None when there is nothing to measure."""
    examples: list[tuple[dict[str, Any], str, float]]
    """(options, completion, expected value), run by the contract tests."""
    needs_tokens: Callable[[O], bool] = lambda _options: False
    """Whether, under these options, every item must bring `token_count` or `token_ids`."""


@cache
def discover() -> dict[str, RewardPart[Any]]:
    """Import every module of this package and return its `PART`, by file name.

    Raises:
        TypeError: a module has no `PART`.
    """
    parts: dict[str, RewardPart[Any]] = {}
    for module_info in pkgutil.iter_modules(__path__):
        part = getattr(importlib.import_module(f"{__name__}.{module_info.name}"), "PART", None)
        if not isinstance(part, RewardPart):
            raise TypeError(f"rewards/{module_info.name}.py must define PART")
        parts[module_info.name] = part
    return parts


@dataclass(frozen=True, slots=True)
class Composition:
    """The parts one request asked for, ready to be applied to each verdict."""

    terms: tuple[tuple[str, float, Callable[[Completion, Verdict], float | None]], ...]
    needs_tokens: tuple[str, ...] = ()
    """Names of the parts that need every item's `token_count` or `token_ids`."""

    def apply(self, completion: Completion, verdict: Verdict) -> tuple[float | None, dict[str, float | None]]:
        """Return (reward, parts before weights)."""
        parts: dict[str, float | None] = {}
        reward: float | None = 0.0
        for name, weight, measure in self.terms:
            value = parts[name] = measure(completion, verdict)
            if weight:
                reward = None if value is None or reward is None else reward + weight * value
        return reward, parts


def compose(rewards: BaseModel | None) -> Composition:
    """Turn a request's `rewards`, a field (weight or options) for each part named, into a Composition."""
    chosen: dict[str, Any] = {}
    if rewards is not None:
        names = [name for name in type(rewards).model_fields if name in rewards.model_fields_set]
        chosen = {name: getattr(rewards, name) for name in names}
    terms = []
    needing = []
    for name, given in (chosen or {"accuracy": 1.0}).items():
        part = discover()[name]
        options = given if isinstance(given, PartOptions) else part.options(weight=given)
        terms.append((name, options.weight, _bind(part, options)))
        if part.needs_tokens(options):
            needing.append(name)
    return Composition(tuple(terms), tuple(needing))


def _bind(part: RewardPart[Any], options: PartOptions) -> Callable[[Completion, Verdict], float | None]:
    return lambda completion, verdict: part.measure(options, completion, verdict)
