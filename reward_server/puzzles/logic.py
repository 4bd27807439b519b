"""Who is who: knights and knaves, and the tables of zebra puzzles."""

import ast
import re
from collections.abc import Sequence
from typing import Any

from reward_server.errors import TaskError
from reward_server.puzzles.data import LARGEST, Check, Data, Violation
from reward_server.puzzles.reading import literal, shortened

_SAID = re.compile(
    r"\s*(?:\(?\d{1,3}[).:]\s*)?[*_]{0,2}(?P<name>[^\W\d_][\w'’.-]{0,40})[*_]{0,2}\s*(?:is|:|=|->|→)\s*"
    r"(?:(?:an?|the)\s+)?[*_]{0,2}(?P<role>[^\W\d_]{1,30})[*_]{0,2}\s*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,;.\n]|\band\b)[\s,;.]*(?:and\b\s*)?", re.IGNORECASE)
_STORED = re.compile(r"([^\W\d_][\w'’-]*) is an? (\w+)")
_OPERATORS = {"telling-truth": 1, "lying": 1, "not": 1, "->": 2, "<=>": 2, "and": None, "or": None}
"""How many arguments each takes; None: two or more."""
Said = tuple[str, list[Any]]


def knights(data: Data) -> Check:
    """Check an assignment of roles: what a knight says is true, what a knave says is false.

    Read from reasoning-gym's `statements`, `names` and `knight_knave_terms`, or Logic-RL's `statements` as text and
    `solution_text_format`. Where no statements are given, the roles of the stored solution are the right ones.
    """
    names, stored = _names(data)
    terms = data.get("knight_knave_terms") or {"knight": "knight", "knave": "knave"}
    roles = {str(terms.get("knight", "knight")).lower(): True, str(terms.get("knave", "knave")).lower(): False}
    if len(names) > LARGEST or len(set(names)) != len(names) or len(roles) != 2:  # noqa: PLR2004
        raise TaskError("metadata.names: not the names of some people, each once, and two roles")
    statements = _statements(data.get("statements"), len(names))
    solution = [roles.get(role) for role in stored] if stored else data.get("solution")
    if statements is None and (not isinstance(solution, list) or len(solution) != len(names) or None in solution):
        raise TaskError("metadata: needs 'statements' or a solution")

    def check(text: str) -> None:
        said = _assignment(text, names, roles)
        if statements is None:
            wrong = [name for name, role in zip(names, solution or [], strict=True) if said[name.lower()] != role]
            if wrong:
                raise Violation(f"{wrong[0]} has the other role")
            return
        values = [said[name.lower()] for name in names]
        for number, statement in enumerate(statements):
            if _holds(statement, values) != values[number]:
                kind = "true" if values[number] else "false"
                raise Violation(f"what {names[number]} says would have to be {kind}, and is not")

    return check


def _names(data: Data) -> tuple[list[str], list[str]]:
    """Return the names, and the roles where the stored solution gives both."""
    if data.get("names") is not None:
        return data.texts("names"), []
    found = _STORED.findall(data.text("solution_text_format", "solution_text"))
    return [name for name, _ in found], [role.lower() for _, role in found]


def _statements(stored: Any, people: int) -> list[Said] | None:
    if stored is None:
        return None
    if isinstance(stored, str):
        try:
            stored = ast.literal_eval(stored)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise TaskError("metadata.statements: not a literal") from None
    if not isinstance(stored, list | tuple) or len(stored) != people:
        raise TaskError(f"metadata.statements: not one statement for each of {people} people")
    return [_statement(statement, people, 0) for statement in stored]


