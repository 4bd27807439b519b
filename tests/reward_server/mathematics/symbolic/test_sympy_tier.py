"""Tier 1: what SymPy proves or refutes, what it must not be asked, and that text never reaches its parsers."""

import pytest
from flint import fmpq

from reward_server.mathematics.symbolic.comparison import compare_trees
from reward_server.mathematics.symbolic.tier import affordable
from reward_server.mathematics.tree import nodes as n
from reward_server.mathematics.tree.nodes import Expr


def num(value: int, below: int = 1) -> n.Number:
    return n.Number(fmpq(value, below))


X, Y, K, M = n.Symbol("x"), n.Symbol("y"), n.Symbol("k"), n.Symbol("m")
PI, INFINITY = n.Constant("pi"), n.Constant("infinity")


def power(base: Expr, exponent: Expr | int) -> n.Power:
    return n.Power(base, num(exponent) if isinstance(exponent, int) else exponent)


def equation(left: Expr, right: Expr, operator: str = "=") -> n.Relation:
    return n.Relation((left, right), (operator,))


def integral(body: Expr, lower: Expr, upper: Expr) -> n.Series:
    return n.Series("integral", body, "x", lower, upper)


def family(offset: Expr, period: Expr, parameter: n.Symbol = K) -> n.Sum:
    return n.Sum((offset, n.Product((parameter, period))))


def fraction(top: Expr | int, below: int) -> n.Quotient:
    return n.Quotient(num(top) if isinstance(top, int) else top, num(below))


CIRCLE = equation(n.Sum((power(X, 2), power(Y, 2))), num(1))

EQUAL = {
    "integral": (integral(power(X, 2), num(0), num(1)), num(1, 3)),
    "series": (n.Series("sum", n.Quotient(num(1), power(K, 2)), "k", num(1), INFINITY), fraction(power(PI, 2), 6)),
    "limit": (n.Series("limit", n.Quotient(n.Call("sin", (X,)), X), "x", num(0)), num(1)),
    "derivative": (n.Derivative(power(X, 3), "x"), n.Product((num(3), power(X, 2)))),
    "identity": (n.Sum((power(n.Call("sin", (X,)), 2), power(n.Call("cos", (X,)), 2))), num(1)),
    "degrees": (n.Call("sin", (n.Measure(num(30), n.Unit("degree", fmpq(1, 180), (), 1)),)), num(1, 2)),
    "odd root of a negative": (n.Root(num(-8), num(3)), num(-2)),
    "family": (family(fraction(PI, 4), PI), family(fraction(n.Product((num(5), PI)), 4), PI, M)),
    "family in two parts": (
        family(num(0), PI),
        n.Listing((family(num(0), n.Product((num(2), PI))), family(PI, n.Product((num(2), PI)))), "and"),
    ),
    "equation up to a factor": (
        CIRCLE,
        equation(n.Sum((n.Product((num(2), power(X, 2))), n.Product((num(2), power(Y, 2))))), num(2)),
    ),
    "inequality and interval": (
        equation(power(X, 2), num(4), "<"),
        n.Group("(", (num(-2), num(2)), ")"),
    ),
    "union": (
        equation(power(X, 2), num(4), ">="),
        n.SetOperation(
            "union", (n.Group("(", (n.Negation(INFINITY), num(-2)), "]"), n.Group("[", (num(2), INFINITY), ")"))
        ),
    ),
    "definition and value": (equation(n.Symbol("S"), integral(X, num(0), num(2))), num(2)),
    "vector": (n.Group("(", (integral(X, num(0), num(2)), num(1)), ")"), n.Group("(", (num(2), num(1)), ")")),
}

DIFFERENT = {
    "integral": (integral(power(X, 2), num(0), num(1)), num(1, 4)),
    "series": (n.Series("sum", n.Quotient(num(1), power(K, 2)), "k", num(1), INFINITY), fraction(power(PI, 2), 8)),
    "function": (n.Call("sin", (X,)), n.Call("cos", (X,))),
    "family": (family(fraction(PI, 4), PI), family(fraction(PI, 3), PI)),
    "half a family": (family(num(0), PI), family(num(0), n.Product((num(2), PI)))),
    "curve": (CIRCLE, equation(n.Sum((power(X, 2), power(Y, 2))), num(2))),
    "open and closed": (
        n.Group("(", (num(0), num(1)), "]"),
        equation(n.Product((X, n.Sum((X, num(-1))))), num(0), "<="),
    ),
    "definition": (
        equation(n.Symbol("D"), n.Group("(", (num(0), num(1)), ")")),
        equation(n.Symbol("D"), n.Group("(", (num(0), num(3, 2)), ")")),
    ),
    "rounded too far": (n.Number(fmpq(332, 1000), 3), integral(power(X, 2), num(0), num(1))),
    "number and inequality": (num(42), equation(X, num(42), ">")),
    "number and all numbers": (num(5), n.SetBuilder(X, n.Relation((X, n.NamedSet("R")), ("in",)))),
    "undefined": (num(5), n.Quotient(num(0), num(0))),
    "shape": (n.Group("(", (num(1), num(2)), ")"), n.Group("(", (num(1), num(2), num(3)), ")")),
}


