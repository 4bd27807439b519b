"""SQL that a completion wrote, read in bounded time, in a process that is ended when its CPU time is over.

sqlglot's time may double with a bracket or a join: `DATE(DATE(…` thirty deep, or twenty tables `a JOIN b JOIN c …`
without an ON, take for ever in a hundred characters. No look at a text tells such ones apart as a parser would, so that
not even a short one is read while others wait.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from reward_server.errors import ServiceError

CPU_SECONDS = 2.0
"""Who needs more is over the limit, which is the completion's doing."""

A = TypeVar("A")
R = TypeVar("R")


async def within_bounds(function: Callable[[A], R], argument: A, workers: Any) -> R | None:
    """Return `function(argument)`, which reads a text; None where it was over its time or memory.

    Raises:
        ServiceError: there are no workers here, or they failed.
    """
    if workers is None:
        raise ServiceError("this process has no workers in which a query could be read")
    result: R | None = (await workers.run(function, argument, CPU_SECONDS)).value
    return result
