"""Compare two trees: which rule fits the two kinds, the ground truth leading."""

from reward_server.mathematics.comparing.agreeing import names_agree, renamed
from reward_server.mathematics.comparing.alike import spelled_alike
from reward_server.mathematics.comparing.arguments import with_names_of
from reward_server.mathematics.comparing.bases import in_base
from reward_server.mathematics.comparing.directed import between_points
from reward_server.mathematics.comparing.ellipses import compare_ellipses
from reward_server.mathematics.comparing.identity import NODE_BUDGET, Finding
from reward_server.mathematics.comparing.integration_constants import (
    compare_renamed_constants,
    compare_up_to_constant,
)
from reward_server.mathematics.comparing.kinds import NUMERIC, SCALARS, WITHOUT_FAMILIES, is_quantity, types_in
from reward_server.mathematics.comparing.lines import compare_vector_lines
from reward_server.mathematics.comparing.listed import compare_parts, differ_in_kind, is_in_parts
from reward_server.mathematics.comparing.logic import compare_logic, is_logical
from reward_server.mathematics.comparing.memberships import as_measures, compare_memberships
from reward_server.mathematics.comparing.naming import holds, named_value
from reward_server.mathematics.comparing.ratios import compare_ratios
from reward_server.mathematics.comparing.scalars import compare_scalars, take_apart
from reward_server.mathematics.comparing.sequences import (
    compare_many,
    compare_rows,
    interval_brackets,
    is_many,
    items_of,
    solution_tuples,
    unordered,
    values,
    with_tuples_apart,
)
from reward_server.mathematics.comparing.solutions.assumed import compare_as_families
from reward_server.mathematics.comparing.solutions.conditions import main_part, under
from reward_server.mathematics.comparing.solutions.piecewise import compare_piecewise
from reward_server.mathematics.comparing.solutions.realsets import sign_of_infinity
from reward_server.mathematics.comparing.solutions.relations import in_one, is_solved_by
from reward_server.mathematics.comparing.solutions.sets import compare_sets, is_set
from reward_server.mathematics.comparing.solutions.solved import leaves_unsolved
from reward_server.mathematics.comparing.stated import compare_statements
from reward_server.mathematics.comparing.witnesses import told_apart
from reward_server.mathematics.comparing.written import compare_written
from reward_server.mathematics.options import MathOptions
from reward_server.mathematics.tree.nodes import (
    Apply,
    BasedInteger,
    CalendarDate,
    Clock,
    Dots,
    Expr,
    Group,
    Listing,
    Matrix,
    Number,
    Piecewise,
    PlusMinus,
    Ratio,
    Relation,
    Series,
    SetOf,
    SetOperation,
    Symbol,
    Words,
)
from reward_server.mathematics.tree.record import record
from reward_server.mathematics.tree.walk import contains
from reward_server.mathematics.values.balls import Budget
from reward_server.mathematics.values.matrices import as_vector, evaluated, rows_of
from reward_server.mathematics.values.ordered import same_in_order

_WRITTEN, _GROUPED, _FUNCTIONS = (Words, Clock, CalendarDate), (Group, Matrix), (Apply, Series, SetOperation)


@record
class Context:
    """What one comparison carries along."""

    options: MathOptions
    budget: Budget


def compare_trees(truth: Expr, answer: Expr, options: MathOptions, budget: Budget | None = None) -> Finding:
    """Compare an answer's tree with the ground truth's; several readings share one budget."""
    if type(truth) is BasedInteger or type(answer) is BasedInteger:
        return in_base(truth, answer)
    try:
        return _compare(truth, answer, Context(options, budget or Budget(NODE_BUDGET)))
    except RecursionError:
        return Finding(None, "none", {"reason": "nested too deeply"})


