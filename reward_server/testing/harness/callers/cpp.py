"""C++: a function, or a method of `Solution`, called with values of the types that it declares itself.

Where a name is overloaded the function with as many parameters as the test has arguments is meant. A function without a
result gives its first argument. A program without includes gets what LeetCode puts in front of it: all headers, `using
namespace std`, and its nodes where the program mentions but does not define them. A `main` of the program's own is not
called.
"""

import re
from functools import cache
from importlib.resources import files

from reward_server.testing.harness.callers import Caller

_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*+(?:"|$)|//[^\n]*|/\*(?s:.)*?(?:\*/|\Z)', re.MULTILINE)
_NODES = {
    "ListNode": "struct ListNode { int val; ListNode *next; ListNode() : val(0), next(nullptr) {} "
    "ListNode(int x) : val(x), next(nullptr) {} ListNode(int x, ListNode *next) : val(x), next(next) {} };",
    "TreeNode": "struct TreeNode { int val; TreeNode *left, *right; "
    "TreeNode() : val(0), left(nullptr), right(nullptr) {} "
    "TreeNode(int x) : val(x), left(nullptr), right(nullptr) {} "
    "TreeNode(int x, TreeNode *left, TreeNode *right) : val(x), left(left), right(right) {} };",
}


@cache
def _front() -> str:
    return files(__package__).joinpath("cpp_caller.txt").read_text(encoding="utf-8")


def _harnessed(source: str, function: str, count: int) -> str:
    """Return the program between the harness and a `main` that calls the function."""
    code = _COMMENT.sub(lambda match: match[0] if match[0].startswith('"') else " ", source)
    site = "" if re.search(r"^[ \t]*#[ \t]*include\b", code, re.MULTILINE) else "using namespace std;"
    nodes = [text for name, text in _NODES.items() if re.search(rf"\b{name}\b", code) and not _defines(code, name)]
    owner, _, name = function.rpartition(".")
    free = re.search(rf"^\w[\w:<>,&* \t]*[\s&*]{re.escape(name)}\s*\(", code, re.MULTILINE)
    if not owner and not free and _defines(code, "Solution"):
        owner = "Solution"
    whole = f"{owner}::{name}" if owner else name
    main = f"int main() {{ return reward_call::run(reward_picked(&{whole})); }}"
    return (
        f"{_front()}\n{site} {' '.join(nodes)}\n#define main submission_main\n#line 1\n{source}\n"
        f"#undef main\n#undef int\n#undef return\n{_picks(count)}\n{main}\n"
    )


def _defines(code: str, name: str) -> bool:
    return re.search(rf"\b(?:class|struct)\s+{name}\b[^;{{]{{0,200}}\{{", code) is not None


def _picks(count: int) -> str:
    """Return function templates that only functions of so many parameters fit."""
    types = [f"RewardA{at}" for at in range(count)]
    given, parameters = ", ".join(types), "".join(f", class {each}" for each in types)
    free = f"template <class R{parameters}> auto reward_picked(R (*made)({given})) {{ return made; }}"
    methods = (
        f"template <class C, class R{parameters}> auto reward_picked(R (C::*made)({given}){const}) {{ return made; }}"
        for const in ("", " const")
    )
    return "\n".join([free, *methods])


CALLERS = {"cpp": Caller(_harnessed, typed=True)}
