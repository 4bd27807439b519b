"""Whether two names stand for one thing: `f(x)` and `f(t)`, `a_n` and `a_k`, `A ∩ B` and `B ∩ A`."""

from reward_server.mathematics.comparing.identity import same_function
from reward_server.mathematics.comparing.memberships import compare_memberships
from reward_server.mathematics.tree.nodes import Apply, Call, Expr, Group, Number, Ratio, Series, Symbol
from reward_server.mathematics.tree.walk import free_symbols, substitute

PLAIN_ARGUMENTS = frozenset("xyztsunk")
"""Letters that an argument is usually called by."""
_DEPENDENT = frozenset("yzwu")


def index_of(name: Expr | None) -> str | None:
    """Return the running index of a sequence's name: n in `a_n`."""
    if isinstance(name, Symbol) and len(name.name) == 3 and name.name[1] == "_" and name.name[2] in "ijklmnt":
        return name.name[2]
    return None


def names_agree(left: Expr | None, right: Expr | None) -> bool:
    """Tell whether two names may stand for the same thing; a value without a name agrees with any."""
    if left is None or right is None or left == right:
        return True
    if isinstance(left, Symbol) and isinstance(right, Symbol):
        return _same_letter(left, right)
    if isinstance(left, Apply) and isinstance(right, Apply):
        return _same_application(left, right)
    for symbol, applied in ((left, right), (right, left)):
        if isinstance(symbol, Symbol) and isinstance(applied, Apply):
            if len(applied.arguments) == 1 and isinstance(applied.arguments[0], Symbol | Number):
                index = applied.arguments[0]
                at = index.name if isinstance(index, Symbol) else str(index.value)
                if symbol.name == f"{applied.name}_{at}":
                    return True
            letter = symbol.name.lower()
            plain = all(isinstance(item, Symbol) for item in applied.arguments)
            return letter == applied.name.lower() or (plain and letter in _DEPENDENT and "'" not in applied.name)
    if isinstance(left, Group) and isinstance(right, Group):
        return len(left.items) == len(right.items) and all(
            names_agree(a, b) for a, b in zip(left.items, right.items, strict=True)
        )
    if isinstance(left, Ratio) and isinstance(right, Ratio):
        return len(left.items) == len(right.items) and all(
            same_function(a, b).equal for a, b in zip(left.items, right.items, strict=True)
        )
    if isinstance(left, Call) and isinstance(right, Symbol):
        return False
    if isinstance(right, Call) and isinstance(left, Symbol):
        return False
    if isinstance(left, Series) and isinstance(right, Series):
        return _same_series(left, right)
    of_sets = compare_memberships(left, right)
    return (same_function(left, right) if of_sets is None else of_sets).equal is True


def _same_series(left: Series, right: Series) -> bool:
    """Compare limits and the like as they are written, up to the name of the variable."""
    renamed_one = substitute(right.body, {right.variable: Symbol(left.variable)})
    bounds = (left.lower, right.lower), (left.upper, right.upper)
    return left.kind == right.kind and all(
        a == b or (a is not None and b is not None and same_function(a, b).equal is True)
        for a, b in ((left.body, renamed_one), *bounds)
    )


def _same_letter(left: Symbol, right: Symbol) -> bool:
    """Compare letters with index and primes; an index that only one side writes does not count, nor does case."""
    first, second = (name.lower().replace("{", "").replace("}", "") for name in (left.name, right.name))
    if first == second:
        return True
    if first.count("'") != second.count("'"):
        return False
    stem, _, index = first.partition("_")
    other_stem, _, other_index = second.partition("_")
    if stem != other_stem:
        return False
    return not index or not other_index or (index_of(left) is not None and index_of(right) is not None)


def _same_application(left: Apply, right: Apply) -> bool:
    """Compare `f(x)` with `f(t)`: the same function, at the same arguments or at free ones called differently."""
    if left.name != right.name or len(left.arguments) != len(right.arguments):
        return False
    return all(
        a == b
        or (isinstance(a, Symbol) and isinstance(b, Symbol) and {a.name, b.name} <= PLAIN_ARGUMENTS)
        or (not free_symbols(a) and not free_symbols(b) and same_function(a, b).equal is True)
        for a, b in zip(left.arguments, right.arguments, strict=True)
    )


def renamed(truth: Expr | None, answer: Expr | None, value: Expr) -> Expr | None:
    """Return the answer's value with its arguments or index called as in the ground truth; None where they clash."""
    changes: dict[str, Expr] = {}
    names = free_symbols(value)
    if isinstance(truth, Apply) and answer is None and len(truth.arguments) == 1 and len(names) == 1:
        argument = truth.arguments[0]
        if isinstance(argument, Symbol):
            changes = {next(iter(names)): argument}
    index = index_of(truth)
    if index is not None:
        other = index_of(answer) if answer is not None else next(iter(names), None)
        if other is not None and (answer is not None or len(names) == 1):
            changes = {other: Symbol(index)}
    if isinstance(truth, Apply) and isinstance(answer, Apply):
        pairs = zip(answer.arguments, truth.arguments, strict=False)
        changes = {a.name: b for a, b in pairs if isinstance(a, Symbol) and isinstance(b, Symbol)}
    targets = {target.name for target in changes.values() if isinstance(target, Symbol)}
    if (targets - changes.keys()) & names:
        return None
    return substitute(value, changes)
