"""What becomes of a command that serves when it is told to end: it closes what it holds, and its folder goes."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn


def end_in_order_on_sigterm() -> None:
    """Make SIGTERM an end in order: uvicorn hands it on when it has stopped, and its default action would end us there.

    Sandboxes, workers and the cache are closed on the way out. SIGHUP, of a terminal that is closed, means the same,
    unless it is ignored, as below nohup.
    """
    signal.signal(signal.SIGTERM, _end)
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _hang_up)


def _hang_up(_signal: int, _frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)  # which by now may be another's to hear


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


@contextmanager
def passing_folder(command: str) -> Iterator[Path]:
    """Yield a new folder of `command`; it goes with the block, and also where SIGTERM ends that."""
    end_in_order_on_sigterm()
    with tempfile.TemporaryDirectory(prefix=f"reward-server-{command}-") as folder:
        yield Path(folder)
