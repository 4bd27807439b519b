"""Source parsed in pieces is the source parsed whole, wherever a piece could have ended."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reward_server.testing import pieces

STATEMENTS = [
    "x = 1", "assert f(3) == 4", "if x:\n    y = 2\nelse:\n    y = 3", "s = '''\na = 1\nb = 2\n'''",
    't = """x\nassert f(1)\n"""', "z = [\n1,\n2,\n]", "try:\n    a\nexcept E:\n    b\nfinally:\n    c", "w = 1 + \\\n2",
    "@d\ndef g():\n    return 1", "class C:\n\n    x = 1\n\n    def m(self): pass", "", "# a comment",
    "for i in r:\n  pass",
    "u = f(\n'a'\n'b',\nk=1)", "match x:\n    case 1:\n        pass",
]  # fmt: skip


def same(left: ast.Module, right: ast.Module) -> bool:
    return ast.dump(left) == ast.dump(right) and [node.lineno for node in left.body] == [
        node.lineno for node in right.body
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=40), st.integers(1, 60))
def test_pieces_make_the_whole(statements: list[str], piece: int) -> None:
    source = "\n".join(statements)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "PIECE", piece)
        assert same(pieces.parse(source), ast.parse(source))


@pytest.mark.parametrize("broken", ["x = (", "'''", "if x:", "def f(:", "x = 1\n  y = 2", "else:\n  pass"])
def test_what_does_not_parse_whole_does_not_parse_in_pieces(broken: str) -> None:
    for source in (broken + "\n" + "x = 1\n" * 10_000, "x = 1\n" * 10_000 + broken):
        with pytest.raises(SyntaxError):
            pieces.parse(source)


def test_a_tree_that_is_released_holds_nothing() -> None:
    tree = pieces.parse("x = 1\n" * 5_000)
    assert len(tree.body) == 5_000
    pieces.release(tree)
    assert not tree.body
