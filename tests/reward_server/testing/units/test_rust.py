# ruff: noqa: E501 - programs stand as they are
"""Tests of Rust as a module of their own: honest programs pass, what crossed before earns nothing."""

from functools import partial
from shutil import which

import pytest

from reward_server.testing import endings
from reward_server.testing.units import take_apart
from reward_server.testing.units.rust_text import brackets, items, leaves, without_texts, words
from tests.reference_work import in_references
from tests.reward_server.testing.units import rust_programs
from tests.reward_server.testing.units.conftest import Grade


@pytest.fixture(scope="module")
def compiler() -> None:
    if which("rustc") is None:
        pytest.skip("no rustc on this machine")


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("name", rust_programs.RIGHT)
def test_a_right_program_passes_with_its_tests_in_a_module_of_their_own(grade: Grade, name: str) -> None:
    tests, program, way = rust_programs.RIGHT[name]
    verdict = grade("rust", tests, program)
    assert (verdict.score, verdict.evidence.get("tests_unit")) == (1.0, way), verdict
    assert verdict.evidence["trust"] == "opaque"


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("name", rust_programs.CHEATS)
def test_what_a_program_s_text_does_to_its_tests_earns_nothing(grade: Grade, name: str) -> None:
    verdict = grade("rust", *rust_programs.CHEATS[name])
    assert verdict.score == 0.0, verdict


def test_tests_that_cannot_be_taken_apart_stay_one_text(grade: Grade) -> None:
    for tests in (
        "fn main() { mine!(next(1), 2); }\n",
        "}\n}\nfn main() { assert_eq!(next(1), 2); }\n",
        "extern crate alloc;\nfn main() { assert_eq!(next(1), 2); }\n",
    ):
        assert take_apart("rust", "fn next(x: i64) -> i64 { x + 1 }\n", tests, "0" * 32) is None
    if which("rustc") is not None:
        tests = "use std::assert_eq as same;\nfn main() { same!(next(1), 2); }\n"
        verdict = grade("rust", tests, "fn next(x: i64) -> i64 { x + 1 }\n")
        assert (verdict.score, verdict.evidence.get("tests_unit")) == (1.0, None), verdict


@pytest.mark.usefixtures("compiler")
def test_what_failed_is_said_as_the_tests_have_it(grade: Grade) -> None:
    program = "fn next(x: i64) -> i64 { x }\nfn is_odd(x: i64) -> bool { true }\n"
    failed = grade("rust", rust_programs.X, program).evidence["failed"]
    assert failed[0]["detail"] == "assertion failed: next(1) == 2"


@pytest.mark.parametrize(
    "text",
    ["fn f(", "fn f() {", "struct A;\n", "mod a {", "mod a;", "trait A {", "impl A for B { }\n", "impl ", "impl A for ", "use ", "use a::{",
     "use a::b;\n", "use m::*;\n", "enum E { A }\nuse E::*;\n", "m! {", "m!(trait", "x!", "#![a]\n", "#[no_mangle]\n", "#![", "r#", 'r#"', "/*", "/*/", "*/", "'", "'a ", '"\\', "//!\n", "/*!",
     "extern crate a as ", "std::arch", "arch ", "asm ", "trait A: ", "a::", "m! { arch }\n", "m!(asm);", "<", "}", ")", "x ", "\u00e9"],
)  # fmt: skip
def test_no_submission_takes_long_to_take_apart(text: str) -> None:
    for tests in (rust_programs.NEXT, rust_programs.STACK):
        armed = endings.arm("rust", tests, "0" * 32)
        assert armed is not None
        work = partial(take_apart, "rust", (text * 40_000)[:40_000], armed, "0" * 32)
        assert in_references(work, 30) < 30


def test_what_rust_declares_is_read_past_texts_and_comments() -> None:
    source = (
        "/* fn no() { /* nested */ fn nor() {} */ // fn not() {}\nfn here<'a>(x: &'a str) -> char { let fn_inside = r##\"\"# fn r() { \"##; fn inside() {} '\\'' }\n"
        'const TEXT: &str = "fn s() { \\" }";\npub(crate) async unsafe fn there() {}\nenum E { A, B(u8), C { x: u8 } }\nuse E::*;\nuse std::{fmt::{self, Display as Shown}, io::*};\n'
        "macro_rules! m { () => { fn made() {} }; }\nmod inner { pub struct P; fn q() {} }\npub use self::inner::P as Q;\nstatic mut S: u8 = b'{';\n"
    )
    found = items(without_texts(source))
    assert found.kinds == {
        "here": {"fn"}, "TEXT": {"const"}, "there": {"fn"}, "E": {"enum"}, "A": {"use"}, "B": {"use"}, "C": {"use"},
        "m": {"macro_rules"}, "inner": {"mod"}, "Q": {"use"}, "S": {"static"},
    }  # fmt: skip
    assert found.library == ["std::fmt", "std::io::*"]
    assert brackets(without_texts(source)) is not None
    assert list(leaves("a::{b::{self, c as d}, e}")) == [("a::b", "b"), ("a::b::c", "d"), ("a::e", "e")]
    assert words("a.b(c::d, 'e, f!(g), 0..h, i != j)") == {"a", "c", "g", "h", "i", "j"}
