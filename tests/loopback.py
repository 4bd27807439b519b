"""An aiohttp application on loopback, served from a thread of its own: what plays a service in tests of its callers."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

_START_SECONDS = 10.0


@contextmanager
def serving(app: web.Application, port: int = 0) -> Iterator[str]:
    """Serve until the block ends, on a free port where it is 0; yield the address."""
    loop, started = asyncio.new_event_loop(), threading.Event()
    runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def start() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()

    def serve() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as running:
            running.run(start())
            started.set()
            running.get_loop().run_forever()
            running.run(runner.cleanup())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert started.wait(_START_SECONDS), "the application did not start"
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_START_SECONDS)
