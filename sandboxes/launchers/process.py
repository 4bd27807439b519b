"""The agent as a plain process of this machine: no Docker, nothing to install. The embedded default.

Isolation is what the agent can get here: namespaces as root, else a user namespace, else Landlock and seccomp; on other
systems than Linux only rlimits, which is called weak.

Not covered: the kernel is shared with everything on the machine, and at level 1 so is the uid: see SECURITY.md.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from sandboxes import languages
from sandboxes.hello import Placement
from sandboxes.languages import Language
from sandboxes.sandbox import SandboxError
from sandboxes.slot import Slot

_BOOTSTRAP = (
    "import sys; sys.path.insert(0, {root!r}); from sandboxes.agent import service; sys.path.pop(0); service.main()"
)
_STREAM_BYTES = 1 << 20
_CLOSING_SECONDS = 10.0
_PATH = "PATH"
_ROOT = str(Path(__file__).resolve().parents[2])


async def launch(
    *,
    level: int | None = None,
    python: str = sys.executable,
    search_path: tuple[str, ...] | None = None,
    offered: Mapping[str, Language] | None = None,
    user: int | None = None,
) -> Slot:
    """Start an agent here and wait for its hello.

    `level` forces an isolation level (3, 2, 1 or 0); None takes the best this machine grants. `python` runs the agent
    and the Python programs; `search_path` are the packages those may import, by default that interpreter's own.
    `offered` are the languages, by default all. `user` runs the agent as another user than the server's, which takes
    root and then gives level 3 by a user namespace, or level 1.

    Raises:
        SandboxError: the agent did not start, or the level is not granted.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            python, "-I", "-S", "-B", "-c", _BOOTSTRAP.format(root=_ROOT),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=None,
            env={_PATH: os.environ.get(_PATH, os.defpath)}, cwd="/", limit=_STREAM_BYTES, start_new_session=True,
            user=user, group=user, extra_groups=None if user is None else [],
        )  # fmt: skip
    except OSError as error:
        raise SandboxError(f"cannot start an agent: {error}") from error
    if process.stdin is None or process.stdout is None:
        raise SandboxError("the agent has no streams")

    async def end(slot: Slot) -> None:
        await _end(process, slot)

    slot = Slot(process.stdout, process.stdin, end, name=f"process {process.pid}")
    placement = Placement(level, contained=False, scratch="", search_path=search_path)
    try:
        await slot.start(languages.discover() if offered is None else offered, placement)
    except BaseException:
        await slot.close()
        raise
    return slot


async def _end(process: asyncio.subprocess.Process, slot: Slot) -> None:
    """Close its stdin, which ends an agent in good order; else kill. Then remove what a killed agent left."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_CLOSING_SECONDS):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            await process.stdin.wait_closed()
    for directory in slot.hello.residue if slot.hello else ():
        if directory.startswith("/sys/"):
            await _remove_group(Path(directory))
        else:
            shutil.rmtree(directory, ignore_errors=True)


async def _remove_group(directory: Path) -> None:
    for _ in range(100):
        try:
            directory.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            _kill_members(directory)
            await asyncio.sleep(0.02)
        else:
            return


def _kill_members(directory: Path) -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in (directory / "cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(line), signal.SIGKILL)
