# ruff: noqa: E501 - programs stand as they are
"""Tests of Java as a compilation unit of their own: honest programs pass, what crossed before earns nothing."""

from functools import partial
from shutil import which

import pytest

from reward_server.testing.units import take_apart
from reward_server.testing.units.java_types import defined_methods, top_level
from tests.reference_work import in_references
from tests.reward_server.testing.units import java_programs
from tests.reward_server.testing.units.conftest import Grade


@pytest.fixture(scope="module", autouse=True)
def compiler() -> None:
    if which("javac") is None:
        pytest.skip("no javac on this machine")


@pytest.mark.parametrize("name", java_programs.RIGHT)
def test_a_right_program_passes_with_its_tests_in_a_unit_of_their_own(grade: Grade, name: str) -> None:
    verdict = grade("java", *java_programs.RIGHT[name])
    assert (verdict.score, verdict.evidence.get("tests_unit")) == (1.0, "own"), verdict
    assert verdict.evidence["trust"] == "opaque"


@pytest.mark.parametrize("name", java_programs.CHEATS)
def test_what_a_program_s_names_do_to_its_tests_earns_nothing(grade: Grade, name: str) -> None:
    verdict = grade("java", *java_programs.CHEATS[name])
    assert verdict.score == 0.0, verdict


@pytest.mark.parametrize(
    "text",
    ["class A {", "class A { }\n", "class ", "public ", "public final ", "private int ", "int next(", "int next(int x) {", "import a.b;\n",
     "x" * 50 + " ", "/*", '"\\', '"""', "}", "throws A, ", "new ", "(" , "a<", "class A { int next(int x) { return 0; } }\n"],
)  # fmt: skip
def test_no_submission_takes_long_to_take_apart(text: str) -> None:
    for tests in (java_programs.NEXT, java_programs.X):
        work = partial(take_apart, "java", (text * 40_000)[:40_000], tests, "0" * 32)
        assert in_references(work, 30) < 30


def test_types_and_methods_are_read_past_texts_and_comments() -> None:
    source = (
        "import java.util.*; // class No {\n/* class Not { } */\n@Deprecated public final class A<T> extends B {\n"
        "    String s = \"class Nor { }\"; char c = '{';\n    static <U> List<U> made(Map<String, U> of) throws Exception { return null; }\n"
        "    void called() { made(null); new A() { int inner() { return 1; } }; }\n}\nrecord R(int x) { }\ninterface I { int f(); }\nenum E { X, Y }\n"
    )
    assert [each.name for each in top_level(source)] == ["A", "R", "I", "E"]
    assert set(defined_methods(source)) == {"made", "called", "inner", "R"}
