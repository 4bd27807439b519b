"""Tests: every grader and reward part of other installed distributions keeps its contract (`pytest -p` the package)."""

from importlib.metadata import entry_points
from typing import Any

import pytest

from reward_server import graders, rewards
from reward_server.contracts.graders import GraderContract
from reward_server.contracts.parts import PartContract

_GRADERS = sorted(entry.name for entry in entry_points(group=graders.__name__))
_PARTS = sorted(set(rewards.discover()) & {entry.name for entry in entry_points(group=rewards.__name__)})


def test_something_is_installed_to_be_held_to_a_contract() -> None:
    """An entry point that is misspelt would otherwise pass by not being there."""
    assert _GRADERS or _PARTS, f"no distribution here has an entry point in {graders.__name__} or {rewards.__name__}"


@pytest.mark.parametrize("kind", _GRADERS)
class TestInstalledGraders(GraderContract):
    """Graders, by kind."""

    @pytest.fixture
    def subject(self, kind: str) -> graders.Grader[Any, Any]:
        """Return the grader of the kind."""
        return graders.discover()[kind]


@pytest.mark.parametrize("name", _PARTS)
class TestInstalledParts(PartContract):
    """Reward parts, by name."""

    @pytest.fixture
    def subject(self, name: str) -> rewards.RewardPart[Any]:
        """Return the part of the name."""
        return rewards.discover()[name]
