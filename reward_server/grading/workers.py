"""Killable processes for CPU-bound work: warm, bounded in CPU time and memory, replaced when they die.

Theory of operation. A pool has N slots; a slot is one single-process executor on the fork server, so that killing it
loses that slot's work and nothing else. The fork server imports the preload modules once, and a slot starts warm in
milliseconds. Nothing starts before the first `run`.

Limits, from the inside out. A CPU-time timer (`ITIMER_PROF`) raises inside the running function: budget exceeded, the
process lives on. Code that never returns to the interpreter is ended by the kernel at twice the budget
(`RLIMIT_CPU`, SIGXCPU): budget exceeded, the slot is replaced. `RLIMIT_AS` turns memory bombs into MemoryError: budget
exceeded. All three measure the work, not the clock, so load on the machine cannot change what they say. A wall-clock
backstop, far beyond any of them, only catches a process that neither works nor answers: that is our failure.

A worker that dies of anything else is our failure too: the work is tried once more on another process, then
`WorkerError`. Processes are replaced after `RECYCLE_AFTER` runs, because SymPy's caches grow.

What it does not do: it is no sandbox. Functions and arguments come from this package; text from outside must never
reach an evaluator in there.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import TypeVar

from reward_server.errors import WorkerError, blame
from reward_server.grading.worker_process import Ran, limited, prepare
from sandboxes.stages import stage
from sandboxes.turns import Turns

__all__ = ["Ran", "WorkerPool", "begin_imports"]

RECYCLE_AFTER = 500
MEMORY_BYTES = 2 << 30
"""Address space of one worker: SymPy and its libraries map about 0.4 GB before any work."""
ENDINGS = ("spent", "cpu", "cancelled", "died", "hung", "closed")
"""What a process is ended by."""
_WALL_FACTOR = 20.0
_WALL_GRACE_SECONDS = 30.0
_ATTEMPTS = 2
_PRELOAD = ("reward_server.mathematics.symbolic.comparison",)

_STARTING = threading.Lock()
"""Held while a process is started: one at a time, in threads, since the first takes a second of imports."""

A = TypeVar("A")
R = TypeVar("R")


@contextmanager
def _anonymous_main() -> Iterator[None]:
    """Hide the running program while a process is started.

    `multiprocessing` has every new process import the program's main module again, which for the server means FastAPI
    and all of its routes: a second of CPU time for nothing, since functions that are run come from importable modules.
    """
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def begin_imports() -> None:
    """Start the fork server ahead of need: it imports for a second, on another core than whoever imports meanwhile."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(_PRELOAD))
    with _anonymous_main():
        forkserver.ensure_running()


class _Slot:
    """One process at a time, started on demand and replaced when it is spent or dead."""

    def __init__(self, context: ForkServerContext, memory_bytes: int) -> None:
        self._context = context
        self._memory_bytes = memory_bytes
        self._executor: ProcessPoolExecutor | None = None
        self._process: BaseProcess | None = None
        self._runs = 0
        self.ended = Counter[str]()

    @property
    def started(self) -> bool:
        """Whether a process of this slot may be running."""
        return self._executor is not None

    @property
    def needs_process(self) -> bool:
        """Whether the next `submit` starts a process, which is no work for an event loop."""
        return self._executor is None or self._runs >= RECYCLE_AFTER

    def submit(self, function: Callable[[A], R], argument: A, cpu_seconds: float) -> "Future[Ran[R]]":
        if not self.needs_process and self._executor is not None:
            self._runs += 1
            return self._executor.submit(limited, function, argument, cpu_seconds)
        self.retire("spent", wait=False)
        executor = ProcessPoolExecutor(
            1, mp_context=self._context, initializer=prepare, initargs=(self._memory_bytes, os.getpid())
        )
        with _anonymous_main():
            future: Future[Ran[R]] = executor.submit(limited, function, argument, cpu_seconds)
        # The executor offers no public way to its process before Python 3.14; its exit code tells blame apart.
        self._process = next(iter((executor._processes or {}).values()), None)  # noqa: SLF001
        self._executor, self._runs = executor, 1
        return future

    def used_up_cpu(self) -> bool:
        """Tell whether the process was ended by the kernel's CPU limit."""
        if self._process is None:
            return False
        self._process.join(1.0)
        return self._process.exitcode == -signal.SIGXCPU

    def kill(self, cause: str, *, wait: bool = False) -> None:
        """End the process at once, whatever it does; with `wait`, return when nothing of it is left."""
        process = self._process
        if process is not None and process.pid is not None and process.is_alive():
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        self.retire(cause, wait=wait)
        if wait and process is not None:
            process.join()

    def retire(self, cause: str, *, wait: bool) -> None:
        """Let the process finish and go; the next run starts a fresh one."""
        executor, self._executor = self._executor, None
        if executor is not None:
            self.ended[cause] += 1
            executor.shutdown(wait=wait, cancel_futures=True)


