"""The file system a program sees at level 3: a root of its own with read-only system directories and little else.

Built once per agent in its private mount namespace, so it vanishes with the agent even after SIGKILL: nothing of it is
ever visible on the machine, and no directory is made. The users' home, the service's own files and whatever else the
machine holds are simply not there.
"""

import os
import sys
from collections.abc import Iterable
from typing import NamedTuple

from sandboxes.agent.system import kernel

WRITABLE, ARTIFACTS = "/scratch", "/artifacts"
SCRATCH = f"{WRITABLE}/run"
"""Where each run mounts its own: beneath a directory that stays, so that one Landlock rule serves all runs."""
ARTIFACT_BYTES = 512 * 1024 * 1024
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_LINKS = {
    "/tmp": f"{SCRATCH}/tmp", "/var/tmp": f"{SCRATCH}/tmp", "/dev/shm": f"{SCRATCH}/shm", "/box": f"{SCRATCH}/box",
    "/dev/fd": "/proc/self/fd", "/dev/stdin": "/proc/self/fd/0", "/dev/stdout": "/proc/self/fd/1",
    "/dev/stderr": "/proc/self/fd/2",
}  # fmt: skip
_MOVED = "/moved"
"""Where directories are brought whose own place, under /tmp, is a run's scratch: links lead there."""
_MOUNT_POINTS = ("/mnt", "/media", "/srv", "/opt", "/var/tmp", "/tmp")


class Root(NamedTuple):
    """A root that was built."""

    path: str
    """Where it lies, for the zygotes to enter; empty where there is none."""
    moved: tuple[tuple[str, str], ...] = ()
    """Directories (path, place) that lie where programs write, hence are brought to another place: packages or an
    interpreter in a folder under /tmp."""
    links: tuple[tuple[str, str], ...] = ()
    """Links (path, target) that each run's scratch needs, because some of these must be found by their own path."""


NONE = Root("")


def build(uid: int, directories: Iterable[str], named: Iterable[str], user_namespace: bool) -> Root:
    """Make the new root from the system's directories and `directories`.

    `named` are those that something asks for by their own path, as a compiler does for its parts; only they are linked
    where they would lie in a scratch. A program shall not see where its service happens to be installed.

    A user namespace may mount its own /proc only where it can see one: the machine's is brought in and covered later.
    """
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    wanted = [*_SYSTEM, *settings(), *_outermost(directories)]
    hidden = {path: place for path in wanted if (place := _in_scratch(path))}
    moved = {path: f"{_MOVED}/{number}" for number, path in enumerate(hidden)}
    own_path = [os.path.realpath(path) for path in named]
    links = tuple((hidden[path], moved[path]) for path in hidden if any(_inside(one, path) for one in own_path))
    root = next(
        point
        for point in _MOUNT_POINTS
        if os.path.isdir(point) and not any(f"{path}/".startswith(f"{point}/") for path in wanted)
    )
    kernel.mount("root", root, "tmpfs", kernel.MS_NOSUID, "size=16m,mode=0755")
    os.umask(0o022)
    for path in wanted:
        _bring(root, path, moved.get(path, path))
    for name in _DEVICES:
        _bring(root, f"/dev/{name}", f"/dev/{name}", device=True)
    for path, target in _LINKS.items():
        os.makedirs(root + os.path.dirname(path), exist_ok=True)
        os.symlink(target, root + path)
    for directory in ("/proc", SCRATCH, ARTIFACTS):
        os.makedirs(root + directory, exist_ok=True)
    lay(links, root)
    if user_namespace:
        kernel.mount("/proc", f"{root}/proc", None, kernel.MS_BIND | kernel.MS_REC)
    _write(f"{root}/etc/passwd", f"sandbox:x:{uid}:{uid}::{SCRATCH}/box:/bin/sh\n")
    _write(f"{root}/etc/group", f"sandbox:x:{uid}:\n")
    kernel.protect_mount(root, recursive=False)
    options = f"size={ARTIFACT_BYTES},mode=0755"
    kernel.mount("artifacts", root + ARTIFACTS, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)
    return Root(root, tuple(moved.items()), links)


def place_of(path: str, moved: Iterable[tuple[str, str]]) -> str:
    """Where a program finds what lies at the path on this machine."""
    real = os.path.realpath(path)
    return next((place + real[len(old) :] for old, place in moved if _inside(real, old)), path)


def _inside(path: str, directory: str) -> bool:
    return f"{path}/".startswith(f"{directory}/")


def lay(links: Iterable[tuple[str, str]], root: str = "") -> None:
    """Make the links of `build` in a scratch that has none."""
    for path, target in links:
        os.makedirs(os.path.dirname(root + path), mode=0o755, exist_ok=True)
        os.symlink(target, root + path)


def _in_scratch(path: str) -> str:
    """Where the path is seen when it lies behind one of the links into the scratch, else empty."""
    for link, target in _LINKS.items():
        if target.startswith(SCRATCH) and f"{path}/".startswith(f"{link}/"):
            return target + path[len(link) :]
    return ""


def settings() -> tuple[str, ...]:
    """System settings that run-time linkers and language runtimes read; none of them is a secret."""
    java = [f"/etc/{name}" for name in sorted(os.listdir("/etc")) if name.startswith("java")]
    return (*_SETTINGS, *java)


def interpreter_directories() -> tuple[str, ...]:
    """What the Python that runs this needs beside the system's own directories."""
    return tuple({sys.base_prefix, sys.prefix})


def interpreter_paths() -> tuple[str, ...]:
    """What programs find by its own path of that: the interpreter itself, not a virtual environment around it."""
    return (sys.base_prefix, os.path.realpath(sys.executable))


def _outermost(directories: Iterable[str]) -> list[str]:
    """Without those that lie inside another or inside the system's."""
    kept: list[str] = []
    for path in sorted({os.path.realpath(directory) for directory in directories if directory}):
        if not any(f"{path}/".startswith(f"{outer}/") for outer in [*_SYSTEM, *kept]):
            kept.append(path)
    return kept


def _bring(root: str, path: str, place: str, device: bool = False) -> None:
    if not os.path.lexists(path):
        return
    target = root + place
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path):
        os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        _write(target, "")
    kernel.mount(path, target, None, kernel.MS_BIND | kernel.MS_REC)
    if not device:
        kernel.protect_mount(target)


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
