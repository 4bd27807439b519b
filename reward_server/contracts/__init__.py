"""The promises that graders and reward parts keep, as tests, for those of this project and of any other distribution.

As a plugin of pytest it finds what installed distributions name under the entry points `reward_server.graders` and
`reward_server.rewards`, and holds each to its contract:

    pytest -p reward_server.contracts

In a test of one's own, beside what is special about a grader:

    from reward_server.contracts import GraderContract
    from my_package.parity import GRADER

    class TestParity(GraderContract):
        grader = GRADER

Needs pytest and hypothesis (`pip install 'reward-server[contracts]'`); the server itself never imports it.
"""

from pathlib import Path

import pytest

from reward_server.contracts.graders import GraderContract
from reward_server.contracts.parts import PartContract

__all__ = ["GraderContract", "PartContract"]


def pytest_configure(config: pytest.Config) -> None:
    """Add the tests of what is installed to those that are asked for."""
    config.args.append(str(Path(__file__).with_name("installed.py")))
