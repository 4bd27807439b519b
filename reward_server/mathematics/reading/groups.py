"""What stands between brackets: groups, pairs and intervals, sets, absolute values, matrices, cases."""

import re

from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.lexer import ParseError
from reward_server.mathematics.reading.phrases.chemistry import formula
from reward_server.mathematics.tree.nodes import (
    Apply,
    Call,
    Expr,
    Group,
    Listing,
    Matrix,
    Piecewise,
    Quotient,
    Relation,
    SetBuilder,
    SetOf,
    Symbol,
)

_CLOSERS = {")": ")", "]": "]", ")>": ">", "[": "["}
_OPENERS = {"(": "(", "[": "[", "]": "]", "<(": "<"}
_MATRICES = frozenset(["matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array"])
_ALIGNED = frozenset(["aligned", "align", "gathered", "gather", "split", "equation", "cases"])
_MAX_ROWS = 40
_UPRIGHT = frozenset({"text", "upright"})
_LONGEST_FORMULA = 24
_CHARGED = re.compile(r"(?:[A-Z][a-z]?(?:_?\{?\d\}?)?)+\^\{?\d?[+-]\}?")
_BARE = str.maketrans("", "", "_^{}")


def brackets(cursor: Cursor) -> Expr:
    """Parse a parenthesis, pair, tuple or interval; `[x] = 3` is about the whole part of x, or a concentration."""
    substance = _substance(cursor) if cursor.token.value == "[" else None
    if substance is not None:
        return substance
    cursor.deeper()
    opening = _OPENERS[cursor.advance().value]
    bars, cursor.bars, unbarred, cursor.unbarred = cursor.bars, 0, cursor.unbarred, 0
    in_set, cursor.in_set, cells, cursor.cells = cursor.in_set, 0, cursor.cells, 0
    inner = cursor.grammar.statement(cursor)
    cursor.bars, cursor.unbarred, cursor.in_set, cursor.cells = bars, unbarred, in_set, cells
    token = cursor.token
    if token.kind != "mark" or token.value not in _CLOSERS or (token.value == "[" and opening not in "(]["):
        raise ParseError("a bracket is not closed")
    cursor.advance()
    cursor.depth -= 1
    if isinstance(inner, Listing):
        return Group(opening, inner.items, _CLOSERS[token.value])
    if opening == "<":
        return Apply("mean", (inner,))
    if opening == "[" and isinstance(inner, Symbol) and cursor.token.kind == "relation":
        return Call("floor", (inner,)) if cursor.turned("floor_brackets") else Apply("[]", (inner,))
    return inner


def _substance(cursor: Cursor) -> Expr | None:
    r"""Parse `[\text{H}^+]`, the concentration of a substance; None for any other bracket."""
    start = cursor.index + 1
    ahead = cursor.tokens[start : start + _LONGEST_FORMULA]
    end = next((place for place, token in enumerate(ahead) if token.value == "]"), 0)
    bare = "".join(token.value.strip() for token in ahead[:end])
    charged = _CHARGED.fullmatch(bare) is not None
    marked = [rf"\text{{{t.value.strip()}}}" if t.kind in _UPRIGHT else t.value for t in ahead[:end]]
    found = formula("".join(marked)) if any(token.kind != "word" for token in ahead[:end]) else None
    if not end or (found is None and not charged):
        return None
    cursor.jump(start + end + 1)
    return Apply("[]", (Symbol(bare.translate(_BARE)),))


def braces(cursor: Cursor) -> Expr:
    r"""Parse LaTeX's grouping braces; several items between them stay a list, since a set would have `\{`."""
    cursor.deeper()
    cursor.advance()
    if cursor.take("}"):
        cursor.depth -= 1
        return SetOf(())
    inner = cursor.grammar.statement(cursor)
    if cursor.token.kind == "command" and cursor.token.value in {"\\choose", "\\over"}:
        over = cursor.advance().value == "\\over"
        lower = cursor.grammar.statement(cursor)
        inner = Quotient(inner, lower) if over else Call("binomial", (inner, lower))
    elif cursor.is_mark("|", ":"):
        inner = _builder(cursor, inner)
    cursor.expect("}")
    cursor.depth -= 1
    return inner


