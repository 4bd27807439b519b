"""Edits in a completion: SEARCH/REPLACE blocks as aider asks for them, or one unified diff.

A block is the path on a line of its own (the fence's line may stand between), `<<<<<<< SEARCH`, the old lines,
`=======`, the new lines, `>>>>>>> REPLACE`. A diff stands in fenced blocks marked `diff` or `patch`, or bare, from its
first `diff --git` or `---` line on. A completion that writes both, or a block that is never closed, is not read.
"""

import re
from typing import NamedTuple

from reward_server.documents.finding import fenced_blocks
from reward_server.extraction.region import final_region

_SEARCH, _DIVIDE, _REPLACE = (
    re.compile(r"<{5,9} ?SEARCH>?\s*"),
    re.compile(r"={5,9}\s*"),
    re.compile(r">{5,9} ?REPLACE\s*"),
)
_HUNK = re.compile(r"@@ -(\d{1,7})(?:,(\d{1,7}))? \+(\d{1,7})(?:,(\d{1,7}))? @@.*")
_DIFF = re.compile(r"^(?:diff --git |--- \S)", re.MULTILINE)
_UNSUPPORTED = (
    "rename ", "copy ", "old mode", "new mode", "new file mode 12", "new file mode 16", "GIT binary", "Binary files",
    "similarity ",
)  # fmt: skip
"""Heads of what is more than contents: 12 begins the mode of a symbolic link, 16 that of a submodule."""
_LONGEST = 400_000
_MOST = 500


class EditError(Exception):
    """The edit cannot be read, or does not apply; the message says why and where."""


class Replacement(NamedTuple):
    """One SEARCH/REPLACE block."""

    path: str
    search: str
    replace: str


class Hunk(NamedTuple):
    """One hunk of a unified diff; lines keep their newlines."""

    old_start: int
    new_start: int
    old: list[str]
    new: list[str]
    leading: int
    """Lines of context in front of the first change."""
    trailing: int


class FileDiff(NamedTuple):
    """What a unified diff does to one file; `old` or `new` is None where the file is made or deleted."""

    old: str | None
    new: str | None
    hunks: list[Hunk]


def read_edits(completion: str) -> list[Replacement] | list[FileDiff]:
    """Return the edits of a completion; an empty list where it writes none.

    Raises:
        EditError: they cannot be read.
    """
    text = final_region(completion, _LONGEST).text
    blocks = _replacements(text.split("\n")) if "SEARCH" in text else []
    fenced = [content for language, content in fenced_blocks(text) if language in {"diff", "patch", "udiff"}]
    start = _DIFF.search(text)
    diff = "\n".join(fenced) if fenced else text[start.start() :] if start and not blocks else ""
    if blocks and fenced:
        raise EditError("both SEARCH/REPLACE blocks and a diff")
    return blocks or _file_diffs(diff)


def _replacements(lines: list[str]) -> list[Replacement]:
    found: list[Replacement] = []
    number = 0
    while number < len(lines):
        if not _SEARCH.fullmatch(lines[number].strip()):
            number += 1
            continue
        path = _path_above(lines, number) or (found[-1].path if found else "")
        if not path:
            raise EditError("a SEARCH block without a path above it")
        divide = _next(lines, number + 1, _DIVIDE, "=======")
        end = _next(lines, divide + 1, _REPLACE, ">>>>>>> REPLACE")
        old, new = lines[number + 1 : divide], lines[divide + 1 : end]
        found.append(Replacement(path, "".join(f"{line}\n" for line in old), "".join(f"{line}\n" for line in new)))
        number = end + 1
        if len(found) > _MOST:
            raise EditError(f"more than {_MOST} blocks")
    return found


def _next(lines: list[str], start: int, sign: re.Pattern[str], name: str) -> int:
    for number in range(start, len(lines)):
        if sign.fullmatch(lines[number].strip()):
            return number
        if _SEARCH.fullmatch(lines[number].strip()):
            break
    raise EditError(f"a SEARCH block without its `{name}`")


def _path_above(lines: list[str], number: int) -> str:
    """Return the path in the line above a block, the fence that opens it left out."""
    above = [line.strip() for line in lines[max(0, number - 3) : number]]
    while above and (not above[-1] or above[-1].startswith("```")):
        above.pop()
    path = above[-1].strip("*`#: ") if above else ""
    return path if path and not re.search(r"\s", path) and not _REPLACE.fullmatch(path) else ""


def _file_diffs(text: str) -> list[FileDiff]:
    lines = text.split("\n")
    found: list[FileDiff] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        if line.startswith(_UNSUPPORTED):
            raise EditError(f"{line[:40]!r} is not supported: only contents are edited")
        if line.startswith("--- ") and number + 1 < len(lines) and lines[number + 1].startswith("+++ "):
            old, new = _path(line[4:]), _path(lines[number + 1][4:])
            hunks, number = _hunks(lines, number + 2)
            if not hunks:
                raise EditError(f"{new or old}: no hunk")
            found.append(FileDiff(old, new, hunks))
            continue
        if _HUNK.fullmatch(line):
            raise EditError("a hunk without `---` and `+++` above it")
        number += 1
    if len(found) > _MOST:
        raise EditError(f"more than {_MOST} files")
    return found


def _path(text: str) -> str | None:
    path = text.split("\t", maxsplit=1)[0].strip().strip('"')
    return None if path == "/dev/null" else path


def _hunks(lines: list[str], number: int) -> tuple[list[Hunk], int]:
    hunks = []
    while number < len(lines) and (head := _HUNK.fullmatch(lines[number])):
        wanted = [int(head[2] or 1) if head[2] is not None else 1, int(head[4]) if head[4] is not None else 1]
        hunk, number = _hunk(lines, number + 1, (int(head[1]), int(head[3])), (wanted[0], wanted[1]))
        hunks.append(hunk)
        if len(hunks) > _MOST:
            raise EditError(f"more than {_MOST} hunks")
    return hunks, number


def _hunk(lines: list[str], number: int, starts: tuple[int, int], wanted: tuple[int, int]) -> tuple[Hunk, int]:
    """Read the body of one hunk, which must have as many lines as its head says."""
    old: list[str] = []
    new: list[str] = []
    signs = ""
    while number < len(lines) and ((len(old), len(new)) != wanted or lines[number].startswith("\\")):
        line = lines[number]
        sign, rest = (line[0], line[1:]) if line else (" ", "")
        if sign == "\\":
            for side in (old, new) if signs[-1:] == " " else (old,) if signs[-1:] == "-" else (new,):
                if side:
                    side[-1] = side[-1].removesuffix("\n")
        elif sign in " -+":
            signs += sign
            if sign != "+":
                old.append(f"{rest}\n")
            if sign != "-":
                new.append(f"{rest}\n")
        else:
            break
        number += 1
    if (len(old), len(new)) != wanted:
        raise EditError(
            f"a hunk of {len(old)} old and {len(new)} new lines, where its head says {wanted[0]} and {wanted[1]}"
        )
    leading = len(signs) - len(signs.lstrip(" "))
    return Hunk(*starts, old, new, leading, len(signs) - len(signs.rstrip(" "))), number
