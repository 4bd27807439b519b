"""A ground truth that is one number is compared the short way, which finds what the long way finds."""

import pytest

from reward_server.mathematics import parse
from reward_server.mathematics.comparing.identity import NODE_BUDGET
from reward_server.mathematics.comparing.numbers import as_number, compare_reading
from reward_server.mathematics.comparing.trees import compare_trees
from reward_server.mathematics.options import MathOptions
from reward_server.mathematics.values.balls import Budget

_TRUTHS = ("12", "0.5", r"\frac{20000}{\pi}", r"11\sqrt2", "25\\%", "3 m", "12 apples", "2+3i")
_ANSWERS = (
    "12", "12.0", r"\frac{1}{2}", r"11\sqrt{2}", "50%", "300 cm", "12 oranges", "5 - 3i + 6i - 3", "9, 583.20", "3, 3",
    "1 hour and 30 minutes", "2, x", "x = 12", "(1, 2)", r"\infty", r"1 \pm 2", "1100_2", "x", "no", "1, 2, ...",
)  # fmt: skip


@pytest.mark.parametrize("truth", _TRUTHS)
@pytest.mark.parametrize("answer", _ANSWERS)
@pytest.mark.parametrize("options", [MathOptions(), MathOptions(ordered=True, tolerance="relative", units="ignore")])
def test_the_short_way_finds_what_the_long_way_finds(truth: str, answer: str, options: MathOptions) -> None:
    left, right = parse(truth), parse(answer)
    assert as_number(left) is not None
    found = compare_reading(left, as_number(left), right, options, Budget(NODE_BUDGET))
    assert found == compare_trees(left, right, options)


@pytest.mark.parametrize("text", ["x", "(1, 2)", "1, 2", r"\infty", r"1 \pm 2", "1100_2", "yes"])
def test_what_is_no_plain_number_is_compared_the_long_way(text: str) -> None:
    assert as_number(parse(text)) is None
