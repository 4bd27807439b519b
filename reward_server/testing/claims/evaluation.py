"""Evaluate expressions of test code by walking their syntax tree, with the program's own values as unknowns.

The same code is evaluated twice. While a suite is compiled no value is known: a call to the program yields a
`Remote`, whatever is computed from it is `UNKNOWN`, and the list of calls is all that remains. When the values have
arrived the code is evaluated again, every `Remote` is looked up, and the claims become true or false. Both walks visit
the same calls in the same order, which is why everything random in the vocabulary starts from a fixed seed, and why
operands that a true `or` makes unnecessary are evaluated nevertheless.

A name that the test does not define, and Python does not either, is the program's: `Foreign`. An attribute of it is
foreign too, and calling it is a call to the program. Nothing here imports, compiles or executes text.

What the second walk could not follow is refused in the first: code that only the values decide to run is vetted
(`vetting`), attributes of unknown values are those of built-in types. Not covered, and therefore `Unsplittable`:
classes, generators written by the test, `await`, assignment expressions, attributes and methods outside `vocabulary`,
identity of objects, calls to the program whose very occurrence depends on one of its values.
"""

import ast
import builtins
import marshal
from collections.abc import Callable
from typing import Any

from reward_server.testing.claims import comprehensions, logic, pushing
from reward_server.testing.claims.makers import Makers
from reward_server.testing.claims.sharing import Shared
from reward_server.testing.claims.spelling import argument_source, literal
from reward_server.testing.claims.syntax import is_literal
from reward_server.testing.claims.unknowns import (
    UNBOUND,
    UNKNOWN,
    Exhausted,
    Foreign,
    Guarded,
    Held,
    Remote,
    RemoteCalls,
    RemoteRaised,
    Scope,
    Unknown,
    Unsplittable,
)
from reward_server.testing.claims.vetting import prefetch
from reward_server.testing.claims.vocabulary import (
    ALL_METHODS,
    BUILTINS,
    METHODS,
    UNARY,
    NotAllowed,
    modules,
)

_CACHED_LITERAL = 16
"""Elements from which on a literal is kept instead of being evaluated again."""


