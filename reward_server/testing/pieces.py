"""Parse long Python source in pieces, so that other threads get their turn in between.

`ast.parse` is one call that lets no other thread run: a millisecond for a kilobyte, a second for what data sets keep in
one row. A piece ends before a line that could begin a statement; one that does not parse by itself, because the line is
inside a string or a statement, is joined with what follows it, at twice the length, so that the work stays linear.
"""

import ast

from reward_server.normal_forms import has_endless_row

PIECE = 8_192
"""Characters: some milliseconds."""
_GOES_ON = ("else", "elif", "except", "finally")
"""What continues a statement that is whole without it."""


UNPARSED = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
"""What `ast.parse` raises, whatever the text."""


class LongStatement(Exception):  # noqa: N818 - named after what was met
    """A piece that cannot be shorter is longer than was wanted."""


def parse(source: str, longest: int | None = None) -> ast.Module:
    """Return what `ast.parse` returns.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse` does; positions are those in a piece.
        LongStatement: a piece would have more than `longest` characters.
    """
    if has_endless_row(source):
        raise SyntaxError("hundreds of combining marks in a row")
    if len(source) <= 2 * PIECE:
        return ast.parse(source)
    body: list[ast.stmt] = []
    lines = source.split("\n")
    start, wanted = 0, PIECE
    while start < len(lines):
        end = _end(lines, start, wanted)
        text = "\n".join(lines[start:end]) + "\n"
        if longest is not None and len(text) > longest + PIECE:
            raise LongStatement
        try:
            piece = ast.parse(text)
        except SyntaxError:
            if end == len(lines):
                raise
            wanted *= 2
            continue
        body += [ast.increment_lineno(statement, start) for statement in piece.body]
        start, wanted = end, PIECE
    return ast.Module(body, [])


def release(tree: ast.Module) -> None:
    """Take a tree apart that is not needed any more: freed at once, a long one would keep every thread waiting."""
    while tree.body:
        tree.body.pop()


def _end(lines: list[str], start: int, wanted: int) -> int:
    """Return the first line from which a new piece may begin, at least `wanted` characters after the start."""
    length = 0
    for end in range(start, len(lines)):
        line = lines[end]
        if length >= wanted and line[:1].isidentifier() and not line.startswith(_GOES_ON):
            return end
        length += len(line) + 1
    return len(lines)
