"""Domains and problems of PDDL: STRIPS with types, negative preconditions, equality and action costs, and no more.

What is not of that subset (`or`, `forall`, `when`, numeric fluents, an unknown requirement) is refused by its name: a
plan that was checked against half of a problem would be paid for the other half.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from reward_server.errors import TaskError
from reward_server.planning.expressions import read, shown

_REQUIREMENTS = frozenset((":strips", ":typing", ":negative-preconditions", ":equality", ":action-costs"))
_MOST_LITERALS = 100
Atom = tuple[str, ...]
"""A predicate and its arguments; in an action, variables begin with `?`."""
Literal = tuple[bool, Atom]
"""Whether the atom must hold, and the atom; `=` is a predicate of two arguments."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action's schema."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    """Variables and their types."""
    precondition: tuple[Literal, ...]
    effect: tuple[Literal, ...]
    cost: tuple[Fraction | Atom, ...]
    """What is added to the cost: numbers, and functions of the arguments."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A domain and a problem, read and held against each other."""

    actions: dict[str, Action]
    objects: dict[str, str]
    """Objects and constants with their types."""
    parents: dict[str, str]
    """Types and what they are a kind of."""
    start: frozenset[Atom]
    goal: tuple[Literal, ...]
    values: dict[Atom, Fraction]
    """Functions' values, for costs."""

    def is_a(self, name: str, kind: str) -> bool:
        """Tell whether an object is of a type, or of one below it."""
        found = self.objects[name]
        while found not in {kind, "object"}:
            found = self.parents.get(found, "object")
        return kind in {found, "object"}


def read_problem(domain: str, problem: str) -> Problem:
    """Read a domain and a problem.

    Raises:
        TaskError: either is no PDDL, is beyond the subset, or names what is not there.
    """
    sections = _sections(read(domain, "domain"), "domain")
    own = _sections(read(problem, "problem"), "problem")
    requirements = [*_one(sections, ":requirements"), *_one(own, ":requirements")]
    if unknown := [one for one in requirements if one not in _REQUIREMENTS]:
        raise TaskError(f"domain: {shown(unknown[0])} is not supported; {', '.join(sorted(_REQUIREMENTS))} are")
    parents = dict(_typed(_one(sections, ":types"), "domain.types"))
    _no_circles(parents)
    arities = dict(map(_signature, _one(sections, ":predicates")))
    functions = dict(_signature(one) for one in _one(sections, ":functions") if isinstance(one, list))
    objects = dict(
        (*_typed(_one(sections, ":constants"), "domain.constants"), *_typed(_one(own, ":objects"), "objects"))
    )
    names = _Names(arities, functions, objects, {"object", *parents, *parents.values()})
    for name, kind in objects.items():
        names.known_type(kind, f"object {name}")
    actions = [_action(one, names) for one in sections.get(":action", ())]
    if len({action.name for action in actions}) < len(actions) or not actions:
        raise TaskError("domain: no action, or two of one name")
    start, values = _start(_one(own, ":init"), names)
    goal_parts = _one(own, ":goal")
    if len(goal_parts) != 1:
        raise TaskError("problem: needs one :goal")
    goal = tuple(names.literals(goal_parts[0], {}, "goal"))
    return Problem({action.name: action for action in actions}, objects, parents, start, goal, values)


_SECTIONS = {
    "domain": frozenset((":requirements", ":types", ":constants", ":predicates", ":functions", ":action")),
    "problem": frozenset((":domain", ":requirements", ":objects", ":init", ":goal", ":metric")),
}


def _sections(text: list[Any], what: str) -> dict[str, list[list[Any]]]:
    if text[:1] != ["define"] or len(text) < 2 or not isinstance(text[1], list) or text[1][:1] != [what]:  # noqa: PLR2004
        raise TaskError(f"{what}: does not begin with (define ({what} …)")
    found: dict[str, list[list[Any]]] = {}
    for part in text[2:]:
        if not isinstance(part, list) or not part or part[0] not in _SECTIONS[what]:
            raise TaskError(f"{what}: {shown(part[0] if isinstance(part, list) and part else part)} is not supported")
        found.setdefault(part[0], []).append(part[1:])
    if twice := [name for name, parts in found.items() if len(parts) > 1 and name != ":action"]:
        raise TaskError(f"{what}: {twice[0]} stands twice")
    return found


def _one(sections: dict[str, list[list[Any]]], name: str) -> list[Any]:
    return sections.get(name, [[]])[0]


def _typed(words: list[Any], place: str) -> Iterator[tuple[str, str]]:
    """Yield the names of a typed list with their types."""
    waiting: list[str] = []
    seen: set[str] = set()
    at = 0
    while at < len(words):
        word = words[at]
        if not isinstance(word, str):
            raise TaskError(f"{place}: {shown(word)} is not supported")
        if word == "-":
            if at + 1 >= len(words) or not isinstance(words[at + 1], str):
                raise TaskError(f"{place}: {shown(words[at + 1]) if at + 1 < len(words) else '-'} is no type")
            yield from ((name, words[at + 1]) for name in waiting)
            waiting, at = [], at + 2
            continue
        if word in seen:
            raise TaskError(f"{place}: {word} stands twice")
        seen.add(word)
        waiting.append(word)
        at += 1
    yield from ((name, "object") for name in waiting)


