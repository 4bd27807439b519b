"""Compile a ground truth once, compare answers with it often."""

from dataclasses import dataclass
from fractions import Fraction

from reward_server.errors import TaskError
from reward_server.mathematics.comparison import Comparison
from reward_server.mathematics.options import MathOptions


@dataclass(frozen=True)
class GroundTruth:
    """A ground truth that was read and found usable."""

    texts: tuple[str, ...]
    options: MathOptions


def _fold(text: str) -> str:
    return "".join(text.split()).strip("$.")


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(_fold(text).replace(",", "")[:200])
    except (ValueError, ZeroDivisionError):
        return None


def compile_ground_truth(ground_truth: str | float | list[str], options: MathOptions | None = None) -> GroundTruth:
    """Read a ground truth; raise `TaskError` where it is unusable."""
    given = ground_truth if isinstance(ground_truth, list) else [ground_truth]
    texts = tuple(str(item) for item in given)
    if not texts or not all(text.strip() for text in texts):
        raise TaskError("the ground truth is empty")
    return GroundTruth(texts, options or MathOptions())


def compare(ground_truth: GroundTruth, answer: str) -> Comparison:
    """Compare an answer with a compiled ground truth."""
    found = _number(answer)
    for text in ground_truth.texts:
        if _fold(text) == _fold(answer):
            return Comparison(equal=True, method="string")
        if found is not None and _number(text) == found:
            return Comparison(equal=True, method="exact_rational")
    decided = found is not None and all(_number(text) is not None for text in ground_truth.texts)
    return Comparison(equal=False if decided else None, method="exact_rational" if decided else "none")


def equivalent(left: str, right: str, options: MathOptions | None = None) -> Comparison:
    """Tell whether two answers are the same."""
    return compare(compile_ground_truth(left, options), right)


def classify(ground_truth: GroundTruth) -> str:
    """Return the kind of a ground truth."""
    return "integer" if _number(ground_truth.texts[0]) is not None else "text"


def parse(text: str) -> str:
    """Return the typed tree of a text."""
    return text
