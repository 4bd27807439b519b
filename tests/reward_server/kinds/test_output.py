"""CRUXEval as it is stored: every output and every literal input is right, the next row's output only where equal."""

import ast
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from reward_server.cases import Case
from reward_server.errors import TaskError
from reward_server.graders import Completion
from reward_server.graders.output import GRADER, OutputTask
from reward_server.testing import literals
from reward_server.verdict import Verdict

_PATH = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[4] / "shared")) / "data/formats/cruxeval.jsonl"
_SAMPLE = 40


def _rows() -> list[dict[str, Any]]:
    if not _PATH.exists():
        pytest.skip(f"{_PATH} is not here")
    return [json.loads(line) for line in _PATH.read_text("utf-8").splitlines()]


def _task(row: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"kind": "output", "code": row["code"], "input": row["input"], "output": row["output"], **fields}


@pytest.mark.shared
def test_every_stored_output_is_right_and_the_next_rows_only_where_it_is_equal():
    rows = _rows()
    for row, other in zip(rows, rows[1:] + rows[:1], strict=True):
        compiled = GRADER.compile(GRADER.task.model_validate(_task(row)))
        call = f"f({row['input']}) == {row['output']}"
        for answer in (f"<answer>{row['output']}</answer>", f"[ANSWER]{call}[/ANSWER]", f"```\nassert {call}\n```"):
            verdict = GRADER.fast(compiled, Completion(answer))
            assert verdict is not None
            assert verdict.score == 1, (row["id"], verdict)
        verdict = GRADER.fast(compiled, Completion(f"<answer>{other['output']}</answer>"))
        got, wanted = ast.literal_eval(other["output"]), ast.literal_eval(row["output"])
        assert verdict is not None
        assert bool(verdict.score) == (repr(got) == repr(wanted) or (got == wanted and type(got) is type(wanted)))


@pytest.mark.shared
def test_stored_inputs_give_their_outputs_and_inputs_that_are_code_are_named(grade: Callable[[str, Case], Verdict]):
    rows = _rows()
    if not os.environ.get("REWARD_KINDS_WHOLE"):
        rows = random.Random(3).sample(rows, _SAMPLE)
    for row in rows:
        verdict = grade("output", Case(_task(row, predict="input"), f"[ANSWER]f({row['input']})[/ANSWER]", ""))
        assert verdict.score == 1 or verdict.evidence["method"] == "not_a_literal", (row["id"], verdict)


def test_a_stored_input_that_does_not_give_the_output_breaks_the_row(grade: Callable[[str, Case], Verdict]):
    task = {"kind": "output", "predict": "input", "code": "def f(n):\n    return n", "input": "1", "output": "2"}
    with pytest.raises(TaskError, match="the program gives 1"):
        grade("output", Case(task, "<answer>2</answer>", ""))


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [("1", "1", True), ("1", "True", False), ("1", "1.0", False), ("{1: 2, 3: 4}", "{3: 4, 1: 2}", True),
     ("{1: 2}", "{True: 2}", False), ("set()", "{}", False), ("(1,)", "[1]", False), ("-0.5", "-.5", True)],
)  # fmt: skip
def test_literals_are_equal_with_their_types(one: str, other: str, equal: bool):
    assert literals.same(literals.read(one), literals.read(other)) is equal


def test_an_input_without_a_program_is_refused():
    with pytest.raises(ValidationError, match="needs `code`"):
        OutputTask(output="1", predict="input")


_GIVES_ONE = {"kind": "output", "predict": "input", "output": "1"}


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("def f(x) return 1", "code: it is no Python"),
        ("def g(x): return 1", "code: it defines no 'f'"),
        ("", "needs `code`"),
    ],
)
def test_a_program_that_cannot_be_called_is_the_rows_fault(grade: Callable[[str, Case], Verdict], code: str, why: str):
    if not code:
        with pytest.raises(ValidationError, match=why):
            OutputTask.model_validate(_GIVES_ONE | {"code": code})
        return
    with pytest.raises(TaskError, match=why):
        grade("output", Case(_GIVES_ONE | {"code": code}, "<answer>5</answer>", ""))


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("def f(x): return y", "runtime_error"),
        ("def f(x): raise NameError('f')", "runtime_error"),
        ("f = lambda x: 1 // x", "correct"),
        ("globals()['f'] = lambda x: 1", "correct"),
        ("exec('def f(x): return 2')", "incorrect"),
        ("exec('def g(x): return 2')", "runtime_error"),
    ],
)
def test_what_a_program_does_with_an_input_is_the_inputs(
    grade: Callable[[str, Case], Verdict], code: str, outcome: str
):
    assert grade("output", Case(_GIVES_ONE | {"code": code}, "<answer>1</answer>", "")).outcome.value == outcome
