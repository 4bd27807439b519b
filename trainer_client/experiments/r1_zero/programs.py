"""Tiny programs: write Python for "add 3 then times 2", graded by running it in the service's sandbox.

    add 3 then times 2 ?   →   ```python
                               x = int ( input ( ) ) ; print ( ( x + 3 ) * 2 )
                               ```

The corpus of the base model is written by careful and by careless authors: some forget the parentheses, so that
precedence breaks the program, some swap the two operations, some miscount brackets, some misspell a name. All of them
are latent; only the sandbox's verdicts say which programs do what was asked.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from trainer_client.training.problems import Problem

INPUTS = (3, 10, 47)
OPERATIONS = {"add": "+", "minus": "-", "times": "*"}
WORDS = (
    *(str(number) for number in range(1, 10)),
    *OPERATIONS,
    *OPERATIONS.values(),
    *("then", "?", "\n", "```python", "```", "x", "y", "=", "int", "input", "print", "(", ")", ";"),
)
AUTHORS = {"careful": 0.3, "forgets parentheses": 0.25, "swaps": 0.15, "miscounts brackets": 0.15, "misspells": 0.15}


@dataclass(frozen=True, slots=True)
class Composition:
    """Two operations with their operands, the first applied first."""

    steps: tuple[tuple[str, int], tuple[str, int]]

    @property
    def prompt(self) -> str:
        """The operations in words."""
        (first, a), (second, b) = self.steps
        return f"{first} {a} then {second} {b} ?"

    def problem(self) -> Problem:
        """Return the row for training or evaluation; the level is whether parentheses are needed."""
        tests = [{"stdin": f"{x}\n", "stdout": f"{self.apply(x)}\n"} for x in INPUTS]
        level = "needs parentheses" if self.needs_parentheses else "plain"
        task = {"kind": "code", "language": "python", "tests": tests}
        return Problem(self.prompt, self.prompt, task, level)

    @property
    def needs_parentheses(self) -> bool:
        """Whether leaving them out changes the value."""
        (first, _), (second, _) = self.steps
        return second == "times" and first != "times"

    def apply(self, x: int) -> int:
        """Do what the program is asked to do."""
        for name, operand in self.steps:
            x = {"add": x + operand, "minus": x - operand, "times": x * operand}[name]
        return x


def split(seed: int, held_out: int) -> tuple[list[Composition], list[Composition]]:
    """Shuffle all compositions into training and held-out ones."""
    single = [(name, operand) for name in OPERATIONS for operand in range(2 if name == "times" else 1, 10)]
    everything = [Composition((first, second)) for first in single for second in single]
    random.Random(seed).shuffle(everything)
    return everything[held_out:], everything[:held_out]


def write(rng: random.Random, compositions: Sequence[Composition]) -> str:
    """Write one pre-training document, prompt included."""
    composition = rng.choice(compositions)
    author = rng.choices(list(AUTHORS), list(AUTHORS.values()))[0]
    (first, a), (second, b) = composition.steps[::-1] if author == "swaps" else composition.steps
    inner = f"x {OPERATIONS[first]} {a}"
    value = f"( {inner} ) {OPERATIONS[second]} {b}"
    if author == "forgets parentheses":
        value = f"{inner} {OPERATIONS[second]} {b}"
    closing = "" if author == "miscounts brackets" else " )"
    name = "y" if author == "misspells" else "x"
    return f"{composition.prompt} ```python\n{name} = int ( input ( ) ) ; print ( {value}{closing}\n```"
