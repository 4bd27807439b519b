# ruff: noqa: E501 - programs stand as they are
"""Tests of Go as a package of their own: honest programs pass, what crossed before earns nothing."""

from functools import partial
from shutil import which

import pytest

from reward_server.testing import endings
from reward_server.testing.units import take_apart
from reward_server.testing.units.go_text import read
from tests.reference_work import in_references
from tests.reward_server.testing.units import go_programs
from tests.reward_server.testing.units.conftest import Grade


@pytest.fixture(scope="module")
def compiler() -> None:
    if which("go") is None:
        pytest.skip("no go on this machine")


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("name", go_programs.RIGHT)
def test_a_right_program_passes_with_its_tests_in_a_package_of_their_own(grade: Grade, name: str) -> None:
    tests, program, way = go_programs.RIGHT[name]
    verdict = grade("go", tests, program)
    assert (verdict.score, verdict.evidence.get("tests_unit")) == (1.0, way), verdict
    assert verdict.evidence["trust"] == "opaque"


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("name", go_programs.CHEATS)
def test_what_a_program_s_text_does_to_its_tests_earns_nothing(grade: Grade, name: str) -> None:
    verdict = grade("go", *go_programs.CHEATS[name])
    assert verdict.score == 0.0, verdict


def test_tests_that_cannot_be_taken_apart_stay_one_text(grade: Grade) -> None:
    for tests in (
        "}\n}\nfunc main() {\n}\n",
        "func main() {\n\tif next(1) != 2 {\n}\n",
        "}\nfunc main() {\n}\nfunc more() {\n",
    ):
        assert take_apart("go", go_programs._NEXT, tests, "0" * 32) is None
    if which("go") is not None:
        verdict = grade(
            "go",
            "}\n\nfunc other() {\n}\n}\n\nfunc main() {\n\tif next(1) != 2 {\n\t\tpanic(1)\n\t}\n}\n",
            go_programs._NEXT,
        )
        assert (verdict.score, verdict.evidence.get("tests_unit")) == (0.0, None), verdict


@pytest.mark.usefixtures("compiler")
def test_what_failed_is_said_as_program_and_tests_have_it(grade: Grade) -> None:
    def detail(tests: str, program: str) -> str:
        return str(grade("go", tests, program).evidence["failed"][0]["detail"])

    assert "doubled([1 2]) = [1 2], want [2 4]" in detail(
        go_programs.DEEP, "func doubled(of []int) []int { return of }"
    )
    assert "solution.go:3:12" in detail(go_programs.NEXT, "package main\n\nfunc next( {}\n")
    assert "undefined: next" in detail(go_programs.NEXT, "package main\n\nfunc nxt(x int) int { return x }\n")
    assert (
        detail(go_programs.READS, 'import "io"\nfunc init() { io.EOF = nil }')
        == "the program defines what checks rely on"
    )


@pytest.mark.parametrize(
    "text",
    ["func f(", "func f() {", "func (", "type a struct {", "type a struct{ b struct{ ", "struct {", "type (", "var (", "var a, ", "const a = ", "import (", 'import "a"\n', "import . ", "package a\n",
     "/*", "//go:linkname a b\n", "`", '"', "'", "'\\", "a.B = ", "(a.B) = ", "&(", "&a.B ", "((((", "}", ")", ";", "\n", "0x", "1e", "a := ", "a, ", "a.", "type a = ", "func (a b) String() ", "\u00e9"],
)  # fmt: skip
def test_no_submission_takes_long_to_take_apart(text: str) -> None:
    for tests in (go_programs.NEXT, go_programs.STACK):
        armed = endings.arm("go", tests, "0" * 32)
        assert armed is not None
        work = partial(take_apart, "go", (text * 40_000)[:40_000], armed, "0" * 32)
        assert in_references(work, 60) < 60


def test_what_go_declares_is_read_past_texts_and_comments() -> None:
    source = (
        '/* func no() { */ package p // } \nimport (\n\t"fmt"; str "strings"\n\t. "os" // last\n)\nimport _ "embed"\n\n//go:embed x\n'
        "func here[T any](x T) (y int) { type inner struct{ z int }; func() { var q = `}` }() ; return '}' }\nfunc (s *Stack[T]) Push(x T) {}\nfunc (pair) String() string { return \"func r() {\" }\n"
        "type Stack[T any] struct {\n\titems []T\n\tnext, last *node\n}\ntype (\n\tnode = struct{ up int }\n\tshape interface {\n\t\tarea() float64\n\t}\n)\n"
        'var a, b = func(x int) int {\n\treturn x\n}, []int{\n\t1,\n}\nconst (\n\tc = iota\n\td\n\te, f = 1 +\n\t\tg, 2\n)\nvar h = map[string]int{\n\t"i": 1}\n'
    )
    found = read(source)
    assert found.top == {
        "here": "func", "Stack": "type", "node": "type", "shape": "type", "a": "var", "b": "var", "c": "const", "d": "const", "e": "const", "f": "const", "h": "var",
    }  # fmt: skip
    assert [(each.name, each.path) for each in found.imports] == [
        ("", "fmt"),
        ("str", "strings"),
        (".", "os"),
        ("_", "embed"),
    ]
    assert (found.given["Stack"], found.given["pair"]) == ({"Push"}, {"String"})
    assert {"items", "next", "last"} <= found.members["Stack"]
    assert found.members["shape"] == {"area", "float64"}
    assert found.aliases == {"Stack", "node"}
    assert found.directives == ["//go:embed x"]
