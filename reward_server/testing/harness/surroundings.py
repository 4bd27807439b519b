"""Names that the harnesses of function tasks provide: LeetCode, APPS, TACO and LiveCodeBench import them beforehand.

A `class Solution` uses `List` or `defaultdict` without importing them, because its site does; LiveCodeBench and APPS do
the same for scripts. Names of this table that a program uses and nowhere defines are imported in front of it.
"""

import ast
from types import MappingProxyType

from reward_server.testing.submission.completing import with_prelude
from reward_server.testing.submission.python_source import parsed

_PROVIDED = {
    "typing": "Any Callable DefaultDict Deque Dict FrozenSet Generator Iterable Iterator List Optional Sequence Set "
    "Tuple Type TypeVar Union",
    "collections": "ChainMap Counter OrderedDict defaultdict deque namedtuple",
    "heapq": "heapify heappop heappush heappushpop heapreplace nlargest nsmallest",
    "bisect": "bisect_left bisect_right insort insort_left insort_right",
    "functools": "cache cmp_to_key lru_cache partial reduce",
    "itertools": "accumulate chain combinations combinations_with_replacement count cycle groupby islice pairwise "
    "permutations product repeat takewhile zip_longest",
    "math": "ceil comb factorial floor gcd inf isqrt lcm log log10 log2 perm pi sqrt",
    "operator": "attrgetter itemgetter mul or_ xor",
    "string": "ascii_letters ascii_lowercase ascii_uppercase digits",
    "sortedcontainers": "SortedDict SortedList SortedSet",
}
_NAMES = (
    "bisect collections copy datetime decimal fractions functools heapq itertools json math operator random re string "
    "sys time typing"
)
_NODES = {
    "ListNode": "class ListNode:\n    def __init__(self, val=0, next=None):\n        self.val, self.next = val, next",
    "TreeNode": "class TreeNode:\n    def __init__(self, val=0, left=None, right=None):\n"
    "        self.val, self.left, self.right = val, left, right",
}
_MODULES = frozenset(_NAMES.split())
_FROM = MappingProxyType({name: module for module, names in _PROVIDED.items() for name in names.split()})


def surrounded(source: str) -> str:
    """Return the program with the imports in front that its harness would have made and it lacks."""
    tree = parsed(source)
    if tree is None:
        return source
    used: set[str] = set()
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
    missing = sorted(used - bound)
    if "*" in bound or not missing:
        missing = [name for name in missing if _FROM.get(name) == "typing"]
    lines = [_NODES[name] for name in missing if name in _NODES]
    lines += [f"import {name}" for name in missing if name in _MODULES]
    lines += [f"from {_FROM[name]} import {name}" for name in missing if name in _FROM]
    return with_prelude("\n".join(lines), source)
