"""A rehearsal: the tests run without a program, so that what they will ask of any is known before.

In the program's place stands what answers every call with something that equals everything. What the tests ask is
written as ever, and where they wait for an answer that is said too. Nothing of any program is in it, and tests whose
requests depend on answers have no script: who passes on what came back ends the rehearsal.
"""

import ast
import os
from typing import Any, NoReturn

from sandboxes.agent.wire import classes, proxies
from sandboxes.agent.wire.asking import Link
from sandboxes.agent.wire.pipes import WAIT, Pipe
from sandboxes.agent.wire.values import Crossing

_FIRST_OBJECT, _KIND = 1_000_000, 2_000_000_000
_SPEAKING = (ast.Assert, ast.Expr, ast.With)
_FLOW = (ast.Return, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom, ast.Await)


class Anything:
    """What no test is disappointed by."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self) -> Any:
        return iter(())

    def __hash__(self) -> int:
        return 0


def _same(self: Any, *_args: Any, **_named: Any) -> Any:
    return self


_OPERATORS = "add sub mul truediv floordiv mod pow and or xor".split()  # noqa: SIM905 - as they are read
for _name in ("call", "getitem", "enter", "round", "neg", "pos", "abs", "invert", *_OPERATORS):
    setattr(Anything, f"__{_name}__", _same)
for _name in _OPERATORS:
    setattr(Anything, f"__r{_name}__", _same)
for _name, _value in {"eq": True, "ne": False, "lt": True, "le": True, "gt": True, "ge": True, "contains": True,
                      "bool": True, "len": 1, "int": 1, "index": 1, "float": 1.0, "str": "", "repr": "",
                      "exit": False}.items():  # fmt: skip
    setattr(Anything, f"__{_name}__", lambda self, *_args, _value=_value: _value)


class _Every(frozenset[str]):
    """The methods of a class of which nothing is known."""

    def __contains__(self, _name: object) -> bool:
        return True


class Rehearsal(Link):
    """A link without a program at its other end."""

    def __init__(self, pipe: Pipe) -> None:
        super().__init__(pipe)
        self.kept: list[Any] = []
        self.next = _FIRST_OBJECT

    def receive_names(self, crossing: Crossing, wanted: list[str]) -> tuple[Any, bool]:
        """Whatever the tests may ask for is there: classes by their capital, all else is a function."""
        self.pipe.send(WAIT, None)
        self.shared.clear()
        said = {"id": _KIND, "name": "function", "bases": [], "dunders": ["__call__"], "methods": []}
        function = classes.class_from(said, {})
        return [{name: ("here", self._offered(name, number, function)) for number, name in enumerate(wanted, 1)}], False

    def _offered(self, name: str, number: int, function: Any) -> Any:
        if not name[:1].isupper():
            return proxies.handle(function, number)
        kind = classes.class_from({"id": number, "name": name, "bases": [], "dunders": [], "methods": []}, {})
        kind._methods = _Every()  # type: ignore[attr-defined]
        return kind

    def answer_to(self, crossing: Crossing, operation: str, target: Any) -> tuple[Any, bool]:
        """A new object from a class, else anything."""
        self.pipe.send(WAIT, None)
        if operation == "call" and isinstance(target, proxies.Remote):
            self.next += 1
            return [self._handle_of(target), []], False
        return [Anything(), []], False

    def _handle_of(self, kind: Any) -> Any:
        made = proxies.handle(kind, self.next - 1)
        self.handles[self.next - 1] = made
        return made

    def _give(self, crossing: Crossing, value: Any) -> Any:
        if isinstance(value, Anything):
            _abandon()
        return super()._give(crossing, value)


def _abandon() -> NoReturn:
    os._exit(3)


def undaunted(tree: ast.Module) -> tuple[str, ast.Module]:
    """The tests with each statement that may fail in a `try` of its own, so that all that follows is rehearsed too."""
    source = ast.unparse(ast.fix_missing_locations(_Tries().visit(tree)))
    return source, ast.parse(source)


class _Tries(ast.NodeTransformer):
    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Wrap what speaks, from the inside out."""
        super().generic_visit(node)
        if not isinstance(node, _SPEAKING) or any(isinstance(each, _FLOW) for each in ast.walk(node)):
            return node
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return node
        handler = ast.ExceptHandler(ast.Name("BaseException", ast.Load()), None, [ast.Pass()])
        return ast.copy_location(ast.Try([node], [handler], [], []), node)
