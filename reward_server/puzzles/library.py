"""reasoning-gym's own scorers, run in a worker process: for puzzles that have no checker here, or on request.

They are foreign code: they run in a killable process under limits of CPU time and memory, on answers of bounded length,
and their scores count only where they are whole, because many pay a share for any text at all. Scorers that hand the
answer to an evaluator, or pay an answer that solves nothing, are refused by name (`REFUSED`).
"""

from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from typing import Any

LONGEST = 4_000
"""Characters of an answer that a scorer is given."""
CPU_SECONDS = 20.0
"""Of one scoring, with the import of the library, which takes most of it."""
NEEDED = "reasoning-gym is not installed here: `pip install reasoning-gym` into the server's environment"

_EVALUATES = "its scorer hands the answer to an evaluator"
REFUSED = {
    "binary_matrix": _EVALUATES,
    "countdown": _EVALUATES,
    "intermediate_integration": _EVALUATES,
    "n_queens": _EVALUATES,
    "polynomial_multiplication": _EVALUATES,
    "puzzle24": f"{_EVALUATES} and pays any four numbers",
    "simple_integration": _EVALUATES,
    "spiral_matrix": _EVALUATES,
    "string_insertion": _EVALUATES,
    "bitwise_arithmetic": "its scorer evaluates the row's problem",
    "number_sorting": "its scorer may evaluate the row's answer, and pays numbers that are off by one",
    "game_of_life_halting": "its scorer pays any text",
    "polynomial_equations": "its scorer pays any text without numbers where there is no solution",
    "propositional_logic": "its scorer pays tautologies and repeated premises",
    "game_of_life": "its scorer pays grids with surplus cells",
    "gsm_symbolic": "its scorer pays the first of several numbers",
    "coin_flip": "its scorer pays 0 for every small probability",
    "time_intervals": "its scorer reads the first of several numbers of days",
    "decimal_arithmetic": "its scorer pays the last place off by one",
    "quantum_lock": "its scorer reads the letters A to C out of any text",
    "composite": "its rows name the puzzle that they hold: use that",
}
"""Puzzle → why its scorer is not run."""


@dataclass(frozen=True, slots=True)
class Question:
    """What travels to the worker."""

    puzzle: str
    entry: dict[str, Any]
    """The row: `question`, `answer`, `metadata`."""
    answer: str


def is_installed() -> bool:
    """Tell whether the library can be imported here."""
    return find_spec("reasoning_gym") is not None


def score(question: Question) -> float:
    """Return what the library's scorer gives, in a worker."""
    return float(_scorer(question.puzzle).score_answer(question.answer, question.entry))


@cache
def _scorer(puzzle: str) -> Any:
    # The library and what it imports cost a second; the server's own process must not pay for it.
    import reasoning_gym  # noqa: PLC0415

    return reasoning_gym.create_dataset(puzzle, size=1, seed=0)


def version() -> str:
    """Return which reasoning-gym is installed, for the cache's keys."""
    return metadata.version("reasoning-gym") if is_installed() else ""
