"""SQL that a completion wrote, read in bounded time: sqlglot's may double with a bracket and grow with the square.

What is small is read at once, in milliseconds; anything else in a process that is ended when its CPU time is over.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from reward_server.errors import ServiceError
from reward_server.queries.dialects import LONGEST

CPU_SECONDS = 2.0
"""For a text that is not read at once; who needs more is over the limit, which is the completion's doing."""
_SMALL = 1_500
_DEPTH = 4
_BRACKETS = 120
_SUBSCRIPTS = 20

A = TypeVar("A")
R = TypeVar("R")


def is_read_at_once(text: str) -> bool:
    """Tell whether a text is read while others wait: it is short and flat, or so long that it is refused unread."""
    if len(text) > LONGEST:
        return True
    if len(text) > _SMALL or text.count("(") > _BRACKETS or text.count("[") > _SUBSCRIPTS:
        return False
    depth = deepest = 0
    for character in text:
        if character in "([{<":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}>":
            depth -= 1
    return deepest <= _DEPTH


async def within_bounds(function: Callable[[A], R], argument: A, text: str, workers: Any) -> R | None:
    """Return `function(argument)`, which reads `text`; None where it was over its time or memory.

    Raises:
        ServiceError: the text is not read at once and there are no workers here, or they failed.
    """
    if is_read_at_once(text):
        return function(argument)
    if workers is None:
        raise ServiceError("this process has no workers in which a long query could be read")
    result: R | None = (await workers.run(function, argument, CPU_SECONDS)).value
    return result
