"""Grids to be filled: sudoku, futoshiki, kakurasu, survo, queens. The given cells must stay as they are."""

from collections import Counter
from itertools import combinations
from typing import Any

from reward_server.errors import TaskError
from reward_server.puzzles.data import Check, Data, Violation
from reward_server.puzzles.reading import cells, integer_cells

_BOXES = {4: (2, 2), 6: (2, 3), 8: (2, 4), 9: (3, 3), 12: (3, 4), 16: (4, 4), 25: (5, 5)}
_SIGNS = "<>∧∨^v"
"""Of futoshiki's inequalities, which are part of its written grid."""
Grid = list[list[int]]


def _square(data: Data) -> Grid:
    puzzle = data.grid("puzzle")
    if len(puzzle) != len(puzzle[0]):
        raise TaskError("metadata.puzzle: not as many rows as columns")
    return puzzle


def _keeps(puzzle: Grid, grid: Grid) -> None:
    for r, (given, row) in enumerate(zip(puzzle, grid, strict=True), start=1):
        for c, (clue, cell) in enumerate(zip(given, row, strict=True), start=1):
            if clue and clue != cell:
                raise Violation(f"row {r}, column {c}: the given {clue} was changed to {cell}")


def _each_once(name: str, number: int, values: list[int]) -> None:
    wanted = set(range(1, len(values) + 1))
    if set(values) != wanted:
        repeated = [value for value, count in Counter(values).items() if count > 1]
        wrong = (
            f"{repeated[0]} stands twice" if repeated else f"{next(v for v in values if v not in wanted)} is too large"
        )
        raise Violation(f"{name} {number}: {wrong}")


def _latin(puzzle: Grid, grid: Grid) -> None:
    _keeps(puzzle, grid)
    for number, row in enumerate(grid, start=1):
        _each_once("row", number, row)
    for number, column in enumerate(zip(*grid, strict=True), start=1):
        _each_once("column", number, list(column))


def sudoku(data: Data) -> Check:
    """Check rows, columns and boxes; boxes of a grid that is no square number are wider than high, as 2 by 3."""
    puzzle = _square(data)
    size = len(puzzle)
    if size not in _BOXES:
        raise TaskError(f"metadata.puzzle: a sudoku of {size} rows has no known boxes")
    height, width = _BOXES[size]

    def check(text: str) -> None:
        grid = integer_cells(text, size, size)
        _latin(puzzle, grid)
        boxes = ((top, left) for top in range(0, size, height) for left in range(0, size, width))
        for number, (top, left) in enumerate(boxes, start=1):
            _each_once("box", number, [v for row in grid[top : top + height] for v in row[left : left + width]])

    return check


def futoshiki(data: Data) -> Check:
    """Check a Latin square with inequalities `[row, column, row, column, "<" or ">"]`, from 0."""
    puzzle = _square(data)
    constraints: list[Any] = data.need("constraints")
    size = len(puzzle)
    for constraint in constraints:
        inside = isinstance(constraint, list) and len(constraint) == 5 and all(0 <= n < size for n in constraint[:4])  # noqa: PLR2004
        if not inside or constraint[4] not in ("<", ">"):
            raise TaskError("metadata.constraints: not [row, column, row, column, '<' or '>'] of this grid")

    def check(text: str) -> None:
        grid = integer_cells(text, size, size, _SIGNS)
        _latin(puzzle, grid)
        for r1, c1, r2, c2, sign in constraints:
            if not (grid[r1][c1] < grid[r2][c2] if sign == "<" else grid[r1][c1] > grid[r2][c2]):
                raise Violation(f"({r1 + 1}, {c1 + 1}) {sign} ({r2 + 1}, {c2 + 1}) does not hold")

    return check


def kakurasu(data: Data) -> Check:
    """Check a grid of 0 and 1 whose ones, weighted by their place from 1, come to the sums."""
    across, down = data.integers("row_sums"), data.integers("col_sums")

    def check(text: str) -> None:
        grid = integer_cells(text, len(across), len(down))
        if any(cell not in (0, 1) for row in grid for cell in row):
            raise Violation("a cell is neither 0 nor 1")
        for name, lines, sums in (("row", grid, across), ("column", list(zip(*grid, strict=True)), down)):
            for number, (line, wanted) in enumerate(zip(lines, sums, strict=True), start=1):
                got = sum(place * cell for place, cell in enumerate(line, start=1))
                if got != wanted:
                    raise Violation(f"{name} {number} comes to {got}, not {wanted}")

    return check


def survo(data: Data) -> Check:
    """Check a grid whose last row and column are the sums of the others; each candidate fills one empty cell."""
    puzzle = data.grid("puzzle")
    candidates = data.integers("candidate_numbers")

    def check(text: str) -> None:
        grid = integer_cells(text, len(puzzle), len(puzzle[0]))
        _keeps(puzzle, grid)
        filled = [grid[r][c] for r, row in enumerate(puzzle) for c, cell in enumerate(row) if not cell]
        if Counter(filled) != Counter(candidates):
            raise Violation(f"the empty cells hold {sorted(filled)}, not {sorted(candidates)}")
        for name, lines in (("row", grid), ("column", list(zip(*grid, strict=True)))):
            for number, line in enumerate(lines, start=1):
                if sum(line[:-1]) != line[-1]:
                    raise Violation(f"{name} {number} comes to {sum(line[:-1])}, not {line[-1]}")

    return check


def queens(data: Data) -> Check:
    """Check a board with one queen in each row of which no two attack each other; the given ones stay."""
    puzzle = data.grid("puzzle", of=str)
    size = len(puzzle)
    given = {(r, c) for r, row in enumerate(puzzle) for c, cell in enumerate(row) if cell == "Q"}

    def check(text: str) -> None:
        board = cells(text)
        if len(board) == size and all(len(row) == 1 and len(row[0]) == size for row in board):
            board = [list(row[0]) for row in board]
        if len(board) != size or any(len(row) != size for row in board):
            raise Violation(f"not a board of {size} by {size}")
        if any(cell not in ("Q", "_", ".") for row in board for cell in row):
            raise Violation("a square is neither 'Q' nor empty")
        placed = [(r, c) for r, row in enumerate(board) for c, cell in enumerate(row) if cell == "Q"]
        if missing := given - set(placed):
            raise Violation(f"the given queen at {_square_name(min(missing))} was moved")
        if len(placed) != size:
            raise Violation(f"{len(placed)} queens, not {size}")
        for one, other in combinations(placed, 2):
            if one[0] == other[0] or one[1] == other[1] or abs(one[0] - other[0]) == abs(one[1] - other[1]):
                raise Violation(f"queens at {_square_name(one)} and {_square_name(other)} attack each other")

    return check


def _square_name(square: tuple[int, int]) -> str:
    return f"row {square[0] + 1}, column {square[1] + 1}"
