"""Normal forms are Unicode's, and no row of marks is long enough to stop the server."""

import ast
import unicodedata
from itertools import groupby
from pathlib import Path

import pytest

from reward_server.extraction.expressions import expression
from reward_server.normal_forms import combines, has_endless_row, normal_form
from reward_server.testing.submission.python_source import parsed

_ROOT = Path(__file__).parents[2]
_ALONE = {"reward_server/normal_forms.py", "reward_server/extraction/sequences.py"}
_ONE_CHARACTER = "reward_server/words/normalization.py:_folded_width"
_FORMS = ("NFC", "NFD", "NFKC", "NFKD")
_HOSTILE = [
    "\u0323\u0301" * 5_000,
    "a" + "\u0301\u0323" * 5_000 + "b",
    "\u0f73\u0344" * 5_000,
    "\uff9e\uff9f" * 5_000,
    "\u1f82\u0323\u0301" + "\u0323\u0301" * 5_000,
    "\U00011f00\U00016af0\U0001e000\U0001d165" * 3_000,
    ("e" + "\u0301\u0323" * 16) * 500,
]


@pytest.mark.parametrize("form", _FORMS)
@pytest.mark.parametrize("text", _HOSTILE, ids=lambda text: ascii(text[:3]))
def test_no_row_of_marks_is_long_in_what_is_ordered(form, text):
    given: list[str] = []

    class Spied:
        combining = staticmethod(unicodedata.combining)

        @staticmethod
        def normalize(form: str, text: str) -> str:
            given.append(text)
            return unicodedata.normalize(form, text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reward_server.normal_forms.unicodedata", Spied)
        folded = normal_form(form, text)
    rows = [len(list(row)) for marks, row in groupby(given[0], combines) if marks]
    assert max(rows, default=0) <= 30
    assert folded.replace("\u034f", "")
    assert given[0].replace("\u034f", "") == text  # nothing is dropped


@pytest.mark.parametrize("form", _FORMS)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "Paris",
        "e\u0301",
        "a" + "\u0301\u0323" * 15,
        "Việt Nam Việt Nam",
        "２１⁰ ﬁ 가각 각",
        "שָׁלוֹם " * 50,
        "नमस्ते " * 50,
        "𐑀𐑁" * 50,
        "a" * 100 + "é",
    ],
)
def test_forms_of_texts_are_unicodes(form, text):
    assert normal_form(form, text) == unicodedata.normalize(form, text)


def test_every_character_that_combines_is_known():
    from reward_server.normal_forms import _BLOCKS

    known = {chr(code) for block in _BLOCKS for code in block}
    marks = (chr(code) for code in range(0x110000) if unicodedata.combining(chr(code)))
    assert known.issuperset(marks)
    composed = (chr(code) for code in range(0x110000) if unicodedata.decomposition(chr(code)))
    assert not [ascii(one) for one in composed if one not in known and combines(one)]


def test_texts_are_normalized_here_alone():
    for path in (_ROOT / "reward_server").rglob("*.py"):
        name = str(path.relative_to(_ROOT))
        if name in _ALONE or "normalize" not in path.read_text():
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            for call in ast.walk(node) if isinstance(node, ast.FunctionDef) else ():
                direct = isinstance(call, ast.Attribute) and ast.unparse(call) == "unicodedata.normalize"
                assert not direct or f"{name}:{node.name}" == _ONE_CHARACTER, f"{name}:{call.lineno}"


@pytest.mark.parametrize("marks", ["\u0323\u0301", "\u0f73\u0344"])
def test_source_whose_names_python_would_put_in_order_is_not_parsed(marks):
    assert has_endless_row("a" + marks * 300)
    assert not has_endless_row("'a" + marks * 100 + "'")
    assert parsed("a" + marks * 300 + " = 1") is None
    assert parsed("a" + "\u0323\u0301" * 20 + " = 1") is not None
    assert expression("a" + marks * 300) is None
