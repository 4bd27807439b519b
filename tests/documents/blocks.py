"""The fenced blocks of the documents, and which of them a test may run.

A block runs unless a comment directly above it says why not:

    <!-- not run: needs Docker -->

It is then only read: shell by `bash -n`, Python by its own parser. The text is kept out of the site by the comment.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(
    r"^(?:<!-- not run: (?P<why>[^\n]+) -->\n)?"
    r"(?P<marks>```+)(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^(?P=marks)$",
    re.DOTALL | re.MULTILINE,
)
RUN_ELSEWHERE = ("docs/kinds", "docs/trainers", "docs/datasets")
"""Pages whose own tests run their blocks."""


class Block(NamedTuple):
    """One fenced block."""

    page: str
    line: int
    language: str
    text: str
    why_not: str | None

    @property
    def name(self) -> str:
        """Where it stands, for the name of a test."""
        return f"{self.page}:{self.line}"


class Command(NamedTuple):
    """One command of a console block with what is printed under it."""

    block: Block
    text: str
    output: str

    @property
    def name(self) -> str:
        """Where it stands and how it begins."""
        return f"{self.block.name} {' '.join(self.text.split()[:2])}"


def pages() -> list[Path]:
    """Return README and every page of `docs/`."""
    return [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]


def blocks() -> Iterator[Block]:
    """Yield the blocks of the pages that these tests answer for."""
    for path in pages():
        page = path.relative_to(ROOT).as_posix()
        if page.startswith(RUN_ELSEWHERE):
            continue
        text = path.read_text()
        for found in _FENCE.finditer(text):
            line = text.count("\n", 0, found.start("marks")) + 1
            yield Block(page, line, found["language"], found["text"], found["why"])


def commands(block: Block) -> Iterator[Command]:
    """Split a console block at its prompts; a command goes on while a quote or a backslash is open."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines(keepends=True)
        end = next(
            i for i, line in enumerate(lines) if not line.rstrip("\n").endswith("\\") and _closed(lines[: i + 1])
        )
        yield Command(block, "".join(lines[: end + 1]).replace("\\\n", " ").strip(), "".join(lines[end + 1 :]))


def _closed(lines: list[str]) -> bool:
    try:
        shlex.split("".join(lines), comments=True)
    except ValueError:
        return False
    return True
