"""What test code shows about the program's names before any of it runs: which are functions, which make objects.

An object of a class of the program's cannot leave its process: its equality is the program's own code. Test code gives
such objects away by what it does with them: attributes that no built-in type has, `isinstance`, comparing a class' call
with another object. A function name that is only ever called with built-in results shows nothing of the kind.
"""

import ast
from collections import defaultdict
from dataclasses import dataclass, field

from reward_server.testing.claims.syntax import code_nodes
from reward_server.testing.claims.unknowns import Unsplittable
from reward_server.testing.claims.vocabulary import ALL_METHODS


@dataclass(slots=True)
class Makers:
    """The names of one test."""

    entry_points: frozenset[str] = frozenset()
    called: set[str] = field(default_factory=set)
    """Names that are functions or classes."""
    objects: set[str] = field(default_factory=set)
    """Functions and classes whose calls give objects."""
    variables: set[str] = field(default_factory=set)
    """Names of the test that hold objects."""

    def makes_objects(self, function: str) -> bool:
        """Say whether a call of the program's function gives an object of its own class."""
        return function in self.objects

    def is_function(self, source: str) -> bool:
        """Say whether a name of the program is a function or class, not data."""
        return source in self.called or source in self.entry_points

    def require_data(self, source: str) -> None:
        """Refuse names whose value cannot leave the program's process.

        Raises:
            Unsplittable: it is a function, a class or what a class holds.
        """
        root, _, rest = source.partition(".")
        if self.is_function(source) or (root[:1].isupper() and not root.isupper()) or (rest and root in self.called):
            raise Unsplittable(f"{source[:60]} is looked at, not called")


def makers_of(tree: ast.Module, entry_points: frozenset[str]) -> Makers:
    """Look through the test code once."""
    made: dict[str, set[str]] = defaultdict(set)
    used: dict[str, set[str]] = defaultdict(set)
    makers = Makers(entry_points)
    for node in code_nodes(tree):
        if isinstance(node, ast.Call):
            _note_call(node, makers)
        elif isinstance(node, ast.Attribute):
            _note_attribute(node, makers, used)
        elif isinstance(node, ast.Assign):
            _note_assignment(node, made)
        elif isinstance(node, ast.Compare):
            _note_comparison(node, makers)
        elif isinstance(node, ast.withitem) and (name := _called_name(node.context_expr)):
            makers.objects.add(name)
    for name, attributes in used.items():
        if any(map(_is_own, attributes)):
            makers.variables.add(name)
            makers.objects |= made[name]
        makers.objects |= {maker for maker in made[name] if maker[:1].isupper()}
        if name[:1].isupper() and name not in made:
            makers.objects.add(name)
    return makers


def _note_attribute(node: ast.Attribute, makers: Makers, used: dict[str, set[str]]) -> None:
    if (name := _called_name(node.value)) and (_is_own(node.attr) or name[:1].isupper()):
        makers.objects.add(name)
    elif isinstance(node.value, ast.Name):
        used[node.value.id].add(node.attr)


def _is_own(attribute: str) -> bool:
    return attribute not in ALL_METHODS


def _called_name(node: ast.expr) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _note_call(node: ast.Call, makers: Makers) -> None:
    if isinstance(node.func, ast.Name):
        makers.called.add(node.func.id)
        if node.func.id == "isinstance" and len(node.args) > 1:
            kinds = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
            makers.objects |= {kind.id for kind in kinds if isinstance(kind, ast.Name)}


def _note_assignment(node: ast.Assign, made: dict[str, set[str]]) -> None:
    for target in node.targets:
        pairs = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=False))
        for part, value in pairs:
            if isinstance(part, ast.Name) and (name := _called_name(value)):
                made[part.id].add(name)


def _note_comparison(node: ast.Compare, makers: Makers) -> None:
    sides = [node.left, *node.comparators]
    for side in sides:
        name = _called_name(side)
        others = [other for other in sides if other is not side]
        if name[:1].isupper() and not any(isinstance(other, _PLAIN) for other in others):
            makers.objects.add(name)


_PLAIN = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp, ast.BinOp, ast.ListComp)
