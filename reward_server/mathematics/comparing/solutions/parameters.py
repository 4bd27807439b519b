"""What a parameter runs over: `k ∈ Z`, `n ∈ N*`, `k ≥ 1`, `k ≠ 0`."""

from reward_server.mathematics.tree.nodes import Expr, NamedSet, Relation, Symbol
from reward_server.mathematics.values.exact import rational

_SETS = {
    "Z": "Z", "N": "N", "N_0": "N", "N0": "N", "Z+": "Z+", "N+": "Z+", "N*": "Z+", "Z*": "Z*", "Z-": "Z-",
    "R": "R", "Q": "Q", "C": "C", "R+": "R+", "R-": "R-", "R*": "R*", "R>=0": "R>=0",
    "R<=0": "R<=0",
}  # fmt: skip
_SEQUENCES = frozenset("abcdSTuvwABFPQ")
ORDERINGS = frozenset({"<", "<=", ">", ">="})
RESTRICTIONS = ORDERINGS | {"!="}


def domain_of(node: Expr) -> tuple[str, str] | None:
    r"""Return parameter and set of a condition such as `k \in \mathbb{Z}`; one name for all spellings of a set."""
    if isinstance(node, Relation) and node.operators == ("in",) and isinstance(node.sides[0], Symbol):
        domain = node.sides[1]
        name = domain.name if isinstance(domain, NamedSet | Symbol) else ""
        if name in _SETS:
            return node.sides[0].name, _SETS[name]
    return None


def integer_range(
    domain: str, conditions: tuple[Expr, ...]
) -> tuple[str, int | None, int | None, frozenset[int]] | None:
    """Return the range of a parameter, for sets other than of integers its kind alone; None where it is not known."""
    low, high = {"N": 0, "Z+": 1}.get(domain), {"Z-": -1}.get(domain)
    excluded = {0} if domain == "Z*" else set[int]()
    if domain not in {"Z", "N", "Z+", "Z-", "Z*"}:
        return None if conditions else (domain, None, None, frozenset())
    for condition in conditions:
        if not isinstance(condition, Relation):
            return None
        for left, operator, right in zip(condition.sides, condition.operators, condition.sides[1:], strict=False):
            if isinstance(right, Symbol):
                left, right, operator = right, left, operator.translate(str.maketrans("<>", "><"))  # noqa: PLW2901
            bound = rational(right)
            if not isinstance(left, Symbol) or bound is None or bound.q != 1:
                return None
            value = int(bound.p)
            if operator == "!=":
                excluded.add(value)
            elif operator in {">", ">="}:
                low = max(value + (operator == ">"), value if low is None else low)
            else:
                high = min(value - (operator == "<"), value if high is None else high)
    inside = {n for n in excluded if (low is None or n >= low) and (high is None or n <= high)}
    return "Z", low, high, frozenset(inside)


def is_term(name: Expr | None, index: str, domain: str) -> bool:
    """Tell whether a name is a term of a sequence, `a_n` for natural n, and no value that is numbered, `x_n`."""
    if not isinstance(name, Symbol) or domain not in {"N", "Z+"}:
        return False
    return name.name[0] in _SEQUENCES and name.name[1:] == f"_{index}"
