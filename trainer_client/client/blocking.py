"""Synchronous faces of asynchronous methods, without writing any method twice.

A `LoopThread` is an event loop on a daemon thread, started at first use. `blocking(method)` runs the method's
coroutine there and waits; the caller may be a plain thread, a Ray actor, or code that itself sits in another event
loop (which it then blocks, as every synchronous call does). A forked child finds that the thread is not its own and
starts another.
"""

import asyncio
import functools
import os
import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from concurrent.futures import Future
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class LoopThread:
    """Runs coroutines on its own thread, which ends with this object or with the program."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pid = 0
        self._lock = threading.Lock()
        self._end: Callable[[], object] = bool

    def submit(self, coroutine: Coroutine[Any, Any, R]) -> Future[R]:
        """Start the coroutine and return its future; cancelling the future cancels the coroutine."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._running_loop())

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._pid != os.getpid():
                self._loop, self._pid = asyncio.new_event_loop(), os.getpid()
                thread = threading.Thread(target=_run, args=(self._loop,), name="reward-client", daemon=True)
                thread.start()
                self._end = weakref.finalize(self, _stop, self._loop, thread)
            return self._loop

    def close(self) -> None:
        """Cancel what still runs, let sessions close, end the thread; a later `submit` starts a new one."""
        with self._lock:
            self._loop = None
            self._end()


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    if thread.is_alive():  # never so in a forked child
        loop.call_soon_threadsafe(loop.stop)
        if thread is not threading.current_thread():
            thread.join()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.get_loop().run_forever()


class HasBackground(Protocol):
    """An object with a thread to run its coroutines on."""

    @property
    def background(self) -> LoopThread:
        """The thread."""
        ...


S = TypeVar("S", bound=HasBackground)


def background(method: Callable[Concatenate[S, P], Coroutine[Any, Any, R]]) -> Callable[Concatenate[S, P], Future[R]]:
    """Return the face of `method` that starts it and returns a future at once."""

    @functools.wraps(method)
    def start(self: S, /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        return self.background.submit(method(self, *args, **kwargs))

    return start


def blocking(method: Callable[Concatenate[S, P], Coroutine[Any, Any, R]]) -> Callable[Concatenate[S, P], R]:
    """Return the face of `method` that waits for its result; an interrupt cancels the work."""

    @functools.wraps(method)
    def call(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        future = self.background.submit(method(self, *args, **kwargs))
        try:
            return future.result()
        finally:
            future.cancel()

    return call


def blocking_iterator(
    method: Callable[Concatenate[S, P], AsyncGenerator[R, None]],
) -> Callable[Concatenate[S, P], Generator[R, None, None]]:
    """Return the face of an asynchronous generator method that waits for each element; leaving it stops the work."""

    @functools.wraps(method)
    def iterate(self: S, /, *args: P.args, **kwargs: P.kwargs) -> Generator[R, None, None]:
        elements = method(self, *args, **kwargs)

        async def following() -> tuple[R] | None:
            async for element in elements:
                return (element,)
            return None

        async def close() -> None:
            await elements.aclose()

        try:
            while (element := self.background.submit(following()).result()) is not None:
                yield element[0]
        finally:
            self.background.submit(close()).result()

    return iterate