def curly_set(cursor: Cursor) -> Expr:
    r"""Parse `\{…\}`: a set by its elements or by a condition."""
    cursor.deeper()
    cursor.advance()
    if cursor.take("\\}", "}"):
        cursor.depth -= 1
        return SetOf(())
    bars, cursor.bars = cursor.bars, 0
    cursor.unbarred += 1
    cursor.in_set += 1
    inner = cursor.grammar.statement(cursor)
    cursor.unbarred -= 1
    cursor.in_set -= 1
    result: Expr
    if cursor.is_mark("|", ":") or (cursor.token.kind == "relation" and cursor.token.value == "divides"):
        result = _builder(cursor, inner)
    else:
        result = SetOf(inner.items if isinstance(inner, Listing) else (inner,))
    cursor.bars = bars
    if not cursor.take("\\}", "}"):
        raise ParseError("a set is not closed")
    cursor.depth -= 1
    return result


def _builder(cursor: Cursor, head: Expr) -> Expr:
    cursor.advance()
    return SetBuilder(head, cursor.grammar.statement(cursor))


def vertical_bars(cursor: Cursor) -> Expr:
    """Parse an absolute value or a norm."""
    cursor.deeper()
    mark = cursor.advance().value
    of_vector = mark == "norm" or cursor.token.value in {"\\vec", "\\overrightarrow"}
    cursor.bars += 1
    unbarred, cursor.unbarred = cursor.unbarred, 0
    inner = cursor.grammar.expression(cursor)
    cursor.unbarred = unbarred
    cursor.bars -= 1
    cursor.expect(mark)
    cursor.depth -= 1
    return Call("norm" if of_vector else "abs", (inner,))


def floor_or_ceiling(cursor: Cursor) -> Expr:
    r"""Parse `\lfloor x \rfloor` and `\lceil x \rceil`."""
    floor = cursor.advance().value == "\\lfloor"
    inner = cursor.grammar.expression(cursor)
    if cursor.advance().value != ("\\rfloor" if floor else "\\rceil"):
        raise ParseError("a floor or ceiling is not closed")
    return Call("floor" if floor else "ceil", (inner,))


def _environment_name(cursor: Cursor) -> str:
    cursor.advance()
    cursor.expect("{")
    name = cursor.advance().value
    cursor.take("*")
    cursor.expect("}")
    return name


def matrix(cursor: Cursor) -> Expr:
    r"""Parse `\begin{…} … \end{…}`: a matrix, cases, or the aligned lines of several statements."""
    cursor.deeper()
    name = _environment_name(cursor)
    if name in {"array", "tabular"} and cursor.take("{"):
        while cursor.token.kind != "end" and not cursor.take("}"):
            cursor.advance()
    if name not in _MATRICES and name not in _ALIGNED:
        raise ParseError(f"unknown environment {name[:20]!r}")
    if _drop_alignment(cursor, everywhere=name in _ALIGNED and name != "cases") and name not in _ALIGNED:
        name = "aligned"
    bars, cursor.bars, cells, cursor.cells = cursor.bars, 0, cursor.cells, 1
    rows = _rows(cursor)
    cursor.bars, cursor.cells = bars, cells
    _environment_name(cursor)
    cursor.depth -= 1
    if name == "cases" and any(len(row) == 2 for row in rows):
        return _cases(rows)
    column = all(len(row) == 1 and isinstance(row[0], Relation) for row in rows)
    if name in _ALIGNED or (column and name in {"array", "matrix"}):
        lines = tuple(cell for row in rows for cell in row)
        return lines[0] if len(lines) == 1 else Listing(lines, ",")
    if len({len(row) for row in rows}) != 1:
        raise ParseError("a matrix with ragged rows")
    result = Matrix(tuple(rows))
    return Call("det", (result,)) if name == "vmatrix" else result


