"""A plan carried out: each action's preconditions hold where it is taken, and in the end the goal does."""

import re
from collections.abc import Callable
from fractions import Fraction

from reward_server.planning.domains import Action, Atom, Literal, Problem
from reward_server.puzzles.data import Check, Violation
from reward_server.puzzles.reading import shortened

MOST = 1_000
"""Steps of a plan."""
_STEP = re.compile(
    r"(?:(?:step )?[0-9]{1,6} ?[.:)] ?|[-*•] )?"
    r"(?:\((?P<listed>[^()]*)\)|(?P<name>[\w-]+) ?\((?P<called>[^()]*)\)|(?P<bare>[\w-]+(?: [\w-]+)*))"
    r"(?: ?\[[0-9.]{1,12}\])? ?[.,;]?",
    re.IGNORECASE,
)
_LONGEST_STEP = 1_000
_SEPARATORS = re.compile(r"[\s,]+")
Read = Callable[[str], list[str]]
"""Reads one line as an action's name and its arguments; an empty list where it is none."""


def words_of(line: str) -> list[str]:
    """Return the action that a line spells: `(a x y)`, `a(x, y)` or `a x y`, numbered or not."""
    line = " ".join(line.split())  # so that no run of blanks can be cut in many ways
    found = _STEP.fullmatch(line) if len(line) <= _LONGEST_STEP else None
    if found is None:
        return []
    words = _SEPARATORS.split((found["listed"] or found["called"] or found["bare"] or "").strip(" ,").lower())
    words = [word for word in words if word]
    return [found["name"].lower(), *words] if found["name"] else words


def follows(problem: Problem, *, read: Read = words_of, most: int = MOST, dearest: Fraction | None = None) -> Check:
    """Check a plan, one action a line, of at most `most` steps and a cost of at most `dearest`."""

    def check(text: str) -> None:
        state, cost = set(problem.start), Fraction(0)
        lines = [line.partition(";")[0].strip() for line in text.splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > min(most, MOST):
            raise Violation(f"{len(lines)} steps; at most {min(most, MOST)} are taken")
        for number, line in enumerate(lines, start=1):
            words = read(line)
            if not words:
                raise Violation(f"step {number}: not read: {shortened(line)!r}")
            place = f"step {number} ({shortened(' '.join(words))})"
            action, bound = _bound(problem, words, place)
            if unmet := _unmet(action.precondition, bound, state):
                raise Violation(f"{place}: its precondition {unmet} does not hold")
            _applied(action, bound, state)
            cost += _cost_of(problem, action, bound, place)
        if unmet := _unmet(problem.goal, {}, state):
            raise Violation(f"after {len(lines)} steps: the goal {unmet} does not hold")
        if dearest is not None and cost > dearest:
            raise Violation(f"costs {float(cost):g}; at most {float(dearest):g} is allowed")

    return check


def _bound(problem: Problem, words: list[str], place: str) -> tuple[Action, dict[str, str]]:
    action = problem.actions.get(words[0])
    if action is None:
        raise Violation(f"{place}: {shortened(words[0], 30)} is no action")
    if len(words) - 1 != len(action.parameters):
        raise Violation(f"{place}: {action.name} takes {len(action.parameters)} arguments")
    bound: dict[str, str] = {}
    for (variable, kind), name in zip(action.parameters, words[1:], strict=True):
        if name not in problem.objects:
            raise Violation(f"{place}: {shortened(name, 30)} is no object")
        if not problem.is_a(name, kind):
            raise Violation(f"{place}: {name} is no {kind}")
        bound[variable] = name
    return action, bound


def _ground(atom: Atom, bound: dict[str, str]) -> Atom:
    return (atom[0], *(bound.get(one, one) for one in atom[1:]))


def _unmet(conditions: tuple[Literal, ...], bound: dict[str, str], state: set[Atom]) -> str:
    """Return the first condition that does not hold, or an empty text."""
    for positive, atom in conditions:
        ground = _ground(atom, bound)
        there = ground[1] == ground[2] if ground[0] == "=" else ground in state
        if there != positive:
            written = f"({' '.join(ground)})"
            return written if positive else f"(not {written})"
    return ""


def _applied(action: Action, bound: dict[str, str], state: set[Atom]) -> None:
    """Change the state: what an action both deletes and adds holds afterwards."""
    state.difference_update([_ground(atom, bound) for positive, atom in action.effect if not positive])
    state.update([_ground(atom, bound) for positive, atom in action.effect if positive])


def _cost_of(problem: Problem, action: Action, bound: dict[str, str], place: str) -> Fraction:
    if not action.cost:
        return Fraction(0) if any(one.cost for one in problem.actions.values()) else Fraction(1)
    total = Fraction(0)
    for cost in action.cost:
        value = cost if isinstance(cost, Fraction) else problem.values.get(_ground(cost, bound))
        if value is None:
            raise Violation(f"{place}: its cost has no value")
        total += value
    return total
