"""Fragments of answers from a seed: written by a grammar over what the lexer knows, or real answers mutated."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|[A-Za-z]+|\S")
_NUMBERS = ("0", "0", "1", "2", "3", "5", "7", "10", "12", "0.5", "1.0", "100", "1,000", "3.14", "10^9", "52_8", "-1")
_LETTERS = ("x", "y", "n", "k", "a", "C", "t", r"\theta", "f(x)", "A", "AB", "a_n", "y'")
_CONSTANTS = (r"\pi", "e", "i", r"\infty", r"\emptyset", r"\mathbb{R}", r"\mathbb{Z}", r"\pm 1", "-\\infty", r"\square")
_OPERATORS = ("+", "-", r"\cdot", "*", "/", "^", ":", r"\times", r"\pm", r"\div", "", " ")
_RELATIONS = ("=", r"\ne", "<", r"\le", ">", r"\ge", r"\in", r"\notin", r"\approx", r"\equiv", r"\to", r"\subset")
_JOINS = (",", ";", r"\text{ or }", r"\text{ and }", r"\cup", r"\cap", r"\setminus", " or ", " to ", "|", "~")
_WRAPS = (
    r"\frac{%s}{0}", r"\frac{0}{%s}", r"\frac{%s}{%s}", r"0\cdot %s", r"%s:%s", r"\sqrt{%s}", r"\sqrt[0]{%s}", "|%s|",
    r"(%s)", "[%s]", r"\{%s\}", r"(%s,%s)", "[%s,%s)", r"%s \pmod{%s}", r"x\equiv %s\pmod 0", r"k%s, k\in\mathbb{Z}",
    r"\lim_{x\to 0}%s", r"\sum_{n=1}^{0}%s", r"\int_0^0 %s dx", r"%s\%%", r"%s^\circ", r"%s\text{ cm}", r"\$%s",
    r"\text{%s}", r"\begin{pmatrix}%s\\%s\end{pmatrix}", r"\{x: x=%s\}", r"\log_{%s}{%s}", r"%s!", r"\boxed{%s}",
    r"\sin(%s)", r"%s+C", r"%s, k\in\mathbb{N}", r"\binom{%s}{%s}", r"\overline{%s}", r"x=%s", r"f(x)=%s", "-(%s)",
    r"\lfloor %s\rfloor", r"0^{%s}", r"\infty\cdot %s", r"%s-%s", r"\text{any }%s", r"\left(%s\right.", r"\ce{%s}",
)  # fmt: skip
_WORDS = ("any", "all", "none", "yes", "true", "the answer", "undefined", "no solution", "infinitely many", "A", "B")


def tokens(text: str) -> list[str]:
    """Cut a text into commands, numerals, words and signs."""
    return _TOKEN.findall(text)


def _atom(rng: random.Random) -> str:
    return rng.choice(rng.choice((_NUMBERS, _NUMBERS, _LETTERS, _CONSTANTS, _WORDS)))


def written(rng: random.Random, depth: int = 3) -> str:
    """Write a fragment by the grammar; often no mathematics at all."""
    if depth == 0 or rng.random() < 0.2:
        return _atom(rng)
    kind = rng.random()
    if kind < 0.45:
        wrap = rng.choice(_WRAPS)
        return wrap % tuple(written(rng, depth - 1) for _ in range(wrap.replace("%%", "").count("%s")))
    signs = _OPERATORS if kind < 0.7 else _RELATIONS if kind < 0.85 else _JOINS
    return f"{written(rng, depth - 1)} {rng.choice(signs)} {written(rng, depth - 1)}"


def _delete(rng: random.Random, parts: list[str], _: Sequence[str]) -> list[str]:
    place = rng.randrange(len(parts))
    return parts[:place] + parts[place + 1 :]


def _replace(rng: random.Random, parts: list[str], _: Sequence[str]) -> list[str]:
    place = rng.randrange(len(parts))
    return [*parts[:place], _atom(rng), *parts[place + 1 :]]


def _insert(rng: random.Random, parts: list[str], _: Sequence[str]) -> list[str]:
    place = rng.randrange(len(parts) + 1)
    return [*parts[:place], rng.choice((*_OPERATORS, *_RELATIONS, *_JOINS, "0", "(", ")", "{", "}")), *parts[place:]]


def _zero(_: random.Random, parts: list[str], __: Sequence[str]) -> list[str]:
    return ["0" if part[:1].isdigit() else part for part in parts]


def _join(rng: random.Random, parts: list[str], answers: Sequence[str]) -> list[str]:
    return [*parts, rng.choice((*_JOINS, *_RELATIONS)), *tokens(rng.choice(answers))]


_MUTATIONS: tuple[Callable[[random.Random, list[str], Sequence[str]], list[str]], ...] = (
    _delete, _replace, _insert, _zero, _join, _join,
)  # fmt: skip


def mutated(rng: random.Random, answers: Sequence[str]) -> str:
    """Change a real answer in one to three places, or join it with another."""
    parts = tokens(rng.choice(answers)) or ["0"]
    for _ in range(rng.randint(1, 3)):
        parts = rng.choice(_MUTATIONS)(rng, parts, answers) or ["0"]
    return " ".join(parts)


def fragments(seed: int, count: int, answers: Sequence[str]) -> Iterator[str]:
    """Yield fragments, two thirds by the grammar and a third from real answers."""
    rng = random.Random(seed)
    for number in range(count):
        yield mutated(rng, answers) if number % 3 == 2 else written(rng)
