"""Function tasks as LeetCode stores them: linked lists and trees as lists, results in place, design classes.

Types are the starter code's where the task has any, else the program's own annotations, else those that the site's
parameter names stand for (`head`, `root`), where task or program mention nodes at all. A function whose type is `None`
gives its first argument. None of this pays anything that a program could not return by itself.
"""

import ast
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from reward_server.testing.submission.python_source import parsed

_NODES = re.compile(r"\b(?:ListNode|TreeNode)\b")
_IN_PLACE = re.compile(r"->\s*None\b")
_CALL, _OPERATE = "_reward_call", "_reward_operate"
"""Names in the program's namespace."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call in parts. A design class is called with the names of its methods and the arguments of each."""

    function: str
    args: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    design: bool = False


def spelled(call: Call) -> str:
    """Return the expression that makes the call on the site's side."""
    parts = [*map(repr, call.args), *(f"{name}={value!r}" for name, value in call.named.items())]
    if call.design:
        return f"{_OPERATE}({', '.join(parts)})"
    return f"{_CALL}({', '.join([repr(call.function), *parts])})"


def mentions_nodes(source: str, starter: str) -> bool:
    """Say whether the program or its task speaks of linked lists or trees of the site's."""
    return any(_NODES.search(text) for text in (source, starter))


def needs_site(source: str, starter: str) -> bool:
    """Say whether a call may need more than its arguments."""
    return mentions_nodes(source, starter) or any(_IN_PLACE.search(text) for text in (source, starter))


def site_setup(source: str, starter: str) -> str:
    """Return the statements that put the site's calls into a program's namespace."""
    nodes = mentions_nodes(source, starter)
    lines = [
        "_reward_site = {'__name__': 'site'}",
        f"exec({_inside()!r}, _reward_site)",
        f"_reward_site = _reward_site['Site'](globals(), {types_in(starter)!r}, nodes={nodes})",
        f"{_CALL}, {_OPERATE} = _reward_site.call, _reward_site.operate",
    ]
    return "\n".join(lines)


@cache
def _inside() -> str:
    return Path(__file__).with_name("site_inside.py").read_text(encoding="utf-8")


def types_in(starter: str) -> dict[str, dict[str, str]]:
    """Return the types that starter code gives the parameters of each of its functions, in order, and `return`."""
    tree = _stub(starter)
    if tree is None:
        return {}
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {node.name: _types_of(node) for node in functions if node.returns or node.args.args}


def _types_of(node: ast.FunctionDef) -> dict[str, str]:
    arguments = [each for each in node.args.args if each.arg not in ("self", "cls")]
    types = {each.arg: "" if each.annotation is None else ast.unparse(each.annotation) for each in arguments}
    if node.returns is not None:
        types["return"] = ast.unparse(node.returns)
    return types if any(types.values()) else {}


def _stub(starter: str) -> ast.Module | None:
    """Return the tree of code that stops behind a function's head."""
    starter = textwrap.dedent(starter).rstrip()
    if not starter:
        return None
    indent = " " * (len(starter.rsplit("\n", 1)[-1]) - len(starter.rsplit("\n", 1)[-1].lstrip()) + 4)
    return parsed(starter) or parsed(f"{starter}\n{indent}pass\n")


def is_design(given: Any, function: str | None, expected: Any) -> bool:
    """Say whether arguments are a list of a class and its methods, and a list of the arguments of each."""
    if not isinstance(given, list) or len(given) != len(("operations", "arguments")):
        return False
    names, arguments = given
    if not isinstance(names, list) or not isinstance(arguments, list) or len(names) != len(arguments) or not names:
        return False
    words = all(isinstance(name, str) and name.isidentifier() for name in names)
    lists = all(isinstance(each, list) for each in arguments)
    answers = isinstance(expected, list) and len(expected) == len(names) and expected[0] is None
    return words and lists and answers and function in (names[0], f"{names[0]}()", None)
