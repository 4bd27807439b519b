"""An order, done where the sandboxes are."""

import asyncio
from typing import Any

from reward_server.errors import Overloaded, ServiceError, blame
from reward_server.executors.orders import Order, packed_reply
from reward_server.graders import discover
from reward_server.grading.quotas import Tenant, ask_as
from reward_server.grading.scoring import Job, Scoring
from reward_server.settings import Settings
from reward_server.telemetry.tracing import go_on_in
from reward_server.verdict import Verdict, ungradable

_NO_BOUND = 1e12


def settings_to_work(**chosen: Any) -> Settings:
    """Return the settings of a process that does orders: admitted before, they are not refused or logged again.

    Raises:
        pydantic.ValidationError: as `Settings`.
    """
    return Settings(**chosen, executor="local", queue_cpu_seconds=_NO_BOUND, audit_file=None)


async def replied(order: Order, scoring: Scoring, by: str = "") -> bytes:
    """Return the reply to an order, packed; whatever fails here is `ungradable`, and no reason to try it elsewhere."""
    try:
        with blame(ServiceError, "a worker could not do the order"):
            return packed_reply(order.number, await _fulfilled(order, scoring), by)
    except (ServiceError, Overloaded) as error:
        return packed_reply(order.number, ungradable(str(error)))


async def _fulfilled(order: Order, scoring: Scoring) -> Verdict:
    """Return the verdict, for the order's tenant and in its trace."""
    ask_as(Tenant(order.tenant))
    go_on_in(order.trace)
    task = await asyncio.to_thread(discover()[order.task["kind"]].task.model_validate, order.task)
    (graded,) = await scoring.score([Job(task, order.completion)])
    return graded.verdict
