"""Files of other projects that pages are served with: taken from the npm registry once, each with its digest pinned.

Needs `npm`. A file whose SHA-256 is not the pinned one is refused and nothing is written; to move to another version,
change the version and the digests together.
"""

import hashlib
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Package:
    """What is taken of one package."""

    name: str
    version: str
    files: Mapping[str, tuple[str, str]]
    """By the name that a file gets here: its path in the package, and its SHA-256."""


def altered(packages: Sequence[Package], folder: Path) -> list[str]:
    """Return the names of files in a folder that are missing or not as pinned."""
    return [
        name
        for package in packages
        for name, (_, digest) in package.files.items()
        if not (folder / name).is_file() or _digest((folder / name).read_bytes()) != digest
    ]


def fetch(packages: Sequence[Package], folder: Path) -> None:
    """Download, check, and put the files in their place.

    Raises:
        SystemExit: a file is not the pinned one.
    """
    taken: dict[str, bytes] = {}
    for package in packages:
        with tempfile.TemporaryDirectory() as scratch:
            subprocess.run(["npm", "pack", "--silent", f"{package.name}@{package.version}"], cwd=scratch, check=True)
            with tarfile.open(next(Path(scratch).glob("*.tgz"))) as archive:
                archive.extractall(scratch, filter="data")
            for name, (path, digest) in package.files.items():
                taken[name] = (Path(scratch) / "package" / path).read_bytes()
                if _digest(taken[name]) != digest:
                    raise SystemExit(f"{package.name}@{package.version}: {path} is not as pinned")
    for name, content in taken.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
