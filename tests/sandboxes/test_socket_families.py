"""Sandboxes that somebody else starts: a family is there when its folder is, and Compose knows every family."""

from pathlib import Path

import pytest
import yaml

import reward_server
from sandboxes import images
from sandboxes.launchers import socket

_ROOT = Path(__file__).parents[2]
_COMPOSE = yaml.safe_load((_ROOT / "docker-compose.yml").read_text())
_ALREADY_THERE = {"python", "cpp"}
"""Families whose languages are in the sandbox that Compose always starts."""


def test_a_family_without_a_folder_offers_nothing(tmp_path: Path):
    families = {family.name: family for family in socket.families(tmp_path, start_seconds=0.1)}
    assert not families["jvm"].offers("java")
    (tmp_path / "jvm").mkdir()
    assert families["jvm"].offers("java")
    assert not families["jvm"].offers("rust")


@pytest.mark.parametrize("family", sorted(images.discover().keys() - _ALREADY_THERE))
def test_compose_starts_every_family_by_a_profile_of_its_name(family: str):
    service = _COMPOSE["services"][family]
    assert service["profiles"] == [family]
    assert service["command"] == [f"/run/sandboxes/{family}"]
    assert service["image"].startswith(f"reward-sandbox-{family}:")
    assert service["network_mode"] == "none"


def test_images_are_tagged_with_the_version():
    own = [service["image"] for service in _COMPOSE["services"].values() if service["image"].startswith("reward-")]
    assert own
    for image in own:
        assert image.endswith(f":${{REWARD_VERSION:-{reward_server.__version__}}}")
