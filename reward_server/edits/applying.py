"""Edits applied to files held in memory, with the strictness of `git apply`: every context line must match.

A hunk that does not match where it says may match elsewhere, nearest first, as `git apply` looks: one that begins at
line 1 matches at the beginning alone, one without context behind its last change at the end alone, and lines that an
earlier hunk gave are not matched again. A SEARCH text must stand in its file exactly once; an empty one makes a file.
Paths are those of the files, or new ones below them; `..`, absolute paths and protected files are refused.
"""

import fnmatch
import posixpath
from collections.abc import Mapping, Sequence

from reward_server.edits.reading import EditError, FileDiff, Hunk, Replacement

_LARGEST = 2_000_000
_MOST_FILES = 500
_MOST_COMPARED = 5_000_000
"""Lines of a file times the hunks of its diff."""


def apply_edits(
    files: Mapping[str, str], edits: Sequence[Replacement] | Sequence[FileDiff], protected: Sequence[str] = ()
) -> dict[str, str]:
    """Return the files after the edits.

    Raises:
        EditError: an edit does not apply cleanly, or may not be made; nothing is applied then.
    """
    edited = dict(files)
    for edit in edits:
        if isinstance(edit, Replacement):
            path = _allowed(edit.path, edited, protected)
            edited[path] = _replaced(path, edited.get(path), edit)
        else:
            _apply_diff(edited, edit, protected)
    if len(edited) > _MOST_FILES + len(files) or sum(map(len, edited.values())) > _LARGEST:
        raise EditError("the edited files are too large")
    return edited


def _allowed(path: str, files: Mapping[str, str], protected: Sequence[str]) -> str:
    """Return the path of a file, without git's `a/` and `b/`.

    Raises:
        EditError: it leads outside, or the file may not be edited.
    """
    inside = path.removeprefix("./")
    if inside not in files and inside[:2] in {"a/", "b/"}:
        inside = inside[2:]
    outside = inside.startswith(("/", "~")) or "\\" in inside or ".." in inside.split("/")
    if not inside or outside or posixpath.normpath(inside) != inside:
        raise EditError(f"{path[:80]!r} leads outside of the files")
    if any(fnmatch.fnmatchcase(inside, pattern) for pattern in protected):
        raise EditError(f"{inside!r} may not be edited")
    if any(inside.startswith(f"{known}/") or known.startswith(f"{inside}/") for known in files):
        raise EditError(f"{inside!r} would be a file and a folder")
    return inside


def _replaced(path: str, text: str | None, edit: Replacement) -> str:
    if not edit.search.strip():
        if text:
            raise EditError(f"{path}: an empty SEARCH makes a file, but there is one")
        return edit.replace
    if text is None:
        raise EditError(f"{path}: there is no such file")
    whole = text if text.endswith("\n") else f"{text}\n"
    starts = _line_starts(whole, edit.search)
    if len(starts) != 1:
        raise EditError(f"{path}: the SEARCH text stands in it {len(starts)} times: {edit.search[:60]!r}")
    start = starts[0]
    return whole[:start] + edit.replace + whole[start + len(edit.search) :]


def _line_starts(text: str, wanted: str) -> list[int]:
    """Return where whole lines stand in a text, at most two places."""
    found: list[int] = []
    place = text.find(wanted)
    while place >= 0 and len(found) < 2:  # noqa: PLR2004 - two are one too many
        if place == 0 or text[place - 1] == "\n":
            found.append(place)
        place = text.find(wanted, place + 1)
    return found


def _apply_diff(files: dict[str, str], diff: FileDiff, protected: Sequence[str]) -> None:
    path = _allowed(diff.new or diff.old or "", files, protected)
    if diff.old is not None and diff.new is not None and _allowed(diff.old, files, protected) != path:
        raise EditError(f"{diff.old!r} and {diff.new!r} are two files: renaming is not supported")
    if diff.old is None:
        if path in files:
            raise EditError(f"{path}: the diff makes this file, but there is one")
        files[path] = _patched(path, "", diff.hunks)
        return
    if path not in files:
        raise EditError(f"{path}: there is no such file")
    after = _patched(path, files[path], diff.hunks)
    if diff.new is not None:
        files[path] = after
    elif after:
        raise EditError(f"{path}: the diff deletes this file, but leaves something in it")
    else:
        del files[path]


def _patched(path: str, text: str, hunks: Sequence[Hunk]) -> str:
    lines = _split(text)
    if len(lines) * len(hunks) > _MOST_COMPARED:
        raise EditError(f"{path}: {len(hunks)} hunks for {len(lines)} lines are too many")
    fresh = [True] * len(lines)
    for number, hunk in enumerate(hunks, 1):
        place = _place(lines, fresh, hunk)
        if place is None:
            raise EditError(f"{path}: hunk {number} of {len(hunks)} does not match: {''.join(hunk.old)[:80]!r}")
        end = place + len(hunk.old)
        lines[place:end], fresh[place:end] = hunk.new, [False] * len(hunk.new)
    if any(not line.endswith("\n") for line in lines[:-1]):
        raise EditError(f"{path}: a line without a newline is not the last one")
    return "".join(lines)


def _split(text: str) -> list[str]:
    """Cut a text behind each newline alone, so that carriage returns stay in their lines."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _place(lines: Sequence[str], fresh: Sequence[bool], hunk: Hunk) -> int | None:
    """Return where a hunk's old lines stand, the nearest place to what its head says."""
    size, last = len(hunk.old), len(lines) - len(hunk.old)
    at_beginning, at_end = hunk.old_start <= 1, not hunk.trailing
    if last < 0:
        return None
    wanted = 0 if at_beginning else last if at_end else min(max(hunk.new_start - 1, 0), len(lines))
    if at_beginning or at_end:
        places = [wanted] if not (at_beginning and at_end and last) else []
    elif not hunk.old:
        places = [min(wanted, last)]
    else:
        first = hunk.old[0]
        places = [place for place, line in enumerate(lines[: last + 1]) if line == first]
        places.sort(key=lambda place: (abs(place - wanted), place < wanted))
    fits = (place for place in places if lines[place : place + size] == hunk.old and all(fresh[place : place + size]))
    return next(fits, None)
