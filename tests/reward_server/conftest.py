"""Kinds whose extra is not installed are left out here, saying so; where `extras` are required, that is a failure."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from reward_server.graders import Grader, Resources, discover
from tests.redis_server import RedisServer

settings.register_profile("any machine", deadline=None)  # a busy one takes its time, and no test here is about it
settings.load_profile("any machine")

_HERE = Resources(lean=object())
"""Lean is played by a fake where it is asked."""
_REQUIRED = "extras" in os.environ.get("REWARD_TEST_REQUIRE", "").split()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose parameters name a kind that lacks its package."""
    parameters = getattr(item, "callspec", None)
    for value in parameters.params.values() if parameters is not None else ():
        grader = value if isinstance(value, Grader) else discover().get(value) if isinstance(value, str) else None
        if grader is not None and (reason := grader.lacking(_HERE)):
            (pytest.fail if _REQUIRED else pytest.skip)(f"no package: {reason}")


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that the test may kill; its marks say that one is needed."""
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.kill()
