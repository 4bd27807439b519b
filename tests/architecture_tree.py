"""The tree in ARCHITECTURE.md: every room with the first sentence of its docstring, and its files by name."""

import ast
import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "ARCHITECTURE.md"
_PACKAGES = ("reward_server", "sandboxes", "trainer_client")
_BEGIN, _END = "<!-- tree -->\n```text\n", "```\n<!-- /tree -->"
_WIDTH = 118


def _phrase(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    sentence = re.split(r"(?<=[.!?])\s|:\s*\n|\n\n", docstring.strip(), maxsplit=1)[0]
    sentence = re.sub(r"\s+", " ", sentence).rstrip(".:")
    sentence = re.sub(r"^`[^`]+`(?: \([^)]*\))?: ", "", sentence)
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() else sentence


def _line(name: str, phrase: str) -> str:
    return f"{name:<24} {textwrap.shorten(phrase, _WIDTH - 25, placeholder=' …')}".rstrip()


_EXTENSIONS = {
    "reward_server/graders", "reward_server/rewards", "reward_server/protocols", "reward_server/cases",
    "sandboxes/languages", "trainer_client/adapters",
}  # fmt: skip
"""Whose files are found by name: a new one changes no other file, this document neither."""


def _files(folder: Path) -> str:
    if folder.relative_to(ROOT).as_posix() in _EXTENSIONS:
        return "(one file each)"
    return ", ".join(path.stem for path in sorted(folder.glob("*.py")) if path.name != "__init__.py")


def _wrapped(names: str, indent: str) -> list[str]:
    return textwrap.wrap(names, _WIDTH, initial_indent=indent, subsequent_indent=indent) if names else []


def _lines(folder: Path, depth: int) -> list[str]:
    """Return a line for each room with its phrase, and under it the names of its files."""
    indent = "  " * depth
    lines = _wrapped(_files(folder), indent)
    for path in sorted(entry for entry in folder.iterdir() if entry.is_dir() and entry.name != "__pycache__"):
        if any(path.rglob("*.py")):
            opening = path / "__init__.py"
            lines.append(_line(f"{indent}{path.name}/", _phrase(opening) if opening.exists() else ""))
            lines += _lines(path, depth + 1)
    return lines


def tree() -> str:
    """Return the tree as ARCHITECTURE.md should hold it."""
    lines = []
    for package in _PACKAGES:
        lines += [f"{package}/", *_lines(ROOT / package, 1)]
    return _BEGIN + "\n".join(lines) + "\n" + _END


def replaced(document: str) -> str:
    """Return the document with its tree written anew."""
    before, _, rest = document.partition(_BEGIN)
    return before + tree() + rest.partition(_END)[2]
