"""Who asks, and how much of the service is theirs: items and CPU-seconds a minute, the largest batch.

An allowance fills evenly, up to what a minute holds. A request is let in when the allowance covers it, or when it is
full: a request that is larger than a minute's worth is not refused for ever, but what it takes beyond is owed, and
nothing else is let in before it is paid. CPU-seconds are charged by what work did cost, once that is known; work that
is in progress counts by its estimate meanwhile. Cached verdicts, and failures of ours, cost no CPU-seconds.

The tenant is a context variable, so that nothing between the HTTP surface and admission has to pass it on.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from reward_server.errors import Overloaded
from sandboxes import turns

_SECONDS_A_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Tenant:
    """Somebody who has keys; what is None is not limited."""

    name: str
    cpu_seconds_a_minute: float | None = None
    """Of slow work."""
    items_a_minute: float | None = None
    largest_batch: int | None = None
    """Items in one request."""


ANYBODY = Tenant("")
"""Whoever asks a service without keys, or by its token."""
asking: ContextVar[Tenant] = ContextVar("asking", default=ANYBODY)
"""Whose request this is."""


def ask_as(tenant: Tenant) -> None:
    """Do what follows in this context for `tenant`: quotas, and the turns at the sandboxes."""
    asking.set(tenant)
    turns.tenant.set(tenant.name)


class _Allowance:
    """What is left of one quota of one tenant."""

    def __init__(self) -> None:
        self.spent = 0.0
        """More than was refilled since; never less than 0."""
        self.in_progress = 0.0
        self._seen = 0.0

    def refill(self, a_minute: float, now: float) -> None:
        self.spent = max(0.0, self.spent - (now - self._seen) * a_minute / _SECONDS_A_MINUTE)
        self._seen = now

    def wait_seconds(self, amount: float, in_progress: float, a_minute: float) -> float:
        """Seconds until `amount` is covered, if work in progress costs what is expected; 0 or less if it is now."""
        left = a_minute - self.spent - in_progress
        return (min(amount, a_minute) - left) / a_minute * _SECONDS_A_MINUTE


class Quotas:
    """What each tenant has left."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._items: defaultdict[str, _Allowance] = defaultdict(_Allowance)
        self._cpu: defaultdict[str, _Allowance] = defaultdict(_Allowance)

    def take_items(self, count: int) -> None:
        """Charge the tenant who asks for items.

        Raises:
            Overloaded: the quota does not cover them; nothing was charged.
        """
        tenant = asking.get()
        if tenant.items_a_minute is None:
            return
        allowance = self._items[tenant.name]
        allowance.refill(tenant.items_a_minute, self._clock())
        wait = allowance.wait_seconds(count, 0.0, tenant.items_a_minute)
        if wait > 0:
            raise Overloaded(f"{tenant.name!r} may send {tenant.items_a_minute:g} items a minute", wait)
        allowance.spent += count

    def return_items(self, count: int) -> None:
        """Take back the charge for items of a request that was refused after all."""
        allowance = self._items[asking.get().name]
        allowance.spent = max(0.0, allowance.spent - count)

    def check_cpu(self, estimate: float, factor: float) -> None:
        """Refuse work that the quota does not cover; `factor` is what work costs by its estimate.

        Raises:
            Overloaded: see above.
        """
        tenant = asking.get()
        if tenant.cpu_seconds_a_minute is None or not estimate:
            return
        allowance = self._cpu[tenant.name]
        allowance.refill(tenant.cpu_seconds_a_minute, self._clock())
        wait = allowance.wait_seconds(estimate * factor, allowance.in_progress * factor, tenant.cpu_seconds_a_minute)
        if wait > 0:
            raise Overloaded(f"{tenant.name!r} may use {tenant.cpu_seconds_a_minute:g} CPU-seconds a minute", wait)

    def begin(self, estimate: float) -> None:
        """Count work in progress."""
        self._cpu[asking.get().name].in_progress += estimate

    def end(self, estimate: float) -> None:
        """Count it no longer."""
        allowance = self._cpu[asking.get().name]
        allowance.in_progress = max(0.0, round(allowance.in_progress - estimate, 9))

    def charge_cpu(self, seconds: float) -> None:
        """Charge the tenant who asked for what work did cost."""
        tenant = asking.get()
        if tenant.cpu_seconds_a_minute is not None:
            allowance = self._cpu[tenant.name]
            allowance.refill(tenant.cpu_seconds_a_minute, self._clock())
            allowance.spent += seconds
