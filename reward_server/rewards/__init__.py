"""What a reward part is, and how parts are found: a file `rewards/<part>.py` with a constant `PART`.

A part turns (options, completion, verdict) into a number. The reward is the sum of weight × part over the parts a
request names, and null when a part with a non-zero weight is null. Weights are the request's, so rewards are never
cached; verdicts are.

A group part (`GroupPart`) turns the completions and verdicts of a whole group, those of one prompt in one request, into
a number for each. Items say their `group`, the part's `group_size` how many a group has: one of another number is
incomplete, all of its items are null in that part, and their `notes` say so. What a batch holds beside the group never
counts.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from reward_server.graders import Completion
from reward_server.verdict import Verdict

_NOTHING: Mapping[str, float | None] = MappingProxyType({})


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


class GroupOptions(PartOptions):
    """Options every group part has."""

    group_size: int = Field(ge=2, le=4096)
    """Items of a whole group. A group of which more or fewer are in the request is incomplete and has no such part."""


class Member(NamedTuple):
    """One item of a group."""

    completion: Completion
    verdict: Verdict


G = TypeVar("G", bound=GroupOptions)


@dataclass(frozen=True)
class GroupPart(Generic[G]):
    """A term of the reward that needs an item's siblings."""

    options: type[G]
    measure: Callable[[G, Sequence[Member]], list[float | None] | str]
    """A value for each member of a whole group, None where a member has none; or why the group has none at all."""
    examples: list[tuple[dict[str, Any], list[tuple[str, float | None]], list[float | None] | str]]
    """(options, (completion, score) of each member, expected), run by the contract tests."""
    needs_tokens: Callable[[G], bool] = lambda _options: False
    """As `RewardPart.needs_tokens`."""


@cache
def discover() -> dict[str, RewardPart[Any]]:
    """Return the parts that see one item, by file name."""
    return {name: part for name, part in _parts().items() if isinstance(part, RewardPart)}


@cache
def discover_group_parts() -> dict[str, GroupPart[Any]]:
    """Return the parts that see a whole group, by file name."""
    return {name: part for name, part in _parts().items() if isinstance(part, GroupPart)}


@cache
def _parts() -> dict[str, RewardPart[Any] | GroupPart[Any]]:
    """Import every module of this package and return its `PART`, by file name.

    After them come those that installed distributions name under the entry point `reward_server.rewards`.

    Raises:
        TypeError: a module has no `PART`, or an entry point names none, or one that is built in.
    """
    parts: dict[str, RewardPart[Any] | GroupPart[Any]] = {}
    for module_info in pkgutil.iter_modules(__path__):
        part = getattr(importlib.import_module(f"{__name__}.{module_info.name}"), "PART", None)
        if not isinstance(part, RewardPart | GroupPart):
            raise TypeError(f"rewards/{module_info.name}.py must define PART")
        parts[module_info.name] = part
    for entry in entry_points(group=__name__):
        part = entry.load()
        if not isinstance(part, RewardPart | GroupPart) or entry.name in parts:
            raise TypeError(f"{entry.value}: must be a reward part of a name, {entry.name!r}, that is not built in")
        parts[entry.name] = part
    return parts


def about(part: RewardPart[Any] | GroupPart[Any]) -> str:
    """Return what the part measures in a sentence: the first of its module's docstring."""
    module = sys.modules.get(part.measure.__module__)
    first = ((module.__doc__ if module else None) or "").strip().split("\n\n")[0]
    return " ".join(first.split()).partition(": ")[2] or first


@dataclass(frozen=True, slots=True)
class Composition:
    """The parts one request asked for, ready to be applied to each verdict."""

    terms: tuple[tuple[str, float, Callable[[Completion, Verdict], float | None]], ...]
    needs_tokens: tuple[str, ...] = ()
    """Names of the parts that need every item's `token_count` or `token_ids`."""
    group_terms: tuple[tuple[str, GroupOptions], ...] = ()
    """Parts that see whole groups, with their options."""

    def apply(
        self, completion: Completion, verdict: Verdict, of_group: Mapping[str, float | None] = _NOTHING
    ) -> tuple[float | None, dict[str, float | None]]:
        """Return (reward, parts before weights); `of_group` are the item's values of the group parts."""
        parts: dict[str, float | None] = {}
        reward: float | None = 0.0
        measured = [(name, weight, measure(completion, verdict)) for name, weight, measure in self.terms]
        measured += [(name, options.weight, of_group.get(name)) for name, options in self.group_terms]
        for name, weight, value in measured:
            parts[name] = value
            if weight:
                reward = None if value is None or reward is None else reward + weight * value
        return reward, parts

    def of_group(self, members: Sequence[Member]) -> tuple[list[dict[str, float | None]], dict[str, str]]:
        """Return each member's values of the group parts, and why a part has none, by name."""
        values: list[dict[str, float | None]] = [{} for _ in members]
        notes: dict[str, str] = {}
        for name, options in self.group_terms:
            if len(members) == options.group_size:
                found = discover_group_parts()[name].measure(options, members)
            else:
                found = f"incomplete: {len(members)} of {options.group_size} items of the group are in this request"
            if isinstance(found, str):
                notes[name], found = found, [None] * len(members)
            for of_member, value in zip(values, found, strict=True):
                of_member[name] = value
        return values, notes


def compose(rewards: BaseModel | None) -> Composition:
    """Turn a request's `rewards`, a field (weight or options) for each part named, into a Composition."""
    chosen: dict[str, Any] = {}
    if rewards is not None:
        names = [name for name in type(rewards).model_fields if name in rewards.model_fields_set]
        chosen = {name: getattr(rewards, name) for name in names}
    terms, group_terms = [], []
    needing = []
    for name, given in (chosen or {"accuracy": 1.0}).items():
        if name in discover_group_parts():
            group_terms.append((name, given))
            if discover_group_parts()[name].needs_tokens(given):
                needing.append(name)
            continue
        part = discover()[name]
        options = given if isinstance(given, PartOptions) else part.options(weight=given)
        terms.append((name, options.weight, _bind(part, options)))
        if part.needs_tokens(options):
            needing.append(name)
    return Composition(tuple(terms), tuple(needing), tuple(group_terms))


def _bind(part: RewardPart[Any], options: PartOptions) -> Callable[[Completion, Verdict], float | None]:
    return lambda completion, verdict: part.measure(options, completion, verdict)
