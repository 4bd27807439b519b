"""The documents say what is: the tree is fresh, links lead somewhere, the README is short."""

import re

import pytest

from . import settings_table
from .architecture_tree import DOCUMENT, ROOT, replaced

_DOCUMENTS = ["README.md", "ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md"]
_DOCUMENTS += [f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))]


def test_the_tree_in_the_architecture_is_fresh():
    document = DOCUMENT.read_text()
    assert replaced(document) == document, "run `make docs`"


def test_the_table_of_settings_is_fresh_and_says_what_each_does():
    assert settings_table.DOCUMENT.read_text() == settings_table.table(), "run `make docs`"
    assert "|  |\n" not in settings_table.table(), "a setting has no docstring"


@pytest.mark.parametrize("name", _DOCUMENTS)
def test_links_between_documents_lead_somewhere(name: str):
    text = re.sub(r"`[^`\n]*`", "", (ROOT / name).read_text())  # patterns in code look like links
    for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", text):
        assert ((ROOT / name).parent / target).exists(), f"{name} links to {target}"


def test_the_readme_is_at_most_600_words():
    assert len((ROOT / "README.md").read_text().split()) <= 600
