"""Solutions that are sequences of moves, carried out one by one: towers of Hanoi, jugs, sokoban, knights, locks."""

import re
from typing import Any

from reward_server.errors import TaskError
from reward_server.puzzles.data import LARGEST, Check, Data, Violation
from reward_server.puzzles.reading import literal, shortened

_MOST = 2_000
"""Moves of a solution."""
_HANOI = re.compile(r"Move disk (\d{1,3}) from Peg (\d{1,2}) to Peg (\d{1,2})[.]?", re.IGNORECASE)
_JUG = re.compile(r"(fill|empty) ([A-Z])|(pour) ([A-Z])\s?->\s?([A-Z])")
_DIRECTIONS = {"U": (-1, 0), "D": (1, 0), "L": (0, -1), "R": (0, 1)}


def _bounded(moves: list[Any]) -> list[Any]:
    if len(moves) > _MOST:
        raise Violation(f"more than {_MOST} moves")
    return moves


def _listed(text: str) -> list[str]:
    moves = literal(text)
    if not isinstance(moves, list) or not all(isinstance(move, str) for move in moves):
        raise Violation("not a list of moves")
    return _bounded(moves)


def hanoi(data: Data) -> Check:
    """Check lines "Move disk 1 from Peg 3 to Peg 2"; the shortest sequence is not asked for."""
    disks, pegs = data.integer("num_disks"), data.integer("num_pegs")
    start, target = data.integer("start_peg"), data.integer("target_peg")
    if not (1 <= disks <= LARGEST and 1 <= start <= pegs and 1 <= target <= pegs and start != target):
        raise TaskError("metadata.start_peg: pegs are numbered from 1, and the target is another than the start")

    def check(text: str) -> None:
        towers: dict[int, list[int]] = {peg: [] for peg in range(1, pegs + 1)}
        towers[start] = list(range(disks, 0, -1))
        for number, line in enumerate(_bounded([line.strip() for line in text.splitlines() if line.strip()]), start=1):
            move = _HANOI.fullmatch(line)
            if move is None:
                raise Violation(f"move {number}: not read: {shortened(line, 40)!r}")
            disk, source, goal = map(int, move.groups())
            if source not in towers or goal not in towers:
                raise Violation(f"move {number}: there is no such peg")
            if towers[source][-1:] != [disk]:
                raise Violation(f"move {number}: disk {disk} is not on top of peg {source}")
            if towers[goal] and towers[goal][-1] < disk:
                raise Violation(f"move {number}: disk {disk} would lie on the smaller disk {towers[goal][-1]}")
            towers[goal].append(towers[source].pop())
        if len(towers[target]) != disks:
            raise Violation(f"{disks - len(towers[target])} disks are not on peg {target}")

    return check


def jugs(data: Data) -> Check:
    """Check a list of "fill A", "empty B", "pour A->C" after which one jug holds the target."""
    inner = Data(data.mapping("puzzle")) if data.get("puzzle") is not None else data
    sizes, target = inner.integers("jug_capacities"), inner.integer("target")
    if len(sizes) > 26 or target <= 0:  # noqa: PLR2004 - named by letters; an empty jug is no solution
        raise TaskError("metadata.target: not more than nothing")
    names = [chr(ord("A") + at) for at in range(len(sizes))]

    def check(text: str) -> None:
        water = dict.fromkeys(names, 0)
        capacity = dict(zip(names, sizes, strict=True))
        for number, move in enumerate(_listed(text), start=1):
            found = _JUG.fullmatch(move.strip())
            if (
                found is None
                or not {jug for jug in found.group(2, 4, 5) if jug} <= set(water)
                or (found[4] and found[4] == found[5])
            ):
                raise Violation(f"move {number}: not read: {shortened(move, 30)!r}")
            if found[1]:
                water[found[2]] = capacity[found[2]] if found[1] == "fill" else 0
                continue
            source, goal = found[4], found[5]
            poured = min(water[source], capacity[goal] - water[goal])
            water[source] -= poured
            water[goal] += poured
        if target not in water.values():
            raise Violation(f"no jug holds {target}: {', '.join(f'{jug} {held}' for jug, held in water.items())}")

    return check


