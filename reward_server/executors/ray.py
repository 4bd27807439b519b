"""Orders given to an actor on each node of a Ray cluster, such as the one a trainer runs.

Nodes join and leave at any time. An order whose node is lost goes to another: Ray's own retries of actors lose work
when a node dies. Each node needs this package, at the version of the server.
"""

import asyncio
import socket
import time
from collections.abc import Callable, Container
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import structlog

from reward_server.errors import ServiceError, blame
from reward_server.executors.orders import HELD_FOR_EACH_SLOT, Reply, ignore, unpacked_reply
from reward_server.verdict import Verdict, ungradable

NEEDED = "Ray is not installed here: pip install 'reward-server[ray]'"
_ACTOR = "reward_server.executors.ray_actor"
"""Imported by its name, as nodes do: it is a whole service, which this module is a part of."""
_LOOK_SECONDS = 2.0
_PROBE_SECONDS = 3.0
_BEGIN_SECONDS = 300.0
"""For a node to import the package and start its sandboxes: on one that is busy it takes more than a minute, and who is
begun with anew begins at nothing."""
_AGAIN_SECONDS = 30.0
"""Before a node that could not is asked once more."""
_CLOSE_SECONDS = 5.0
_MOST_LOST = 5
_log = structlog.get_logger()


@dataclass
class _Node:
    """A node that runs programs."""

    actor: Any
    about: dict[str, Any]
    busy: int = 0

    @property
    def share(self) -> float:
        """How much of what it holds at most it holds."""
        return self.busy / (HELD_FOR_EACH_SLOT * int(self.about["slots"]))


