"""One run under way, from its descriptors to its description: in a jail of its own, or as a warden's child."""

import os
import signal
from typing import Any, NamedTuple

from sandboxes.agent import meters, notices, outcome, standing, submission, supervise
from sandboxes.agent.configuration import RunOrder
from sandboxes.agent.script import Script
from sandboxes.agent.slot import (
    Place,
    check_disk,
    check_kill,
    limit_groups,
    reserves,
    sockets_left,
    sockets_there,
    zygote_for,
)  # fmt: skip
from sandboxes.agent.submission import Submission
from sandboxes.agent.system import descriptors
from sandboxes.agent.wardens import WardenError
from sandboxes.agent.watch import Bounds, Watch
from sandboxes.agent.zygotes import Report

Reply = tuple[dict[str, Any], list[bytes]]

_QUIET = ("ok", "exit", "exception", "unsupported")
"""What a run may come to and leave its warden to the next."""


class Assignment(NamedTuple):
    """One run, whole."""

    order: RunOrder
    bounds: Bounds
    asked: dict[str, Any]
    """What the child is told: argv, environment, function, arguments, expression."""
    stdin: bytes | None
    """None in a conversation, and where there is a script."""
    files: dict[str, bytes]
    script: Script | None = None

    @property
    def asks_value(self) -> bool:
        """A value is wanted, not only output."""
        return self.order.python and (self.asked["function"] is not None or self.asked["expression"] is not None)


def perform(place: Place, held: Submission, work: Assignment) -> Reply:
    """One child in a jail of its own, from its descriptors to its description."""
    standing.dismiss(place)
    zygote = zygote_for(place, held.tier)
    check_disk(place, work.order.file_bytes)
    limit_groups(place, work.bounds.memory_bytes, work.order)
    call = submission.pack_call(work.asked, work.files)
    before = sockets_there(place)
    with descriptors.for_run(place.jail.uid, work.stdin, call, writes=bool(work.asked.get("output_file"))) as ends:
        meter = meters.Meter(
            place.groups, zygote.process.pid, "" if place.jail.root else place.jail.scratch, reserves(place)
        )
        written = [] if ends.written is None else [ends.written]
        pid = zygote.begin(work.order, [*ends.inside, held.source, *written])
        ends.close_inside.close()
        witness = notices.Witness(place.policy, place.jail.scratch, place.jail.uid, zygote.process.pid)
        watched = Watch(pid, ends.stdout, ends.stderr, ends.record, ends.feed, work.bounds, meter, witness, work.script)
        watched.credit = place.credit
        try:
            report = supervise.watch(watched, zygote)
        finally:
            for descriptor in (watched.listener, watched.feed):
                if descriptor is not None:
                    os.close(descriptor)
        header, kept = _describe(place, held, work, watched, report)
        blobs = [*kept, *(outcome.read_back(descriptor, work.bounds, header) for descriptor in written)]
    header["sockets_left"] = sockets_left(place, before)
    return header, blobs


def _describe(place: Place, held: Submission, work: Assignment, watched: Watch, report: Report) -> Reply:
    baseline = place.baselines[held.tier][0] if work.order.python else 0
    for call in place.languages[held.language]["own_refusals"]:
        watched.own += watched.refused.pop(call, 0)
    header, raw = outcome.describe(watched, report, work.asks_value, baseline)
    if header["signal"] == signal.SIGKILL and not watched.ended_by:
        check_kill(place)
    return header, [bytes(watched.outputs[watched.stdout]), bytes(watched.outputs[watched.stderr]), raw]


def perform_standing(place: Place, held: Submission, work: Assignment, more: int) -> Reply:
    """One child of the submission's warden.

    Raises:
        WardenError: there is none, or it could not be relied on.
    """
    warden = standing.warden_for(place, held, work.order, work.bounds.memory_bytes, more)
    plain = work.order.python and standing.is_script(work.asked)
    call = None if plain else submission.pack_call(work.asked, {})
    ends = descriptors.for_warden(place.jail.uid, work.stdin or b"", call)
    try:
        meter = meters.Meter(place.groups, warden.pid, "", reserves(place))
        warden.begin(ends)
        ends.let_go()
        witness = notices.Witness(place.policy, place.jail.scratch, place.jail.uid, warden.pid)
        watched = Watch(warden.pid, ends.stdout, ends.stderr, ends.record, None, work.bounds, meter, witness)
        watched.kill, watched.listener, watched.confined = warden.kill, warden.listener, True
        watched.credit = place.credit
        report = supervise.watch(watched, warden)
        reply = _describe(place, held, work, watched, report)
    except WardenError:
        standing.dismiss(place, lost=True)
        raise
    finally:
        ends.close()
    place.warden_runs += 1
    if not warden.untouched or watched.noted > watched.own or watched.ended_by or reply[0]["status"] not in _QUIET:
        standing.dismiss(place, lost=True)
    return reply
