"""Agents that somebody else starts (compose, Kubernetes), each listening on a unix socket in a shared directory.

The service connects and needs no right to start containers. One connection is one slot; when the slot is closed the
agent ends, and whoever started it starts another, with fresh file systems. How a container must be set up for that is
in `docker-compose.yml`. Agents of other images than Python's listen in a folder of the directory that is named after
their family: the languages of a family without such a folder are not there.

Not covered: that the container is as hardened as it should be is its starter's business; the agent reports the level
it was granted, and the pool refuses weak ones.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from sandboxes import images, languages
from sandboxes.families import Family
from sandboxes.hello import Placement
from sandboxes.languages import Language
from sandboxes.sandbox import SandboxError
from sandboxes.slot import Slot

_STREAM_BYTES = 1 << 20
_POLL_SECONDS = 0.05


def families(directory: Path, *, start_seconds: float) -> list[Family]:
    """Return a family for the agents that listen in `directory` itself, and one for each folder that may be there."""
    own = Family("socket", partial(launch, directory), start_seconds=start_seconds)
    others = (image for image in images.discover().values() if image.family != "python")
    return [own] + [
        Family(
            image.family,
            partial(launch, directory / image.family),
            languages=image.languages,
            present=(directory / image.family).is_dir,
        )
        for image in others
    ]


async def launch(
    directory: Path,
    *,
    level: int | None = None,
    search_path: tuple[str, ...] | None = None,
    offered: Mapping[str, Language] | None = None,
    wait_seconds: float = 1.0,
) -> Slot:
    """Connect to an agent that listens in `directory`, waiting until there is one, and wait for its hello.

    Raises:
        SandboxError: none listened within `wait_seconds`, or the one that did failed.
    """
    reader, writer, name = await _connect(directory, wait_seconds)

    async def end(_slot: Slot) -> None:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    slot = Slot(reader, writer, end, name=f"socket {name}")
    placement = Placement(level, contained=True, scratch="/scratch", search_path=search_path)
    try:
        await slot.start(languages.discover() if offered is None else offered, placement)
    except BaseException:
        await slot.close()
        raise
    return slot


async def _connect(directory: Path, wait_seconds: float) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait_seconds
    while loop.time() < deadline:
        for path in sorted(directory.glob("*.sock")):
            # The rename claims the agent for one slot of one service; a socket nobody listens on refuses: the next.
            claimed = path.with_suffix(".claimed")
            with contextlib.suppress(OSError):
                path.rename(claimed)
                try:
                    reader, writer = await asyncio.open_unix_connection(claimed, limit=_STREAM_BYTES)
                finally:
                    claimed.unlink()
                return reader, writer, path.stem
        await asyncio.sleep(_POLL_SECONDS)
    raise SandboxError(f"no sandbox listens in {directory}: is the sandbox container running?")
