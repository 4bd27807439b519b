"""Java: a method of `Solution`, else of `Main`, else of any class of the program, with arguments of its own types.

Of several methods with as many parameters the first is called whose types hold the arguments. A method without a result
gives its first argument. What LeetCode imports is imported, and its nodes are there where the program mentions but does
not define them. A `main` of the program's own is not called.
"""

import json
import re
from functools import cache
from importlib.resources import files

from reward_server.testing.harness.callers import Caller

_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*+(?:"|$)|//[^\n]*|/\*(?s:.)*?(?:\*/|\Z)', re.MULTILINE)
_CLASS = re.compile(r"^[ \t]*(?:(?:public|final|abstract|static)[ \t]+)*(?:class|record|enum)[ \t]+(\w+)", re.MULTILINE)
_IMPORTS = (
    "import java.io.*; import java.math.*; import java.util.*; import java.util.function.*; import java.util.stream.*;"
)
_NODES = {
    "ListNode": "class ListNode { int val; ListNode next; ListNode() {} ListNode(int val) { this.val = val; } "
    "ListNode(int val, ListNode next) { this.val = val; this.next = next; } }",
    "TreeNode": "class TreeNode { int val; TreeNode left, right; TreeNode() {} TreeNode(int val) { this.val = val; } "
    "TreeNode(int val, TreeNode left, TreeNode right) { this.val = val; this.left = left; this.right = right; } }",
}


@cache
def _back() -> str:
    return files(__package__).joinpath("java_caller.txt").read_text(encoding="utf-8")


def _harnessed(source: str, function: str, count: int) -> str:  # noqa: ARG001 - overloads are looked at where it runs
    """Return the program with a class behind it whose `main` calls the method."""
    code = _COMMENT.sub(lambda match: match[0] if match[0].startswith('"') else " ", source)
    own = list(dict.fromkeys(_CLASS.findall(code)))
    nodes = [text for name, text in _NODES.items() if re.search(rf"\b{name}\b", code) and name not in own]
    owner, _, name = function.rpartition(".")
    classes = [owner] if owner else sorted(own, key=lambda each: (each != "Solution", each != "Main"))
    source = re.sub(r"\bvoid\s+main\s*\(", "void submissionMain(", re.sub(r"^\s*package\s+[\w.]+\s*;", "", source))
    listed = ", ".join(map(json.dumps, classes))
    constants = (
        f"    static final String NAME = {json.dumps(name)};\n    static final String[] CLASSES = {{{listed}}};\n"
    )
    return f"{_IMPORTS} {source}\n{' '.join(nodes)}\n{_back()}{constants}}}\n"


CALLERS = {"java": Caller(_harnessed, typed=True)}