def _compare(truth: Expr, answer: Expr, context: Context) -> Finding:
    if is_quantity(truth) and is_quantity(answer):
        return compare_scalars(take_apart(truth), take_apart(answer), context.options, context.budget)
    if is_in_parts(truth) or is_in_parts(answer):
        return compare_parts(truth, answer, lambda a, b: _compare(a, b, context))
    truth, answer = spelled_alike(truth, answer), spelled_alike(answer, truth)
    kinds = types_in(truth, answer)
    if PlusMinus in kinds:
        truth, answer = with_tuples_apart(truth, answer)
    if kinds <= NUMERIC:
        return _values(truth, answer, context)
    if isinstance(truth, _WRITTEN) or isinstance(answer, _WRITTEN):
        return compare_written(truth, answer)
    if is_logical(truth) or is_logical(answer):
        return compare_logic(truth, answer, lambda a, b: _compare(a, b, context))
    if Relation in kinds:
        in_its_names = with_names_of(truth, answer)
        if in_its_names is None:
            return Finding(False, "names", {"witness": "other names, or an argument that is a free letter elsewhere"})
        answer = in_its_names
        if leaves_unsolved(truth, answer):
            return Finding(False, "unsolved", {"witness": "what was to be solved"})
    family = (
        None if kinds <= WITHOUT_FAMILIES else compare_as_families(truth, answer, lambda a, b: _values(a, b, context))
    )
    if family is not None:
        return family if family.equal is not None else told_apart(truth, answer) or family
    if (line := compare_vector_lines(truth, answer)) is not None:
        return line
    measured = as_measures(truth, answer)
    if measured is not None:
        truth, answer = measured
    in_letters = compare_memberships(truth, answer)
    if in_letters is not None:
        return in_letters
    if measured is None and kinds <= SCALARS:
        return _scalars(truth, answer, context)
    truth, required = (truth, ()) if is_set(truth) else main_part(truth)
    answer, given = (answer, ()) if is_set(answer) else main_part(answer)
    if isinstance(truth, Relation) or isinstance(answer, Relation):
        found = _relations(truth, answer, context)
        found = (told_apart(truth, answer) or found) if found.equal is None else found
    else:
        found = _values(truth, answer, context)
    return under(found, answer, required, given, lambda a, b: _sets(a, b, context)) if found.equal else found


def _relations(truth: Expr, answer: Expr, context: Context) -> Finding:
    """Compare where at least one side is a relation."""
    if is_set(truth) or is_set(answer):
        found = _sets(truth, answer, context)
        if found.equal is None and (_is_expression(truth) or _is_expression(answer)):
            return Finding(False, "kind", {"witness": "a condition and a value"})
        if found.equal is not None or not (isinstance(truth, Relation) and isinstance(answer, Relation)):
            return found
    if isinstance(answer, Relation) and not holds(answer):
        return Finding(False, "contradiction", {"witness": "the sides of the answer are different numbers"})
    truth_name, truth_value = named_value(truth)
    if isinstance(truth, Relation) and truth_value is truth and truth.operators == ("=",):
        answer = in_one(answer)
    answer_name, answer_value = named_value(answer, restated=not isinstance(truth, Relation))
    open_truth = truth_value is truth and isinstance(truth, Relation)
    open_answer = answer_value is answer and isinstance(answer, Relation)
    if not open_truth and not open_answer:
        found = _named(truth_name, truth_value, answer_name, answer_value, context)
        if found.equal is False and isinstance(truth, Relation) and "~" in truth.operators:
            stated = _named(truth_name, truth.sides[-1], answer_name, answer_value, context)
            found = stated if stated.equal else found
        if found.equal or not (isinstance(truth, Relation) and isinstance(answer, Relation)):
            return found
        if truth_name == answer_name and truth_name is not None:
            return found
        if isinstance(truth_name, _FUNCTIONS) or isinstance(answer_name, _FUNCTIONS):
            return found if found.equal is False else Finding(False, "names", {"witness": "other unknowns"})
    if isinstance(truth, Relation) and isinstance(answer, Relation):
        return compare_statements(truth, answer, lambda a, b: _compare(a, b, context), context.budget)
    if isinstance(truth, Relation) and is_solved_by(truth, answer, context.budget):
        return Finding(True, "solved_for_dependent")
    return Finding(False, "kind", {"witness": "a relation and a value"})


def _is_expression(node: Expr) -> bool:
    """Tell whether a node is a number or an expression in letters; a letter alone may name a set."""
    return type(node) in SCALARS and type(node) is not Symbol


def _named(truth_name: Expr | None, truth: Expr, answer_name: Expr | None, answer: Expr, context: Context) -> Finding:
    """Compare two values, each with the name it was given."""
    if not names_agree(truth_name, answer_name):
        return Finding(False, "names", {"witness": "values of different unknowns"})
    value = renamed(truth_name, answer_name, answer)
    if value is None:
        return Finding(False, "names", {"witness": "an argument of one is a free letter of the other"})
    return _values(*with_tuples_apart(truth, value), context)


def _sets(truth: Expr, answer: Expr, context: Context) -> Finding:
    return compare_sets(truth, answer, lambda left, right: _values(left, right, context))


