"""Function tasks in the form that LeetCode's tests are stored in: nodes as lists, results in place, design classes."""

from typing import Any

import pytest

from reward_server.errors import TaskError
from tests.reward_server.graders.conftest import Grade

_LIST = "class ListNode:\n    def __init__(self, val=0, next=None):\n        self.val = val\n        self.next = next\n"
_REVERSE = {
    "entry_point": "Solution().reverseList",
    "tests": [
        {"input": "head = [1,2,3]", "output": "[3,2,1]"},
        {"input": "head = []", "output": "[]"},
        {"input": "head = [1, 2]", "output": "[2, 1]"},
    ],
}
_REVERSED = (
    "class Solution:\n    def reverseList(self, head{}){}:\n        last = None\n        while head:\n"
    "            head.next, last, head = last, head, head.next\n        return last"
)
_RECURSIVE = (
    "class Solution:\n    def reverseList(self, head: Optional[ListNode]) -> Optional[ListNode]:\n"
    "        if not head or not head.next: return head\n        last = self.reverseList(head.next)\n"
    "        head.next.next = head\n        head.next = None\n        return last"
)
_STARTER = "class Solution:\n    def reverseList(self, head: Optional[ListNode]) -> Optional[ListNode]:\n        "
_TREE = {
    "fn_name": "Solution.invertTree",
    "tests": {"inputs": [[[4, 2, 7, 1, 3, 6, 9]], [[2, 1, None]], [[]]],
              "outputs": [[4, 7, 2, 9, 6, 3, 1], [2, None, 1], []]},
}  # fmt: skip
_INVERTED = (
    "class Solution:\n    def invertTree(self, root: Optional[TreeNode]) -> Optional[TreeNode]:\n        if root:\n"
    "            root.left, root.right = self.invertTree(root.right), self.invertTree(root.left)\n        return root"
)
_ANCESTOR = {
    "entry_point": "Solution().lowestCommonAncestor",
    "prompt": "class Solution:\n    def lowestCommonAncestor(self, root: 'TreeNode', p: 'TreeNode', q: 'TreeNode') -> "
    "'TreeNode':\n",
    "tests": [{"input": "root = [3,5,1,6,2,0,8,null,null,7,4], p = 5, q = 1", "output": "3"},
              {"input": "root = [3,5,1,6,2,0,8,null,null,7,4], p = 5, q = 4", "output": "5"}],
}  # fmt: skip
_ANCESTOR_FOUND = (
    "class Solution:\n    def lowestCommonAncestor(self, root, p, q):\n        if root in (None, p, q): return root\n"
    "        a, b = (self.lowestCommonAncestor(x, p, q) for x in (root.left, root.right))\n"
    "        return root if a and b else a or b"
)
_CYCLE = {
    "entry_point": "Solution().hasCycle",
    "tests": [{"input": "head = [3,2,0,-4], pos = 1", "output": "true"},
              {"input": "head = [1,2], pos = -1", "output": "false"}],
}  # fmt: skip
_CYCLE_FOUND = (
    "class Solution:\n    def hasCycle(self, head: Optional[ListNode]) -> bool:\n        seen = set()\n"
    "        while head:\n            if head in seen: return True\n            seen.add(head)\n"
    "            head = head.next\n        return False"
)
_MERGE = {
    "entry_point": "Solution().mergeKLists",
    "tests": [{"input": "lists = [[1,4,5],[1,3,4],[2,6]]", "output": "[1,1,2,3,4,4,5,6]"},
              {"input": "lists = [[]]", "output": "[]"}],
}  # fmt: skip
_MERGED = """
class Solution:
    def mergeKLists(self, lists: List[Optional[ListNode]]) -> Optional[ListNode]:
        values, head = [], None
        for node in lists:
            while node:
                values.append(node.val)
                node = node.next
        for value in sorted(values, reverse=True):
            head = ListNode(value, head)
        return head
"""
_SORT = {
    "entry_point": "Solution().sortColors",
    "tests": [{"input": "nums = [2,0,2,1,1,0]", "output": "[0,0,1,1,2,2]"},
              {"input": "nums = [2,0,1]", "output": "[0,1,2]"}],
}  # fmt: skip
_CACHE = {
    "fn_name": "LRUCache",
    "tests": [{"input": '["LRUCache","put","put","get","put","get"]\n[[2],[1,1],[2,2],[1],[3,3],[2]]',
               "output": "[null,null,null,1,null,-1]"}],
}  # fmt: skip
_CACHED = (
    "class LRUCache:\n    def __init__(self, capacity: int):\n        self.room, self.known = capacity, OrderedDict()\n"
    "    def get(self, key: int) -> int:\n        if key not in self.known: return -1\n"
    "        self.known.move_to_end(key)\n        return self.known[key]\n"
    "    def put(self, key: int, value: int) -> None:\n        self.known[key] = value\n"
    "        self.known.move_to_end(key)\n        if len(self.known) > self.room: self.known.popitem(last=False)"
)
_GIVES = "class Solution:\n    def reverseList(self, head: ListNode) -> ListNode: {}"

