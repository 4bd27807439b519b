"""What an answer to a puzzle says: grids, lists, literals, numbers; everything that was written is read or refused."""

import ast
import re
from fractions import Fraction
from typing import Any

from reward_server.extraction.expressions import expression
from reward_server.extraction.region import final_region
from reward_server.extraction.texts import FoundText, find_text
from reward_server.puzzles.data import Violation

LONGEST = 20_000
"""Characters of an answer."""
_NUMBER = re.compile(r"[-+−]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][-+]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[-+−]?[0-9]{1,3}(?:,[0-9]{3}){1,100}(?:\.[0-9]{1,400})?")
_RULE = re.compile(r"[-+=|\s─━│┃┼]*")
_CELLS = re.compile(r"[\s,|│┃]+")
_SCALARS = str | int | float | bool | None
_MAX_NODES = 20_000
_ANNOUNCED = frozenset(("answer_is", "final_answer", "a_label"))


def find_solution(completion: str) -> FoundText:
    """Return the final answer with its lines: a tag, a box, one fenced block, what is announced, else the whole text.

    Behind an announcement in words the rest of the text belongs to the answer, since solutions have lines.
    """
    found = find_text(completion)
    if found.several and found.rule == "answer_tag":  # in boxes the members of one answer may stand
        return FoundText("", "several_answers")
    if found.rule in {"answer_tag", "boxed"}:
        return _unfenced(found)
    region = final_region(completion).text
    blocks = _fenced(region)
    if len(blocks) == 1:
        return FoundText(blocks[0], "fenced")
    if len(blocks) > 1:
        return FoundText("", "several_blocks")
    if found.rule in _ANNOUNCED and "\n" in region.strip():
        start = region.rfind(found.text)
        rest = region[start:].strip() if start >= 0 else found.text
        return FoundText(rest if "\n" in rest else found.text, found.rule)
    return FoundText(region.strip(), found.rule) if found.rule == "whole_text" else found


def _unfenced(found: FoundText) -> FoundText:
    text = found.text.strip()
    blocks = _fenced(text) if text.startswith("```") and text.endswith("```") else []
    return FoundText(blocks[0], found.rule) if len(blocks) == 1 else found


def _fenced(text: str) -> list[str]:
    """Return what stands in closed fences."""
    blocks: list[str] = []
    opened: list[str] | None = None
    for line in text.splitlines() if "```" in text else ():
        if line.strip()[:3] != "```":
            if opened is not None:
                opened.append(line)
        elif opened is None:
            opened = []
        else:
            blocks.append("\n".join(opened))
            opened = None
    return blocks


def shortened(text: str, length: int = 60) -> str:
    """Return a text for evidence."""
    return text if len(text) <= length else text[: length - 1] + "…"


def number(text: str) -> Fraction | None:
    """Return the value of a plain decimal number, with or without groups of thousands; None for anything else."""
    text = text.strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    return Fraction(text.replace("−", "-"))


def literal(text: str) -> Any:
    """Return the value of a literal as JSON or Python write it: containers, texts, numbers, booleans, None.

    Raises:
        Violation: it is none, names a key twice, or is nested too deep.
    """
    tree = expression(_spelled_as_python(text.strip()))
    if tree is None:
        raise Violation(f"not a list or map: {shortened(text.strip())!r}")
    return _value(tree, [0])


def _spelled_as_python(text: str) -> str:
    """Return JSON's `true`, `false`, `null` as Python names them, outside of texts."""
    if not re.search(r"\b(?:true|false|null)\b", text):
        return text
    pieces = re.split(r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')", text)
    names = {"true": "True", "false": "False", "null": "None"}
    pieces[::2] = [re.sub(r"\b(?:true|false|null)\b", lambda m: names[m[0]], piece) for piece in pieces[::2]]
    return "".join(pieces)


def _value(node: ast.expr, count: list[int], depth: int = 0) -> Any:
    count[0] += 1
    if count[0] > _MAX_NODES or depth > 32:  # noqa: PLR2004
        raise Violation("too large a list")
    if isinstance(node, ast.Constant) and isinstance(node.value, _SCALARS):
        return node.value
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(item, count, depth + 1) for item in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        held = node.operand.value
        if isinstance(held, int | float) and not isinstance(held, bool):
            return -held
    if isinstance(node, ast.Dict):
        keys = [_value(key, count, depth + 1) if key is not None else None for key in node.keys]
        if any(isinstance(key, list | dict) or key is None for key in keys) or len(set(map(str, keys))) < len(keys):
            raise Violation("a key is given twice, or is no key")
        return dict(zip(keys, (_value(item, count, depth + 1) for item in node.values), strict=True))
    raise Violation("not a literal: only lists, maps, texts and numbers are read")


def cells(text: str, blank: str = "") -> list[list[str]]:
    """Return the cells of a grid: a list of lists, or lines of cells; rules between lines and `|` are not cells.

    `blank` holds further characters that are decoration in this grid. A line of one word whose signs are all single is
    a line of single cells.
    """
    text = text.strip().translate({ord(sign): " " for sign in blank})
    if text.startswith("["):
        rows = literal(text)
        rows = rows if rows and all(isinstance(row, list) for row in rows) else [rows]
        if any(isinstance(cell, list | dict | bool) for row in rows for cell in row):
            raise Violation("cells are no plain values")
        return [[str(cell) for cell in row] for row in rows]
    lines = [line for line in text.splitlines() if not _RULE.fullmatch(line)]
    return [[cell for cell in _CELLS.split(line.strip().strip("|│┃")) if cell] for line in lines]


def integer_cells(text: str, rows: int, columns: int, blank: str = "") -> list[list[int]]:
    """Return the cells of a grid of whole numbers of this shape.

    Raises:
        Violation: a cell is no number, or the shape is another.
    """
    found = cells(text, blank)
    if len(found) == rows and columns > 1 and all(len(row) == 1 and len(row[0]) == columns for row in found):
        found = [list(row[0]) for row in found]
    if len(found) != rows:
        raise Violation(f"{len(found)} rows, not {rows}")
    for at, row in enumerate(found, start=1):
        if len(row) != columns:
            raise Violation(f"row {at} has {len(row)} cells, not {columns}")
    return [[_integer(cell) for cell in row] for row in found]


def _integer(cell: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", cell):
        raise Violation(f"not a number: {shortened(cell)!r}")
    return int(cell)
