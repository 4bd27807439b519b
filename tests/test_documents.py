"""The documents say what is: the tree and the settings are fresh, the README is short."""

import json

from reward_server.graders import discover

from . import kind_pages, settings_table
from .architecture_tree import DOCUMENT, ROOT, replaced


def test_the_tree_in_the_architecture_is_fresh():
    document = DOCUMENT.read_text()
    assert replaced(document) == document, "run `make docs`"


def test_the_table_of_settings_is_fresh_and_says_what_each_does():
    assert settings_table.DOCUMENT.read_text() == settings_table.table(), "run `make docs`"
    assert "|  |\n" not in settings_table.table(), "a setting has no docstring"


def test_the_pages_of_the_kinds_are_fresh_and_every_kind_has_one():
    """Times too are as `audit.json` stores them; only measuring anew changes that file."""
    pages = kind_pages.pages()
    stored = {path: path.read_text() for path in [kind_pages.INDEX, *kind_pages.FOLDER.glob("*.md")]}
    stale = [path.stem for path in pages.keys() | stored.keys() if pages.get(path) != stored.get(path)]
    assert not stale, "run `make docs`"


def test_the_errors_of_the_kinds_are_those_the_tests_hold():
    """Every case and attack is graded in `test_kinds.py` and `test_auditing.py`, where none may come out otherwise."""
    for kind, told in json.loads(kind_pages.AUDIT.read_text()).items():
        assert (told["false_positives"], told["false_negatives"]) == (0, 0), kind


def test_the_readme_names_every_kind():
    first = (ROOT / "README.md").read_text().partition("```")[0]
    assert not [kind for kind in discover() if f"`{kind}`" not in first]


def test_the_readme_is_at_most_600_words():
    assert len((ROOT / "README.md").read_text().split()) <= 600
