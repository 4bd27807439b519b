"""Every place a sandbox runs in: what all of them promise is tested on each."""

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from sandboxes.launchers import process
from sandboxes.pool import Family
from sandboxes.slot import Slot

NOBODY = 65534
SYSTEM_PYTHON = "/usr/bin/python3"
"""Readable by every user, unlike an interpreter in somebody's home."""

Launch = Callable[[], Awaitable[Slot]]


@dataclass(frozen=True)
class Place:
    """A launcher and a level."""

    level: int
    launch: Launch | None = None
    needs_root: bool = False
    needs_system_python: bool = False
    runtime: str | None = None

    def family(self) -> Family:
        """Slots of this place; skips the test where the machine lacks what it takes."""
        if self.needs_root and os.geteuid() != 0:
            pytest.skip("only root may change uids or make namespaces without a user namespace")
        if self.needs_system_python and not _is_recent(SYSTEM_PYTHON):
            pytest.skip(f"no Python 3.11 or newer at {SYSTEM_PYTHON}")
        if self.launch is not None:
            return Family("process", self.launch)
        return _container_families(self.runtime, only=["python"])[0]

    def families(self) -> list[Family]:
        """The same for every language that is there: in containers those whose images are built."""
        if self.launch is not None or self.runtime is not None:
            return [self.family()]
        return _container_families(self.runtime, only=None)


def _is_recent(python: str) -> bool:
    asked = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return subprocess.run(asked, check=False).returncode == 0
    except OSError:
        return False


@cache
def engine() -> Any:
    """The Docker engine, closed by a fixture at the end of the session."""
    import docker

    from sandboxes import images

    return docker.from_env(timeout=images.BUILD_SECONDS)


def _container_families(runtime: str | None, only: list[str] | None) -> list[Family]:
    from sandboxes import images
    from sandboxes.launchers import docker as launcher

    if runtime and runtime not in engine().info()["Runtimes"]:
        pytest.skip(f"the engine has no runtime {runtime}")
    images.build(engine(), images.discover()["python"])
    return launcher.families(engine(), launcher.Hardening(runtime), only=only)


PLACES = {
    "namespaces": Place(3, process.launch, needs_root=True),
    "user_namespace": Place(
        3, partial(process.launch, user=NOBODY, python=SYSTEM_PYTHON), needs_root=True, needs_system_python=True
    ),
    "uid": Place(2, partial(process.launch, level=2, python=SYSTEM_PYTHON), needs_root=True, needs_system_python=True),
    "landlock": Place(1, partial(process.launch, level=1, python=sys.executable)),
    "docker": Place(2),
    "gvisor": Place(2, runtime="runsc"),
}
MARKS = {"docker": pytest.mark.docker, "gvisor": pytest.mark.docker}
each_place = [pytest.param(name, marks=MARKS.get(name, ())) for name in PLACES]


def children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


def descendants(pid: int) -> list[int]:
    below = children(pid)
    return below + [one for child in below for one in descendants(child)]
