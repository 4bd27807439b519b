"""Files that both sides mean: what a test put into a directory it names to the program, and what the program wrote.

The tests' side shares a directory for temporary files once it is part of an argument or the working directory, a file
of the directory that it began in when it is an argument, and nothing else. The program's side shares what is new in its
working directory and in directories that were shared with it. Names that could become code or settings of the tests'
interpreter are not taken from it.
"""

import base64
import os
import stat
from pathlib import PurePath
from typing import Any

_MOST_FILES, _MOST_BYTES = 1_000, 16 * 1024 * 1024
_BARRED = (".py", ".pyc", ".pyi", ".so", ".pth", ".ini", ".cfg", ".toml", ".egg-link", ".zip")
_OWN = frozenset({"solution.py", "test_solution.py"})
_FOLDER = (0, -1)
"""What is known of a directory."""


class Files:
    """What one side knows of the files that the other has."""

    def __init__(self, *, shares_own: bool) -> None:
        """Whether all that is new in the working directory is shared."""
        self.own, self.temporary = os.getcwd(), os.environ.get("TMPDIR", "/tmp")
        self.roots: set[str] = {self.own} if shares_own else set()
        self.single: set[str] = set()
        self.said: set[str] = set()
        self.known: dict[str, tuple[int, int]] = {}
        self.brought: dict[str, tuple[int, int]] = {}
        self.changed()

    def mention(self, value: Any, depth: int = 0) -> None:
        """An argument: where it is a path, what lies there is shared from now on."""
        if isinstance(value, list | tuple) and depth < 2 and len(value) <= 100:
            for item in value:
                self.mention(item, depth + 1)
        elif isinstance(value, PurePath) or (isinstance(value, str) and 0 < len(value) < 1000 and "\n" not in value):
            self._mention_path(os.fspath(value))

    def _mention_path(self, text: str) -> None:
        if not (text.startswith("/") or "." in text):
            return
        path = os.path.normpath(os.path.join(os.getcwd(), text))
        if path.startswith(f"{self.temporary}/"):
            self.roots.add(path if os.path.isdir(path) else os.path.dirname(path))
        elif "\0" not in path and os.path.dirname(path) == self.own and os.path.isfile(path):
            self.single.add(path)

    def unsaid(self) -> list[str]:
        """Directories that are shared now and were not before."""
        fresh = sorted(self.roots - self.said)
        self.said |= self.roots
        return fresh

    def share(self, roots: list[str]) -> None:
        """Directories that the tests share: they are made here."""
        for root in roots:
            try:
                os.makedirs(root, exist_ok=True)
            except OSError:
                continue
            self.roots.add(root)

    def changed(self) -> list[list[Any]]:
        """Path and content of what the other side does not have so: False for a directory, None for what is gone."""
        found: list[list[Any]] = []
        seen: dict[str, tuple[int, int]] = {}
        for path in self._paths():
            try:
                status = os.stat(path, follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    self._see_folder(path, seen, found)
                    continue
                seen[path] = (status.st_mtime_ns, status.st_size)
                if (
                    self.known.get(path) != seen[path]
                    and stat.S_ISREG(status.st_mode)
                    and status.st_size <= _MOST_BYTES
                ):
                    with open(path, "rb") as file:
                        found.append([path, base64.b64encode(file.read(_MOST_BYTES)).decode()])
            except OSError:
                continue
        gone = [path for path in {**self.known, **self.brought} if path not in seen and not os.path.lexists(path)]
        self.brought = {path: state for path, state in self.brought.items() if path not in gone}
        found += [[path, None] for path in sorted(gone, key=len, reverse=True)]
        self.known = seen
        return found

    def _see_folder(self, path: str, seen: dict[str, tuple[int, int]], found: list[list[Any]]) -> None:
        if os.path.dirname(path) != self.own:
            seen[path] = _FOLDER
            if self.known.get(path) != _FOLDER:
                found.append([path, False])

    def _paths(self) -> list[str]:
        paths = [path for path in self.single if os.path.isfile(path)]
        for root in self.roots:
            if root == self.own:
                paths += [f"{root}/{name}" for name in os.listdir(root) if name not in _OWN]
                continue
            for folder, folders, names in os.walk(root):
                paths += [f"{folder}/{name}" for name in (*folders, *names)]
                if len(paths) > _MOST_FILES:
                    break
        return paths[:_MOST_FILES]

    def put(self, changes: Any, *, trusted: bool) -> None:
        """Write what the other side has; without trust only beneath what is shared, and no code."""
        for path, content in list(changes)[:_MOST_FILES]:
            folder = os.path.dirname(path)
            if os.path.normpath(path) != path or not (trusted or self._may_take(path, folder)):
                continue
            try:
                if content is None:
                    os.rmdir(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
                    continue
                if content is False:
                    self._make(path, folder)
                    continue
                os.makedirs(folder, exist_ok=True)
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644), "wb") as file:
                    file.write(base64.b64decode(content))
                status = os.stat(path)
                self.brought[path] = self.known[path] = (status.st_mtime_ns, status.st_size)
            except (OSError, ValueError):
                continue

    def _make(self, path: str, folder: str) -> None:
        """A directory, though none beside the tests themselves: it might be what they import."""
        if folder != self.own:
            os.makedirs(path, exist_ok=True)
            self.known[path] = _FOLDER

    def _may_take(self, path: str, folder: str) -> bool:
        """Whether the program may bring this file; no part of the way may be a link, and none is made here."""
        if path.lower().endswith(_BARRED) or os.path.realpath(folder) != folder:
            return False
        if folder == self.own:
            return path in self.single or self.brought.get(path, _FOLDER) == _state(path) or not _state(path)[1]
        return any(folder == root or folder.startswith(f"{root}/") for root in self.roots)


def _state(path: str) -> tuple[int, int]:
    """When a file was last written, and its size; one of the tests that says something may hold what they expect."""
    try:
        status = os.stat(path, follow_symlinks=False)
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
