"""Evaluate expressions of test code by walking their syntax tree, with the program's own values as unknowns.

The same code is evaluated twice. While a suite is compiled no value is known: a call to the program yields a
`Remote`, whatever is computed from it is `UNKNOWN`, and the list of calls is all that remains. When the values have
arrived the code is evaluated again, every `Remote` is looked up, and the claims become true or false. Both walks visit
the same calls in the same order, which is why everything random in the vocabulary starts from a fixed seed.

A name that the test does not define, and Python does not either, is the program's: `Foreign`. An attribute of it is
foreign too, and calling it is a call to the program. Nothing here imports, compiles or executes text.

Not covered, and therefore `Unsplittable`: classes, generators written by the test, `await`, assignment expressions,
attributes and methods outside `vocabulary`, calls to the program whose very occurrence depends on one of its values.
"""

import ast
import builtins
import marshal
from collections.abc import Callable
from typing import Any

from reward_server.testing import comprehensions
from reward_server.testing.spelling import argument_source, code_nodes, is_literal
from reward_server.testing.unknowns import UNKNOWN, Foreign, Guarded, Remote, RemoteCalls, Scope, Unknown, Unsplittable
from reward_server.testing.vocabulary import BUILTINS, METHODS, OPERATORS, UNARY, NotAllowed, modules

MAX_STEPS = 150_000
"""Syntax nodes evaluated in one walk before the test code is declared too long to interpret."""
_CACHED_LITERAL = 16
"""Elements from which on a literal is kept instead of being evaluated again."""


PUSHED = frozenset({"list", "tuple", "set", "frozenset", "dict", "sorted", "len", "str", "repr", "sum", "max", "min"})
"""Built-ins applied to a call where it runs. None of them gives a truth value: what is claimed is decided here."""