class Evaluator:
    """One walk over the expressions of one test; statements are `splitting`'s part."""

    def __init__(self, remotes: RemoteCalls, literals: dict[int, bytes], makers: Makers, steps: int) -> None:
        self.remotes, self.literals, self.makers, self.steps = remotes, literals, makers, steps
        self.foreign = makers.entry_points
        self.modules = modules()
        self.shared = Shared()
        self.derived: set[str] = set()
        """Names that hold what was computed from the program's values: reading one is looking at a value."""

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression, UNKNOWN where it depends on one that has not arrived."""
        return self.resolved(self.lazy(node, scope))

    def resolved(self, result: Any) -> Any:
        """Return the value of what `lazy` returned."""
        if isinstance(result, Remote):
            if result.instance:
                raise Unsplittable("an object of the program's own class is looked at as a whole")
            return self.remotes.fetch(result) if isinstance(result, Held) else self.remotes.value(result)
        if isinstance(result, Foreign):
            self.makers.require_data(result.source)
            return self.remotes.value(self.remotes.call(result.source))
        if isinstance(result, Guarded):
            raise Unsplittable(f"{result.source} is used outside of an input")
        return result

    def lazy(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression, leaving a call to the program unresolved."""
        self.steps -= 1
        if self.steps < 0:
            raise Exhausted("the test code runs too long")
        if id(node) in self.literals:
            return marshal.loads(self.literals[id(node)])  # noqa: S302 - our own bytes, made in `_keep`
        handler = getattr(self, f"_{type(node).__name__.lower()}", None)
        if handler is None:
            raise Unsplittable(f"test code uses {type(node).__name__}")
        return handler(node, scope)

    def literal(self, value: Any) -> str:
        """Return how a value is spelled in an input."""
        return literal(value, self.shared)

    def _constant(self, node: ast.Constant, _scope: Scope) -> Any:
        return node.value

    def _name(self, node: ast.Name, scope: Scope) -> Any:
        if node.id in scope:
            if scope[node.id] is UNBOUND:
                raise RemoteRaised(("NameError", "Exception", "BaseException"), f"name {node.id!r} is not defined")
            self.remotes.touches += node.id in self.derived
            return self.shared.read(scope[node.id], self.literal)
        if node.id in BUILTINS and node.id not in self.foreign:
            return BUILTINS[node.id]
        if hasattr(builtins, node.id) and node.id not in self.foreign:
            raise Unsplittable(f"test code uses {node.id}")
        return Foreign(node.id)

    def items(self, nodes: list[ast.expr], scope: Scope) -> list[Any] | Unknown:
        """Return the values of several expressions, UNKNOWN where one of them is."""
        items: list[Any] = []
        unknown = False
        for node in nodes:
            value = self.value(node.value if isinstance(node, ast.Starred) else node, scope)
            if value is UNKNOWN:
                unknown = True
            elif isinstance(node, ast.Starred):
                items.extend(value)
            else:
                items.append(value)
        return UNKNOWN if unknown else items

    def _list(self, node: ast.List, scope: Scope) -> Any:
        return self._keep(node, self.items(node.elts, scope), node.elts)

    def _tuple(self, node: ast.Tuple, scope: Scope) -> Any:
        items = self.items(node.elts, scope)
        return items if isinstance(items, Unknown) else self._keep(node, tuple(items), node.elts)

    def _set(self, node: ast.Set, scope: Scope) -> Any:
        items = self.items(node.elts, scope)
        return items if isinstance(items, Unknown) else set(items)

    def _dict(self, node: ast.Dict, scope: Scope) -> Any:
        if any(key is None for key in node.keys):
            raise Unsplittable("test code unpacks a dict")
        keys = self.items([key for key in node.keys if key is not None], scope)
        values = self.items(node.values, scope)
        if isinstance(keys, Unknown) or isinstance(values, Unknown):
            return UNKNOWN
        return dict(zip(keys, values, strict=True))

    def _keep(self, node: ast.expr, value: Any, elements: list[ast.expr]) -> Any:
        """Remember a long literal, so that the second walk and every later submission reads it at once."""
        if len(elements) >= _CACHED_LITERAL and not isinstance(value, Unknown) and is_literal(node):
            self.literals[id(node)] = marshal.dumps(value)
        return value

    def _unaryop(self, node: ast.UnaryOp, scope: Scope) -> Any:
        value = self.truth(node.operand, scope) if isinstance(node.op, ast.Not) else self.value(node.operand, scope)
        if value is UNKNOWN:
            return UNKNOWN
        return UNARY[type(node.op).__name__](value)

    def _binop(self, node: ast.BinOp, scope: Scope) -> Any:
        return logic.operate(type(node.op).__name__, self.value(node.left, scope), self.value(node.right, scope))

    def _compare(self, node: ast.Compare, scope: Scope) -> Any:
        return logic.compared(self, node, scope)[0]

    def _boolop(self, node: ast.BoolOp, scope: Scope) -> Any:
        return logic.joined(self, node, scope, self.value)

    def _ifexp(self, node: ast.IfExp, scope: Scope) -> Any:
        return logic.conditional(self, node, scope)

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        return pushing.item(self, node, scope)

    def _lambda(self, node: ast.Lambda, scope: Scope) -> Callable[..., Any]:
        names = [argument.arg for argument in node.args.args]
        if node.args.vararg or node.args.kwarg or node.args.kwonlyargs or node.args.defaults:
            raise Unsplittable("a lambda with more than plain arguments")
        prefetch(self, node.body, scope)

        def evaluated(*values: Any) -> Any:
            return self.value(node.body, {**scope, **dict(zip(names, values, strict=True))})

        return evaluated

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Any:
        return self.attribute_of(self.lazy(node.value, scope), node.attr)

    def attribute_of(self, owner: Any, name: str) -> Any:
        """Return an attribute of a module, a method of a value, or what the program's process has under that name."""
        if isinstance(owner, Foreign | Remote):
            if name.startswith("__"):
                raise Unsplittable(f"test code uses .{name}")
            return Foreign(f"{owner.source}.{name}")
        if owner is UNKNOWN:
            if name not in ALL_METHODS:
                raise Unsplittable(f"test code uses .{name} of what is not known to have it")
            return UNKNOWN
        if type(owner).__name__ == "SimpleNamespace":
            if not hasattr(owner, name):
                raise Unsplittable(f"test code uses {name} of a module")
            return getattr(owner, name)
        if name not in METHODS.get(type(owner), ()):
            raise Unsplittable(f"test code uses .{name} of a {type(owner).__name__}")
        return getattr(owner, name)

    def _call(self, node: ast.Call, scope: Scope) -> Any:
        if isinstance(node.func, ast.Attribute):
            return pushing.method(self, node, node.func, scope)
        function = self.lazy(node.func, scope)
        if isinstance(function, Guarded):
            raise Unsplittable(f"{function.source} is used outside of an input")
        if isinstance(function, Foreign | Remote):
            if isinstance(function, Remote):
                self.remotes.absorb(function)
            source = f"{function.source}({argument_source(self, node, scope)})"
            named = node.func.id if isinstance(node.func, ast.Name) else ""
            objects = self.makers.makes_objects(function.source) or self.makers.makes_objects(named)
            return self.remotes.call(source, instance=objects)
        if isinstance(node.func, ast.Name) and function is BUILTINS.get(node.func.id):
            return pushing.builtin(self, node, node.func.id, scope)
        return self.call_here(function, node, scope)

    def call_here(self, function: Any, node: ast.Call, scope: Scope) -> Any:
        """Call a function of the vocabulary or of the test."""
        lazily = getattr(function, "takes_remotes", False)
        positional: Any = pushing.lazy_items(self, node.args, scope) if lazily else self.items(node.args, scope)
        named = {str(keyword.arg): self.value(keyword.value, scope) for keyword in node.keywords if keyword.arg}
        if len(named) < len(node.keywords):
            raise Unsplittable("test code unpacks keyword arguments")
        return self.apply(function, positional, named)

    def apply(self, function: Any, positional: Any, named: dict[str, Any]) -> Any:
        """Call a function with evaluated arguments; UNKNOWN where one of them is."""
        if getattr(function, "takes_remotes", False):
            return function(*positional, **named)
        if function is UNKNOWN:
            raise Unsplittable("test code calls a value of the program")
        if positional is UNKNOWN or any(value is UNKNOWN for value in named.values()):
            return UNKNOWN
        try:
            return function(*positional, **named)
        except NotAllowed as refused:
            raise Unsplittable(str(refused)) from refused

    def wrapped(self, function: str, inner: Remote) -> Remote:
        """Replace a call by the built-in `function` of its result, evaluated over there."""
        self.remotes.absorb(inner)
        return self.remotes.call(f"{function}({inner.source})")

    def truth(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression of which only the truth counts, so any object of the program will do."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            value = self.truth(node.operand, scope)
            return UNKNOWN if value is UNKNOWN else not value
        if isinstance(node, ast.BoolOp):
            return logic.joined(self, node, scope, self.truth)
        result = self.lazy(node, scope)
        if isinstance(result, Remote) and (result.instance or isinstance(node, ast.Call)):
            return self.remotes.value(self.wrapped("bool", result))
        return self.resolved(result)

    def _comprehended(self, node: comprehensions.Comprehension, scope: Scope) -> Any:
        return comprehensions.evaluate(self, node, scope)

    _listcomp = _generatorexp = _setcomp = _dictcomp = _comprehended
