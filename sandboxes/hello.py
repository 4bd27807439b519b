"""What a launcher tells its agent about the place it put it in, and what the agent says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Placement:
    """What a launcher tells its agent about the place it put it in."""

    level: int | None
    """Force this level; None takes the best that is granted."""
    contained: bool
    """The agent is alone in a container."""
    scratch: str
    """Directory for what runs write; empty lets the agent make one where no mount of its own can be had."""
    search_path: tuple[str, ...] | None
    """Directories of third-party Python packages that programs may import; None: the agent's interpreter's own."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What an agent said about the place it runs in."""

    version: str
    level: int
    """3 namespaces, 2 uid, 1 Landlock, 0 weak."""
    user_namespace: bool
    reasons: tuple[str, ...]
    """Why no higher level."""
    features: Mapping[str, Any]
    python: str
    packages: str
    """Fingerprint of the third-party packages Python programs may import."""
    languages: tuple[str, ...]
    """Those whose commands are there."""
    residue: tuple[str, ...]
    """What outlives an agent that is killed: directories and control groups to remove."""
    lacking: tuple[str, ...] = ()
    """Modules of `images/python/requirements.txt` that Python programs cannot import there."""
