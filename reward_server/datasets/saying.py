"""What is said of a row's kind of task: by whoever hands it over, or by the row's own columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reward_server.datasets.forms import AmbiguousRow, UnknownRow
from reward_server.datasets.sources import ABILITIES, kind_of
from reward_server.datasets.truths import ADVICE

SOURCES = ("data_source", "dataset", "datasource", "data_set")
"""Columns that name a row's data set."""


@dataclass(frozen=True, slots=True)
class Said:
    """The kind of task that somebody says a row is of."""

    kind: str | None = None
    by: str = ""
    unknown: str = ""
    """A data source that has no route."""


def said_of(row: Mapping[str, Any], kind: str | None, dataset: str | None) -> Said:
    """Return the kind that is given, that the data sets named are of, or that the row's other columns say.

    Raises:
        AmbiguousRow: the data set that is given and the row's own are of different kinds, or the row names several.
    """
    if kind:
        return Said(kind, "`kind`")
    own = [(f"`{name}`", source) for name in SOURCES for source in _names(row.get(name))]
    named = [("the data set", dataset), *own] if dataset else own
    known = [Said(kind, f"{by} {source!r}") for by, source in named if (kind := _known(source))]
    other = next((one for one in known if one.kind != known[0].kind), None) if dataset else None
    if other is not None:
        raise AmbiguousRow(f"{known[0].by} says {known[0].kind}, {other.by} says {other.kind}: {ADVICE}")
    if known:
        return known[0]
    unknown = own[0][1] if own else dataset or ""
    told = row.get("kind")
    if isinstance(told, str) and told:
        return Said(told, f"`kind` {told!r}")
    ability = str(row.get("ability") or "").strip().lower()
    if ability in ABILITIES:
        return Said(ABILITIES[ability], f"`ability` {ability!r}")
    return Said(unknown=unknown)


def _known(source: str) -> str | None:
    """Return the kind of a data set's rows; None where it is not known, or holds several kinds and its rows say."""
    try:
        return kind_of(source)
    except UnknownRow:
        return None


def _names(stored: Any) -> list[str]:
    """Return the names of data sets in a cell: open-instruct keeps a list of them, of which one decides."""
    names = [stored] if isinstance(stored, str) else list(stored) if isinstance(stored, list | tuple) else []
    names = list(dict.fromkeys(name for name in names if isinstance(name, str) and name.strip()))
    if len(names) > 1:
        raise AmbiguousRow(f"the row names {names[0]!r} and {names[1]!r} as its data sets: send one of them a row")
    return names
