"""Graphs and mazes: a colouring in which no neighbours agree, a shortest way through a grid."""

from collections import deque

from reward_server.errors import TaskError
from reward_server.puzzles.data import LARGEST, Check, Data, Violation
from reward_server.puzzles.reading import literal, shortened

_STEPS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
_SHORT = {"u": "up", "d": "down", "l": "left", "r": "right"}
_LONGEST = 4_096


def colouring(data: Data) -> Check:
    """Check a map from every vertex to one of the colours."""
    inner = Data(data.mapping("puzzle")) if data.get("puzzle") is not None else data
    vertices = [str(vertex) for vertex in inner.need("vertices")]
    colours = {str(colour) for colour in inner.need("color_options", "colors")}
    edges = inner.need("edges")
    if len(vertices) > LARGEST * LARGEST or not all(isinstance(edge, list) and len(edge) == 2 for edge in edges):  # noqa: PLR2004
        raise TaskError("metadata.edges: not pairs of vertices")
    pairs = [(str(one), str(other)) for one, other in edges]
    if unknown := {vertex for pair in pairs for vertex in pair} - set(vertices):
        raise TaskError(f"metadata.edges: {min(unknown)!r} is no vertex")

    def check(text: str) -> None:
        given = literal(text)
        if not isinstance(given, dict):
            raise Violation("not a map from vertices to colours")
        chosen = {str(vertex): str(colour) for vertex, colour in given.items()}
        if missing := [vertex for vertex in vertices if vertex not in chosen]:
            raise Violation(f"vertex {missing[0]} has no colour")
        if wrong := [vertex for vertex in vertices if chosen[vertex] not in colours]:
            raise Violation(f"vertex {wrong[0]}: {shortened(chosen[wrong[0]], 20)!r} is none of the colours")
        if surplus := set(chosen) - set(vertices):
            raise Violation(f"{shortened(min(surplus), 20)!r} is no vertex")
        for one, other in pairs:
            if chosen[one] == chosen[other]:
                raise Violation(f"the neighbours {one} and {other} have the same colour {shortened(chosen[one], 20)}")

    return check


def shortest_way(data: Data) -> Check:
    """Check directions from `*` to `#` past `X`: no way is shorter; "infeasible" where there is none."""
    matrix = data.grid("matrix", of=str)
    start, goal = _place(matrix, "*"), _place(matrix, "#")
    least = _distance(matrix, start, goal)

    def check(text: str) -> None:
        words = text.replace(",", " ").replace("→", " ").lower().split()
        if words == ["infeasible"]:
            if least is not None:
                raise Violation("there is a way")
            return
        if least is None:
            raise Violation("there is no way")
        if len(words) > _LONGEST:
            raise Violation(f"more than {_LONGEST} steps")
        r, c = _walked(matrix, start, words)
        if (r, c) != goal:
            raise Violation(f"ends at row {r + 1}, column {c + 1}, not at the goal")
        if len(words) > least:
            raise Violation(f"{len(words)} steps; {least} are enough")

    return check


def _walked(matrix: list[list[str]], start: tuple[int, int], words: list[str]) -> tuple[int, int]:
    """Return where the steps lead."""
    r, c = start
    for number, word in enumerate(words, start=1):
        step = _STEPS.get(_SHORT.get(word, word))
        if step is None:
            raise Violation(f"step {number}: {shortened(word, 20)!r} is no direction")
        r, c = r + step[0], c + step[1]
        if not (0 <= r < len(matrix) and 0 <= c < len(matrix[0])):
            raise Violation(f"step {number} leaves the grid")
        if matrix[r][c] == "X":
            raise Violation(f"step {number} enters a blocked cell")
    return r, c


def _place(matrix: list[list[str]], sign: str) -> tuple[int, int]:
    found = [(r, c) for r, row in enumerate(matrix) for c, cell in enumerate(row) if cell == sign]
    if len(found) != 1:
        raise TaskError(f"metadata.matrix: needs one {sign!r}")
    return found[0]


def _distance(matrix: list[list[str]], start: tuple[int, int], goal: tuple[int, int]) -> int | None:
    distances, waiting = {start: 0}, deque([start])
    while waiting:
        r, c = waiting.popleft()
        if (r, c) == goal:
            return distances[goal]
        for dr, dc in _STEPS.values():
            there = (r + dr, c + dc)
            inside = 0 <= there[0] < len(matrix) and 0 <= there[1] < len(matrix[0])
            if inside and there not in distances and matrix[there[0]][there[1]] != "X":
                distances[there] = distances[r, c] + 1
                waiting.append(there)
    return None