@pytest.mark.parametrize(("truth", "answer"), EQUAL.values(), ids=EQUAL.keys())
def test_what_is_equal_is_proved_both_ways(truth: Expr, answer: Expr):
    assert compare_trees(truth, answer).equal is True
    assert compare_trees(answer, truth).equal is True


@pytest.mark.parametrize(("truth", "answer"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_what_differs_is_refuted_both_ways(truth: Expr, answer: Expr):
    assert compare_trees(truth, answer).equal is False
    assert compare_trees(answer, truth).equal is False


@pytest.mark.parametrize("name", ["gcd", "lcm"])
def test_a_common_divisor_of_letters_is_not_that_of_polynomials(name: str):
    of_letters = n.Call(name, (K, num(12)))
    assert compare_trees(of_letters, n.Call(name, (num(12), K))).equal is True
    for other in (num(1), n.Product((K, num(12))), n.Call(name, (K, num(6)))):
        assert compare_trees(of_letters, other).equal is not True
    assert compare_trees(n.Call(name, (num(4), num(6))), num(2 if name == "gcd" else 12)).equal is True


def test_a_decimal_ground_truth_is_exact():
    half = integral(X, num(0), num(1))
    assert compare_trees(n.Number(fmpq(50, 100), 2), half).equal is True
    third = integral(power(X, 2), num(0), num(1))
    assert compare_trees(n.Number(fmpq(333, 1000), 3), third).equal is False


def test_a_decimal_answer_to_an_exact_ground_truth_needs_six_digits():
    truth = integral(n.Power(n.Constant("e"), power(X, 2)), num(0), num(1))
    assert compare_trees(truth, n.Number(fmpq(146265, 100000), 5)).equal is True
    assert compare_trees(truth, n.Number(fmpq(146, 100), 2)).equal is False
    assert compare_trees(truth, n.Number(fmpq(146266, 100000), 5)).equal is False


def test_a_difference_comes_with_a_witness():
    comparison = compare_trees(n.Call("sin", (X,)), n.Call("cos", (X,)))
    assert comparison.method == "sympy_witness"
    assert set(comparison.evidence) == {"at", "gap"}


@pytest.mark.parametrize(
    ("truth", "answer"),
    [
        (n.Words("red"), num(1)),
        (num(1), n.Group("(", (num(1), num(2)), ")")),
        (n.Apply("f", (X,)), n.Apply("g", (X,))),
        (integral(n.Apply("f", (X,)), num(0), num(1)), num(1)),
    ],
)
def test_what_sympy_cannot_treat_stays_undecided(truth: Expr, answer: Expr):
    assert compare_trees(truth, answer).equal is None


TOWER: Expr = num(10)
for _ in range(3):
    TOWER = n.Power(num(10), TOWER)
LONG_SUM = n.Series("sum", n.Sum((power(K, 2), K)), "k", num(1), num(10**9))
MANY: Expr = n.Sum(tuple(n.Power(X, num(index)) for index in range(190)))


@pytest.mark.parametrize(
    "tree",
    [
        TOWER,
        n.Power(num(2), num(10**9)),
        n.Power(num(2), n.Call("factorial", (num(30),))),
        n.Call("factorial", (num(10**9),)),
        n.Call("factorial", (n.Call("factorial", (num(20),)),)),
        n.Call("binomial", (num(10**9), num(5 * 10**8))),
        num(10**400),
        n.Series("sum", n.Power(K, K), "k", num(1), num(10**12)),
        n.Series("product", K, "k", num(1), num(10**9)),
        MANY,
        n.Words("red"),
    ],
)
def test_what_may_cost_too_much_is_not_asked(tree: Expr):
    assert not affordable(tree)


@pytest.mark.parametrize(
    "tree", [EQUAL["series"][0], LONG_SUM, CIRCLE, n.Power(X, num(100)), n.Call("factorial", (num(20),))]
)
def test_what_costs_little_is_asked(tree: Expr):
    assert affordable(tree)
