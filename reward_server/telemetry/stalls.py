"""Whether the event loop is free: how late it wakes, and where it stood when it did not wake at all.

Everybody who is served waits while one piece of work keeps the loop. A task asks to be woken every few milliseconds and
counts how late that is; `/metrics` shows the histogram and the worst. A thread beside it notices that the loop has not
woken for long, and logs once where in the code it stands: the line that a fix starts from.
"""

import asyncio
import sys
import threading
import time
import traceback

import structlog

from reward_server.telemetry.histogram import Histogram

EDGES = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds; the buckets of the histogram."""
_ASK_SECONDS = 0.02
_LONG_SECONDS = 0.5
"""Without waking, after which the loop's stack is logged."""
_FRAMES = 12

_log = structlog.get_logger()


class StallWatcher:
    """Measures the lag of the loop it is started on."""

    def __init__(self) -> None:
        self.lags = Histogram(EDGES)
        self.worst_seconds = 0.0
        """Since the watcher was started, or since it was last set to 0."""
        self._woken = time.perf_counter()
        self._loop_thread = 0
        self._task: asyncio.Task[None] | None = None
        self._ended = threading.Event()

    async def start(self) -> None:
        """Begin to measure."""
        self._loop_thread, self._woken = threading.get_ident(), time.perf_counter()
        self._task = asyncio.create_task(self._measure())
        threading.Thread(target=self._watch, name="stall-watcher", daemon=True).start()

    async def close(self) -> None:
        """Stop measuring."""
        self._ended.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def note(self, lag_seconds: float) -> None:
        """Count one lag."""
        self.lags.note(lag_seconds)
        self.worst_seconds = max(self.worst_seconds, lag_seconds)

    async def _measure(self) -> None:
        while True:
            asked = time.perf_counter()
            await asyncio.sleep(_ASK_SECONDS)
            self._woken = time.perf_counter()
            self.note(max(0.0, self._woken - asked - _ASK_SECONDS))

    def _watch(self) -> None:
        """Log the stack of a loop that does not wake, once for each time; runs in a thread of its own."""
        told = 0.0
        while not self._ended.wait(_LONG_SECONDS / 2):
            woken = self._woken
            silent = time.perf_counter() - woken
            if silent < _LONG_SECONDS or woken == told:
                continue
            told = woken
            frame = sys._current_frames().get(self._loop_thread)  # noqa: SLF001 - the documented way to see a thread
            stack = traceback.format_stack(frame)[-_FRAMES:] if frame is not None else []
            _log.warning("event_loop_stalled", seconds=round(silent, 2), stack="".join(stack))
