"""Routes: a walk through a graph, as places, or through a grid, as places or directions."""

import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from reward_server.errors import TaskError
from reward_server.puzzles.data import LARGEST, Check, Violation
from reward_server.puzzles.reading import literal, shortened

MOST = 4_096
"""Steps of a route."""
_MOST_EDGES = 20_000
_ARROW = re.compile(r" ?(?:->|→|⟶|⇒|➔|➜|,|;|\n) ?")
_TYPESET = re.compile(r"\\(?:to|(?:long)?rightarrow|Rightarrow)(?![A-Za-z])")
_MARKED_LINE = re.compile(r"\s*(?:(?P<number>\d{1,4})[.)]|[-*•])\s+(?P<rest>\S.*)")
_COMPASS = {"north": (-1, 0), "south": (1, 0), "west": (0, -1), "east": (0, 1)}
_SIGNS = {"↑": (-1, 0), "↓": (1, 0), "←": (0, -1), "→": (0, 1), "⬆": (-1, 0), "⬇": (1, 0), "⬅": (0, -1), "➡": (0, 1)}
_CELLS = re.compile(r"\(\d{1,4}, ?\d{1,4}\)(?: ?(?:->|→|,) ?\(\d{1,4}, ?\d{1,4}\)){0,4096}")
_WALLS = frozenset("#X█")
_DIRECTIONS = {
    "up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1), "u": (-1, 0), "d": (1, 0), "l": (0, -1),
    "r": (0, 1), **_COMPASS, **{name[0]: step for name, step in _COMPASS.items()}, **_SIGNS,
}  # fmt: skip


def through_graph(graph: Mapping[str, Any], *, most: int | None, dearest: Fraction | None) -> Check:
    """Check a walk along edges from `start` to `goal` that meets every place of `through`.

    Raises:
        TaskError: the graph is not `{"edges", "start", "goal"}`, or start and goal are one.
    """
    if unknown := set(graph) - {"edges", "start", "goal", "directed", "through"}:
        raise TaskError(f"graph: {min(unknown)!r} is not known")
    costs = _costs(graph)
    places = {place for way in costs for place in way}
    start, goal = (_place(graph.get(name), places, f"graph.{name}") for name in ("start", "goal"))
    through = [_place(one, places, "graph.through") for one in graph.get("through") or ()]
    if start == goal and not set(through) - {start}:
        raise TaskError("graph.goal: the start, so that standing still is a route")

    def check(text: str) -> None:
        walk = _places(text)
        if not 1 < len(walk) <= min(most or MOST, MOST) + 1:
            raise Violation(f"{len(walk) - 1} steps; 1 to {min(most or MOST, MOST)} are taken")
        if walk[0] != start or walk[-1] != goal:
            raise Violation(f"leads from {shortened(walk[0], 30)} to {shortened(walk[-1], 30)}, not {start} to {goal}")
        total = Fraction(0)
        for number, way in enumerate(pairwise(walk), start=1):
            if way not in costs:
                raise Violation(f"step {number}: no edge from {shortened(way[0], 30)} to {shortened(way[1], 30)}")
            total += costs[way]
        if missed := [place for place in through if place not in walk]:
            raise Violation(f"does not go through {missed[0]}")
        if dearest is not None and total > dearest:
            raise Violation(f"costs {float(total):g}; at most {float(dearest):g} is allowed")

    return check


def _costs(graph: Mapping[str, Any]) -> dict[tuple[str, str], Fraction]:
    """Return what each edge costs, both ways unless the graph is directed."""
    edges = graph.get("edges")
    if not isinstance(edges, list) or not 0 < len(edges) <= _MOST_EDGES:
        raise TaskError(f"graph.edges: not a list of 1 to {_MOST_EDGES}")
    costs: dict[tuple[str, str], Fraction] = {}
    for edge in edges:
        if not isinstance(edge, list) or len(edge) not in (2, 3):
            raise TaskError(f"graph.edges: {str(edge)[:60]} is no [from, to] or [from, to, cost]")
        one, other = str(edge[0]), str(edge[1])
        cost = _cost(edge[2], "graph.edges") if len(edge) == 3 else Fraction(1)  # noqa: PLR2004
        for way in ((one, other),) if graph.get("directed") else ((one, other), (other, one)):
            costs[way] = min(cost, costs.get(way, cost))
    return costs


