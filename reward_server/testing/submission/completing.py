"""A program made whole: with the prompt it continues, and with the prelude of its task.

Many data sets ask for the continuation of a prompt (HumanEval). When the program does not define the entry point, the
prompt is put in front of it; when it does, only the prompt's imports and helpers are.
"""

import ast
import re
import textwrap

from reward_server.testing.submission.python_source import defined_names, parsed

_FUTURE = re.compile(r"^from __future__ import [^\n]*\n?", re.MULTILINE)


def complete_program(code: str, prompt: str, entry_point: str | None, *, python: bool) -> str:
    """Return `code`, made whole with the `prompt` it continues where it does not stand alone."""
    if not python:
        name = re.split(r"\W+", entry_point.removeprefix("Solution().")) if entry_point else []
        defined = not prompt.strip() or not name or re.search(rf"\b{re.escape(name[-1])}\b", code) is not None
        return code if defined else prompt + code
    standing = code if parsed(code) is not None else textwrap.dedent(code)
    tree = parsed(standing)
    if not prompt.strip():
        return standing if tree is not None else code
    wanted = entry_point or _last_function(prompt)
    if tree is not None and (wanted is None or root_of(wanted) in defined_names(tree)):
        return _with_context(standing, tree, prompt)
    continued = prompt + ("" if prompt.endswith("\n") else "\n") + code
    indented = prompt.rstrip() + "\n" + textwrap.indent(textwrap.dedent(code), "    ")
    wanted_first = [continued, indented] if code[:1] in (" ", "\t", "\n") else [indented, continued]
    return next((whole for whole in wanted_first if parsed(whole) is not None), continued)


def root_of(entry_point: str) -> str:
    """Return the name of the function or class that an entry point begins with."""
    return re.split(r"[.(]", entry_point, maxsplit=1)[0]


def _last_function(prompt: str) -> str | None:
    names = re.findall(r"^(?:async\s+)?(?:def|class)\s+(\w+)", prompt, re.MULTILINE)
    return str(names[-1]) if names else None


def _with_context(code: str, tree: ast.Module, prompt: str) -> str:
    """Put the prompt's imports and helper definitions in front; the program's own definitions come later and win."""
    context = parsed(prompt) or parsed(prompt.rstrip() + "\n    pass\n")
    if context is None:
        return code
    defined = defined_names(tree)
    kept = [
        ast.unparse(node)
        for node in context.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in defined and not _is_stub(node))
    ]
    if not kept or _future(tree):
        return code
    return "\n".join(kept) + "\n" + code


def _is_stub(node: ast.FunctionDef | ast.ClassDef) -> bool:
    return all(
        isinstance(child, ast.Pass) or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant))
        for child in node.body
    )


def _future(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)


def with_prelude(prelude: str, source: str) -> str:
    """Put the prelude in front of a program; `from __future__` imports stay the first lines."""
    if not prelude.strip():
        return source
    futures = "".join(line if line.endswith("\n") else line + "\n" for line in _FUTURE.findall(source))
    return f"{futures}{prelude}\n{_FUTURE.sub('', source) if futures else source}"
