"""`puzzle`: logic, number and planning puzzles as reasoning-gym, Logic-RL and countdown rows store them.

`reward_server.puzzles.catalogue` names the puzzles. Decided: every solution of the puzzle is right, the stored one is
only one of them, and a stored one that solves nothing makes a broken row; a solution need not be the shortest unless
the puzzle asks for that (`shortest_path`, `quantum_lock`); all of the answer is read, so candidates side by side, a
second grid or a remark are no solution; a solution that is right in part is wrong. reasoning-gym's own scorers run in a
worker for the puzzles that have no checker here (`boxnet`, `rubiks_cube`, `rush_hour`, `word_ladder`), or with
`scorer: library`; only a whole score of theirs counts.
"""

import json
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import AliasChoices, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from reward_server.errors import NotInstalled, ServiceError, TaskError
from reward_server.extraction import prose
from reward_server.graders import Completion, Example, Grader, Resources, Task, math
from reward_server.puzzles import catalogue, library
from reward_server.puzzles.data import Check, Data, Violation
from reward_server.puzzles.reading import LONGEST, find_solution
from reward_server.verdict import Outcome, Verdict

_SHOWN = 200


class PuzzleTask(Task):
    """Grade the solution of a puzzle."""

    kind: Literal["puzzle"] = "puzzle"
    puzzle: str | None = None
    """Which puzzle it is, by reasoning-gym's name; null: `metadata.source_dataset` names it."""
    metadata: dict[str, Any] | str = Field(default_factory=dict)
    """The puzzle's data as its data set stores them, as an object or as JSON text: reasoning-gym's `metadata`,
    `{"numbers" or "nums", "target"}`, `{"puzzle": rows}` of a sudoku, `{"header", "rows"}` of a zebra table."""
    ground_truth: Any = Field(default=None, validation_alias=AliasChoices("ground_truth", "answer"))
    """The stored answer; or an object whose fields are data of the puzzle, as in Logic-RL's and countdown's rows.
    `answer` is accepted as the field's name too."""
    question: str = ""
    """The puzzle's text, for reasoning-gym's scorers alone."""
    use: Literal["all", "some"] = "all"
    """Of the numbers of countdown and 24: each exactly once, or each at most once."""
    scorer: Literal["own", "library"] = "own"
    """`library`: reasoning-gym's own scorer, where it neither evaluates answers nor pays for none."""

    model_config = ConfigDict(populate_by_name=True)

    @model_validator(mode="after")
    def _is_a_known_puzzle(self) -> "PuzzleTask":
        fields = _fields(self)
        name = self.puzzle or fields.get("source_dataset")
        if not isinstance(name, str) or not name:
            raise PydanticCustomError("no_puzzle", "neither `puzzle` nor `metadata.source_dataset` names the puzzle")
        why = catalogue.problem(name, by_library=self.scorer == "library")
        if why:
            raise PydanticCustomError("unknown_puzzle", "puzzle: {why}", {"why": why})
        return self


def _fields(task: PuzzleTask) -> dict[str, Any]:
    """Return the puzzle's data, with those of a ground truth that is an object."""
    metadata: Any = task.metadata
    if isinstance(metadata, str):
        try:
            metadata = json.loads(metadata)
        except ValueError:
            metadata = None
    if not isinstance(metadata, dict):
        raise PydanticCustomError("bad_metadata", "metadata is not the JSON text of an object")
    return {**metadata, **(task.ground_truth if isinstance(task.ground_truth, dict) else {})}


@dataclass(frozen=True, slots=True)
class _Compiled:
    name: str
    check: Check | None = None
    mathematics: Any = None
    entry: dict[str, Any] | None = None
    """The row, where the library scores."""


def compile_task(task: PuzzleTask) -> _Compiled:
    """Read the puzzle's data and check the stored answer.

    Raises:
        TaskError: data are missing or make no puzzle, or the stored answer is no solution.
    """
    fields = _fields(task)
    name = catalogue.resolve(task.puzzle or fields["source_dataset"])
    answer = None if isinstance(task.ground_truth, dict) else task.ground_truth
    if task.scorer == "library" or name in catalogue.LIBRARY:
        return _Compiled(name, entry={"question": task.question, "answer": answer, "metadata": fields})
    if name in catalogue.MATHEMATICS:
        if not isinstance(answer, str | int | float):
            raise TaskError("ground_truth: this puzzle is decided by its answer, and there is none")
        return _Compiled(name, mathematics=math.compile_task(math.MathTask(ground_truth=answer)))
    check = catalogue.checker(name, Data(fields), answer, every=task.use == "all")
    if isinstance(answer, str) and (why := _violated(check, answer)):
        raise TaskError(f"ground_truth: the stored answer is no solution: {why}")
    return _Compiled(name, check)