def _values(truth: Expr, answer: Expr, context: Context) -> Finding:
    """Compare two values without names."""
    kinds = types_in(truth, answer)
    if kinds <= SCALARS:
        return _scalars(truth, answer, context)
    if isinstance(truth, Words) or isinstance(answer, Words):
        return compare_written(truth, answer)
    if isinstance(truth, Piecewise) or isinstance(answer, Piecewise):
        return compare_piecewise(truth, answer, context.budget)
    infinite = sign_of_infinity(truth), sign_of_infinity(answer)
    if infinite != (0, 0):
        return Finding(infinite[0] == infinite[1], "infinity")
    if is_set(truth) or is_set(answer):
        return _sets(truth, answer, context)
    if isinstance(truth, Relation) or isinstance(answer, Relation):
        return _relations(truth, answer, context)
    if isinstance(truth, Ratio) or isinstance(answer, Ratio):
        return compare_ratios(truth, answer, context.budget)
    truth, answer = evaluated(truth), evaluated(answer)
    grouped = isinstance(truth, _GROUPED), isinstance(answer, _GROUPED)
    if grouped[0] and grouped[1]:
        return _groups(truth, answer, context)
    if grouped[0] != grouped[1]:
        truth, answer = as_vector(truth, answer), as_vector(answer, truth)
    if is_many(truth) or is_many(answer) or any(grouped):
        return _many(truth, answer, context)
    if contains(truth, BasedInteger) or contains(answer, BasedInteger):
        return in_base(truth, answer)
    found = compare_ellipses(truth, answer) if Dots in kinds else None
    return found or _scalars(truth, answer, context)


def _scalars(truth: Expr, answer: Expr, context: Context) -> Finding:
    truth, answer = between_points(truth, answer)
    in_order = same_in_order(truth, answer)
    if in_order is not None:
        return Finding(in_order, "ordered_products", {} if in_order else {"witness": "different at seeded matrices"})
    found = compare_up_to_constant(truth, answer, context.budget)
    if found is not None:
        return found
    found = compare_scalars(take_apart(truth), take_apart(answer), context.options, context.budget)
    if found.equal is False and not isinstance(truth, Symbol | Number):
        return compare_renamed_constants(truth, answer, context.budget) or found
    return found


def _groups(truth: Expr, answer: Expr, context: Context) -> Finding:
    rows = rows_of(truth), rows_of(answer)
    if (isinstance(truth, Matrix) and isinstance(answer, Matrix)) or (
        (isinstance(truth, Matrix) or isinstance(answer, Matrix)) and rows[0] is not None and rows[1] is not None
    ):
        return compare_rows(rows[0] or (), rows[1] or (), lambda a, b: _compare(a, b, context))
    if isinstance(truth, Group) and isinstance(answer, Group) and len(truth.items) == len(answer.items) == 2:
        brackets = (truth.opening, truth.closing), (answer.opening, answer.closing)
        if interval_brackets(*brackets[0]) != interval_brackets(*brackets[1]):
            return Finding(False, "brackets", {"witness": ["".join(pair) for pair in brackets]})
    return _many(truth, answer, context)


def _many(truth: Expr, answer: Expr, context: Context) -> Finding:
    """Compare several values, or several with one."""

    def compare(left: Expr, right: Expr) -> Finding:
        return _compare(left, right, context)

    if (isinstance(truth, _GROUPED) and isinstance(answer, SetOf)) or (
        isinstance(truth, SetOf) and isinstance(answer, _GROUPED)
    ):
        return Finding(False, "kind", {"witness": "a tuple and a set"})
    first, second = items_of(truth), items_of(answer)
    if isinstance(answer, Listing) and not all(holds(item) for item in answer.items if isinstance(item, Relation)):
        return Finding(False, "contradiction", {"witness": "the sides of a part are different numbers"})
    if differ_in_kind(truth, answer):
        return Finding(False, "names", {"witness": "a set of values of other kinds or unknowns"})
    if [item.value for item in (*first, *second)] == [truth, answer]:
        return Finding(False, "kind", {"witness": [type(truth).__name__, type(answer).__name__]})
    for side, other in ((first, second), (second, first)):
        tuples = solution_tuples(side)
        if tuples is not None and all(isinstance(item.value, Group) for item in other):
            pair = (tuples, values(other)) if side is first else (values(other), tuples)
            return unordered(*pair, compare)
    is_ordered = isinstance(truth, Group | Matrix)
    if context.options.ordered is not None:
        is_ordered = context.options.ordered
    return compare_many(first, second, compare, ordered=is_ordered)
