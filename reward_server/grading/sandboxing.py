"""From the settings to a pool of sandboxes: which launcher, which families of slots."""

from pathlib import Path

from reward_server.settings import Settings
from sandboxes.launchers import process, socket
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import SandboxError

_START_SECONDS = 5.0
"""Sandboxes that are started beside the service may be there a little later than it."""

LEVELS = {
    3: "level 3: namespaces, seccomp, cgroups where granted",
    2: "level 2: own uid, Landlock, seccomp",
    1: "level 1: Landlock, seccomp",
    0: "level 0, WEAK: resource limits alone",
}
"""Isolation levels in words; `sandboxes.agent.levels` says what each holds."""

NOT_COVERED = {
    3: "bugs of the kernel; timing and load that programs on one machine can see of each other",
    2: "bugs of the kernel, without gVisor; timing; on a host, that a path exists though not what it holds",
    1: "bugs of the kernel; timing; that a path exists; the agent's own uid: give it a user that owns nothing else",
    0: "nearly everything: files, network and processes of this user are within reach",
}
"""What each level leaves open, in short; SECURITY.md has the whole list."""


def make_pool(settings: Settings) -> SandboxPool | None:
    """Return a pool that is yet to be started, None where the settings ask for none.

    Raises:
        SandboxError: no Docker engine answers, or no image is built.
    """
    if settings.sandbox == "none":
        return None
    slots = settings.sandbox_slots or settings.cores
    return SandboxPool(_families(settings), slots=slots, allow_weak_isolation=settings.allow_weak_isolation)


def _families(settings: Settings) -> list[Family]:
    if settings.sandbox == "socket":
        return socket.families(settings.sandbox_sockets, start_seconds=_START_SECONDS)
    if settings.sandbox == "process":
        return [Family("process", process.launch)]
    import docker  # noqa: PLC0415 - only who uses Docker waits for its SDK
    from docker.errors import DockerException  # noqa: PLC0415

    from sandboxes.launchers import docker as containers  # noqa: PLC0415

    try:
        engine = docker.from_env(timeout=containers.ENGINE_SECONDS)
    except DockerException as error:
        raise SandboxError(f"no Docker engine answers: {error}") from error
    return containers.families(engine, containers.Hardening(*_hardening(settings)))


def _hardening(settings: Settings) -> tuple[str | None, int, str | None]:
    """Return runtime, bytes of memory and seccomp profile."""
    profile = settings.sandbox_seccomp
    if profile is not None and profile != "unconfined":
        try:
            profile = Path(profile).read_text()
        except OSError as error:
            raise SandboxError(f"sandbox_seccomp: {error}") from error
    return settings.sandbox_runtime, settings.sandbox_memory_mib << 20, profile