class RayNodes:
    """Sends each order to the node that holds least, and again where that one is lost."""

    replies = ""

    def __init__(self, address: str, *, chosen: dict[str, Any], resource: str | None, patience_seconds: float) -> None:
        """`chosen` are the settings of the actors; `resource` names a Ray resource that nodes must have."""
        self._address, self._chosen, self._resource = address, chosen, resource
        self._patience = patience_seconds
        self._ray: Any = None
        self._nodes: dict[str, _Node] = {}
        self._beginning: dict[str, asyncio.Task[None]] = {}
        self._refused: dict[str, float] = {}
        """Nodes that could not begin, and when."""
        self._changed = asyncio.Condition()
        self._away = "Ray has not been asked yet"
        self._awaited = 0
        self._watching: asyncio.Task[None] | None = None
        self.changed: Callable[[], None] = ignore

    async def start(self) -> None:
        """Begin to look for the cluster; it need not be there yet."""
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Leave the cluster; its actors end."""
        tasks = [task for task in (*self._beginning.values(), self._watching) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._ray is not None:
            closing = (node.actor.close.remote() for node in self._nodes.values())
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await asyncio.gather(*closing, return_exceptions=True)
            await asyncio.to_thread(self._ray.shutdown)

    def room(self) -> int | None:
        """Return how many orders the nodes hold."""
        slots = sum(int(node.about["slots"]) for node in self._nodes.values())
        return None if self._away or not slots else slots * HELD_FOR_EACH_SLOT

    async def fulfil(self, number: str, order: bytes, lacked: Callable[[], None] = ignore) -> Verdict:
        """Send an order to a node and wait for the verdict; to another, where that node is lost."""
        del number
        lost, lacking = 0, dict[str, Verdict]()
        self._awaited += 1
        try:
            while lost < _MOST_LOST:
                name = await self._take(lacking)
                if name is None:
                    return next(iter(lacking.values()), ungradable(self.lacking() or "no node had room in time"))
                reply = await self._ask(name, order)
                if reply is None:
                    lost += 1
                elif reply.lacks:
                    lacked()
                    lacking[name] = reply.verdict
                else:
                    return reply.verdict
        finally:
            self._awaited -= 1
        return ungradable(f"{_MOST_LOST} nodes were lost while they had it")

    def lacking(self) -> str:
        """Return why nobody would take an order now."""
        if self._away:
            return self._away
        if self._nodes:
            return ""
        of_those = f" (of those with the resource {self._resource})" if self._resource else ""
        return "no node runs programs" + of_those + (f", {len(self._beginning)} begin" if self._beginning else "")

    def describe(self) -> dict[str, Any]:
        """Return which nodes run programs and what is awaited."""
        nodes = {name: node.about for name, node in self._nodes.items()}
        return {"kind": "ray", "reachable": not self._away, "awaited": self._awaited, "workers": nodes}

    async def _take(self, lacking: Container[str]) -> str | None:
        """Return the node that holds least, once one has room; None if all lack something, or none lives for long."""
        since = time.monotonic()
        async with self._changed:
            while True:
                able = [name for name in self._nodes if name not in lacking]
                if self._nodes and not able:
                    return None
                name = min(able, key=lambda one: self._nodes[one].share, default=None)
                if name is not None and self._nodes[name].share < 1:
                    self._nodes[name].busy += 1
                    return name
                if name is not None:
                    since = time.monotonic()
                elif time.monotonic() - since > self._patience:
                    return None
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await self._changed.wait()

    async def _ask(self, name: str, order: bytes) -> Reply | None:
        """Return the reply of a node that was taken, None where it is lost."""
        node, asked = self._nodes[name], None
        try:
            asked = node.actor.grade.remote(order)
            return unpacked_reply(await asked)
        except asyncio.CancelledError:
            if asked is not None:
                self._ray.cancel(asked)
            raise
        except self._ray.exceptions.RayTaskError as error:
            return Reply("", ungradable(f"a node failed: {str(error).strip().splitlines()[-1]}"[:500]), name)
        except self._ray.exceptions.RayError as error:
            self._lose(name, node, type(error).__name__)
            return None
        finally:
            node.busy -= 1
            async with self._changed:
                self._changed.notify()

    def _lose(self, name: str, node: _Node, why: str) -> None:
        if self._nodes.get(name) is node:
            _log.warning("node_lost", node=name, why=why)
            del self._nodes[name]
            self.changed()

    async def _watch(self) -> None:
        while True:
            try:
                with blame(ServiceError, "Ray is out of reach"):
                    if self._ray is None:
                        self._ray = await asyncio.to_thread(self._connect)
                    alive = await asyncio.to_thread(self._alive)
            except ServiceError as error:
                self._away = str(error)[:300]
            else:
                self._away = ""
                self._greet(alive)
            self.changed()
            await asyncio.sleep(_LOOK_SECONDS)

    def _connect(self) -> Any:
        if find_spec("ray") is None:
            raise ConnectionError(NEEDED)
        host, _, port = self._address.rpartition(":")
        if port.isdecimal():  # an address where nobody listens would be tried for minutes
            socket.create_connection((host, int(port)), _PROBE_SECONDS).close()
        ray = import_module("ray")
        ray.init(address=self._address, namespace="reward-server", log_to_driver=False, configure_logging=False)
        return ray

    def _alive(self) -> set[str]:
        return {
            node["NodeID"]
            for node in self._ray.nodes()
            if node["Alive"] and (self._resource is None or node["Resources"].get(self._resource))
        }

    def _greet(self, alive: set[str]) -> None:
        """Forget who is gone, and begin with who is new."""
        for name in self._nodes.keys() - alive:
            self._lose(name, self._nodes[name], "gone")
        again = time.monotonic() - _AGAIN_SECONDS
        self._refused = {name: when for name, when in self._refused.items() if name in alive}
        for name in alive - self._nodes.keys() - self._beginning.keys():
            if self._refused.get(name, again) <= again:
                self._beginning[name] = asyncio.create_task(self._begin(name))

    async def _begin(self, name: str) -> None:
        try:
            with blame(ServiceError, "a node cannot run programs"):
                actor = await asyncio.to_thread(self._actor_on, name)
                about = await asyncio.wait_for(actor.about.remote(), _BEGIN_SECONDS)
        except ServiceError as error:
            self._refused[name] = time.monotonic()
            _log.warning("node_cannot_run_programs", node=name, reason=str(error).strip().splitlines()[-1][:300])
            return
        finally:
            del self._beginning[name]
        async with self._changed:
            self._nodes[name] = _Node(actor, about)
            self.changed()
            self._changed.notify_all()

    def _actor_on(self, name: str) -> Any:
        affinity = import_module("ray.util.scheduling_strategies").NodeAffinitySchedulingStrategy(name, soft=False)
        actor = self._ray.remote(import_module(_ACTOR).Actor)
        return actor.options(num_cpus=0, max_concurrency=1000, scheduling_strategy=affinity).remote(self._chosen)
