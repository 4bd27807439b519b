"""Ending what a run left: processes until the kernel says there is none, files until the directories are empty."""

import contextlib
import os
import signal
import time
from collections.abc import Iterable

_PAUSE_SECONDS = 0.002
_ENDING_PAUSES = 10
"""How many pauses a process may take to end after its program did, before it counts as left behind."""


def reap_all() -> tuple[float, int]:
    """Reap the dead without waiting: their CPU seconds, and how many of them were killed."""
    seconds, killed = 0.0, 0
    while True:
        try:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return seconds, killed
        if pid == 0:
            return seconds, killed
        seconds += usage.ru_utime + usage.ru_stime
        killed += was_killed(status)


def was_killed(status: int) -> bool:
    """Whether a process ended by SIGKILL."""
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def await_the_ending() -> tuple[float, int]:
    """Reap what ends by itself at once, as helpers of a runtime do when it is gone; see `reap_all`."""
    seconds, killed = 0.0, 0
    for _ in range(_ENDING_PAUSES):
        spent, count = reap_all()
        seconds, killed = seconds + spent, killed + count
        if not has_children():
            break
        time.sleep(_PAUSE_SECONDS)
    return seconds, killed


def has_children() -> bool:
    """Say whether the kernel knows of any child, alive or not."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def kill_all_others() -> tuple[float, int]:
    """As init of a pid namespace: kill all in it, return the CPU seconds and number of the killed once it is empty."""
    seconds, killed = await_the_ending()
    while True:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        try:
            _, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return seconds, killed
        seconds += usage.ru_utime + usage.ru_stime
        killed += was_killed(status)


def clear_descendants(uids: tuple[int, ...]) -> tuple[float, int]:
    """As subreaper: kill every descendant, return their CPU seconds and number once there is none.

    By uid where programs have their own, which no fork bomb outruns; else by walking the tree, stopping
    before killing.
    """
    seconds, killed = await_the_ending()
    while has_children():
        for uid in uids:
            _kill_uid(uid)
        if not uids:
            _kill_tree(os.getpid())
        time.sleep(_PAUSE_SECONDS)
        spent, count = reap_all()
        seconds, killed = seconds + spent, killed + count
    return seconds, killed


def _kill_uid(uid: int) -> None:
    """`kill(-1)` as that uid reaches every process it may signal, and nothing else."""
    killer = os.fork()
    if killer == 0:
        try:
            become(uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(killer, 0)


def _kill_tree(root: int) -> None:
    """Stop, then kill, all below `root`: a stopped process forks no more."""
    for signal_number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in descendants(root):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal_number)


def descendants(root: int) -> list[int]:
    """Every process below `root` in `/proc`, parents before children."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            parent = _parent(name)
            if parent is not None:
                children.setdefault(parent, []).append(int(name))
    found, frontier = [], [root]
    while frontier:
        below = children.get(frontier.pop(), [])
        found += below
        frontier += below
    return found


def _parent(pid: str) -> int | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def become(uid: int) -> None:
    """Be `uid` for good, alone in a group of the same number."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def wipe(directories: Iterable[str], uid: int | None) -> None:
    """Empty the directories if anything is in them; as `uid`, who owns what is inside, where there is one."""
    dirty = [directory for directory in directories if _has_entries(directory)]
    if not dirty:
        return
    cleaner = os.fork()
    if cleaner == 0:
        try:
            if uid is not None:
                become(uid)
            for directory in dirty:
                empty(directory)
        finally:
            os._exit(0)
    os.waitpid(cleaner, 0)


def _has_entries(directory: str) -> bool:
    try:
        return bool(os.listdir(directory))
    except OSError:
        return False


def empty(directory: str) -> None:
    """Remove all inside `directory`, of any depth and mode, following no link.

    Each directory found is first opened up and its subdirectories are moved to the top, under names that nobody could
    guess and take: nothing recurses, no path grows long.
    """
    serial, secret = 0, os.urandom(8).hex()
    while True:
        entries = [entry for entry in os.scandir(directory) if _removable(entry)]
        if not entries:
            return
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            os.chmod(entry.path, 0o700)
            for inner in list(os.scandir(entry.path)):
                if inner.is_dir(follow_symlinks=False):
                    serial += 1
                    os.chmod(inner.path, 0o700)
                    os.rename(inner.path, f"{directory}/.wiped-{secret}-{serial}")
                else:
                    os.unlink(inner.path)
            os.rmdir(entry.path)


def _removable(entry: "os.DirEntry[str]") -> bool:
    """In a shared directory only what is ours; the sticky bit keeps the rest anyway."""
    try:
        return entry.stat(follow_symlinks=False).st_uid in (os.getuid(), os.geteuid())
    except OSError:
        return False
