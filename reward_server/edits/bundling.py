"""Several Python files as one program: the entry file's text, and in front of it what makes the others importable.

The entry's own names stay the program's names, so that tests reach them as they reach any program. The other modules
are served from memory by an import hook; files that are no Python are written where the program runs.
"""

import ast
import posixpath
from collections.abc import Mapping

_HOOK = """
import importlib.abc as _abc, importlib.machinery as _machinery, sys as _sys


class _Files(_abc.MetaPathFinder, _abc.InspectLoader):
    modules = {modules!r}

    def find_spec(self, name, path=None, target=None):
        if name in self.modules:
            return _machinery.ModuleSpec(name, self, origin=self.modules[name][0], is_package=self.modules[name][1])

    def get_source(self, name):
        return self.modules[name][2]

    def get_filename(self, name):
        return self.modules[name][0]

    def exec_module(self, module):
        where, _, source = self.modules[module.__name__]
        exec(compile(source, where, "exec"), module.__dict__)


_sys.meta_path.insert(0, _Files())
for _name, _text in {data!r}.items():
    import os as _os

    _os.makedirs(_os.path.dirname(_name) or ".", exist_ok=True)
    with open(_name, "w", encoding="utf-8") as _file:
        _file.write(_text)
"""


def bundle(files: Mapping[str, str], entry: str) -> str:
    """Return the program of these files; the entry's text itself where there are no others."""
    if len(files) == 1:
        return files[entry]
    modules: dict[str, tuple[str, bool, str]] = {}
    for path, text in files.items():
        if path.endswith(".py"):
            modules[_module(path)] = (path, path.endswith("__init__.py"), text)
    for path in list(files):  # folders without an `__init__` are packages as well
        folder = posixpath.dirname(path)
        while folder and path.endswith(".py"):
            modules.setdefault(folder.replace("/", "."), (f"{folder}/__init__.py", True, ""))
            folder = posixpath.dirname(folder)
    data = {path: text for path, text in files.items() if not path.endswith(".py")}
    future, text = _future_first(files[entry])
    hook = _HOOK.replace("{modules!r}", repr(modules)).replace("{data!r}", repr(data))
    return f"{future}{hook}\n{text}"


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _future_first(text: str) -> tuple[str, str]:
    """Return (imports from `__future__`, the text without them)."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return "", text  # it fails where it runs, as it would alone
    lines = text.split("\n")
    found = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            found.append(", ".join(alias.name for alias in node.names))
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    return (f"from __future__ import {', '.join(found)}\n" if found else ""), "\n".join(lines)