def _no_circles(parents: dict[str, str]) -> None:
    for name in parents:
        at, steps = name, 0
        while at in parents and at != "object":
            at, steps = parents[at], steps + 1
            if steps > len(parents):
                raise TaskError(f"domain.types: {name} is a kind of itself")


def _signature(declared: Any) -> tuple[str, int]:
    if not isinstance(declared, list) or not declared or not isinstance(declared[0], str):
        raise TaskError(f"domain: {shown(declared)} is no predicate or function")
    return declared[0], len(list(_typed(declared[1:], f"domain.{declared[0]}")))


@dataclass(frozen=True, slots=True)
class _Names:
    """What is declared; checks what is used."""

    arities: dict[str, int]
    functions: dict[str, int]
    objects: dict[str, str]
    types: set[str]

    def known_type(self, kind: str, place: str) -> None:
        if kind not in self.types:
            raise TaskError(f"{place}: {kind} is no type of the domain")

    def atom(self, written: Any, variables: dict[str, str], place: str, *, function: bool = False) -> Atom:
        if not isinstance(written, list) or not written or not all(isinstance(one, str) for one in written):
            raise TaskError(f"{place}: {shown(written)} is not supported")
        name, *arguments = written
        known = self.functions if function else {**self.arities, "=": 2}
        if known.get(name) != len(arguments):
            why = f"takes {known[name]} arguments" if name in known else "is not declared, or not supported"
            raise TaskError(f"{place}: {shown(written)}: {name} {why}")
        for one in arguments:
            if one not in variables and one not in self.objects:
                raise TaskError(f"{place}: {shown(written)}: {one} is not declared")
        return (name, *arguments)

    def literals(self, written: Any, variables: dict[str, str], place: str) -> list[Literal]:
        """Return the conjunction that is written."""
        if written == []:
            return []
        if isinstance(written, list) and written[:1] == ["and"]:
            found = [one for part in written[1:] for one in self.literals(part, variables, place)]
            if len(found) > _MOST_LITERALS:
                raise TaskError(f"{place}: more than {_MOST_LITERALS} conditions")
            return found
        if isinstance(written, list) and written[:1] == ["not"] and len(written) == 2:  # noqa: PLR2004
            return [(False, self.atom(written[1], variables, place))]
        return [(True, self.atom(written, variables, place))]


def _action(written: list[Any], names: _Names) -> Action:
    if not written or not isinstance(written[0], str):
        raise TaskError("domain: an action has no name")
    place = f"action {written[0]}"
    fields = (
        dict(zip(written[1::2], written[2::2], strict=False)) if all(isinstance(f, str) for f in written[1::2]) else {}
    )
    if len(written) % 2 == 0 or len(fields) * 2 + 1 != len(written):
        raise TaskError(f"{place}: not a list of fields")
    if unknown := set(fields) - {":parameters", ":precondition", ":effect"}:
        raise TaskError(f"{place}: {min(unknown)} is not supported")
    parameters = dict(_typed(_listed(fields.get(":parameters", []), place), place))
    for variable, kind in parameters.items():
        names.known_type(kind, f"{place}, {variable}")
    precondition = names.literals(fields.get(":precondition", []), parameters, f"{place}, precondition")
    effect = _listed(fields.get(":effect", []), place)
    parts = effect[1:] if effect[:1] == ["and"] else [effect] if effect else []
    costs = [part for part in parts if isinstance(part, list) and part[:1] == ["increase"]]
    others = [
        one for part in parts if part not in costs for one in names.literals(part, parameters, f"{place}, effect")
    ]
    if not others or any(atom[0] == "=" for _, atom in others):
        raise TaskError(f"{place}: no effect, or one on equality")
    cost = tuple(_cost(part, parameters, names, place) for part in costs)
    return Action(written[0], tuple(parameters.items()), tuple(precondition), tuple(others), cost)


def _listed(written: Any, place: str) -> list[Any]:
    if not isinstance(written, list):
        raise TaskError(f"{place}: {shown(written)} is no list")
    return written


def _cost(written: list[Any], parameters: dict[str, str], names: _Names, place: str) -> Fraction | Atom:
    if len(written) != 3 or written[1] != ["total-cost"]:  # noqa: PLR2004
        raise TaskError(f"{place}: {shown(written)} is not supported")
    if isinstance(written[2], list):
        return names.atom(written[2], parameters, place, function=True)
    return _number(written[2], place)


def _number(written: Any, place: str) -> Fraction:
    try:
        value = Fraction(written) if isinstance(written, str) and len(written) < 20 and "/" not in written else None  # noqa: PLR2004
    except ValueError:
        value = None
    if value is None or value < 0 or value > 10**12:
        raise TaskError(f"{place}: {shown(written)} is no cost")
    return value


def _start(written: list[Any], names: _Names) -> tuple[frozenset[Atom], dict[Atom, Fraction]]:
    atoms: set[Atom] = set()
    values: dict[Atom, Fraction] = {}
    for one in written:
        if isinstance(one, list) and one[:1] == ["="] and len(one) == 3 and isinstance(one[1], list):  # noqa: PLR2004
            values[names.atom(one[1], {}, "init", function=True)] = _number(one[2], "init")
            continue
        if isinstance(one, list) and one[:1] == ["not"]:
            continue
        atoms.add(names.atom(one, {}, "init"))
    if any(atom[0] == "=" for atom in atoms):
        raise TaskError("init: equality is not stated, it holds")
    return frozenset(atoms), values
