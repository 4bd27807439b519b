"""Whose names the tests use: the task's own first, then the program's; `solution` and its aliases as modules."""

import ast
import builtins
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterator, Mapping
from copy import copy
from types import ModuleType
from typing import Any

from sandboxes.agent.wire import globals as shared_globals
from sandboxes.agent.wire import proxies
from sandboxes.agent.wire.pipes import TOOK_PART

ALIASES = ("solution", "program", "submission")
_BUILTIN = frozenset(dir(builtins))


class Names:
    """What the task's code defines and uses, and what the program offers."""

    def __init__(self, tree: ast.Module, context: ast.Module, entry_point: str | None) -> None:
        self.entry_point = entry_point
        self.context = context
        self.classes = [node.name for part in (context, tree) for node in part.body if isinstance(node, ast.ClassDef)]
        self.bound = bound_in(tree) | bound_in(context)
        self.local = {
            node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        self.local |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        self.used = {
            node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        }
        self.tested_builtin = _tested_builtin(tree, self.used - self.bound)
        calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
        self.called = {function.id for function in calls if isinstance(function, ast.Name)}
        self.wanted = sorted(self._wanted(tree))
        self._forget()

    def again(self) -> "Names":
        """The same names, of which no program has offered any yet."""
        other = copy(self)
        other._forget()
        return other

    def _forget(self) -> None:
        self.offered: dict[str, Any] = {}
        self.missing: set[str] = set()
        self.asked = 0
        self.own: set[str] = set()
        self.borrowed: set[str] = set()
        self.module = Solution(self)

    def _wanted(self, tree: ast.Module) -> set[str]:
        """Names that the program may have to define."""
        imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 0)
        taken = {alias.name for node in imports if not _is_library(node.module or "") for alias in node.names}
        root = (self.entry_point or "").replace("(", ".").split(".")[0]
        free = {name for name in self.used - self.bound - self.local if name not in _BUILTIN}
        return {name for name in {*free, *taken, root, self.tested_builtin} if name and name.isidentifier()}

    def receive(self, link: Any, offered: dict[str, Any]) -> None:
        """What the program's module defines; it can be imported from now on."""
        self.link, self.offered = link, offered
        for alias in ALIASES:
            sys.modules[alias] = self.module
        sys.meta_path.append(_Alias(self.module))

    def fill(self, namespace: dict[str, Any]) -> None:
        """Give the tests what they use and the task does not define."""
        wanted = {name for name in self.used - self.bound if name not in _BUILTIN}
        if self.tested_builtin:
            wanted.add(self.tested_builtin)
        for name in wanted - namespace.keys():
            if name in self.offered:
                namespace[name] = self.value(name)
            elif name not in _PROVIDED and name not in self.local:
                self.missing.add(name)
        if "super" in self.used:
            namespace["super"] = proxies.above
        if "candidate" in self.missing and self.entry_point:
            self.missing.discard("candidate")
            namespace["candidate"] = self.candidate(namespace)

    def candidate(self, namespace: dict[str, Any]) -> Any:
        """The function under test."""
        expression = str(self.entry_point)
        root = expression.replace("(", ".").split(".")[0]
        known = {root: self.value(root)} if root in self.offered else {}
        return eval(expression, {**namespace, **known})

    def value(self, name: str) -> Any:
        """The program's object of that name; the library's own where the program has only imported it."""
        kind, *rest = self.offered[name]
        found = shared_globals.lent_by_library(name, *rest) if kind == "global" else None
        if found is not None:
            if isinstance(found, type) and name not in self.called:
                self.borrowed.add(name)
            elif not isinstance(found, ModuleType) or rest[0] != name:
                self._take_part()
            return found
        value = rest[0] if kind == "here" else self.link.ask("get", name, None)
        if proxies.is_asked(value):
            self.own.add(name)
        else:
            self._take_part()
        return self.link.note_class(name, value)

    def _take_part(self) -> None:
        """What the tests do from here on they may do for what stands in a name's place, though they ask nothing."""
        self.asked += 1
        self.link.pipe.send(TOOK_PART, None)

    def took_part(self) -> bool:
        """Whether tests that fail before they call the program may fail for what it put in a name's place.

        A module by another name, what cannot be called, and a function of the library under its own name are such
        things; a class of the library is one where it is called, or the tests take nothing else from the program, since
        else it may be a helper that only they use.
        """
        return self.asked > 0 or bool(self.borrowed and not self.own)

    def exported(self) -> list[str]:
        """For `from solution import *`: what the tests import or define stays theirs, and so do built-ins."""
        own = self.bound | (_BUILTIN - {self.tested_builtin})
        return [name for name in self.offered if name[:1] != "_" and name in self.used - own]


_PROVIDED = frozenset({"__name__", "__file__", "__doc__"})