async def _whole(starting: "asyncio.Future[R]") -> R:
    """Wait for what must not be left half done, also when the waiting is cancelled."""
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait([starting])
        raise


class WorkerPool:
    """N slots for CPU-bound work. Cheap to make: processes start with the first `run`."""

    def __init__(
        self, slots: int | None = None, *, memory_bytes: int = MEMORY_BYTES, preload: tuple[str, ...] = _PRELOAD
    ) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        count = slots if slots is not None else max(1, (os.cpu_count() or 2) - 1)
        self._slots = [_Slot(self._context, memory_bytes) for _ in range(count)]
        self._free: tuple[list[_Slot], Turns] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    @property
    def slots(self) -> int:
        """How many pieces of work run at a time."""
        return len(self._slots)

    def describe(self) -> dict[str, int]:
        """Return how many processes are `live`, and how many pieces of work are `busy` or `waiting`."""
        turns = self._free[1] if self._free else Turns(self.slots)
        live = sum(slot.started for slot in self._slots)
        return {"live": live, "busy": self.slots - turns.free, "waiting": turns.waiting()}

    @property
    def ended(self) -> Counter[str]:
        """How many processes were ended, by cause, one of `ENDINGS`."""
        return sum((slot.ended for slot in self._slots), Counter[str]())

    async def start(self) -> None:
        """Start one process ahead of need; optional.

        Raises:
            WorkerError: no process could be started.
        """
        await self.run(abs, 0, 5.0)

    async def run(self, function: Callable[[A], R], argument: A, cpu_seconds: float) -> Ran[R]:
        """Run `function(argument)` in a worker within `cpu_seconds` of CPU time.

        Function, argument and value are pickled. Waits for a turn, as at the sandboxes.

        Raises:
            WorkerError: the pool is closed, the function raised, or processes died or hung.
        """
        for _ in range(_ATTEMPTS):
            free, turns = self._free_slots()
            async with turns.take():
                slot = free.pop()
                try:
                    with stage("worker"):
                        ran = await self._on(slot, function, argument, cpu_seconds)
                except asyncio.CancelledError:
                    slot.kill("cancelled")
                    raise
                finally:
                    free.append(slot)
            if ran is not None:
                return ran
        raise WorkerError(f"a worker process died, {_ATTEMPTS} times in a row")

    async def _on(self, slot: _Slot, function: Callable[[A], R], argument: A, cpu_seconds: float) -> Ran[R] | None:
        """Run on one slot; None if its process died."""
        if self._closed:
            raise WorkerError("the worker pool is closed")
        wall_seconds = _WALL_GRACE_SECONDS + _WALL_FACTOR * cpu_seconds
        with blame(WorkerError, getattr(function, "__name__", "work")):
            try:
                if slot.needs_process:
                    starting = asyncio.ensure_future(asyncio.to_thread(slot.submit, function, argument, cpu_seconds))
                    work = await _whole(starting)
                else:
                    work = slot.submit(function, argument, cpu_seconds)
                return await asyncio.wait_for(asyncio.wrap_future(work), wall_seconds)
            except BrokenProcessPool:
                over = await asyncio.to_thread(slot.used_up_cpu)
                slot.kill("cpu" if over else "died")
                return Ran(None, "cpu", float("nan")) if over else None
            except TimeoutError:
                slot.kill("hung")
                raise WorkerError(f"a process neither worked nor answered for {wall_seconds:g} s") from None

    def _free_slots(self) -> tuple[list[_Slot], Turns]:
        """Return the free slots and the turns at them, of the running loop; the last slot used is the warmest."""
        loop = asyncio.get_running_loop()
        if self._free is None or self._loop is not loop:
            self._free, self._loop = (list(self._slots), Turns(len(self._slots))), loop
        return self._free

    async def close(self) -> None:
        """End every process and wait for it; `run` raises from now on."""
        self._closed = True
        for slot in self._slots:
            await asyncio.to_thread(slot.kill, "closed", wait=True)
