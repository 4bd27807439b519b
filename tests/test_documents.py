"""The documents say what is: those that are written from the code are fresh, the README is short."""

import json

from reward_server.graders import discover

from . import kind_pages, settings_table
from .architecture_tree import ROOT
from .documents import written


def test_what_is_written_from_the_code_is_fresh_and_every_kind_has_a_page():
    """Times too are as `audit.json` stores them; only measuring anew changes that file."""
    assert sorted(path.relative_to(ROOT).as_posix() for path in written.stale()) == [], "run `make docs`"
    assert {kind_pages.FOLDER / f"{kind}.md" for kind in discover()} <= written.documents().keys()


def test_every_setting_says_what_it_does():
    assert "|  |\n" not in settings_table.table(), "a setting has no docstring"


def test_the_errors_of_the_kinds_are_those_the_tests_hold():
    """Every case and attack is graded in `test_kinds.py` and `test_auditing.py`, where none may come out otherwise."""
    for kind, told in json.loads(kind_pages.AUDIT.read_text()).items():
        assert (told["false_positives"], told["false_negatives"]) == (0, 0), kind


def test_the_readme_names_every_kind():
    first = (ROOT / "README.md").read_text().partition("```")[0]
    assert not [kind for kind in discover() if f"`{kind}`" not in first]


def test_the_readme_is_at_most_600_words():
    assert len((ROOT / "README.md").read_text().split()) <= 600
