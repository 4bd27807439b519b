"""One event loop for the session, and one pool of one slot for each place, shared by the tests of a module."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

import pytest

from sandboxes.execution import Execution, Invocation, Limits, Program
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import Stop
from tests.sandboxes.places import PLACES, Place, each_place, engine

LIMITS = Limits(cpu_seconds=5.0)


class Bench:
    """A pool that a test can ask without being asynchronous itself."""

    def __init__(self, runner: asyncio.Runner, pool: SandboxPool, place: Place) -> None:
        self.pool, self.place = pool, place
        self._runner = runner

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def all(
        self, source: str, invocations: Sequence[Invocation], limits: Limits = LIMITS, stop: Stop | None = None,
        language: str = "python", **program: Any,
    ) -> list[Execution]:  # fmt: skip
        return self.wait(self.pool.run(Program(language, source, **program), invocations, limits, stop))

    def script(self, source: str, stdin: bytes = b"", limits: Limits = LIMITS, **program: Any) -> Execution:
        return self.all(source, [Invocation(stdin=stdin)], limits, **program)[0]

    def call(self, source: str, function: str, *args: Any, limits: Limits = LIMITS) -> Execution:
        return self.all(source, [Invocation(function=function, args=args)], limits)[0]


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner
    if engine.cache_info().currsize:
        engine().close()


@pytest.fixture(scope="session")
def here(runner: asyncio.Runner) -> Iterator[Bench]:
    """The best this machine grants, for what does not depend on the place."""
    pool = SandboxPool([Family("process", process.launch)], slots=1)
    runner.run(pool.start())
    yield Bench(runner, pool, Place(pool.describe()["isolation_level"], process.launch))
    runner.run(pool.close())


@pytest.fixture(scope="session", params=each_place)
def bench(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[Bench]:
    place = PLACES[request.param]
    pool = SandboxPool([place.family()], slots=1)
    runner.run(pool.start())
    yield Bench(runner, pool, place)
    runner.run(pool.close())
