"""The agent in a long-lived, hardened container: one container is one slot, one submission at a time.

Theory of operation. The container has no network, a read-only root, no capabilities but those that switching uids and
killing take, no new privileges, bounded memory, processes and temporary file systems, no log, no mount of anything of
the host. We are attached to its stdin and stdout before it starts and speak frames with the agent inside; there is no
port and no `exec`. The container's stdin closes when the attachment ends, however the server ends, and the agent then
exits and the engine removes the container: nothing is left to clean. A run is isolated from the last by a uid,
Landlock, seccomp and proof that nothing lives on; a submission from another by the container, replaced when worn.

With `runtime="runsc"` the same under gVisor: the host's kernel is then out of reach too, at two to three times the cost
of a run.

Not covered: without gVisor the container shares the host's kernel. Whoever may talk to the engine is root on its host:
give the service a rootless engine or one on a machine of its own, and never its socket to anything that runs programs.
Engines reached by TLS or SSH are not supported: forward their socket.
"""

import asyncio
import os
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import docker
import docker.errors
from requests.exceptions import RequestException

from sandboxes import images, languages
from sandboxes.hello import Placement
from sandboxes.pool import Family
from sandboxes.sandbox import SandboxError
from sandboxes.slot import Slot

LABEL = "reward-server.slot"
MEMORY_BYTES = 4 * 1024**3
"""Of a container: agent, warm interpreters and one program with its files. A limit, nothing is set aside."""
PROCESSES = 512
_GUEST_PROCESSES = 4096
"""Another runtime has tasks of its own for each guest process, and dies when it may make no more."""
SCRATCH_BYTES, TEMPORARY_BYTES = 512 * 1024**2, 128 * 1024**2
ENGINE_SECONDS = 60
_PATIENCE_SECONDS = 20.0
"""An engine that is being restarted is back by then."""
_SCRATCH = "/scratch"
_BOOTSTRAP = (
    f"import sys; sys.path.insert(0, {images.AGENT_ROOT!r}); from sandboxes.agent import service; sys.path.pop(0);"
    " service.main()"
)
_STREAM_HEADER = struct.Struct(">BxxxI")
_STDOUT = 1
_KEPT_ERROR_BYTES = 2000

_EngineErrors = (docker.errors.DockerException, RequestException, OSError)


@dataclass(frozen=True, slots=True)
class Hardening:
    """What an operator may choose about every container."""

    runtime: str | None = None
    """None: the engine's default; `runsc` for gVisor."""
    memory_bytes: int = MEMORY_BYTES
    seccomp: str | None = None
    """A profile as JSON, or `unconfined`; None: the engine's default. Programs run under the agent's own filter in any
    case, but what the engine's refuses first leaves no flag in the evidence."""


def families(engine: Any, hardening: Hardening = Hardening(), *, only: Iterable[str] | None = None) -> list[Family]:
    """A family for each image that is built, python's first.

    Raises:
        SandboxError: an image asked for by `only` is not built, or none is.
    """
    found = []
    for name, image in images.discover().items():
        if only is not None and name not in only:
            continue
        try:
            digest = images.digest(engine, image)
        except SandboxError:
            if only is not None:
                raise
            continue
        found.append(
            Family(
                name, _launcher(engine, digest, hardening), image.languages, digest, patience_seconds=_PATIENCE_SECONDS
            )
        )
    if not found:
        raise SandboxError("no sandbox image is built: run `python -m sandboxes.images`")
    return sorted(found, key=lambda family: "python" not in (family.languages or ()))


def _launcher(engine: Any, digest: str, hardening: Hardening) -> Callable[[], Awaitable[Slot]]:
    return lambda: launch(engine, digest, hardening)