def _statement(stored: Any, people: int, depth: int) -> Said:
    if depth > 20 or not isinstance(stored, list | tuple) or len(stored) < 2:  # noqa: PLR2004
        raise TaskError("metadata.statements: not an operator with arguments")
    operator, *arguments = stored
    if operator not in _OPERATORS:
        raise TaskError(f"metadata.statements: {str(operator)[:20]!r} is none of {', '.join(_OPERATORS)}")
    if _OPERATORS[operator] not in (len(arguments), None):
        raise TaskError(f"metadata.statements: {operator!r} has {len(arguments)} arguments")
    if operator in ("telling-truth", "lying"):
        if type(arguments[0]) is not int or not 0 <= arguments[0] < people:
            raise TaskError(f"metadata.statements: {str(arguments[0])[:20]!r} is nobody's number")
        return operator, arguments
    return operator, [_statement(argument, people, depth + 1) for argument in arguments]


def _holds(statement: Said, values: Sequence[bool]) -> bool:
    operator, arguments = statement
    if operator in ("telling-truth", "lying"):
        return values[arguments[0]] == (operator == "telling-truth")
    parts = [_holds(argument, values) for argument in arguments]
    if operator == "not":
        return not parts[0]
    if operator == "->":
        return not parts[0] or parts[1]
    if operator == "<=>":
        return parts[0] == parts[1]
    return all(parts) if operator == "and" else any(parts)


def _assignment(text: str, names: list[str], roles: dict[str, bool]) -> dict[str, bool]:
    """Read "Zoey is a fool, and Riley is a sage." to its last sign."""
    known = {name.lower() for name in names}
    said: dict[str, bool] = {}
    at, text = 0, text.strip().rstrip(".") + "\n"
    while at < len(text):
        found = _SAID.match(text, at)
        if found is None:
            raise Violation(f"not read: {shortened(text[at:].strip(), 40)!r}")
        name, role = found["name"].lower().rstrip("."), found["role"].lower()
        if name not in known:
            raise Violation(f"{shortened(found['name'], 20)!r} is nobody here")
        if role not in roles:
            raise Violation(f"{shortened(found['role'], 20)!r} is none of {', '.join(roles)}")
        if name in said:
            raise Violation(f"{found['name']} is named twice")
        said[name] = roles[role]
        at = found.end()
        between = _BETWEEN.match(text, at)
        if between is None and at < len(text) and not text[at - 1].isspace():
            raise Violation(f"not read: {shortened(text[at:].strip(), 40)!r}")
        at = between.end() if between else at
    if missing := [name for name in names if name.lower() not in said]:
        raise Violation(f"nothing is said of {missing[0]}")
    return said


def zebra_table(data: Data) -> Check:
    """Check `{"House 1": {"Name": "Eric", …}, …}` (alone or under `solution`) against a table `header` and `rows`."""
    header = data.texts("header")
    rows = data.need("rows")
    if (
        len(header) == 1
        or not isinstance(rows, list)
        or not all(isinstance(r, list) and len(r) == len(header) for r in rows)
    ):
        raise TaskError("metadata.rows: not one cell for each name in the header")
    if any(not str(cell).strip(" _-?") for row in rows for cell in row):
        raise TaskError("metadata.rows: a cell is blank, as where a data set keeps its solutions to itself")
    wanted = {
        (_folded(f"{header[0]} {row[0]}"), _folded(name)): _folded(cell)
        for row in rows
        for name, cell in zip(header[1:], row[1:], strict=True)
    }

    def check(text: str) -> None:
        given = literal(text)
        inner = given.get("solution") if isinstance(given, dict) else None
        given = inner if isinstance(inner, dict) and len(given) == 1 else given
        if not isinstance(given, dict) or not all(isinstance(row, dict) for row in given.values()):
            raise Violation("not a map of houses to what is in them")
        cells = {
            (_folded(house), _folded(name)): _folded(cell) for house, row in given.items() for name, cell in row.items()
        }
        for where, cell in wanted.items():
            if cells.get(where) != cell:
                raise Violation(f"{where[0]}, {where[1]}: {shortened(str(cells.get(where)), 30)!r} is wrong")
        if surplus := set(cells) - set(wanted):
            raise Violation(f"{shortened(', '.join(min(surplus)), 40)!r} is not in the table")

    return check


def _folded(value: Any) -> str:
    return " ".join(str(value).split()).casefold()
