"""The agent: one program, the same in a container, under gVisor and as a plain process. Standard library only.

It reads frames on stdin and writes frames on stdout (`frames.py`), holds one submission at a time and runs it once for
each that is asked for. It never sees an expected output, keeps no secret and has no network.

    start    {level, contained, scratch, search_path, languages}   → hello {version, level, reasons, languages, …}
    prepare  {language, files, limits} + source, files            → {status: ok | compile_error, …}
    run      {invocation, limits} + stdin                          → one Execution's fields + stdout, stderr, record
    runs     {runs, limits, upto, whole, more} + stdins            → for each what `run` says of it, and its `index`
    on       {upto}                                                lets runs go further (`batches.py`); no reply
    enough   {}                                                    ends them                → {enough}
    input    {last, lap} + data                                    feeds a conversation's stdin; no reply
    silence  {seconds}                                             ends a conversation in which nobody stirs; no reply
    version  {language}                                            → {version}
    drop, ping, stats                                              → {}

Whatever fails here and is not the program's doing ends the agent: the launcher then knows nothing about the program
and retries elsewhere, and no half-broken agent goes on.
"""

import contextlib
import os
import signal
import sys
import time
from types import FrameType
from typing import Any, NoReturn

from sandboxes.agent import batches, commands, frames, runs, slot, standing
from sandboxes.agent.meters import StarvedError
from sandboxes.agent.supervise import ServerGoneError
from sandboxes.agent.zygotes import ZygoteError

VERSION = "1"


def main() -> NoReturn:
    """Serve until stdin ends or SIGTERM comes, which as process 1 of a container must be asked for."""
    signal.signal(signal.SIGINT, lambda *_: None)  # not SIG_IGN, which programs would inherit
    signal.signal(signal.SIGTERM, _leave_at_once)
    place: slot.Place | None = None
    status = 0
    try:
        first = frames.read(0)
        if first is None:
            os._exit(0)
        place = slot.prepare_place(first.header)
        frames.write(1, frames.pack({"id": first.header["id"], "version": VERSION, **slot.describe(place)}))
        _serve(place)
    except ServerGoneError:
        pass
    except (ZygoteError, StarvedError, OSError, frames.ProtocolError, KeyError, TypeError, ValueError) as error:
        status = 1
        _report_failure(error)
    if place is not None:
        with contextlib.suppress(ZygoteError):
            standing.dismiss(place)
        slot.leave(place)
    sys.stderr.flush()
    os._exit(status)


def _serve(place: slot.Place) -> None:
    frame = batches.next_frame(place)
    while frame is not None:
        other = None
        if frame.header["op"] == "runs":
            other = batches.work(place, frame)
        elif frame.header["op"] not in ("input", "silence", "on"):  # of what has just ended
            _answer(place, frame)
        frame = other or batches.next_frame(place)


def _answer(place: slot.Place, frame: frames.Frame) -> None:
    operations = {"prepare": runs.prepare, "run": runs.run}
    operation = frame.header["op"]
    header: dict[str, Any] = {}
    blobs: list[bytes] = []
    if operation in operations:
        started = time.monotonic()
        header, blobs = operations[operation](place, frame)
        header["wall_seconds"] = time.monotonic() - started
    elif operation == "drop":
        runs.drop(place)
    elif operation == "stats":
        header = slot.statistics(place)
    elif operation == "version":
        header = {"version": commands.version_of(place.languages[frame.header["language"]])}
    elif operation == "enough":
        header = {"enough": True}
    frames.write(1, frames.pack({"id": frame.header["id"], **header}, blobs))
    if operation == "run" and not frame.header["more"]:
        standing.dismiss(place)


def _leave_at_once(_number: int, _frame: FrameType | None) -> NoReturn:
    """Whatever runs is run elsewhere."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise ServerGoneError


def _report_failure(error: BaseException) -> None:
    """Our failure, told to the launcher if it still listens, and on stderr."""
    text = f"{type(error).__name__}: {error}"[:500]
    sys.stderr.write(f"{text}\n")
    try:
        frames.write(1, frames.pack({"id": -1, "failure": text}))
    except OSError:
        return
