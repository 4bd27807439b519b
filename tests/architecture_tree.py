"""The tree in ARCHITECTURE.md: every source file with the first sentence of its docstring.

`python tests/architecture_tree.py` (or `make docs`) writes it anew; a test fails while it is stale.
"""

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
    return f"{name:<36} {textwrap.shorten(phrase, _WIDTH - 37, placeholder=' …')}".rstrip()


def _lines(folder: Path, depth: int) -> list[str]:
    lines = []
    for path in sorted(folder.iterdir(), key=lambda entry: (entry.is_dir(), entry.name)):
        name = "  " * depth + path.name
        if path.is_dir() and any(path.rglob("*.py")) and path.name != "__pycache__":
            opening = path / "__init__.py"
            phrase = _phrase(opening) if opening.exists() else ""
            lines += [_line(name + "/", phrase), *_lines(path, depth + 1)]
        elif path.suffix == ".py" and path.name != "__init__.py":
            lines.append(_line(name, _phrase(path)))
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


if __name__ == "__main__":
    DOCUMENT.write_text(replaced(DOCUMENT.read_text()))