class Solution(ModuleType):
    """The program's module."""

    def __init__(self, names: Names) -> None:
        super().__init__("solution")
        object.__setattr__(self, "_names", names)
        self.__path__: list[str] = []

    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        """The program's names, which `monkeypatch` looks for here before it sets one."""
        return _Members(self)

    def __getattr__(self, name: str) -> Any:
        names = object.__getattribute__(self, "_names")
        if name == "__all__":
            return names.exported()
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in names.offered:
            names.asked += 1
            return names.link.note_class(name, names.link.ask("get", name, None))
        return names.link.ask("get", name, None) if names.offered[name][0] == "value" else names.value(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("__"):
            super().__setattr__(name, value)
            return
        names = object.__getattribute__(self, "_names")
        names.link.ask("set", name, None, (value,))
        names.offered[name] = ("value",)

    def __delattr__(self, name: str) -> None:
        names = object.__getattribute__(self, "_names")
        names.link.ask("del", name, None)
        names.offered.pop(name, None)

    def __dir__(self) -> Any:
        return list(object.__getattribute__(self, "_names").offered)


class _Members(Mapping[str, Any]):
    """What the program's module defines, each asked for when it is looked at."""

    def __init__(self, module: Solution) -> None:
        self.module = module

    def __getitem__(self, name: str) -> Any:
        if name not in dir(self.module):
            raise KeyError(name)
        return getattr(self.module, name)

    def __iter__(self) -> Iterator[str]:
        return iter(dir(self.module))

    def __len__(self) -> int:
        return len(dir(self.module))


class _Alias(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The last finder: a module that nothing else provides is the solution under the name its author gave it."""

    def __init__(self, module: Any) -> None:
        self.module = module

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        within = "." in name and name.rpartition(".")[2] in self.module._names.offered
        if within or _is_library(name) or _is_asked_by_library():
            return None
        return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, _spec: Any) -> ModuleType:
        module: ModuleType = self.module
        return module

    def exec_module(self, _module: ModuleType) -> None:
        return


def _is_asked_by_library() -> bool:
    """Whether a module of the library imports, which may try what is not there, and not a test, or a tool for it."""
    frame = sys._getframe(2)
    while frame is not None and _root(frame) in _IMPORTERS:
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None and _is_library(_root(frame)) and _root(frame) != "__main__"


def _root(frame: Any) -> str:
    return str(frame.f_globals.get("__name__")).partition(".")[0]


_IMPORTERS = {"importlib", "unittest", "pkgutil", "_pytest", "pytest", "contextlib", "functools", "sandboxes"}


def is_package(name: str) -> bool:
    """Whether a module belongs to a distribution that tests know, so that it is not the solution by another name."""
    return name.split(".", maxsplit=1)[0] in _THIRD_PARTY


def is_offer(said: Any) -> bool:
    """Whether the program's first word has the shape of one; it may be forged like any other."""
    if type(said) is not list or not said or type(said[0]) is not dict:
        return False
    lengths = {"here": 2, "global": 3, "value": 1}
    for name, what in said[0].items():
        if type(name) is not str or name[:2] == "__":
            return False
        if type(what) is not tuple or not what or type(what[0]) is not str:
            return False
        if len(what) != lengths.get(what[0]) or (what[0] == "global" and {*map(type, what)} != {str}):
            return False
    return True


def _is_library(name: str) -> bool:
    return is_package(name) or name.split(".", maxsplit=1)[0] in sys.stdlib_module_names


_THIRD_PARTY_TEXT = (
    "pytest _pytest hypothesis numpy pandas scipy sympy sklearn matplotlib torch tensorflow requests freezegun "
    "mock parameterized ddt nose flask django bs4 yaml PIL cv2 networkx sortedcontainers httpx aiohttp pydantic "
    "attr attrs conftest sitecustomize usercustomize faker responses nltk gym gymnasium six dateutil pytz lxml "
    "readline pytest_asyncio pytest_mock xdist py coverage sandboxes _hypothesis_pytestplugin pygments colorama "
    "pexpect zope"
)
_THIRD_PARTY = frozenset(_THIRD_PARTY_TEXT.split())


def bound_in(tree: ast.Module) -> set[str]:
    """Names that a module binds at its top, also under `if`, `for`, `try` and `with`."""
    names: set[str] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        waiting.extend(ast.iter_child_nodes(node))
    return names


def _tested_builtin(tree: ast.Module, free: set[str]) -> str | None:
    """A built-in's name that the program is asked to define, which tests show by calling nothing else of it."""
    if free - _BUILTIN:
        return None
    called = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    plain = {node.func.id for node in called if node.func.id in _BUILTIN & free and not _calls_within(node)}  # type: ignore[attr-defined]
    return plain.pop() if len(plain) == 1 else None


def _calls_within(call: ast.Call) -> bool:
    return any(isinstance(each, ast.Call) for argument in call.args for each in ast.walk(argument))


def context_of(names: Names, namespace: dict[str, Any]) -> None:
    """Run the task's own code, statement by statement: an import that is missing matters only to who needs it."""
    for node in names.context.body:
        try:
            exec(compile(ast.Module([node], []), "prelude.py", "exec", dont_inherit=True), namespace)
        except ImportError:
            continue
