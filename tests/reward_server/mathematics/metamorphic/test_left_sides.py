r"""What stands on the left of an answer is read: a function of the named value is another statement.

Every name in every wrapping, with values that no wrapping leaves as they are: `f(2) = 7` is not `f(2)^2 = 7`, and
`\\sin A = 3/5` not `\\sin^2 A = 3/5`. The name itself, and the value alone, are right.
"""

import pytest

from reward_server.mathematics import compare, compile_ground_truth

_NAMES = (
    "x", "a_5", "f(2)", "f(x_0)", "f(g(2))", r"f'(1)", "P(A)", r"P(A \cup B)", "E(X)", r"\angle ABC", r"\sin A", "AB",
    r"\det A", r"\int_0^1 x f(x)\,dx", r"\lim_{x \to 0} f(x)", r"\sum_{n=1}^{9} b_n",
)  # fmt: skip
_WRAPPINGS = ("2@", "-@", r"\frac{1}{@}", r"\sqrt{@}", r"\left(@\right)^2", "@ + 1", r"\frac{@}{3}", r"\ln(@)")
_VALUES = ("7", r"\frac{5}{3}", r"\sqrt{11}")


def _wrapped(name: str, wrapping: str) -> str:
    return wrapping.replace("@", f"({name})" if wrapping[0] in "2-@" else name)


@pytest.mark.parametrize("name", _NAMES)
def test_a_function_of_the_named_value_is_another_statement(name: str) -> None:
    for value in _VALUES:
        truth = compile_ground_truth(f"{name} = {value}")
        assert compare(truth, f"{name} = {value}").equal
        assert compare(truth, value).equal
        paid = [
            answer for wrapping in _WRAPPINGS if compare(truth, answer := f"{_wrapped(name, wrapping)} = {value}").equal
        ]
        assert not paid