def _drop_alignment(cursor: Cursor, *, everywhere: bool) -> bool:
    r"""Take the `&` out of `x &= 3`, up to the end of the environment; tell whether there were any.

    Unless `everywhere`, only those beside a relation sign go: the others separate cells.
    """
    depth, end = 0, cursor.index
    marks: list[int] = []
    for end in range(cursor.index, len(cursor.tokens)):
        token = cursor.tokens[end]
        if token.kind == "command" and token.value in {"\\begin", "\\end"}:
            depth += 1 if token.value == "\\begin" else -1
            if depth < 0:
                break
        elif depth == 0 and token.kind == "mark" and token.value == "&":
            beside = cursor.tokens[end - 1].kind == "relation" or cursor.tokens[end + 1].kind == "relation"
            if everywhere or beside:
                marks.append(end)
    for index in reversed(marks):
        del cursor.tokens[index]
    cursor.jump(cursor.index)
    return bool(marks)


def _rows(cursor: Cursor) -> list[tuple[Expr, ...]]:
    r"""Parse cells up to `\end`."""
    rows: list[tuple[Expr, ...]] = []
    cells: list[Expr] = []
    while True:
        if cursor.token.kind == "command" and cursor.token.value == "\\end":
            break
        if cursor.take("\\\\"):
            if cells:
                rows.append(tuple(cells))
            cells = []
        elif cursor.take("&") or cursor.take(",") or cursor.take("quad"):
            if cells and cursor.is_mark("&"):
                raise ParseError("a cell is empty")
        elif cursor.token.kind == "relation" and rows and not cells:
            operator = cursor.advance().value
            cells.extend(_continued(rows.pop(), operator, cursor.grammar.statement(cursor)))
        else:
            cells.append(_cell(cursor))
        if len(rows) > _MAX_ROWS or cursor.token.kind == "end":
            raise ParseError("an environment is not closed or too long")
    if cells:
        rows.append(tuple(cells))
    if not rows:
        raise ParseError("an empty environment")
    return rows


def _continued(row: tuple[Expr, ...], operator: str, following: Expr) -> tuple[Expr, ...]:
    r"""Continue a chain on the next line: `x &= 2 + 3 \\\\ &= 5`."""
    first, *rest = following.items if isinstance(following, Listing) else (following,)
    last = row[-1]
    sides, operators = (last.sides, last.operators) if isinstance(last, Relation) else ((last,), ())
    more, signs = (first.sides, first.operators) if isinstance(first, Relation) else ((first,), ())
    return (*row[:-1], Relation((*sides, *more), (*operators, operator, *signs)), *rest)


def _cell(cursor: Cursor) -> Expr:
    """Parse one cell; in cases it may open with "if" and be "otherwise"."""
    token = cursor.token
    if token.kind in {"text", "word"}:
        content = token.value.strip().lower().strip(",.: ")
        if content in {"otherwise", "else", "其他", "其它", "elsewhere", "otherwise,"}:
            cursor.advance()
            return Listing((), "otherwise")
        if content in {"if", "for", "when", "where", "当", "若", "for all", "if and only if"}:
            cursor.advance()
    return cursor.grammar.statement(cursor)


def _cases(rows: list[tuple[Expr, ...]]) -> Expr:
    result: list[tuple[Expr, Expr | None]] = []
    for row in rows:
        if len(row) > 2:
            raise ParseError("cases with more than a value and a condition")
        condition = row[1] if len(row) == 2 else None
        result.append((row[0], None if condition == Listing((), "otherwise") else condition))
    return Piecewise(tuple(result))


def transposed(node: Group | Matrix) -> Expr:
    """Return a row written with `^T` as the column it is, or a matrix with rows and columns exchanged."""
    if isinstance(node, Matrix):
        return Matrix(tuple(zip(*node.rows, strict=True)))
    return Matrix(tuple((item,) for item in node.items))