def fast(compiled: _Compiled, completion: Completion) -> Verdict | None:
    """Find the solution and check it; None where SymPy or the library has to."""
    if compiled.mathematics is not None:
        return math.grade_fast(compiled.mathematics, completion)
    found = find_solution(completion.text)
    evidence: dict[str, Any] = {"method": compiled.name, "extraction": found.rule}
    text = found.text.strip()
    if not text:
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    longest = LONGEST if compiled.check is not None else library.LONGEST
    if len(text) > longest:
        return Verdict(Outcome.INCORRECT, 0.0, text[:_SHOWN], evidence | {"violated": f"longer than {longest}"})
    if compiled.check is None:
        return None
    why = _violated(compiled.check, text)
    if why and "\n" not in text and (plain := prose.clean(text)) not in ("", text):
        why = _violated(compiled.check, plain) and why
    if why:
        return Verdict(Outcome.INCORRECT, 0.0, text[:_SHOWN], evidence | {"violated": why})
    return Verdict(Outcome.CORRECT, 1.0, text[:_SHOWN], evidence)


def _violated(check: Check, text: str) -> str:
    """Return which constraint an answer breaks, or an empty text."""
    try:
        check(text)
    except Violation as violation:
        return str(violation)
    return ""


async def slow(compiled: _Compiled, completion: Completion, resources: Resources) -> Verdict:
    """Ask SymPy, or reasoning-gym's scorer, in a worker.

    Raises:
        ServiceError: the library is not installed, there are no workers, or the scorer failed.
    """
    if compiled.mathematics is not None:
        return await math.grade_slow(compiled.mathematics, completion, resources)
    if not library.is_installed():
        raise NotInstalled(library.NEEDED)
    if resources.workers is None:
        raise ServiceError("this server was started without workers")
    assert compiled.entry is not None, "`fast` decides what is checked here"
    text = find_solution(completion.text).text.strip()
    question = library.Question(compiled.name, compiled.entry, text)
    ran = await resources.workers.run(library.score, question, library.CPU_SECONDS)
    evidence: dict[str, Any] = {"method": "reasoning_gym", "puzzle": compiled.name}
    if ran.exceeded:
        reason = f"the scorer exceeded its {ran.exceeded} budget on this answer"
        return Verdict(Outcome.INCORRECT, 0.0, text[:_SHOWN], evidence | {"method": "beyond_bounds", "reason": reason})
    evidence["library_score"] = round(ran.value or 0.0, 4)
    if ran.value is not None and ran.value >= 1:
        return Verdict(Outcome.CORRECT, 1.0, text[:_SHOWN], evidence)
    return Verdict(Outcome.INCORRECT, 0.0, text[:_SHOWN], evidence)


def _cache_key(compiled: _Compiled, completion: Completion) -> str:
    if compiled.mathematics is not None:
        return completion.text
    return find_solution(completion.text).text.strip()


_COUNTDOWN = {"kind": "puzzle", "puzzle": "countdown", "metadata": {"numbers": [36, 29, 95, 32, 4, 15], "target": 139}}
_KNIGHTS = {
    "kind": "puzzle",
    "puzzle": "knights_knaves",
    "metadata": {"names": ["Zoey", "Riley"], "statements": [["lying", 1], ["or", ["lying", 0], ["telling-truth", 0]]]},
}
_SUDOKU = {
    "kind": "puzzle",
    "metadata": {"source_dataset": "mini_sudoku", "puzzle": [[4, 0, 0, 0], [0, 3, 0, 0], [0, 1, 3, 0], [0, 0, 0, 0]]},
}

GRADER = Grader(
    task=PuzzleTask,
    version=5,
    compile=compile_task,
    fast=fast,
    slow=slow,
    cache_key=_cache_key,
    environment=lambda compiled, _resources: "" if compiled.entry is None else library.version(),
    estimate_cpu_seconds=lambda compiled: 0.05 if compiled.entry is None else 0.5,
    examples=[
        Example(_COUNTDOWN, "<answer>15 - 4 + 95 + 36 - 32 + 29</answer>", Outcome.CORRECT),
        Example(_COUNTDOWN, "<answer>95 + 29 + 15</answer>", Outcome.INCORRECT),
        Example(_COUNTDOWN | {"use": "some"}, "<answer>95 + 29 + 15 = 139</answer>", Outcome.CORRECT),
        Example(_KNIGHTS, "<answer>Zoey is a knave, and Riley is a knight.</answer>", Outcome.CORRECT),
        Example(_KNIGHTS, "<answer>Zoey is a knight, and Riley is a knave.</answer>", Outcome.INCORRECT),
        Example(_SUDOKU, "```\n4 2 1 3\n1 3 4 2\n2 1 3 4\n3 4 2 1\n```", Outcome.CORRECT),
        Example(_SUDOKU, "<think>4 2 1 3</think>", Outcome.NO_ANSWER),
    ],
)