def _cost(value: Any, place: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**12:
        raise TaskError(f"{place}: {str(value)[:40]} is no cost")
    return Fraction(str(value))


def _place(value: Any, places: set[str], field: str) -> str:
    if value is None:
        raise TaskError(f'{field}: missing; a graph is `{{"edges", "start", "goal"}}`')
    if str(value) not in places:
        raise TaskError(f"{field}: {str(value)[:40]!r} is at no edge")
    return str(value)


def _plain(text: str) -> str:
    """Return a route without LaTeX around its arrows, and without the numbers or bullets of a list of lines.

    Numbers count its lines, from one on; other numbers are what is said.
    """
    text = _TYPESET.sub("→", text.strip().strip("$").removeprefix("\\(").removesuffix("\\)")).strip()
    lines = [_MARKED_LINE.fullmatch(line) for line in text.splitlines() if line.strip()]
    marked = [line for line in lines if line is not None]
    numbers = [int(line["number"] or at) for at, line in enumerate(marked, start=1)]
    if len(marked) < 2 or len(marked) < len(lines) or numbers != list(range(1, len(lines) + 1)):  # noqa: PLR2004
        return text
    return ", ".join(line["rest"].strip().rstrip(",;") for line in marked)


def _places(text: str) -> list[str]:
    text = _plain(text)
    if text.startswith("["):
        found = literal(text)
        if not isinstance(found, list) or not all(isinstance(one, str | int) for one in found):
            raise Violation("not a list of places")
        return [str(one) for one in found]
    text = "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
    return [place.strip("`*\"' ") for place in _ARROW.split(text.rstrip(".")) if place]


def through_grid(rows: Any, *, most: int | None) -> Check:
    """Check a walk from `S` to `G` past the walls `#`, `X` or `█`, by sides.

    Directions ("up right", "URRD", a list of them) or the cells as [row, column], counted from 0, the start first.

    Raises:
        TaskError: the rows are of unequal length, or have no start or goal.
    """
    lines = rows.splitlines() if isinstance(rows, str) else rows
    lines = (
        ["".join(line) if isinstance(line, list) else str(line) for line in lines] if isinstance(lines, list) else []
    )
    lines = [line for line in lines if line.strip()]
    if not 0 < len(lines) <= LARGEST or len({len(line) for line in lines}) != 1 or len(lines[0]) > LARGEST:
        raise TaskError(f"grid: not 1 to {LARGEST} rows of equal length")
    signs = {(r, c): sign for r, line in enumerate(lines) for c, sign in enumerate(line)}
    ends = [[place for place, sign in signs.items() if sign == wanted] for wanted in "SG"]
    if any(len(found) != 1 for found in ends):
        raise TaskError("grid: needs one S and one G")
    start, goal = ends[0][0], ends[1][0]

    def check(text: str) -> None:
        at = start
        steps = _steps(text, start)
        if not 0 < len(steps) <= min(most or MOST, MOST):
            raise Violation(f"{len(steps)} steps; 1 to {min(most or MOST, MOST)} are taken")
        for number, (dr, dc) in enumerate(steps, start=1):
            at = (at[0] + dr, at[1] + dc)
            if abs(dr) + abs(dc) != 1:
                raise Violation(f"step {number}: to row {at[0]}, column {at[1]} is no step to a neighbour")
            if signs.get(at, "#") in _WALLS:
                raise Violation(
                    f"step {number}: row {at[0]}, column {at[1]} is {'a wall' if at in signs else 'outside'}"
                )
        if at != goal:
            raise Violation(f"ends at row {at[0]}, column {at[1]}, not at the goal")

    return check


def _steps(text: str, start: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the steps as differences of rows and columns."""
    text = " ".join(_plain(text).replace("\ufe0f", "").split())
    if _CELLS.fullmatch(text):
        text = f"[{text.replace('->', ',').replace('→', ',')}]"
    if text.startswith("["):
        found = literal(text)
        found = found if isinstance(found, list) else []
        if found and all(isinstance(one, str) for one in found):
            return [_direction(one) for one in found]
        if not found or not all(
            isinstance(one, list) and len(one) == 2 and all(type(n) is int and abs(n) < LARGEST for n in one)  # noqa: PLR2004
            for one in found
        ):
            raise Violation("not a list of directions or of [row, column]")
        if (found[0][0], found[0][1]) != start:
            raise Violation(f"does not begin at row {start[0]}, column {start[1]}")
        return [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(found)]
    if not re.sub(r"[\s,;]", "", text).strip("".join(_SIGNS)):  # arrows alone are the directions, not between them
        return [_SIGNS[sign] for sign in text if sign in _SIGNS]
    words = [word for word in re.split(r"[\s,;→⇒➔➜]+|->", text.rstrip(".")) if word]
    if len(words) == 1 and len(words[0]) > 1 and words[0].lower() not in _DIRECTIONS:
        words = list(words[0])
    return [_direction(word) for word in words]


def _direction(word: str) -> tuple[int, int]:
    step = _DIRECTIONS.get(word.strip().lower())
    if step is None:
        raise Violation(f"{shortened(word, 30)!r} is no direction")
    return step