RIGHT = {
    "as the site writes it": (_REVERSE, _REVERSED.format(": Optional[ListNode]", " -> Optional[ListNode]")),
    "recursive": (_REVERSE, _RECURSIVE),
    "no types, but a starter that has them": ({**_REVERSE, "prompt": _STARTER}, _REVERSED.format("", "")),
    "no types, but the class": ({**_REVERSE, "prompt": _LIST}, _REVERSED.format("", "")),
    "a class of its own": (_REVERSE, _LIST + _REVERSED.format(": ListNode", " -> ListNode")),
    "types as text": (_REVERSE, _REVERSED.format(": 'ListNode | None'", " -> 'ListNode | None'")),
    "a tree, by position": (_TREE, _INVERTED),
    "nodes of a tree by their values": (_ANCESTOR, _ANCESTOR_FOUND),
    "a list with a cycle": (_CYCLE, _CYCLE_FOUND),
    "a list of lists": (_MERGE, _MERGED),
    "in place": (_SORT, "class Solution:\n    def sortColors(self, nums: List[int]) -> None:\n        nums.sort()"),
    "operations of a class": (_CACHE, _CACHED),
    "several values on one line": (
        {"entry_point": "Solution().add", "tests": [{"input": "[1, 2], 3", "output": "6"}]},
        "class Solution:\n    def add(self, xs, y): return sum(xs) + y",
    ),
    "an infinite result": (
        {"entry_point": "Solution().least", "tests": [{"input": "xs = []", "output": "-inf"}]},
        "class Solution:\n    def least(self, xs): return -inf",
    ),
}
WRONG = {
    "the list as it came": (_REVERSE, _GIVES.format("return head")),
    "nothing": (_REVERSE, _GIVES.format("return None")),
    "without end": (_REVERSE, _GIVES.format("head.next = head; return head")),
    "values that equal all": (
        _REVERSE,
        f"class V:\n    def __eq__(self, other): return True\n{_GIVES.format('return ListNode(V())')}",
    ),
    "not in place": (_SORT, "class Solution:\n    def sortColors(self, nums) -> None: nums = sorted(nums)"),
    "no result and no such type": (_SORT, "class Solution:\n    def sortColors(self, nums):\n        nums.sort()"),
    "the harness replaced": (
        _REVERSE,
        f"def _reward_call(*a, **k): return [3, 2, 1]\n{_GIVES.format('return head')}",
    ),
    "operations that answer nothing": (
        _CACHE,
        "class LRUCache:\n    def __init__(self, n): pass\n    def get(self, k): pass\n    def put(self, k, v): pass",
    ),
    "another node": (_ANCESTOR, "class Solution:\n    def lowestCommonAncestor(self, root, p, q): return root"),
}  # fmt: skip


@pytest.mark.parametrize(("task", "program"), RIGHT.values(), ids=RIGHT)
def test_a_right_solution_is_correct_as_on_the_site(grade: Grade, task: dict[str, Any], program: str) -> None:
    verdict = grade(program, **task)
    assert verdict.outcome == "correct", verdict.evidence
    assert verdict.evidence["trust"] == "separate"


@pytest.mark.parametrize(("task", "program"), WRONG.values(), ids=WRONG)
def test_a_wrong_solution_is_not_paid(grade: Grade, task: dict[str, Any], program: str) -> None:
    assert grade(program, **task).score == 0.0


def test_an_output_that_is_the_reference_solutions_error_breaks_the_row(grade: Grade) -> None:
    test = {"input": "s = 'ab', k = 2", "output": "Error: string index out of range"}
    with pytest.raises(TaskError, match="an error of the solution"):
        grade("class Solution:\n    def f(self, s, k): return s", entry_point="Solution().f", tests=[test])
