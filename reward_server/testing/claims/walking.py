"""What the parts of the evaluation of test code need of the walk they belong to; `evaluation` is that walk."""

import ast
from typing import Any, Protocol

from reward_server.testing.claims.makers import Makers
from reward_server.testing.claims.sharing import Shared
from reward_server.testing.claims.unknowns import RemoteCalls, Scope, Unknown


class Walk(Protocol):
    """One walk over the expressions of one test."""

    modules: dict[str, Any]
    """What test code may import."""
    remotes: RemoteCalls
    """The record of calls to the program."""
    makers: Makers
    shared: Shared
    foreign: frozenset[str]
    """Names that are the program's whatever else they may be."""

    def lazy(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression, leaving a call to the program unresolved."""
        ...

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression, UNKNOWN where it depends on one that has not arrived."""
        ...

    def truth(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression of which only the truth counts."""
        ...

    def resolved(self, result: Any) -> Any:
        """Return the value of what `lazy` returned."""
        ...

    def items(self, nodes: list[ast.expr], scope: Scope) -> list[Any] | Unknown:
        """Return the values of several expressions, UNKNOWN where one of them is."""
        ...

    def literal(self, value: Any) -> str:
        """Return how a value is spelled in an input."""
        ...

    def attribute_of(self, owner: Any, name: str) -> Any:
        """Return an attribute of a module, a method of a value, or what the program has under that name."""
        ...

    def call_here(self, function: Any, node: ast.Call, scope: Scope) -> Any:
        """Call a function of the vocabulary or of the test."""
        ...

    def apply(self, function: Any, positional: Any, named: dict[str, Any]) -> Any:
        """Call a function with evaluated arguments."""
        ...
