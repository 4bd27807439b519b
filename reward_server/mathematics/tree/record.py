"""The records of one comparison: frozen for whoever reads them, and cheap to build."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

_Kind = TypeVar("_Kind")


@dataclass_transform(frozen_default=True)
def record(kind: type[_Kind]) -> type[_Kind]:
    """Make a class a dataclass with slots, equality and hash that the type checker holds to be frozen.

    A dataclass that also refuses assignments while it runs takes four times as long to build, and trees are most of
    what a comparison builds.
    """
    return dataclass(slots=True, unsafe_hash=True)(kind)
