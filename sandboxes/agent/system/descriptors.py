"""The descriptors of one run: our ends and the child's. What a program reads and writes is in them and nowhere else."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from sandboxes.agent.system import kernel

_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


class Ends(NamedTuple):
    """Both ends."""

    stdout: int
    stderr: int
    record: int
    feed: int | None
    """Our end of a conversation's stdin."""
    inside: list[int]
    """The child's: stdin, stdout, stderr, record, call."""
    written: int | None
    """A memory file that the child may write, under the name of the file that is read back."""
    close_inside: ExitStack


def sealed(name: str, content: bytes) -> int:
    """A memory file at its beginning that nobody can change any more."""
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    written = 0
    while written < len(content):
        written += os.pwrite(descriptor, memoryview(content)[written:], written)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
    return descriptor


@contextmanager
def for_run(uid: int | None, stdin: bytes | None, call: bytes, *, writes: bool = False) -> Iterator[Ends]:
    """Everything one run needs. `stdin` None makes its stdin a pipe that we feed; `writes` adds a file to be read back.

    The caller closes `close_inside` once the zygote has its copies, and owns `feed`.
    """
    with ExitStack() as ours, ExitStack() as its:
        feed, reader = _input(uid, stdin)
        its.callback(os.close, reader)
        (stdout, stdout_inside), (stderr, stderr_inside) = _pipe(uid), _pipe(uid)
        for descriptor in (stdout, stderr):
            ours.callback(os.close, descriptor)
            os.set_blocking(descriptor, False)
        for descriptor in (stdout_inside, stderr_inside):
            its.callback(os.close, descriptor)
        record, record_inside = socket.socketpair()
        ours.enter_context(record)
        its.enter_context(record_inside)
        record.setblocking(False)
        asked = sealed("call", call)
        its.callback(os.close, asked)
        inside = [reader, stdout_inside, stderr_inside, record_inside.fileno(), asked]
        written = None
        if writes:
            written = os.memfd_create("output", os.MFD_CLOEXEC)
            ours.callback(os.close, written)
        yield Ends(stdout, stderr, record.fileno(), feed, inside, written, its)


class Handles(NamedTuple):
    """The descriptors of a warden's run: fewer than an ordinary run's, nothing has to travel back to us but bytes."""

    stdout: int
    stderr: int
    record: int
    inside: list[int]
    """The child's: stdin, stdout, stderr, record, and call if there is one."""

    @property
    def ours(self) -> tuple[int, int, int]:
        """What it prints, and its record."""
        return self.stdout, self.stderr, self.record

    def let_go(self) -> None:
        """Close the child's ends, once the warden has its copies."""
        while self.inside:
            os.close(self.inside.pop())

    def close(self) -> None:
        """Close everything."""
        self.let_go()
        for descriptor in (self.stdout, self.stderr, self.record):
            os.close(descriptor)


def for_warden(uid: int | None, stdin: bytes, call: bytes | None) -> Handles:
    """What one run of a warden's needs; the caller closes it."""
    inside = [sealed("stdin", stdin)]
    if uid is not None:
        kernel.create_as(uid)
    try:
        (stdout, stdout_inside), (stderr, stderr_inside) = os.pipe(), os.pipe()
    finally:
        if uid is not None:
            kernel.create_as(os.geteuid())
    record, record_inside = os.pipe()
    inside += (stdout_inside, stderr_inside, record_inside)
    if call is not None:
        inside.append(sealed("call", call))
    for descriptor in (stdout, stderr, record):
        os.set_blocking(descriptor, False)
    return Handles(stdout, stderr, record, inside)


def _input(uid: int | None, stdin: bytes | None) -> tuple[int | None, int]:
    if stdin is not None:
        return None, sealed("stdin", stdin)
    reader, feed = _pipe(uid)
    os.set_blocking(feed, False)
    return feed, reader


def _pipe(uid: int | None) -> tuple[int, int]:
    """A pipe that belongs to the uid programs run as, so that they may open `/dev/stdout`."""
    if uid is None:
        return os.pipe()
    kernel.create_as(uid)
    try:
        return os.pipe()
    finally:
        kernel.create_as(os.geteuid())