def sokoban(data: Data) -> Check:
    """Check steps U, D, L, R that push every box onto a goal; a step against a wall or a stuck box is none."""
    rows = [line.split() or list(line) for line in data.text("gamestr", "grid").splitlines() if line.strip()]
    rows = [list("".join(row)) for row in rows]
    signs = {(r, c): sign for r, row in enumerate(rows) for c, sign in enumerate(row)}
    if unknown := set(signs.values()) - set("*%@X$+-"):
        raise TaskError(f"metadata.gamestr: {min(unknown)!r} is no sign of a sokoban")
    players = [place for place, sign in signs.items() if sign in "*%"]
    boxes = frozenset(place for place, sign in signs.items() if sign in "@$")
    goals = frozenset(place for place, sign in signs.items() if sign in "X$%")
    if len(players) != 1 or not boxes or len(boxes) > len(goals):
        raise TaskError("metadata.gamestr: needs one player, and a goal for each box")

    def check(text: str) -> None:
        player, now = players[0], set(boxes)
        for number, step in enumerate(_bounded(list("".join(text.split()))), start=1):
            if step not in _DIRECTIONS:
                raise Violation(f"step {number}: {step!r} is none of U, D, L, R")
            dr, dc = _DIRECTIONS[step]
            there = (player[0] + dr, player[1] + dc)
            behind = (there[0] + dr, there[1] + dc)
            if signs.get(there, "+") == "+" or (there in now and (signs.get(behind, "+") == "+" or behind in now)):
                raise Violation(f"step {number}: {step} is blocked")
            if there in now:
                now.remove(there)
                now.add(behind)
            player = there
        if left := now - goals:
            raise Violation(f"{len(left)} boxes are not on a goal")

    return check


def knight_swap(data: Data) -> Check:
    """Check a list of "colour,from,to", colours in turn, after which the knights have changed places; else "No"."""
    board, pieces = data.mapping("board"), data.mapping("pieces")
    first = data.text("start_turn")
    if not data.get("is_possible"):
        return _says_no
    if first not in ("w", "B") or set(board) != set(pieces):
        raise TaskError("metadata.start_turn: not 'w' or 'B'")
    homes = {colour: {place for place, piece in pieces.items() if piece == colour} for colour in ("w", "B")}

    def check(text: str) -> None:
        now, turn = dict(pieces), first
        for number, move in enumerate(_listed(text), start=1):
            parts = [part.strip() for part in move.split(",")]
            if len(parts) != 3 or parts[1] not in board or parts[2] not in board:  # noqa: PLR2004
                raise Violation(f"move {number}: not read: {shortened(move, 30)!r}")
            colour, source, goal = parts
            if colour != turn or now[source] != colour:
                raise Violation(f"move {number}: it is {turn}'s turn, and {source} holds {now[source] or 'nothing'}")
            if goal not in board[source] or now[goal] is not None:
                raise Violation(f"move {number}: no knight can move from {source} to {goal}")
            now[source], now[goal] = None, colour
            turn = "B" if turn == "w" else "w"
        places = {colour: {place for place, piece in now.items() if piece == colour} for colour in ("w", "B")}
        if places != {"w": homes["B"], "B": homes["w"]}:
            raise Violation("the knights have not changed places")

    return check


def _says_no(text: str) -> None:
    if text.strip().rstrip(".").lower() != "no":
        raise Violation("it is impossible")


def lock(data: Data) -> Check:
    """Check buttons "A → B → C" that bring the number to the target, in as few as the stored path has."""
    buttons = {str(button["name"]): button for button in data.need("buttons")}
    value, state, target = data.integer("initial_value"), data.text("initial_state"), data.integer("target_value")
    least = len(data.texts("solution_path"))
    for button in buttons.values():
        if button.get("type") not in ("add", "subtract", "multiply") or type(button.get("value")) is not int:
            raise TaskError("metadata.buttons: a button adds, subtracts or multiplies a whole number")

    def check(text: str) -> None:
        pressed = re.split(r"\s*(?:→|->|,)\s*", text.strip())
        if len(pressed) > least:
            raise Violation(f"{len(pressed)} buttons; {least} are enough")
        now, light = value, state
        for number, name in enumerate(pressed, start=1):
            if name not in buttons:
                raise Violation(f"press {number}: {shortened(name, 20)!r} is no button")
            button = buttons[name]
            if button.get("active_state", "any") not in ("any", light):
                raise Violation(f"press {number}: {name} does nothing while the light is {light}")
            by = button["value"]
            now = now * by if button["type"] == "multiply" else now + (by if button["type"] == "add" else -by)
            light = "green" if light == "red" else "red"
        if now != target:
            raise Violation(f"the number is {now}, not {target}")

    return check
