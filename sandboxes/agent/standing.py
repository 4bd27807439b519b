"""Which runs a warden serves, and for how long: plain runs of one submission that share their limits.

One after the other, as long as each leaves everything as it was: no process, nothing written, no call that was noted,
no limit met. After one that did not the warden is ended, and its scratch and namespaces with it. Whatever is unusual
about a warden makes the run an ordinary one, in a jail of its own, whose answer then counts: who harms a warden gains
nothing by it.

That goes for memory too. The kernel kills the largest process of the group, so a run that takes too much is killed and
its warden lives to tell; where it was the warden that was killed, its own memory was part of what was too much, and
whether the run alone would have been is known after a run alone.
"""

from typing import Any

from sandboxes.agent import wardens
from sandboxes.agent.configuration import RunOrder
from sandboxes.agent.slot import Place, limit_groups, zygote_for
from sandboxes.agent.submission import Submission
from sandboxes.agent.wardens import Warden, WardenError

MOST_RUNS = 256
"""Of one warden: what it spends counts against a limit on its own CPU time."""
_MOST_LOST = 2
"""Wardens of one submission that may end early before it gets none any more."""
_WORTHWHILE = 1
"""Runs that have to follow for a warden to be cheaper than jails."""


def is_script(asked: dict[str, Any]) -> bool:
    """Whether a program is only to run on its input: a warden's child then needs not be told."""
    return not asked["argv"] and not asked["setup"] and asked["function"] is None and asked["expression"] is None


def is_for(place: Place, held: Submission) -> bool:
    """Whether the submission may have a warden: everything that one rests on is granted, and none too many was lost."""
    jail, groups = place.jail, place.groups
    granted = jail.root and jail.uid is not None and jail.seccomp and jail.listener
    return bool(granted and groups.owned and groups.cpu and groups.memory) and held.wardens_lost < _MOST_LOST


def serving(place: Place, order: RunOrder) -> Warden | None:
    """The warden that stands, if it serves such a run too."""
    standing = place.standing
    return standing if standing is not None and standing.serves == order and standing.runs < MOST_RUNS else None


def _of(order: RunOrder) -> RunOrder:
    """A warden's, for a run's."""
    return order._replace(stands=True, processes=order.processes + 1)


def warden_for(place: Place, held: Submission, order: RunOrder, memory_bytes: int, more: int) -> Warden:
    """The submission's warden, started if `more` runs are to come.

    Raises:
        WardenError: there is none, and it would not pay or cannot be.
    """
    there = serving(place, order)
    if there is not None:
        return there
    dismiss(place)
    if more < _WORTHWHILE:
        raise WardenError("too few runs are left")
    wanted = _of(order)
    zygote = zygote_for(place, held.tier)
    limit_groups(place, memory_bytes, wanted)
    place.standing = wardens.stand(zygote, wanted, held.source, place.jail.uid, place.groups.cpu_seconds)
    if place.standing is None:
        held.wardens_lost = _MOST_LOST
        raise WardenError("none can stand for this submission")
    place.standing.serves = order
    return place.standing


def dismiss(place: Place, lost: bool = False) -> None:
    """End the warden, if there is one; `lost` if it could have served on, but for what a run did."""
    standing, place.standing = place.standing, None
    if standing is None:
        return
    if lost and place.submission is not None:
        place.submission.wardens_lost += 1
    wardens.end(standing)
