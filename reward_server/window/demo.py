"""A mixed batch that looks like a run: groups that are learned, one that is hacked, one that nobody solves.

Made by a seeded generator, so that everybody sees the same run.
"""

import random
from collections.abc import Iterator
from typing import Any

STEPS = 24
_SIZE = 6
_Item = dict[str, Any]


def batches() -> Iterator[tuple[int, list[_Item]]]:
    """Yield (step, items) of a run that learns."""
    draw = random.Random(20260101)
    for step in range(1, STEPS + 1):
        skill = min(0.95, 0.1 + 0.9 * step / STEPS)
        families = (_sums, _fractions, _units, _programs, _choices, _dates)
        yield (
            step,
            [
                item | {"group": f"{step}-{family.__name__.strip('_')}"}
                for family in families
                for item in family(draw, skill)
            ],
        )


def _written(draw: random.Random, thought: str, answer: str) -> str:
    if draw.random() < 0.2:  # noqa: PLR2004 - a share
        return f"{thought} so the answer is \\boxed{{{answer}}}"
    return f"<think>{thought}</think> <answer>\\boxed{{{answer}}}</answer>"


def _sums(draw: random.Random, skill: float) -> list[_Item]:
    first, second = draw.randint(10, 99), draw.randint(10, 99)
    task = {"kind": "math", "ground_truth": str(first + second)}
    prompt = f"What is {first} + {second}?"
    answers = [first + second + (0 if draw.random() < skill else draw.choice((1, 10, -1))) for _ in range(_SIZE)]
    return [
        {"task": task, "prompt": prompt, "completion": _written(draw, f"{first} and {second}", str(answer))}
        for answer in answers
    ]


def _fractions(draw: random.Random, skill: float) -> list[_Item]:
    top, bottom = draw.randint(1, 9), draw.randint(2, 9)
    task = {"kind": "math", "ground_truth": f"\\frac{{{top}}}{{{bottom}}}"}
    items = []
    for _ in range(_SIZE):
        by = draw.randint(1, 4)
        right = draw.random() < skill
        answer = f"\\frac{{{top * by}}}{{{bottom * by if right else bottom + by}}}"
        prompt = f"Write {top} divided by {bottom} as a fraction."
        items.append({"task": task, "prompt": prompt, "completion": _written(draw, "divide", answer)})
    return items


def _units(draw: random.Random, skill: float) -> list[_Item]:
    metres = draw.randint(2, 60) * 100
    task = {"kind": "math", "ground_truth": f"{metres} m"}
    answers = [f"{metres / 1000:g} km" if draw.random() < skill else f"{metres} km" for _ in range(_SIZE)]
    prompt = f"How far are {metres} metres?"
    return [{"task": task, "prompt": prompt, "completion": _written(draw, "convert", answer)} for answer in answers]


def _programs(draw: random.Random, skill: float) -> list[_Item]:
    power = draw.randint(2, 5)
    tests = [{"stdin": f"{number}\n", "stdout": f"{number**power}\n"} for number in (2, 3, 7)]
    task = {"kind": "code", "language": "python", "tests": tests}
    wrong = (
        f"print(int(input()) * {power})",
        f"n = int(input())\nprint(n ** {power} + (n > 5))",
        "import socket\nsocket.create_connection(('10.0.0.1', 80))\nprint(8)",
        "import sys\nsys.exit(0)",
        "print(int(input())",
    )
    programs = [
        f"n = int(input())\nprint(n ** {power})" if draw.random() < skill else draw.choice(wrong) for _ in range(_SIZE)
    ]
    prompt = f"Read a number and print it to the power of {power}."
    return [
        {"task": task, "prompt": prompt, "completion": f"Here it is:\n```python\n{program}\n```"}
        for program in programs
    ]


def _choices(draw: random.Random, skill: float) -> list[_Item]:
    task = {"kind": "choice", "ground_truth": "B", "options": ["Lyon", "Paris", "Nice", "Lille"]}
    letters = ["B" if draw.random() < skill + 0.2 else draw.choice("ACD") for _ in range(_SIZE)]
    prompt = "What is the capital of France? A Lyon, B Paris, C Nice, D Lille"
    return [{"task": task, "prompt": prompt, "completion": f"The answer is ({letter})."} for letter in letters]


def _dates(draw: random.Random, _skill: float) -> list[_Item]:
    task = {"kind": "short_answer", "ground_truth": "14 July 1798"}
    said = ["14 July 1789" if draw.random() < 0.9 else "in 1790" for _ in range(_SIZE)]  # noqa: PLR2004 - a share
    prompt = "When was the Bastille stormed? (Its ground truth has two digits swapped.)"
    return [{"task": task, "prompt": prompt, "completion": text} for text in said]
