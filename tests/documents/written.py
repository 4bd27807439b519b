"""Every document that is written from the code, whole or in part: `make docs` writes them, a test holds them fresh.

`python -m tests.documents.written --audit [KIND …]` measures the kinds first, all of them where none is named.
"""

import sys
from pathlib import Path

from tests import architecture_tree, kind_pages, plug_pages, settings_table

from . import parts_page


def documents() -> dict[Path, str]:
    """Return every such document as it should be, by its path."""
    tree = architecture_tree.DOCUMENT
    return {
        tree: architecture_tree.replaced(tree.read_text()),
        settings_table.DOCUMENT: settings_table.table(),
        parts_page.PAGE: parts_page.page(),
        **plug_pages.pages(),
        **kind_pages.pages(),
    }


def stale() -> dict[Path, str | None]:
    """Return those that are otherwise, with what they should be: None for a page whose kind is gone."""
    wanted: dict[Path, str | None] = dict.fromkeys(kind_pages.FOLDER.glob("*.md")) | documents()
    return {
        path: text for path, text in wanted.items() if text is None or not path.exists() or path.read_text() != text
    }


def _main(arguments: list[str]) -> None:
    if arguments[:1] == ["--audit"]:
        kind_pages.measure(arguments[1:])
    for path, text in stale().items():
        if text is None:
            path.unlink()
        else:
            path.write_text(text)


if __name__ == "__main__":
    _main(sys.argv[1:])
