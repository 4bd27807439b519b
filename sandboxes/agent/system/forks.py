"""What modules have the interpreter do around each `fork`, and how to leave that out of one.

`threading`, `random` and others register functions for the child of a fork. There they write to a hundred pages that
are shared until then, each of which the kernel copies: half of what an idle child costs. Who has one thread and does
their work beforehand may leave them out; the child has them again for forks of its own, from its first one on: to put
thirty functions into lists is to write to as many pages.
"""

import gc
import os
from collections.abc import Callable

_hooks: list[list[Callable[[], object]]] = []
_kept: list[list[Callable[[], object]]] = []


def find() -> None:
    """Find the interpreter's lists, before they are frozen out of the collector's sight. All of them, or none."""

    def before() -> None: ...

    def in_child() -> None: ...

    def in_parent() -> None: ...

    os.register_at_fork(before=before, after_in_child=in_child, after_in_parent=in_parent)
    found = []
    for function in (before, in_child, in_parent):
        lists = [each for each in gc.get_referrers(function) if type(each) is list and each[-1] is function]
        found += lists[:1]
        for each in lists[:1]:
            each.pop()
    _hooks[:] = found if len(found) == 3 else []  # noqa: PLR2004 - before, in the child, in the parent


def leave_out() -> None:
    """From here on this process forks without the registered functions."""
    for each in _hooks:
        _kept.append(each[:])
        each.clear()


def put_back() -> None:
    """In a child: have them again from its first fork on."""
    if _hooks:
        _hooks[0].append(_before_the_first)


def _before_the_first() -> None:
    """The last to be called before a fork, since it was the first to be registered."""
    _hooks[0].remove(_before_the_first)
    for each, functions in zip(_hooks, _kept, strict=True):
        each[:0] = functions
    for function in reversed(_kept[0]):
        function()
