"""How trainers plug in, as the docstrings of the client's adapters show it; read as text, nothing is imported."""

import ast
import re
import textwrap
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def plugs() -> list[dict[str, str]]:
    """Return name, title and lines of each adapter; nothing where the client is not installed."""
    found = find_spec("trainer_client")
    folders = found.submodule_search_locations if found is not None else None
    files = [path for folder in folders or () for path in sorted(Path(folder, "adapters").glob("*.py"))]
    shown = [_shown(path) for path in files if path.stem != "__init__"]
    return [one for one in shown if one["lines"]]


def _shown(path: Path) -> dict[str, str]:
    document = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    title, _, rest = document.partition("\n")
    blocks = re.findall(r"(?:^ {4}.*\n?|^\n)+", rest + "\n", re.MULTILINE)
    lines = next((textwrap.dedent(block).strip("\n") for block in blocks if block.strip()), "")
    return {"name": path.stem, "title": title.rstrip(".:"), "lines": lines}
