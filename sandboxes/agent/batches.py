"""Runs that were asked for in one message: made one after the other, each answered as soon as it is over.

Theory of operation. Only the server knows what a run should print, so only it can say which was the last. The message
says how many runs may be begun before it has spoken again; `on` moves that further, `enough` ends the run that is under
way and those to come. Both are heard between runs and while one runs. Every `enough` is answered once, after whatever
had been answered before it was heard; what the server reads up to there it drops. A batch that waits for `on` is also
over when any other request comes.

What takes time and is not the program's is done while a run is under way: saying what the one before came to, making
the next one's descriptors.
"""

import contextlib
import select
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandboxes.agent import frames, runs, standing, underway
from sandboxes.agent.frames import Frame
from sandboxes.agent.slot import Place
from sandboxes.agent.supervise import ServerGoneError
from sandboxes.agent.underway import Reply, Underway
from sandboxes.agent.watch import Credit

_WARDEN_WAITS_SECONDS = 0.05
"""For the server to compare what a run printed and to ask for the next one."""
_WORTHWHILE_SHARE = 0.4
"""Of submissions that go beyond their first run: below it that one is cheaper in a jail of its own than with a warden
that has nothing else to do."""
_NEWEST = 0.2
"""How much the newest submission says of those to come."""
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


@dataclass(slots=True)
class _Batch:
    """Runs asked for in one message, and how far they have come."""

    place: Place
    header: dict[str, Any]
    blobs: Iterator[bytes]
    credit: Credit
    begun: int = 0
    made_ready: int = 0
    terms: runs.Terms | None = None
    """Of the run that was made ready last."""
    next: Underway | None = None
    """The run that comes next, if it is ready."""
    unsaid: tuple[int, Reply] | None = None
    """What the last run came to, if nobody has been told."""

    def make_ready(self) -> None:
        """Make the next run ready, unless it is or there is none."""
        asked = self.header["runs"]
        if self.next is None and self.made_ready < len(asked):
            one = asked[self.made_ready]
            blobs = [next(self.blobs) for _ in range(1 + len(one["files"]))]
            header = {**one, "limits": self.header["limits"], "conversation": False, "laps": False}
            work = runs.assign(self.place, Frame(header, blobs), self.terms)
            self.terms = runs.Terms(work.order, work.bounds, work.held.tier)
            self.next = underway.ready(self.place, work)
            self.made_ready += 1

    def run(self, index: int) -> None:
        """Make one run; while it goes on say what the last came to, and make the next ready."""
        started = time.monotonic()
        self.begun += 1
        self.make_ready()
        made, self.next = self.next, None
        if made is None:
            raise KeyError("a batch without the run")
        left = self.left(index)
        try:
            worthwhile = self.header["whole"] or index or self.place.beyond_first > _WORTHWHILE_SHARE
            underway.begin(self.place, made, left if worthwhile else 0)
            self.say()
            if made.begun is not None:
                self.make_ready()
                if self.next is not None:
                    underway.give_ahead(self.place, self.next)
            said, kept = underway.finish(self.place, made)
        finally:
            made.close()
        said["wall_seconds"] = time.monotonic() - started
        self.unsaid = index, (said, kept)

    def left(self, index: int) -> int:
        """Runs that come after one."""
        return int(len(self.header["runs"]) - index - 1 + self.header["more"])

    def say(self) -> None:
        """Say what the last run came to."""
        if self.unsaid is not None:
            (index, (said, kept)), self.unsaid = self.unsaid, None
            frames.write(1, frames.pack({"id": self.header["id"], "index": index, **said}, kept))

    def learn(self) -> None:
        """Remember whether the submission was asked for more than one run, if that was open."""
        if not self.header["whole"] and len(self.header["runs"]) + self.header["more"] > 1:
            self.place.beyond_first += _NEWEST * ((self.begun > 1) - self.place.beyond_first)

    def close(self) -> None:
        """Say what is to be said, let go of a run that is not made."""
        with contextlib.suppress(OSError):
            self.say()
        if self.next is not None:
            if self.next.given_to is not None:  # a warden that was given it would take the next run for it
                standing.dismiss(self.place)
            self.next.close()


def work(place: Place, frame: Frame) -> Frame | None:
    """Make the runs; what is to be answered next if the server spoke of something else meanwhile.

    Raises:
        ServerGoneError: nobody waits for the answers.
    """
    credit = place.credit = Credit(frame.header["upto"])
    batch = _Batch(place, frame.header, iter(frame.blobs), credit)
    try:
        for index in range(len(frame.header["runs"])):
            if index >= credit.upto:
                batch.say()
            if (other := _await_credit(place, credit, index)) is not None:
                return other
            batch.run(index)
            if credit.enough is not None:
                batch.unsaid = None
                standing.dismiss(place)
                return credit.enough
        batch.say()
        if not frame.header["more"]:
            standing.dismiss(place)
    finally:
        place.credit = None
        batch.close()
        batch.learn()
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
