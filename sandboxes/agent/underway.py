"""One run under way, from its descriptors to its description: as a warden's child, or in a jail of its own.

A warden's run goes in three steps, so that what can be done beforehand or afterwards is done while another one runs:
what it is given is made ready, it begins, it is seen to its end.
"""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
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
from sandboxes.agent.wardens import Warden, WardenError
from sandboxes.agent.watch import Bounds, Watch
from sandboxes.agent.zygotes import Report

Reply = tuple[dict[str, Any], list[bytes]]

_QUIET = ("ok", "exit", "exception", "unsupported")
"""What a run may come to and leave its warden to the next."""


class Assignment(NamedTuple):
    """One run, whole."""

    held: Submission
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


@dataclass(slots=True)
class Underway:
    """A run, as far as it has come."""

    work: Assignment
    given: descriptors.Handles | None
    """What it is given, if a warden may have it."""
    given_to: Warden | None = None
    """Who has it already."""
    begun: tuple[Warden, Watch] | None = None

    def close(self) -> None:
        """Let go of what it is given."""
        if self.given is not None:
            self.given.close()
            self.given = None


def ready(place: Place, work: Assignment) -> Underway:
    """A run that is yet to begin, whatever else runs."""
    if not _may_stand(place, work):
        return Underway(work, None)
    plain = work.order.python and standing.is_script(work.asked)
    call = None if plain else submission.pack_call(work.asked, {})
    return Underway(work, descriptors.for_warden(place.jail.uid, work.stdin or b"", call))


def give_ahead(place: Place, run: Underway) -> None:
    """Give the warden that stands what the run needs, while it is under way with the one before."""
    warden = standing.serving(place, run.work.order)
    if run.given is not None and warden is not None:
        with suppress(WardenError):
            warden.give(run.given)
            run.given_to = warden


def begin(place: Place, run: Underway, more: int) -> None:
    """Begin the run if a warden takes it; `more` are to follow. Else it is made when it is to be finished."""
    place.runs += 1
    work = run.work
    if not standing.is_for(place, work.held):  # the last run may have ended the last warden
        run.close()
    if run.given is None:
        return
    try:
        warden = standing.warden_for(place, work.held, work.order, work.bounds.memory_bytes, more)
        meter = meters.Meter(place.groups, warden.pid, "", reserves(place), ahead=True, since=warden.counters)
        if run.given_to is not warden:
            warden.give(run.given)
        warden.begin()
        run.given.let_go()
    except WardenError:
        standing.dismiss(place, lost=True)
        run.close()
        return
    witness = notices.Witness(place.policy, place.jail.scratch, place.jail.uid, warden.pid)
    watched = Watch(warden.pid, *run.given.ours, None, work.bounds, meter, witness)
    watched.kill, watched.listener, watched.confined = warden.kill, warden.listener, True
    watched.credit = place.credit
    run.begun = warden, watched


def finish(place: Place, run: Underway) -> Reply:
    """See the run to its end; in a jail of its own if no warden had it, or the warden could not be relied on."""
    if run.begun is None:
        return perform(place, run.work)
    warden, watched = run.begun
    try:
        reply = _describe(place, run.work, watched, supervise.watch(watched, warden))
    except WardenError:
        standing.dismiss(place, lost=True)
        return perform(place, run.work)
    finally:
        run.close()
    place.warden_runs += 1
    quiet = watched.noted <= watched.own and not watched.ended_by and reply[0]["status"] in _QUIET
    if quiet and warden.is_untouched:
        warden.counters = watched.meter.at_the_end()
    else:
        standing.dismiss(place, lost=True)
    return reply


def _may_stand(place: Place, work: Assignment) -> bool:
    """Whether a run is plain enough for a warden: on its input, with no files and nobody to talk to."""
    plain = work.stdin is not None and not work.files
    return plain and not work.asked["wire"] and not work.asked["output_file"] and standing.is_for(place, work.held)


def perform(place: Place, work: Assignment) -> Reply:
    """A run in a jail of its own, from its descriptors to its description."""
    standing.dismiss(place)
    zygote = zygote_for(place, work.held.tier)
    check_disk(place, work.order.file_bytes)
    limit_groups(place, work.bounds.memory_bytes, work.order)
    call = submission.pack_call(work.asked, work.files)
    before = sockets_there(place)
    with descriptors.for_run(place.jail.uid, work.stdin, call, writes=bool(work.asked.get("output_file"))) as ends:
        meter = meters.Meter(
            place.groups, zygote.process.pid, "" if place.jail.root else place.jail.scratch, reserves(place)
        )
        written = [] if ends.written is None else [ends.written]
        pid = zygote.begin(work.order, [*ends.inside, work.held.source, *written])
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
        header, kept = _describe(place, work, watched, report)
        blobs = [*kept, *(outcome.read_back(descriptor, work.bounds, header) for descriptor in written)]
    header["sockets_left"] = sockets_left(place, before)
    return header, blobs


def _describe(place: Place, work: Assignment, watched: Watch, report: Report) -> Reply:
    baseline = place.baselines[work.held.tier][0] if work.order.python else 0
    for call in place.languages[work.held.language]["own_refusals"]:
        watched.own += watched.refused.pop(call, 0)
    header, raw = outcome.describe(watched, report, work.asks_value, baseline)
    if header["signal"] == signal.SIGKILL and not watched.ended_by:
        check_kill(place)
    return header, [bytes(watched.outputs[watched.stdout]), bytes(watched.outputs[watched.stderr]), raw]
