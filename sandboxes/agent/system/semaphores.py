"""Semaphores for `multiprocessing` where a run may not write the /dev/shm of the machine: levels 1 and 2.

A pipe holds one byte for each time the semaphore may still be acquired. Takes the place of `_multiprocessing.SemLock`
in the zygote; what programs import is unchanged. Not covered: passing one to a process started by spawn.
"""

import fcntl
import os
import select
import struct
import termios
import threading
import time

_RECURSIVE_MUTEX = 0


class SemLock:
    """The interface `multiprocessing.synchronize` uses."""

    SEM_VALUE_MAX = 32767
    """What fits into a pipe with room to spare."""

    def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> None:
        self.kind, self.maxvalue = kind, maxvalue
        self.name = None if unlink else name
        self.handle, self._giver = os.pipe()
        os.set_blocking(self.handle, False)
        os.write(self._giver, b"." * value)
        self._held = 0
        self._holder = 0

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take one, waiting as told."""
        if self.kind == _RECURSIVE_MUTEX and self._is_mine():
            self._held += 1
            return True
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                os.read(self.handle, 1)
            except BlockingIOError:
                if not block or not self._wait(deadline):
                    return False
            else:
                self._held += 1
                self._holder = threading.get_ident()
                return True

    __enter__ = acquire

    def release(self) -> None:
        """Give one back."""
        if self.kind == _RECURSIVE_MUTEX:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._held > 1:
                self._held -= 1
                return
        elif self._get_value() >= self.maxvalue:
            raise ValueError("semaphore or lock released too many times")
        self._held -= 1
        os.write(self._giver, b".")

    def __exit__(self, *_: object) -> None:
        self.release()

    def _wait(self, deadline: float | None) -> bool:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        return bool(select.select([self.handle], [], [], left)[0])

    def _count(self) -> int:
        return self._held

    def _is_mine(self) -> bool:
        return self._held > 0 and self._holder == threading.get_ident()

    def _get_value(self) -> int:
        answer: bytes = fcntl.ioctl(self.handle, termios.FIONREAD, b"\0" * 4)
        return int(struct.unpack("=i", answer)[0])

    def _is_zero(self) -> bool:
        return self._get_value() == 0

    def _after_fork(self) -> None:
        self._held = 0
