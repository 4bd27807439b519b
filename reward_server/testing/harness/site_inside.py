"""What LeetCode does around a function, run beside the program: its source text is sent along, and nothing imports it.

Arguments that the site calls lists are made linked lists and trees where a parameter's type says so; results go the
other way; a function that changes its first argument in place gives that. Everything here shares a process with the
submission and can be broken by it; it knows no expected value, so that only the value it sends could change.
"""

import inspect
from collections import deque
from typing import Any

_MOST_NODES = 1_000_000
_LISTS = frozenset({"head", "head1", "head2", "headA", "headB", "l1", "l2", "list1", "list2", "node"})
_TREES = frozenset({"root", "root1", "root2", "subRoot", "original", "cloned", "tree"})
"""What the site calls parameters of these types; counts only where neither the task nor the program says a type."""


class ListNode:
    """As the site defines it."""

    def __init__(self, val: Any = 0, next: Any = None) -> None:  # noqa: A002 - the site's name
        self.val, self.next = val, next


class TreeNode:
    """As the site defines it."""

    def __init__(self, val: Any = 0, left: Any = None, right: Any = None) -> None:
        self.val, self.left, self.right = val, left, right


class Site:
    """One program's names, and what its task says of types."""

    def __init__(self, names: dict[str, Any], told: dict[str, dict[str, str]], *, nodes: bool) -> None:
        """`told` has the types of each function of the task's starter code, by parameter in order, and `return`."""
        self.names, self.told, self.nodes = names, told, nodes
        self.made = self.found = 0
        """Arguments that were made of lists, and those that were looked up in them."""
        self.list_node = names.setdefault("ListNode", ListNode)
        self.tree_node = names.setdefault("TreeNode", TreeNode)

    def call(self, name: str, /, *args: Any, **named: Any) -> Any:
        """Call a function, `Solution.method` for a method of a new instance; a bare name may be one too."""
        owner, _, method = name.rpartition(".")
        if not owner and method not in self.names and "Solution" in self.names:
            owner = "Solution"
        function = getattr(self.names[owner](), method) if owner else self.names[method]
        return self._called(function, method, args, named, in_place=True)

    def operate(self, operations: list[str], arguments: list[list[Any]]) -> list[Any]:
        """Make an object of a class and call its methods in order: a design problem."""
        made = self.names[operations[0]]
        instance = self._called(made, "__init__", tuple(arguments[0]), {})
        results: list[Any] = [None]
        for operation, given in zip(operations[1:], arguments[1:], strict=True):
            results.append(self._called(getattr(instance, operation), operation, tuple(given), {}))
        return results

    def _called(
        self, function: Any, name: str, args: tuple[Any, ...], named: dict[str, Any], *, in_place: bool = False
    ) -> Any:
        types, order = self._types(function, name)
        tail = named.pop("pos", None) if "pos" in named and "pos" not in order else None
        trees: list[Any] = []
        given = [self._taken(value, types.get(at, ""), at, trees) for at, value in zip(order, args, strict=False)]
        given += args[len(given) :]
        taken = {at: self._taken(value, types.get(at, ""), at, trees) for at, value in named.items()}
        first = next(iter([*given, *taken.values()]), None)
        if tail is not None:
            self._tie(first, tail)
        value = function(*given, **taken)
        if in_place and value is None and types.get("return") == "None" and first is not None:
            value = first
        return self._given(value, types.get("return", ""))

    def _types(self, function: Any, name: str) -> tuple[dict[str, str], list[str]]:
        """The types of parameters by name, and their names in order."""
        try:
            known = inspect.signature(function)
        except (TypeError, ValueError):
            return {}, []
        order = list(known.parameters)
        said = {
            at: _text(each.annotation) for at, each in known.parameters.items() if each.annotation is not each.empty
        }
        if known.return_annotation is not known.empty:
            said["return"] = _text(known.return_annotation)
        told = dict(self.told.get(name, {}))
        if told:
            returned = told.pop("return", "")
            said |= dict(zip(order, told.values(), strict=False)) | ({"return": returned} if returned else {})
        return {at: text for at, text in said.items() if text}, order

    def _taken(self, value: Any, known: str, name: str, trees: list[Any]) -> Any:
        if "ListNode" not in known and "TreeNode" not in known:
            if known or not self.nodes or name not in _LISTS | _TREES or not isinstance(value, list):
                return value
            known = "ListNode" if name in _LISTS else "TreeNode"
        make = self._linked if "ListNode" in known else self._tree
        if "ist[" in known and isinstance(value, list):
            return [make(each) for each in value]
        if isinstance(value, list):
            made = make(value)
            trees.append(made)
            self.made += 1
            return made
        if value is not None and trees and "TreeNode" in known:
            self.found += 1
            return next((node for node in _walk(trees[0]) if node.val == value), None)
        return value

    def _linked(self, values: Any) -> Any:
        head = None
        for value in reversed(values or ()):
            node = self.list_node(value)
            node.next, head = head, node
        return head

    def _tree(self, values: Any) -> Any:
        if not values or values[0] is None:
            return None
        items = iter(values)
        root = self.tree_node(next(items))
        waiting = deque([root])
        for value in items:
            node = waiting.popleft()
            node.left = self._leaf(value, waiting)
            node.right = self._leaf(next(items, None), waiting)
            if not waiting:
                break
        return root

    def _leaf(self, value: Any, waiting: Any) -> Any:
        if value is None:
            return None
        waiting.append(self.tree_node(value))
        return waiting[-1]

    def _tie(self, head: Any, tail: int) -> None:
        nodes = []
        while head is not None:
            nodes.append(head)
            head = head.next
        if 0 <= tail < len(nodes):
            nodes[-1].next = nodes[tail]

    def _given(self, value: Any, known: str) -> Any:
        """The value as the site writes it; where nodes were named by their values, so is the result."""
        if self.found and hasattr(value, "val"):
            return value.val
        if isinstance(value, self.list_node) or (hasattr(value, "val") and hasattr(value, "next")):
            return self._unlinked(value)
        if isinstance(value, self.tree_node) or (hasattr(value, "val") and hasattr(value, "left")):
            return _unbranched(value)
        if value is None and "ist[" not in known and ("Node" in known or (self.made and not known)):
            return []
        if type(value) is list and any(hasattr(each, "val") for each in value):
            return [self._given(each, known.partition("[")[2]) for each in value]
        return value

    def _unlinked(self, head: Any) -> list[Any]:
        values: list[Any] = []
        while head is not None:
            values.append(head.val)
            if len(values) > _MOST_NODES:
                raise ValueError("a linked list without end")
            head = head.next
        return values


def _walk(root: Any) -> Any:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node is not None:
            yield node
            waiting += [node.right, node.left]


def _unbranched(root: Any) -> list[Any]:
    values: list[Any] = []
    waiting = deque([root])
    while waiting:
        node = waiting.popleft()
        values.append(None if node is None else node.val)
        if len(values) > _MOST_NODES:
            raise ValueError("a tree without end")
        if node is not None:
            waiting += [node.left, node.right]
    while values and values[-1] is None:
        values.pop()
    return values


def _text(annotation: Any) -> str:
    if annotation is None:
        return "None"
    if isinstance(annotation, str):
        return annotation
    return annotation.__name__ if isinstance(annotation, type) and "[" not in repr(annotation) else repr(annotation)
