"""Puzzles of reasoning-gym and Logic-RL as they are stored: golds are right, other rows' answers are not."""

import gzip
import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from reward_server.errors import NotInstalled, TaskError
from reward_server.graders import Completion, Resources
from reward_server.graders.puzzle import GRADER, PuzzleTask
from reward_server.puzzles import catalogue, library

_FORMATS = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[4] / "shared")) / "data" / "formats"
_ALSO_RIGHT = {("jugs", 4), ("n_queens", 2)}
"""Rows (puzzle, number) that another row's answer solves too."""
_CONSTANTS = ["0", "1", "True", "False", "No", "Yes", "[]", "{}", "A", "infeasible", "-", "x", "1 or 2"]


def _rows(name: str) -> list[dict[str, Any]]:
    path = _FORMATS / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _task(row: dict[str, Any]) -> PuzzleTask:
    name = row.get("task") or row["metadata"]["source_dataset"]
    return PuzzleTask(puzzle=name, question=row["question"], metadata=row["metadata"], ground_truth=row["answer"])


def _score(compiled: Any, answer: str) -> float | None:
    verdict = GRADER.fast(compiled, Completion(f"<answer>{answer}</answer>"))
    return None if verdict is None else verdict.score


@pytest.mark.shared
def test_every_stored_gold_is_right_and_no_other_rows_answer_is():
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows("reasoning_gym_samples.jsonl.gz"):
        rows[row["task"]].append(row)
    graded = 0
    for name in rows.keys() - catalogue.LIBRARY - library.REFUSED.keys() | rows.keys() & catalogue.ANSWERS.keys():
        for number, row in enumerate(rows[name]):
            compiled = GRADER.compile(_task(row))
            gold = row["answer"] or json.dumps(row["metadata"].get("possible_answer"))
            assert _score(compiled, gold) == 1, (name, gold)
            others = {other["answer"] for other in rows[name] if other["answer"]} - {gold}
            paid = [answer for answer in others if _score(compiled, answer)]
            assert not paid or (name, number) in _ALSO_RIGHT, (name, number, paid)
            graded += 1 + len(others)
    assert graded > 1500


@pytest.mark.shared
def test_the_only_truthful_assignment_of_knights_and_knaves_is_right():
    for row in _rows("knights_knaves.jsonl.gz")[:300]:
        compiled = GRADER.compile(PuzzleTask(puzzle="kk", ground_truth=row["reward_model"]["ground_truth"]))
        assert _score(compiled, row["solution_text_format"]) == 1
        assert _score(compiled, row["solution_text"]) == 1
        turned = row["solution_text"].replace("a knight", "a knavE").replace("a knave", "a knight").replace("E", "e")
        assert _score(compiled, turned) == 0


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(catalogue.KNOWN - catalogue.LIBRARY - {"zebra_table"}))
def test_what_reasoning_gym_pays_whole_is_right_and_no_constant_is_paid(name: str):
    gym = pytest.importorskip("reasoning_gym", reason="pip install reasoning-gym to compare with its scorers")
    dataset = gym.create_dataset(name, size=3, seed=11)
    rows = json.loads(json.dumps([dataset[number] for number in range(3)], default=str))
    for row in rows:
        compiled = GRADER.compile(_task(row | {"task": name}))
        gold = row["answer"] or json.dumps(row["metadata"].get("possible_answer"))
        assert _score(compiled, gold) == 1
        for constant in _CONSTANTS:
            if _score(compiled, constant) and name not in catalogue.MATHEMATICS:
                assert dataset.score_answer(constant, row) == 1, (constant, row)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"puzzle": "countup"}, "countup"),
        ({"puzzle": "propositional_logic"}, "tautologies"),
        ({"puzzle": "sudoku", "surplus": 1}, "surplus"),
        ({"puzzle": "puzzle24", "scorer": "library"}, "any four numbers"),
        ({"metadata": {}}, "neither"),
        ({"puzzle": "sudoku", "metadata": "no json"}, "metadata"),
    ],
)
def test_what_cannot_be_decided_is_refused_by_name(fields: dict[str, Any], named: str):
    with pytest.raises(ValidationError, match=named):
        PuzzleTask.model_validate({"kind": "puzzle", **fields})


def test_data_that_make_no_puzzle_are_named():
    with pytest.raises(TaskError, match=r"puzzle.*columns"):
        GRADER.compile(PuzzleTask(puzzle="sudoku", metadata={"puzzle": [[1, 2]]}))
    with pytest.raises(TaskError, match="target"):
        GRADER.compile(PuzzleTask(puzzle="countdown", metadata={"numbers": [1, 2]}))
    with pytest.raises(TaskError, match="no solution: comes to 3"):
        GRADER.compile(PuzzleTask(puzzle="countdown", metadata={"numbers": [1, 2], "target": 4}, ground_truth="1+2"))


async def _slow(task: PuzzleTask) -> Any:
    assert GRADER.slow is not None
    return await GRADER.slow(GRADER.compile(task), Completion("<answer>U</answer>"), Resources())


def test_a_misspelt_puzzle_is_told_the_nearest():
    with pytest.raises(ValueError, match="'countdwn' is no puzzle known here; did you mean 'countdown'\\?"):
        PuzzleTask(puzzle="countdwn", metadata={"numbers": [1, 2], "target": 3})


def test_a_server_without_the_library_says_so(monkeypatch: pytest.MonkeyPatch):
    import asyncio

    monkeypatch.setattr(library, "find_spec", lambda _name: None)
    with pytest.raises(NotInstalled, match="reasoning-gym is not installed here: `pip install reasoning-gym`"):
        asyncio.run(_slow(PuzzleTask(puzzle="rubiks_cube", metadata={"cube_size": 3})))


def test_a_table_whose_cells_are_blank_is_no_ground_truth():
    task = PuzzleTask(puzzle="zebra_table", metadata={"header": ["House", "Name"], "rows": [["1", "___"]]})
    with pytest.raises(TaskError, match="a cell is blank"):
        GRADER.compile(task)
