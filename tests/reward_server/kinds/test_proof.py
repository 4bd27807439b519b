"""What Lean is asked, what its answers mean, and whom a failure is blamed on, against a fake server."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from reward_server.errors import ServiceError, TaskError
from reward_server.graders import Completion, Resources
from reward_server.graders.proof import GRADER
from reward_server.proofs.kimina import LeanServer
from reward_server.proofs.source import blanked, read_statement
from reward_server.verdict import Outcome, Verdict
from tests.reward_server.fakes import FakeLean

_TASK = {"kind": "proof", "ground_truth": "theorem t (x : ℝ) (h : x > 0) : x ≠ 0 := by sorry"}


def _proof(fake: str = "", code: str = "theorem t (x : ℝ) (h : x > 0) : x ≠ 0 := by positivity") -> Completion:
    return Completion(f"```lean4\nimport Mathlib\n{code}\n{f'-- fake: {fake}' if fake else ''}\n```")


def _graded(completion: Completion, lean: Any) -> Verdict:
    compiled = GRADER.compile(GRADER.task.model_validate(_TASK))
    assert GRADER.fast(compiled, completion) is None
    assert GRADER.slow is not None
    return asyncio.run(GRADER.slow(compiled, completion, Resources(lean=lean)))


@pytest.mark.parametrize(
    ("fake", "outcome"),
    [
        ("", Outcome.CORRECT),
        ("none", Outcome.CORRECT),
        ("axioms propext, Classical.choice, Quot.sound", Outcome.CORRECT),
        ("warning unused variable", Outcome.CORRECT),
        ("axioms propext, Lean.ofReduceBool", Outcome.INCORRECT),
        ("axioms sorryAx", Outcome.INCORRECT),
        ("axioms cheat", Outcome.INCORRECT),
        ("error unsolved goals", Outcome.INCORRECT),
        ("warning declaration uses 'sorry'", Outcome.INCORRECT),
        ("sorries", Outcome.INCORRECT),
        ("silent", Outcome.INCORRECT),
        ("twice", Outcome.INCORRECT),
        ("timeout", Outcome.TIME_LIMIT),
        ("crash", Outcome.RUNTIME_ERROR),
    ],
)
def test_answers_of_lean_mean_what_they_say(fake: str, outcome: Outcome):
    verdict = _graded(_proof(fake), FakeLean())
    assert verdict.outcome is outcome, verdict
    assert verdict.score == float(outcome is Outcome.CORRECT)
    assert verdict.cacheable or outcome in {Outcome.TIME_LIMIT, Outcome.RUNTIME_ERROR}


def test_the_statement_is_ours_and_stands_in_front():
    fake = FakeLean()
    _graded(_proof(code="theorem t (x : ℝ) (h : x > 0) : True := trivial"), fake)
    source = fake.sources[0]
    goal = source.index("Prop :=\n  ∀ (x : ℝ) (h : x > 0), (x ≠ 0\n)")
    assert source.count("import Mathlib") == 1
    assert goal < source.index("theorem t (x") < source.index(": reward_goal_") < source.index("#print axioms")
    assert source.rstrip().splitlines()[-2].endswith(":= @t")


def test_a_server_that_fails_on_the_statement_too_is_to_blame():
    class Down(FakeLean):
        async def check(self, source: str, seconds: int) -> Any:
            return (await super().check(source, seconds))._replace(error="Lean REPL died", response={})

    with pytest.raises(ServiceError, match="statement alone"):
        _graded(_proof(), Down())


def test_a_statement_that_lean_does_not_take_breaks_the_row():
    class Strict(FakeLean):
        def reply(self, source: str, seconds: int = 60) -> dict[str, Any]:
            return super().reply(f"{source}\n-- fake: error unknown identifier", seconds)

    with pytest.raises(TaskError, match="unknown identifier"):
        _graded(_proof(), Strict())


def test_without_a_server_items_are_ungradable():
    with pytest.raises(ServiceError, match="REWARD_LEAN_SERVER"):
        _graded(_proof(), None)


@pytest.mark.parametrize(
    ("body", "status"), [({"results": []}, 200), ({}, 200), ([1], 200), ({"results": [{}]}, 200), ({}, 429), ({}, 500)]
)
def test_answers_that_are_none_are_failures_of_the_service(body: Any, status: int):
    async def scenario() -> None:
        async def verify(request: web.Request) -> web.Response:
            assert request.headers["Authorization"] == "Bearer key"
            return web.json_response(body, status=status)

        app = web.Application()
        app.router.add_post("/verify", verify)
        await _against(app, "x")

    with pytest.raises(ServiceError):
        asyncio.run(scenario())


def test_a_server_speaks_over_http():
    fake = FakeLean()

    async def scenario() -> Any:
        async def verify(request: web.Request) -> web.Response:
            asked = await request.json()
            return web.json_response(fake.reply(asked["codes"][0]["proof"], asked["timeout"]))

        app = web.Application()
        app.router.add_post("/verify", verify)
        return await _against(app, "theorem t : True := trivial\n#print axioms t\n")

    checked = asyncio.run(scenario())
    assert checked.response["messages"][0]["data"] == "'t' depends on axioms: [propext]"


async def _against(app: web.Application, source: str) -> Any:
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    lean = LeanServer(f"http://127.0.0.1:{runner.addresses[0][1]}", "key")
    try:
        return await lean.check(source, 5)
    finally:
        await lean.close()
        await runner.cleanup()


@pytest.mark.parametrize(
    ("text", "name", "goal"),
    [
        ("theorem a : 1 = 1 := by sorry", "a", "1 = 1"),
        ("lemma A.b {n : ℕ} [Fact n.Prime] : n > 1 := by\n  sorry", "A.b", "∀ {n : ℕ} [Fact n.Prime], (n > 1\n)"),
        (
            "theorem c (f : ℕ → ℕ := id) : let y := 1; f y = y := sorry",
            "c",
            "∀ (f : ℕ → ℕ := id), (let y := 1; f y = y\n)",
        ),
        ("theorem d (S : Set ℕ) (h : S = {x | x : ℕ}) : True :=", "d", "∀ (S : Set ℕ) (h : S = {x | x : ℕ}), (True\n)"),
        ("theorem e : True -- := by norm_num\n := by sorry", "e", "True -- := by norm_num"),
    ],
)
def test_statements_are_taken_apart(text: str, name: str, goal: str):
    statement = read_statement(text)
    assert (statement.name, statement.goal) == (name, goal)


@pytest.mark.parametrize(
    "text",
    ["", "def x := 1", "theorem a : 1 = 1 := by norm_num", "variable (n : ℕ)\ntheorem a : n = n := by sorry",
     "theorem a := by sorry", "theorem a.{u} : True := by sorry", "example : True := by sorry"],
)  # fmt: skip
def test_statements_that_cannot_be_kept_break_the_row(text: str):
    with pytest.raises(TaskError):
        read_statement(text)


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("a -- b\nc", "a     \nc"),
        ("a /- b /- c -/ d -/ e", "a                   e"),
        ('a "b -- c" d', "a          d"),
        ("h' \"x\" '\"' y", "h'         y"),
        ("'\\'' /- x -/ y", " " * 13 + "y"),
        ('r"\\" a', "     a"),
        ("a /- never closed", "a                "),
    ],
)
def test_comments_and_texts_are_told_from_code(source: str, plain: str):
    assert blanked(source) == plain
