"""Runs that were asked for in one message: made one after the other, each answered as soon as it is over.

Theory of operation. Only the server knows what a run should print, so only it can say which was the last. The message
says how many runs may be begun before it has spoken again; `on` moves that further, `enough` ends the run that is under
way and those to come. Both are heard between runs and while one runs. Every `enough` is answered once, after whatever
had been answered before it was heard; what the server reads up to there it drops. A batch that waits for `on` is also
over when any other request comes.
"""

import select
import time
from typing import Any

from sandboxes.agent import frames, runs, standing, underway
from sandboxes.agent.frames import Frame
from sandboxes.agent.slot import Place
from sandboxes.agent.supervise import ServerGoneError
from sandboxes.agent.watch import Credit

_WARDEN_WAITS_SECONDS = 0.05
"""For the server to compare what a run printed and to ask for the next one."""
_KEEPING = ("run", "runs", "on", "input", "silence")
"""Requests that leave a warden standing."""


def next_frame(place: Place) -> Frame | None:
    """What is asked next. A warden that nobody has work for is ended: nothing of a submission stays in an idle slot."""
    if place.standing is not None and not select.select([0], [], [], _WARDEN_WAITS_SECONDS)[0]:
        standing.dismiss(place)
    frame = frames.read(0)
    if frame is None or frame.header["op"] not in _KEEPING:
        standing.dismiss(place)
    return frame


def work(place: Place, frame: Frame) -> Frame | None:
    """Make the runs; what is to be answered next if the server spoke of something else meanwhile.

    Raises:
        ServerGoneError: nobody waits for the answers.
    """
    header, given = frame.header, iter(frame.blobs)
    credit = place.credit = Credit(header["upto"])
    try:
        for index, asked in enumerate(header["runs"]):
            blobs = [next(given) for _ in range(1 + len(asked["files"]))]
            if (other := _await_credit(place, credit, index)) is not None:
                return other
            left = len(header["runs"]) - index - 1 + header["more"]
            answer = _run(place, header, asked, blobs, left if header["whole"] or index else 0)
            if credit.enough is not None:
                standing.dismiss(place)
                return credit.enough
            frames.write(1, frames.pack({"id": header["id"], "index": index, **answer[0]}, answer[1]))
            if not left:
                standing.dismiss(place)
    finally:
        place.credit = None
    return None


def _await_credit(place: Place, credit: Credit, index: int) -> Frame | None:
    """Wait until a run may begin; whatever else is said instead."""
    while index >= credit.upto:
        frame = next_frame(place)
        if frame is None:
            raise ServerGoneError
        if frame.header["op"] != "on":
            return frame
        credit.hear(frame)
    return None


def _run(place: Place, batch: dict[str, Any], asked: dict[str, Any], blobs: list[bytes], more: int) -> underway.Reply:
    started = time.monotonic()
    header = {**asked, "limits": batch["limits"], "conversation": False, "laps": False, "more": more}
    said, kept = runs.run(place, Frame(header, blobs))
    said["wall_seconds"] = time.monotonic() - started
    return said, kept
