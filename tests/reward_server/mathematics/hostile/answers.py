r"""Answers that are written to be undecidable, too large or too slow, each from a seeded generator."""

import random
from collections.abc import Callable

Shape = Callable[[random.Random, str], str]
"""Makes an answer from a generator and the ground truth it hides from."""

_PIECES = (
    *"0123456789xyznabCei",
    *(r"\frac{1}{2}", r"\sqrt", r"\int", r"\sum_{n=1}^{\infty}", r"\lim_{x\to 0}", r"\infty", r"\pi", r"\pm", r"\cup"),
    *("+", "-", "*", "/", "^", "_", "!", "=", "<", ">", ",", "(", ")", "[", "]", "{", "}", "|", "%", "'", ";", ":"),
    *(
        r"\in",
        r"\mathbb{Z}",
        r"\text{or}",
        r"\text{if }",
        "mod",
        "and",
        r"\begin{pmatrix}",
        r"\end{pmatrix}",
        "&",
        r"\\",
    ),
    *("f(x)", "sin", "log", "gcd", "floor", "...", r"\dots", "km", r"\%", "∞", "√", "不", "负", "\u202e", "٣"),
)


def _size(rng: random.Random) -> int:
    return rng.choice((2, 3, 5, 8, 13, 30, 100, 400, 2000))


def _nested(opening: str, closing: str = "", inside: str = "2") -> Shape:
    def shape(rng: random.Random, _truth: str) -> str:
        count = _size(rng)
        return opening * count + inside + closing * count

    return shape


def _repeated(piece: str, end: str = "") -> Shape:
    return lambda rng, _truth: piece * _size(rng) + end


def _towers(rng: random.Random, _truth: str) -> str:
    return "^{".join(str(rng.randint(2, 99)) for _ in range(min(_size(rng), 400))) + "}" * (min(_size(rng), 400))


def _random_pieces(rng: random.Random, _truth: str) -> str:
    return rng.choice(("", " ")).join(rng.choice(_PIECES) for _ in range(min(_size(rng), 100)))


def _around_truth(rng: random.Random, truth: str) -> str:
    pieces = [rng.choice(_PIECES) for _ in range(rng.randint(1, 6))]
    return rng.choice((" ", "")).join([*pieces, truth, *reversed(pieces)])


def _inside_truth(rng: random.Random, truth: str) -> str:
    place = rng.randint(0, len(truth))
    return truth[:place] + "".join(rng.choice(_PIECES) for _ in range(rng.randint(1, 8))) + truth[place:]


def _wrapped_truth(rng: random.Random, truth: str) -> str:
    function = rng.choice(
        (r"\int_0^1", r"\sum_{n=1}^{\infty}", r"\lim_{x\to\infty}", r"\zeta", r"\prod_{k=1}^{n}", "f")
    )
    return f"{function}({truth}{rng.choice(('', '+x', 'x^n', '-q', '!'))})" + rng.choice(("", " = y", "'", "^{n!}"))


def _hard(rng: random.Random, _truth: str) -> str:
    n, m = rng.randint(2, 60), rng.randint(2, 10**6)
    return rng.choice(
        (
            rf"\int_0^{n} e^{{x^{m}}} \sin(x^x)\,dx",
            rf"\sum_{{k=1}}^{{{10**n}}} \frac{{1}}{{k^{n}+{m}}}",
            rf"{n}^{{{m}^{{{n}}}}} \bmod {m}",
            rf"\prod_{{k=1}}^{{\infty}}(1-\frac{{1}}{{k^{n}}})",
            rf"({m})!!!",
            rf"\gcd({n}^{{{m}}}, {m}^{{{n}}})",
            rf"\zeta({n}.{m}) + \Gamma({m}/{n})",
            rf"\left\lfloor \pi^{{{m}}} \right\rfloor",
            rf"\sin({n}^{{{n}^{{{n}}}}})",
            rf"\log_{{{n}}} \log_{{{n}}} \log {m}",
            rf"\sqrt[{m}]{{{n}+\sqrt[{n}]{{{m}-\sqrt{{{m}}}}}}}",
            rf"\binom{{{m}}}{{{n * 1000}}}",
            rf"{n}^{{-{m}}} + {m}^{{-{n * 100}}}",
            rf"\{{x : x^{n}+{m}x+{n}=0\}}",
            rf"x^{{{m}}}+x^{{{n}}}={m}",
            rf"\det \begin{{pmatrix}} {n} & {m} \\ x^{{{m}}} & {n}! \end{{pmatrix}}",
        )
    )


SHAPES: dict[str, Shape] = {
    "roots": _nested(r"\sqrt"),
    "roots in braces": _nested(r"\sqrt{", "}"),
    "fractions": _nested(r"\frac{1}{1+", "}"),
    "brackets": _nested("(", ")"),
    "open brackets": _nested("("),
    "sets": _nested(r"\{", r"\}"),
    "braces": _nested("{", "}"),
    "bars": _nested("|", "|"),
    "minus signs": _nested("-"),
    "powers": _nested("2^{", "}"),
    "sines": _nested(r"\sin(", ")"),
    "functions": _nested("f(", ")", "x"),
    "derivatives": _nested(r"\frac{d}{dx}", "", "x^x"),
    "integrals": _nested(r"\int ", "", "x^x dx"),
    "a letter": _repeated("x"),
    "letters in a sum": _repeated("x+", "1"),
    "ones": _repeated("1,", "1"),
    "digits": _repeated("9"),
    "nines behind a point": _repeated("9", ".9"),
    "plus minus": _repeated(r"\pm ", "1"),
    "factorials": _repeated("!", ""),
    "chains": _repeated("x=", "1"),
    "unions": _repeated(r"(0,1)\cup", "(1,2)"),
    "primes": _repeated("'", ""),
    "subscripts": _repeated("x_", "1"),
    "spaces": _repeated(r"\, ", "7"),
    "texts": _repeated(r"\text{or }7", ""),
    "words": _repeated("seven hundred ", "7"),
    "Chinese digits": _repeated("九", ""),
    "cells": _repeated("1&", r"1\end{pmatrix}"),
    "towers": _towers,
    "random pieces": _random_pieces,
    "around the truth": _around_truth,
    "inside the truth": _inside_truth,
    "wrapped": _wrapped_truth,
    "hard": _hard,
}


def hostile(rng: random.Random, truth: str) -> tuple[str, str]:
    """Return the name of a shape and an answer of it."""
    name = rng.choice(list(SHAPES))
    return name, SHAPES[name](rng, truth)