async def launch(engine: Any, image: str, hardening: Hardening = Hardening(), *, level: int | None = None) -> Slot:
    """Start a container from `image` (a digest) and wait for its agent's hello.

    Raises:
        SandboxError: the engine or the agent failed.
    """
    try:
        container, attached = await asyncio.to_thread(_start, engine, image, hardening)
    except _EngineErrors as error:
        raise SandboxError(f"cannot start a container: {error}"[:500]) from error
    raw, writer = await asyncio.open_connection(sock=attached)
    reader, errors = asyncio.StreamReader(), bytearray()
    pump = asyncio.get_running_loop().create_task(_separate(raw, reader, errors))

    async def end(_slot: Slot) -> None:
        writer.close()
        pump.cancel()
        await asyncio.gather(pump, return_exceptions=True)
        await asyncio.to_thread(_remove, container)

    slot = Slot(reader, writer, end, name=f"container {container.short_id}", image=image)
    try:
        await slot.start(languages.discover(), Placement(level, contained=True, scratch=_SCRATCH, search_path=None))
    except SandboxError as error:
        await slot.close()
        raise SandboxError(f"{error}: {errors.decode(errors='replace')}") from error
    except BaseException:
        await slot.close()
        raise
    return slot


def _start(engine: Any, image: str, hardening: Hardening) -> tuple[Any, socket.socket]:
    """Create, attach, start, in this order, so that not a byte is lost. Blocking."""
    profile = [] if hardening.seccomp is None else [f"seccomp={hardening.seccomp}"]
    container = engine.containers.create(
        image,
        entrypoint=["python3", "-I", "-S", "-B", "-c", _BOOTSTRAP],
        command=[],
        stdin_open=True,
        detach=False,
        tty=False,
        environment={},
        network_mode="none",
        read_only=True,
        cap_drop=["ALL"],
        cap_add=["SETUID", "SETGID", "KILL"],
        security_opt=["no-new-privileges", *profile],
        ipc_mode="private",
        cgroupns="private",
        pids_limit=PROCESSES if hardening.runtime is None else _GUEST_PROCESSES,
        mem_limit=hardening.memory_bytes,
        memswap_limit=hardening.memory_bytes,
        nano_cpus=10**9,
        oom_score_adj=500,
        ulimits=[docker.types.Ulimit(name="core", soft=0, hard=0)],
        tmpfs={
            _SCRATCH: f"rw,exec,nosuid,nodev,size={SCRATCH_BYTES},nr_inodes=65536,mode=0711",
            "/tmp": f"rw,nosuid,nodev,size={TEMPORARY_BYTES},nr_inodes=16384,mode=1777",  # noqa: S108
        },
        shm_size=TEMPORARY_BYTES // 2,
        log_config=docker.types.LogConfig(type="none"),
        labels={LABEL: "1"},
        auto_remove=True,
        runtime=hardening.runtime,
    )
    try:
        plain = _attach(container)
        try:
            container.start()
        except BaseException:
            plain.close()
            raise
    except BaseException:
        _remove(container)
        raise
    return container, plain


def _attach(container: Any) -> socket.socket:
    attached = container.attach_socket(params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
    plain = socket.socket(fileno=os.dup(attached.fileno()))
    beneath = attached._sock  # noqa: SLF001 - closing what the SDK hands out closes only this wrapper
    attached.close()
    beneath.close()
    plain.setblocking(False)
    return plain


def _remove(container: Any) -> None:
    try:
        container.remove(force=True)
    except _EngineErrors:
        return  # already gone, or going: the engine removes it by itself


async def _separate(raw: asyncio.StreamReader, reader: asyncio.StreamReader, errors: bytearray) -> None:
    """Take Docker's stream apart: stdout to `reader`, the end of stderr to `errors`."""
    try:
        while True:
            kind, size = _STREAM_HEADER.unpack(await raw.readexactly(_STREAM_HEADER.size))
            data = await raw.readexactly(size)
            if kind == _STDOUT:
                reader.feed_data(data)
            else:
                errors += data
                del errors[:-_KEPT_ERROR_BYTES]
    except (EOFError, OSError):
        return
    finally:
        reader.feed_eof()
