"""Several programs' answers heard in one run of the tests: read and compiled once, then forked for each.

Each fork finds what a run of its own would find: the directories it may write are as they were before it, or it is the
last. Tests and answers that leave nothing behind (`purity`) are heard without a fork. How each ended is said behind
what it wrote; answers that are not mentioned were not heard.
"""

import os
import shutil
from collections.abc import Callable, Iterable

from sandboxes.agent.system import forks
from sandboxes.agent.wire import purity
from sandboxes.agent.wire.pipes import HEARD, Pipe

_SHARED = ("/tmp", "/dev/shm")


def each(lengths: list[int], reader: int, writer: int, hear: Callable[[Pipe], None] | None) -> Pipe:
    """Hear one after the other, and end this process; return only in a fork, with the pipe that has its answers.

    `hear` does it here, where the tests allow that.
    """
    places = _Places()
    forks.leave_out()
    for length in lengths:
        pipe = Pipe(0, writer)
        pipe.received += _read(reader, length)
        status = 0
        if hear is not None and purity.are_plain(pipe.received):
            hear(pipe)
        else:
            child = os.fork()
            if child == 0:
                forks.put_back()
                os.close(reader)
                return pipe
            _, status = os.waitpid(child, 0)
        Pipe(0, writer).send(HEARD, os.waitstatus_to_exitcode(status))
        if not places.restored():
            break
    os._exit(0)


def _read(reader: int, length: int) -> bytes:
    data = bytearray()
    while len(data) < length and (piece := os.read(reader, length - len(data))):
        data += piece
    return bytes(data)


class _Places:
    """The directories that a run may write, as they were at first."""

    def __init__(self) -> None:
        beside = os.path.dirname(os.getcwd())
        own = [os.getcwd(), os.environ.get("TMPDIR", "/tmp"), f"{beside}/tmp", f"{beside}/shm"]
        self.own = {os.path.realpath(path) for path in own} - set(_SHARED)
        self.before, self.around = _seen(self.own), _seen(_SHARED)

    def restored(self) -> bool:
        """Take away what is new in those of this run alone; whether all is as it was then."""
        for path in _seen(self.own).keys() - self.before.keys():
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.unlink(path)
        return _seen(self.own) == self.before and _seen(_SHARED) == self.around


def _seen(folders: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    status = entry.stat(follow_symlinks=False)
                    found[entry.path] = status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns
        except OSError:
            continue
    return found
