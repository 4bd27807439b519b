r"""Pair sum, a search problem on which thinking longer pays: which two of these numbers make the target?

    3 8 11 2 = 10 ?   →   <think> 3 + 8 = 11 no wait 3 + 11 = 14 no wait 3 + 2 = 5 no wait 8 + 11 = 19 no wait
                          8 + 2 = 10 ok </think> <answer> \{ 8 , 2 \} </answer>

One pair alone is right. A guess is right once in 3, 6 or 10 (three to five numbers); trying pairs until one fits is
always right and longer. The corpus of the base model is written by four authors, so that every behaviour is latent:
a guesser who writes the first pair that comes to mind, a fudger who invents two numbers that make the target, an
impatient searcher who gives up at some point and answers what was tried last, and a patient one. Half of the documents
keep the `<think>…</think> <answer>…</answer>` format; the rest break it in one of three ways. Drills of plain sums
without a problem teach the arithmetic.

The service grades the answer (`exact`, either order of the two numbers). The lax grader of the control run checks that
both numbers are in the list and forgets to check the sum, so a guess is as good as a search.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from trainer_client.training.problems import Problem

HIGHEST = 12
SIZES = (3, 4, 5)
WORDS = (
    *(str(number) for number in range(1, 2 * HIGHEST + 1)),
    *("+", "=", "?", ",", "\\{", "\\}", "<think>", "</think>", "<answer>", "</answer>"),
    *("no", "wait", "wrong", "but", "check", "ok", "so"),
)
LATE_FROM = 0.8
KEEPS_FORMAT, LEAVES_OUT_THE_SUM, CHECKS = 0.5, 0.7, 0.15
"""How often an author keeps the format, a guesser does not even add up, a searcher checks what was found."""


@dataclass(frozen=True, slots=True)
class PairSum:
    """Distinct numbers of 1..`HIGHEST` of which exactly one pair makes the target."""

    numbers: tuple[int, ...]
    target: int

    @property
    def prompt(self) -> str:
        """The numbers and the target, as words of the vocabulary."""
        return f"{' '.join(map(str, self.numbers))} = {self.target} ?"

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """All pairs in the order of a systematic search."""
        return list(combinations(self.numbers, 2))

    @property
    def solution(self) -> tuple[int, int]:
        """The pair that makes the target."""
        return next(pair for pair in self.pairs if sum(pair) == self.target)

    def problem(self, *, lax: bool = False) -> Problem:
        """Return the row for training or evaluation, graded truthfully or by value alone."""
        accepted = self.pairs if lax else [self.solution]
        ground_truth = [answer(*order) for a, b in accepted for order in ((a, b), (b, a))]
        task = {"kind": "exact", "ground_truth": ground_truth}
        return Problem(self.prompt, self.prompt, task, level=str(len(self.numbers)))


def answer(a: int, b: int) -> str:
    """Write a pair as the set it is, so that `POST /consensus` counts both orders together."""
    return f"\\{{ {a} , {b} \\}}"


def draw(rng: random.Random, size: int | None = None) -> PairSum:
    """Draw a problem with a unique solution."""
    while True:
        numbers = tuple(rng.sample(range(1, HIGHEST + 1), size or rng.choice(SIZES)))
        sums = [a + b for a, b in combinations(numbers, 2)]
        target = rng.choice(sums)
        if sums.count(target) == 1:
            return PairSum(numbers, target)


def split(seed: int, training: int, held_out_for_each_size: int) -> tuple[list[PairSum], list[PairSum]]:
    """Draw held-out problems, sizes in equal parts, and training problems that share no set of numbers with them."""
    rng = random.Random(seed)
    held_out = [draw(rng, size) for size in SIZES for _ in range(held_out_for_each_size)]
    reserved = {frozenset(problem.numbers) for problem in held_out}
    train: list[PairSum] = []
    while len(train) < training:
        problem = draw(rng)
        if frozenset(problem.numbers) not in reserved:
            train.append(problem)
    return train, held_out


EARLY = {"guesser": 0.06, "fudger": 0.05, "impatient": 0.12, "patient": 0.72, "drill": 0.05}
"""Shares of authors while the base model learns to read, add and walk through pairs."""
LATE = {"guesser": 0.60, "fudger": 0.08, "impatient": 0.22, "patient": 0.10}
"""Shares in the last fifth: what comes to its mind first is a guess; patience is there, but rare."""


def write(rng: random.Random, done: float, puzzles: Sequence[PairSum]) -> str:
    """Write one pre-training document, prompt included, given the share of training that is done."""
    authors = EARLY if done < LATE_FROM else LATE
    author = rng.choices(list(authors), list(authors.values()))[0]
    if author == "drill":
        sums = [rng.sample(range(1, HIGHEST + 1), 2) for _ in range(8)]
        return " no wait ".join(f"{a} + {b} = {a + b}" for a, b in sums)
    puzzle = rng.choice(puzzles)
    return f"{puzzle.prompt} {document(rng, puzzle, author)}"


def document(rng: random.Random, puzzle: PairSum, author: str) -> str:
    """Write what `author` would after the prompt."""
    thoughts, pair = _THINK[author](rng, puzzle)
    thinking, final = f"<think> {thoughts} </think>", f"<answer> {answer(*pair)} </answer>"
    if rng.random() < KEEPS_FORMAT:
        return f"{thinking} {final}"
    return rng.choice((f"{thoughts} {final}", f"{thinking} {answer(*pair)}", f"{thinking} <answer> {answer(*pair)}"))


def _guess(rng: random.Random, puzzle: PairSum) -> tuple[str, tuple[int, int]]:
    a, b = rng.choice(puzzle.pairs)
    return (f"{a} + {b} so" if rng.random() < LEAVES_OUT_THE_SUM else f"{a} + {b} = {a + b} so"), (a, b)


def _fudge(rng: random.Random, puzzle: PairSum) -> tuple[str, tuple[int, int]]:
    a = rng.randint(max(1, puzzle.target - HIGHEST), min(HIGHEST, puzzle.target - 1))
    b = puzzle.target - a
    return f"{a} + {b} = {puzzle.target} ok", (a, b)


def _search(rng: random.Random, puzzle: PairSum, go_on: float) -> tuple[str, tuple[int, int]]:
    """Try pairs in order; after a failed one go on with probability `go_on`, else answer what was tried last."""
    turn = rng.choice(("no wait", "no wait", "wrong", "but"))
    tries: list[str] = []
    for a, b in puzzle.pairs:
        tries.append(f"{a} + {b} = {a + b}")
        if a + b == puzzle.target:
            check = f" check {a} + {b} = {a + b}" if rng.random() < CHECKS else ""
            return f" {turn} ".join(tries) + check + " ok", (a, b)
        if rng.random() > go_on:
            break
    return f" {turn} ".join(tries) + " so", (a, b)


_THINK: dict[str, Callable[[random.Random, PairSum], tuple[str, tuple[int, int]]]] = {
    "guesser": _guess,
    "fudger": _fudge,
    "impatient": lambda rng, puzzle: _search(rng, puzzle, go_on=0.5),
    "patient": lambda rng, puzzle: _search(rng, puzzle, go_on=1.0),
}
