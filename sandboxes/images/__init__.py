"""The images the Docker launcher runs: one folder here is one family, built from its Dockerfile and the agent.

The tag is derived from the content of everything that goes in, so a changed agent or Dockerfile is a new image and an
unchanged one is never built twice. `LABEL reward-server.languages="c cpp"` in the Dockerfile says what the family
offers; the agent is in the build context as `sandboxes/`, to be copied to `/opt/reward-server/sandboxes`.

    python -m sandboxes.images            build what is missing, print tag and digest of each
    python -m sandboxes.images cpp jvm    only these
"""

import hashlib
import io
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandboxes.sandbox import SandboxError

AGENT_ROOT = "/opt/reward-server"
BUILD_SECONDS = 1800
_HERE = Path(__file__).parent
_LANGUAGES = re.compile(r'^LABEL\s+reward-server\.languages="([^"]*)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Image:
    """One family's image, built or not."""

    family: str
    tag: str
    languages: frozenset[str]


def discover() -> Mapping[str, Image]:
    """Every family by name."""
    folders = sorted(folder for folder in _HERE.iterdir() if (folder / "Dockerfile").is_file())
    return {folder.name: _describe(folder) for folder in folders}


def digest(engine: Any, image: Image) -> str:
    """The id of the built image: a digest of its content, fit for a cache key.

    `engine` is a `docker.DockerClient`.

    Raises:
        SandboxError: it is not built.
    """
    import docker.errors  # noqa: PLC0415 - only who uses Docker needs its SDK

    try:
        return str(engine.images.get(image.tag).id)
    except docker.errors.ImageNotFound as error:
        raise SandboxError(f"no image {image.tag}: run `python -m sandboxes.images {image.family}`") from error


def build(engine: Any, image: Image) -> str:
    """Build the image unless its tag is there; its digest.

    Raises:
        SandboxError: the build failed; the end of its log is in the message.
    """
    import docker.errors  # noqa: PLC0415

    try:
        return digest(engine, image)
    except SandboxError:
        context = _context(_HERE / image.family)
    try:
        built, _ = engine.images.build(
            fileobj=io.BytesIO(context),
            custom_context=True,
            tag=image.tag,
            rm=True,
            forcerm=True,
            timeout=BUILD_SECONDS,
        )
    except docker.errors.BuildError as error:
        log = "".join(str(line.get("stream", line.get("error", ""))) for line in error.build_log)
        raise SandboxError(f"building {image.tag} failed: {log[-1000:]}") from error
    except docker.errors.APIError as error:
        raise SandboxError(f"building {image.tag} failed: {error}") from error
    return str(built.id)


def _describe(folder: Path) -> Image:
    found = _LANGUAGES.search((folder / "Dockerfile").read_text())
    content = hashlib.sha256(_context(folder)).hexdigest()[:16]
    offered = frozenset(found[1].split()) if found else frozenset()
    return Image(folder.name, f"reward-sandbox-{folder.name}:{content}", offered)


def _context(folder: Path) -> bytes:
    """The build context as a tar, the same bytes for the same content."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in _files(folder):
            entry = tarfile.TarInfo(name)
            content = path.read_bytes()
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    package = _HERE.parent
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield str(path.relative_to(folder)), path
    for path in sorted([package / "__init__.py", *(package / "agent").rglob("*.py")]):
        yield str(path.relative_to(package.parent)), path
