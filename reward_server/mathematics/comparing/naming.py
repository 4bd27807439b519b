"""What the left side of an equation is: the name of the value that the other side gives, or part of what is said.

A name is a fresh single symbol, an unknown function, a known function of fresh symbols (`tan θ`), or what geometry
calls by capitals (`AB`, `S_1 : S_2`). `x + y = 4`, `-x = 5` and `|x| = 2` name nothing: they are equations, and their
right side alone is not what they say. Two named values are the same only where the names agree.
"""

from itertools import pairwise

from flint import fmpq

from reward_server.mathematics.comparing.identity import ball_of, is_closed, same_function
from reward_server.mathematics.tree.nodes import (
    Apply,
    Call,
    Constant,
    Derivative,
    Expr,
    Group,
    Measure,
    NamedSet,
    Number,
    Power,
    Product,
    Quotient,
    Ratio,
    Relation,
    Series,
    SetOperation,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.walk import contains, free_symbols
from reward_server.mathematics.values.balls import Budget, Undefined
from reward_server.mathematics.values.exact import rational

_EQUAL = frozenset({"=", "~"})
_NO_NAMES = frozenset(
    {"factorial", "double_factorial", "binomial", "permutations", "abs", "floor", "ceil", "exp", "ln", "log", "lg"}
)
"""Functions that make an equation to be solved of `ln x = 3`; `sin x = 3/5` and `f(x) = 3` say a value asked for."""
_MARKS = frozenset({"Delta", "delta", "angle", "triangle"})
_CLOSE = fmpq(1, 50)
"""How far the numbers of one chain may be apart: `1/3 = 0.33` holds, `5 = 6` does not."""


def is_name(node: Expr) -> bool:
    """Tell whether a side of an equation only names what the other side gives."""
    if isinstance(node, Symbol | Apply | Derivative):
        return True
    if isinstance(node, Constant):
        return node.name in {"e", "i"}
    if isinstance(node, Series):
        return node.kind == "limit" and (contains(node.body, Apply) or bool(free_symbols(node.body) - {node.variable}))
    if isinstance(node, Call):
        if node.name == "abs" and _is_geometric(node.arguments[0]):
            return True
        return node.name == "norm" or (
            node.name not in _NO_NAMES and all(is_name(item) or _is_plain(item) for item in node.arguments)
        )
    if isinstance(node, Product):
        return _is_geometric(node) or _is_marked(node) or _is_applied(node)
    if isinstance(node, Power):
        return isinstance(node.base, Symbol) and node.exponent == Number(fmpq(-1))
    if isinstance(node, Quotient):
        return _is_ratio_term(node.numerator) and _is_ratio_term(node.denominator)
    if isinstance(node, Ratio):
        return all(map(_is_ratio_term, node.items))
    return isinstance(node, Group) and all(map(is_name, node.items))


def _is_plain(node: Expr) -> bool:
    """Tell whether a function's argument is a number or an angle rather than an expression in unknowns."""
    return isinstance(node, Number | Constant) or (isinstance(node, Measure) and isinstance(node.value, Number))


def _is_geometric(node: Expr) -> bool:
    """Tell whether a product is letters that stand together as a name: `AB`, `ABC`, `S_{ABC}`."""
    return isinstance(node, Product) and all(
        isinstance(item, Symbol) and item.name[:1].isupper() for item in node.factors
    )


def _is_marked(node: Product) -> bool:
    r"""Tell whether a product is marked as one quantity: `\Delta p`, `\angle ABC`."""
    return all(isinstance(item, Symbol) for item in node.factors) and any(
        isinstance(item, Symbol) and item.name in _MARKS for item in node.factors
    )


def _is_applied(node: Product) -> bool:
    """Tell whether a product is unknown functions at their arguments: `B_r(r, z)`, `P(X = 1)`, `f^{-1}(x)`, `W(n)`."""
    if all(isinstance(item, Apply) for item in node.factors):
        return True
    if len(node.factors) != 2:
        return False
    function, argument = node.factors
    if isinstance(function, Call):
        return function.name == "compose" and isinstance(argument, Symbol | Number)
    if isinstance(argument, Group | Relation):
        return isinstance(function, Symbol | Apply)
    inverse = isinstance(function, Power) and is_name(function) and isinstance(function.exponent, Number)
    capital = isinstance(function, Symbol) and function.name[:1].isupper()
    return (inverse or capital) and isinstance(argument, Symbol)


def _is_ratio_term(node: Expr) -> bool:
    return is_name(node) or (isinstance(node, Product) and all(isinstance(item, Symbol) for item in node.factors))


def _restates(side: Expr, value: Expr) -> bool:
    """Tell whether a side is the question restated before a number: `a + 5b = 18`, `x^2 + 1/x^2 = 7`.

    One unknown with a coefficient or a power alone (`2x = 10`) is an equation to be solved.
    """
    names = free_symbols(side)
    if not names or free_symbols(value):
        return False
    if len(names) > 1:
        return True
    return isinstance(side, Sum) and sum(bool(free_symbols(term)) for term in side.terms) > 1


def named_value(node: Expr, *, restated: bool = False) -> tuple[Expr | None, Expr]:
    """Split `name = value`: the name, where one is written, and the value; `(None, node)` where nothing is named.

    In a chain the last exact side counts: `x = 5 + 2 = 7 ≈ 7.0` has the value 7. A chain whose numbers are not the
    same keeps its whole form, and so does an equation whose left side is no name; `restated` also takes the left side
    of a question that is said again before its value, or an identity.
    """
    if not isinstance(node, Relation):
        return None, node
    if not set(node.operators) <= _EQUAL or len(node.sides) != len(node.operators) + 1:
        if (node.operators == ("in",) or _is_distributed(node)) and is_name(node.sides[0]):
            return node.sides[0], node.sides[1]
        return None, node
    sides, operators = list(node.sides), list(node.operators)
    while len(operators) > 1 and operators[-1] == "~":
        operators.pop()
        sides.pop()
    if _gives(sides[0], sides[1:]):
        return sides[0], _last(sides[1:], operators[1:])
    if len(sides) == 2 and isinstance(sides[0], Apply) and isinstance(sides[1], Apply):
        return None, node
    if is_name(sides[-1]) and len(sides) == 2 and not free_symbols(sides[0]):
        return sides[1], sides[0]
    if isinstance(sides[0], Symbol | Apply):
        return sides[0], sides[1]
    if not any(map(free_symbols, sides)):
        value = sides[0] if operators == ["~"] else sides[-1]
        named = contains(sides[0], Apply) or contains(sides[0], Series)
        return (sides[0] if named and value is not sides[0] else None), value
    if restated and (_restates(sides[0], sides[-1]) or same_function(sides[0], sides[-1]).equal):
        return None, _last(sides[1:], operators[1:])
    return None, node


def _gives(name: Expr, values: list[Expr]) -> bool:
    """Tell whether a first side is the name of what follows it."""
    named = is_name(name) or (isinstance(name, Series) and _is_restated(name)) or _is_of_sets(name)
    if not named or (len(values) == 1 and is_name(values[0]) and not isinstance(values[0], Constant)):
        return False
    if isinstance(name, Symbol | Apply | Derivative | Constant | Series | SetOperation):
        return True
    capitals = [symbol for symbol in free_symbols(values[-1]) if symbol[:1].isupper()]
    return not capitals or not _is_geometric(name) or (isinstance(name, Product) and _is_marked(name))


def _is_restated(series: Series) -> bool:
    """Tell whether a limit, a sum of numbered terms or an integral without bounds is the question before its answer."""
    if series.kind == "integral":
        return series.lower is None and series.upper is None
    numbered = isinstance(series.body, Symbol) and series.body.name.endswith(f"_{series.variable}")
    return series.kind == "limit" or (series.kind == "sum" and numbered)


def holds(node: Relation) -> bool:
    """Tell whether the numbers of a chain are the same, exactly or, where `≈` stands, as far as they are written.

    An expression in unknowns behind a number does not hold either: `n = 17 = k + 4`.
    """
    if not set(node.operators) <= _EQUAL:
        return True
    first: dict[type, Expr] = {}
    open_sides = [side for side in node.sides[1:] if free_symbols(side) and not is_name(side)]
    for one, other in pairwise(open_sides):
        if free_symbols(one) == free_symbols(other) and same_function(one, other).equal is False:
            return False
    for place, side in enumerate(node.sides):
        if place == 0 and isinstance(side, Constant) and is_name(side):
            continue  # the letter e or i, which is given a value here
        if first and free_symbols(side) and not is_name(side) and len(node.sides) > 2:
            return False
        if free_symbols(side) or not is_closed(side.value if isinstance(side, Measure) else side):
            continue
        known = first.setdefault(Measure if isinstance(side, Measure) else Number, side)
        if known is not side and not _is_near(known, side, rounded="~" in node.operators[:place]):
            return False
    return True


def _is_near(left: Expr, right: Expr, *, rounded: bool) -> bool:
    one, other = rational(left), rational(right)
    if one is not None and other is not None:
        return one == other or (rounded and abs(one - other) < _last_place(right, other)) or _is_close(left, right)
    return same_function(left, right).equal is not False or _is_close(left, right)


def _is_close(left: Expr, right: Expr) -> bool:
    """Tell whether a decimal among the two is close to the other."""
    if not any(isinstance(side, Number) and side.places is not None for side in (left, right)):
        return False
    budget = Budget(400)
    try:
        one, other = ball_of(left, 64, budget), ball_of(right, 64, budget)
    except Undefined:
        return False
    return bool(abs(one - other) < abs(one) * _CLOSE)


def _last_place(node: Expr, value: fmpq) -> fmpq:
    """Return the size of a numeral's last place: 0.01 for `3.14`, 100 for `1200`."""
    if isinstance(node, Number) and node.places is not None:
        return fmpq(10) ** -node.places
    digits = str(abs(int(value.p))) if value.q == 1 else "1"
    return fmpq(10) ** (len(digits) - len(digits.rstrip("0")))


def _is_distributed(node: Relation) -> bool:
    r"""Tell whether a relation gives the distribution of a quantity: `X \sim N(0, 1)`."""
    law = node.sides[-1]
    given = isinstance(law, Apply) or (isinstance(law, Product) and isinstance(law.factors[-1], Group))
    return node.operators == ("similar",) and given and isinstance(node.sides[0], Symbol)


def _is_of_sets(node: Expr) -> bool:
    """Tell whether a side is a union or intersection of sets named by letters, `A ∩ B`."""
    return isinstance(node, SetOperation) and all(
        isinstance(item, Symbol | NamedSet) or _is_of_sets(item) for item in node.arguments
    )


def _last(sides: list[Expr], operators: list[str]) -> Expr:
    """Return the last side before the first approximation."""
    for index, operator in enumerate(operators):
        if operator == "~":
            return sides[index]
    return sides[-1]
