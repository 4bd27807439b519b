"""Lay the documents out for a generator of sites: `python docs/site/stage.py`, or `make site`, which also runs one.

The documents lie where they are read on their own, some beside `docs/`, and link to files of the repository. Below
`build/site/pages` each stands at its own path again, as a link to the file, and so does every file that a document
links to: links need no rewriting, and an edit shows at once. The configuration is copied with the patterns in its
navigation written out. Mermaid, which draws the diagrams, is taken from the npm registry with its digest pinned.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from reward_server.pinned import Package, altered, fetch

ROOT = Path(__file__).parents[2]
CONFIGURATION = Path(__file__).parent / "mkdocs.yml"
TARGET = ROOT / "build" / "site"
MERMAID = Package(
    "@mermaid-js/tiny",
    "12.0.0",
    {
        "mermaid.js": (
            "dist/mermaid.tiny.js",
            "9f2807e402479d2864bfd9a95052076fc69d0ff45a0b25148b84b70fc33425b9",
        ),
    },
)
_LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]+)[^)]*\)")
_PATTERN = re.compile(r"^( *)- (?:([^:]+): )?(\S*\*\S*)$")


def documents() -> list[Path]:
    """Return every page: the documents of the repository's first level, of `docs/`, and the trainer's."""
    below = (path for path in ROOT.glob("docs/**/*.md") if "site" not in path.relative_to(ROOT).parts)
    return sorted([*ROOT.glob("*.md"), *below, ROOT / "trainer_client" / "README.md"])


def linked(page: Path) -> Iterator[Path]:
    """Yield the files of the repository that a page links to."""
    for target in _LINK.findall(page.read_text()):
        path = (page.parent / target).resolve()
        if path.is_file() and path.is_relative_to(ROOT):
            yield path


def stage(target: Path) -> None:
    """Write configuration and pages below `target`, anew."""
    pages = target / "pages"
    shutil.rmtree(pages, ignore_errors=True)
    found = documents()
    for path in sorted({*found, *(file for page in found for file in linked(page))}):
        place = pages / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(path)
    (target / "mkdocs.yml").write_text("".join(_written_out(CONFIGURATION.read_text())))


def _written_out(configuration: str) -> Iterator[str]:
    """Yield the lines, with a pattern of the navigation replaced by the pages it finds; none is no line."""
    for line in configuration.splitlines(keepends=True):
        if (found := _PATTERN.match(line.rstrip("\n"))) is None:
            yield line
            continue
        indent, title, pattern = found.groups()
        names = [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob(pattern))]
        if title and names:
            yield f"{indent}- {title}:\n"
            indent += "    "
        yield from (f"{indent}- {name}\n" for name in names)


def add_mermaid(target: Path) -> None:
    """Put Mermaid where the pages ask for it; it is fetched once."""
    kept = target / "kept"
    if altered([MERMAID], kept):
        fetch([MERMAID], kept)
    vendored = target / "pages" / "vendored"
    vendored.mkdir(parents=True, exist_ok=True)
    shutil.copy(kept / "mermaid.js", vendored)


if __name__ == "__main__":
    stage(TARGET)
    if "--without-diagrams" not in sys.argv:
        add_mermaid(TARGET)