class Evaluator:
    """One walk over the expressions of one test; statements are `splitting`'s part."""

    def __init__(self, remotes: RemoteCalls, literals: dict[int, bytes], foreign: frozenset[str], steps: int) -> None:
        self.remotes, self.literals, self.foreign, self.steps = remotes, literals, foreign, steps
        self.modules = modules()
        self.tainted: set[str] = set()

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression, UNKNOWN where it depends on one that has not arrived."""
        result = self.lazy(node, scope)
        if isinstance(result, Remote):
            return self.remotes.value(result)
        if isinstance(result, Foreign):
            return self.remotes.value(self.remotes.call(result.source))
        if isinstance(result, Guarded):
            raise Unsplittable(f"{result.source} is used outside of an input")
        return result

    def lazy(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression, leaving a call to the program unresolved."""
        self.steps -= 1
        if self.steps < 0:
            raise Unsplittable("the test code runs too long")
        if id(node) in self.literals:
            return marshal.loads(self.literals[id(node)])  # noqa: S302 - our own bytes, made in `_keep`
        handler = getattr(self, f"_{type(node).__name__.lower()}", None)
        if handler is None:
            raise Unsplittable(f"test code uses {type(node).__name__}")
        return handler(node, scope)

    def _constant(self, node: ast.Constant, _scope: Scope) -> Any:
        return node.value

    def _name(self, node: ast.Name, scope: Scope) -> Any:
        if node.id in scope:
            if node.id in self.tainted:
                raise Unsplittable(f"{node.id} may have been changed by the program")
            return scope[node.id]
        if node.id in BUILTINS and node.id not in self.foreign:
            return BUILTINS[node.id]
        if hasattr(builtins, node.id) and node.id not in self.foreign:
            raise Unsplittable(f"test code uses {node.id}")
        return Foreign(node.id)

    def _items(self, nodes: list[ast.expr], scope: Scope) -> list[Any] | Unknown:
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

    def _lazy_items(self, nodes: list[ast.expr], scope: Scope) -> list[Any]:
        items: list[Any] = []
        for node in nodes:
            if not isinstance(node, ast.Starred):
                items.append(self.lazy(node, scope))
                continue
            values = self.value(node.value, scope)
            if values is UNKNOWN:
                raise Unsplittable("one of the program's values is spread over arguments")
            items.extend(values)
        return items

    def _list(self, node: ast.List, scope: Scope) -> Any:
        return self._keep(node, self._items(node.elts, scope), node.elts)

    def _tuple(self, node: ast.Tuple, scope: Scope) -> Any:
        items = self._items(node.elts, scope)
        return items if isinstance(items, Unknown) else self._keep(node, tuple(items), node.elts)

    def _set(self, node: ast.Set, scope: Scope) -> Any:
        items = self._items(node.elts, scope)
        return items if isinstance(items, Unknown) else set(items)

    def _dict(self, node: ast.Dict, scope: Scope) -> Any:
        if any(key is None for key in node.keys):
            raise Unsplittable("test code unpacks a dict")
        keys = self._items([key for key in node.keys if key is not None], scope)
        values = self._items(node.values, scope)
        if isinstance(keys, Unknown) or isinstance(values, Unknown):
            return UNKNOWN
        return dict(zip(keys, values, strict=True))

    def _keep(self, node: ast.expr, value: Any, elements: list[ast.expr]) -> Any:
        """Remember a long literal, so that the second walk and every later submission reads it at once."""
        if len(elements) >= _CACHED_LITERAL and not isinstance(value, Unknown) and is_literal(node):
            self.literals[id(node)] = marshal.dumps(value)
        return value

    def _unaryop(self, node: ast.UnaryOp, scope: Scope) -> Any:
        value = self.value(node.operand, scope)
        if value is UNKNOWN:
            return UNKNOWN
        return UNARY[type(node.op).__name__](value)

    def _binop(self, node: ast.BinOp, scope: Scope) -> Any:
        return self.operate(type(node.op).__name__, self.value(node.left, scope), self.value(node.right, scope))

    def operate(self, name: str, left: Any, right: Any) -> Any:
        """Apply a binary or comparison operator, named after its syntax node; UNKNOWN stays UNKNOWN."""
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        if name not in OPERATORS:
            raise Unsplittable(f"test code uses {name}")
        try:
            return OPERATORS[name](left, right)
        except NotAllowed as refusal:
            raise Unsplittable(str(refusal)) from refusal

    def _compare(self, node: ast.Compare, scope: Scope) -> Any:
        left = self.value(node.left, scope)
        outcome: Any = True
        for operation, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.value(comparator, scope)
            result = self.operate(type(operation).__name__, left, right)
            outcome = UNKNOWN if UNKNOWN in (outcome, result) else outcome and result
            if outcome is not UNKNOWN and not outcome:
                return outcome
            left = right
        return outcome

    def _boolop(self, node: ast.BoolOp, scope: Scope) -> Any:
        wanted = isinstance(node.op, ast.Or)
        unknown = False
        result: Any = None
        for operand in node.values:
            result = self.value(operand, scope)
            if result is UNKNOWN:
                unknown = True
            elif bool(result) is wanted and not unknown:
                return result
        return UNKNOWN if unknown else result

    def _ifexp(self, node: ast.IfExp, scope: Scope) -> Any:
        condition = self.value(node.test, scope)
        if condition is UNKNOWN:
            self.require_no_calls(node, scope, allowed=node.test)
            return UNKNOWN
        return self.lazy(node.body if condition else node.orelse, scope)

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        owner = self.value(node.value, scope)
        key = self._slice(node.slice, scope) if isinstance(node.slice, ast.Slice) else self.value(node.slice, scope)
        return UNKNOWN if UNKNOWN in (owner, key) else owner[key]

    def _slice(self, node: ast.Slice, scope: Scope) -> Any:
        parts = [None if part is None else self.value(part, scope) for part in (node.lower, node.upper, node.step)]
        return UNKNOWN if UNKNOWN in parts else slice(*parts)

    def _lambda(self, node: ast.Lambda, scope: Scope) -> Callable[..., Any]:
        names = [argument.arg for argument in node.args.args]
        if node.args.vararg or node.args.kwarg or node.args.kwonlyargs or node.args.defaults:
            raise Unsplittable("a lambda with more than plain arguments")

        def evaluated(*values: Any) -> Any:
            return self.value(node.body, {**scope, **dict(zip(names, values, strict=True))})

        return evaluated

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Any:
        owner = self.lazy(node.value, scope)
        if isinstance(owner, Foreign | Remote):
            return Foreign(f"{owner.source}.{node.attr}")
        if owner is UNKNOWN:
            return UNKNOWN
        if type(owner).__name__ == "SimpleNamespace":
            if not hasattr(owner, node.attr):
                raise Unsplittable(f"test code uses {node.attr} of a module")
            return getattr(owner, node.attr)
        if node.attr not in METHODS.get(type(owner), ()):
            raise Unsplittable(f"test code uses .{node.attr} of a {type(owner).__name__}")
        return getattr(owner, node.attr)

    def _call(self, node: ast.Call, scope: Scope) -> Any:
        method = self._remote_method(node, scope)
        if method is not None:
            return method
        function = self.lazy(node.func, scope)
        if isinstance(node.func, ast.Name) and node.func.id in PUSHED and function is BUILTINS.get(node.func.id):
            pushed = self._pushed(node, scope)
            if pushed is not None:
                return pushed
        if isinstance(function, Guarded):
            raise Unsplittable(f"{function.source} is used outside of an input")
        if isinstance(function, Foreign | Remote):
            return self.remotes.call(f"{function.source}({argument_source(self, node, scope)})")
        return self._call_here(function, node, scope)

    def _call_here(self, function: Any, node: ast.Call, scope: Scope) -> Any:
        """Call a function of the vocabulary or of the test."""
        lazily = getattr(function, "takes_remotes", False)
        positional: Any = self._lazy_items(node.args, scope) if lazily else self._items(node.args, scope)
        named = {str(keyword.arg): self.value(keyword.value, scope) for keyword in node.keywords if keyword.arg}
        if len(named) < len(node.keywords):
            raise Unsplittable("test code unpacks keyword arguments")
        if lazily:
            return function(*positional, **named)
        if positional is UNKNOWN or UNKNOWN in named.values() or function is UNKNOWN:
            return UNKNOWN
        try:
            return function(*positional, **named)
        except NotAllowed as refusal:
            raise Unsplittable(str(refusal)) from refusal

    def _pushed(self, node: ast.Call, scope: Scope) -> Remote | None:
        """Let the program's process build the list of its own iterator, which could not leave it otherwise."""
        if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], ast.Call):
            return None
        if not isinstance(self.lazy(node.args[0].func, scope), Foreign):
            return None
        inner = self.lazy(node.args[0], scope)
        return self.wrapped(ast.unparse(node.func), inner) if isinstance(inner, Remote) else None

    def wrapped(self, function: str, inner: Remote) -> Remote:
        """Replace a call by the built-in `function` of its result, evaluated over there."""
        self.remotes.absorb(inner)
        return self.remotes.call(f"{function}({inner.source})")

    def truth(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression of which only the truth counts, so any object of the program will do."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            value = self.truth(node.operand, scope)
            return UNKNOWN if value is UNKNOWN else not value
        if isinstance(node, ast.Call):
            result = self.lazy(node, scope)
            return self.remotes.value(self.wrapped("bool", result)) if isinstance(result, Remote) else result
        return self.value(node, scope)

    def _remote_method(self, node: ast.Call, scope: Scope) -> Any:
        """Call a method of a value the program returned: of a string or list here, of its own object over there."""
        if not isinstance(node.func, ast.Attribute):
            return None
        owner = self.lazy(node.func.value, scope) if isinstance(node.func.value, ast.Call) else None
        if not isinstance(owner, Remote) or not any(node.func.attr in names for names in METHODS.values()):
            return None
        value = self.remotes.value(owner)
        arguments = self._items(node.args, scope)
        if value is UNKNOWN or isinstance(arguments, Unknown):
            return UNKNOWN
        if node.keywords or node.func.attr not in METHODS.get(type(value), ()):
            raise AttributeError(f"{type(value).__name__} has no {node.func.attr}")
        return getattr(value, node.func.attr)(*arguments)

    def require_no_calls(self, node: ast.AST, scope: Scope, allowed: ast.AST | None = None) -> None:
        """Refuse when `node`, outside of `allowed`, calls the program: whether it runs depends on a value."""
        skipped = set(map(id, code_nodes(allowed))) if allowed is not None else set()
        for child in code_nodes(node):
            if id(child) in skipped or not isinstance(child, ast.Name):
                continue
            known = scope.get(child.id, BUILTINS.get(child.id))
            if child.id in self.foreign or isinstance(known, Foreign) or getattr(known, "calls_program", False):
                raise Unsplittable("whether the program is called depends on one of its values")

    def _comprehended(self, node: comprehensions.Comprehension, scope: Scope) -> Any:
        return comprehensions.evaluate(self, node, scope)

    _listcomp = _generatorexp = _setcomp = _dictcomp = _comprehended
