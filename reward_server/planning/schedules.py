"""Schedules: when each task begins, so that durations, precedences, resources, windows, ways and a budget are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from reward_server.errors import TaskError
from reward_server.puzzles.data import Check, Violation
from reward_server.puzzles.reading import literal, number, shortened

_MOST = 500
_FIELDS = frozenset(("duration", "after", "uses", "earliest", "latest", "cost", "optional", "place"))
_SCHEDULE = frozenset(("tasks", "resources", "deadline", "travel"))


@dataclass(frozen=True, slots=True)
class _Job:
    duration: Fraction
    after: tuple[str, ...]
    uses: dict[str, Fraction]
    earliest: Fraction
    latest: Fraction | None
    """By when it ends."""
    cost: Fraction
    optional: bool
    place: str


def kept(schedule: Mapping[str, Any], *, dearest: Fraction | None) -> Check:
    """Check a JSON object from each task to its beginning, or lines "task: beginning".

    Raises:
        TaskError: a field is not known, a task waits for one that is not there, or needs more than a resource has.
    """
    if unknown := set(schedule) - _SCHEDULE:
        raise TaskError(f"schedule: {min(unknown)!r} is not known; known are {', '.join(sorted(_SCHEDULE))}")
    given = schedule.get("tasks")
    if not isinstance(given, Mapping) or not 0 < len(given) <= _MOST:
        raise TaskError(f"schedule.tasks: not an object of 1 to {_MOST} tasks")
    jobs = {str(name): _job(str(name), fields) for name, fields in given.items()}
    limits = {
        str(name): _amount(value, f"resources.{name}") for name, value in (schedule.get("resources") or {}).items()
    }
    for name, job in jobs.items():
        if missing := [one for one in job.after if one not in jobs or one == name]:
            raise TaskError(f"schedule.tasks.{name}: waits for {missing[0]!r}, which is no other task")
        for resource, amount in job.uses.items():
            if amount > limits.get(resource, Fraction(-1)):
                raise TaskError(f"schedule.tasks.{name}: uses more of {resource!r} than there is")
    if all(job.optional for job in jobs.values()):
        raise TaskError("schedule.tasks: all are optional, so that nothing is a schedule")
    deadline = None if schedule.get("deadline") is None else _amount(schedule["deadline"], "deadline")
    ways = _ways(schedule.get("travel"))

    def check(text: str) -> None:
        begins = _begins(text, jobs)
        _windows(jobs, begins, deadline)
        _resources(jobs, begins, limits)
        _travel(jobs, begins, ways)
        cost = sum((jobs[name].cost for name in begins), Fraction(0))
        if dearest is not None and cost > dearest:
            raise Violation(f"costs {float(cost):g}; at most {float(dearest):g} is allowed")

    return check


def _amount(value: Any, field: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**9:
        raise TaskError(f"schedule.{field}: {str(value)[:40]!r} is no number from 0 on")
    return Fraction(str(value))


def _job(name: str, fields: Any) -> _Job:
    place = f"tasks.{name}"
    if not isinstance(fields, Mapping) or "duration" not in fields:
        raise TaskError(f"schedule.{place}: needs `duration`")
    if unknown := set(fields) - _FIELDS:
        raise TaskError(f"schedule.{place}: {min(unknown)!r} is not known; known are {', '.join(sorted(_FIELDS))}")
    after, uses = fields.get("after") or [], fields.get("uses") or {}
    if not isinstance(after, list) or not isinstance(uses, Mapping):
        raise TaskError(f"schedule.{place}: `after` is a list of tasks, `uses` an object of resources")
    latest = fields.get("latest")
    return _Job(
        _amount(fields["duration"], f"{place}.duration"),
        tuple(map(str, after)),
        {str(one): _amount(amount, f"{place}.uses") for one, amount in uses.items()},
        _amount(fields.get("earliest") or 0, f"{place}.earliest"),
        None if latest is None else _amount(latest, f"{place}.latest"),
        _amount(fields.get("cost") or 0, f"{place}.cost"),
        bool(fields.get("optional")),
        str(fields.get("place") or ""),
    )


def _ways(travel: Any) -> dict[tuple[str, str], Fraction]:
    ways: dict[tuple[str, str], Fraction] = {}
    for way in travel or ():
        if not isinstance(way, list) or len(way) != 3:  # noqa: PLR2004
            raise TaskError(f"schedule.travel: {str(way)[:60]} is no [from, to, time]")
        time = _amount(way[2], "travel")
        ways[str(way[0]), str(way[1])] = time
        ways.setdefault((str(way[1]), str(way[0])), time)
    return ways


def _begins(text: str, jobs: dict[str, _Job]) -> dict[str, Fraction]:
    text = text.strip()
    if text.startswith("{"):
        given = literal(text)
        pairs = [(str(name), _start(value)) for name, value in given.items()] if isinstance(given, dict) else []
    else:
        lines = [line.strip().lstrip("-*• ") for line in text.splitlines() if line.strip()]
        pairs = [(name.strip("`* "), value.strip()) for name, _, value in (line.rpartition(":") for line in lines)]
    begins: dict[str, Fraction] = {}
    for name, value in pairs:
        if name not in jobs:
            raise Violation(f"{shortened(name, 40)!r} is no task")
        if name in begins:
            raise Violation(f"{name} begins twice")
        begin = number(str(value))
        if begin is None or not 0 <= begin < 10**9:
            raise Violation(f"{name}: {shortened(str(value), 40)!r} is no time from 0 on")
        begins[name] = begin
    if missing := [name for name, job in jobs.items() if name not in begins and not job.optional]:
        raise Violation(f"{missing[0]} has no time")
    return begins


def _start(value: Any) -> str:
    held = value.get("start") if isinstance(value, dict) and set(value) == {"start"} else value
    return "" if isinstance(held, bool) or not isinstance(held, str | int | float) else str(held)


def _windows(jobs: dict[str, _Job], begins: dict[str, Fraction], deadline: Fraction | None) -> None:
    for name, begin in begins.items():
        job, end = jobs[name], begin + jobs[name].duration
        if begin < job.earliest:
            raise Violation(f"{name} begins at {float(begin):g}, before {float(job.earliest):g}")
        for latest in (job.latest, deadline):
            if latest is not None and end > latest:
                raise Violation(f"{name} ends at {float(end):g}, after {float(latest):g}")
        for before in job.after:
            if before not in begins:
                raise Violation(f"{name} waits for {before}, which has no time")
            if begins[before] + jobs[before].duration > begin:
                raise Violation(f"{name} begins at {float(begin):g}, before {before} has ended")


def _resources(jobs: dict[str, _Job], begins: dict[str, Fraction], limits: dict[str, Fraction]) -> None:
    """Hold each resource against its limit; a task uses it from its beginning up to, not at, its end."""
    for resource, limit in limits.items():
        events = []
        for name, begin in begins.items():
            amount = jobs[name].uses.get(resource)
            if amount and jobs[name].duration:
                events += [(begin, 1, amount, name), (begin + jobs[name].duration, 0, -amount, name)]
        used = Fraction(0)
        for time, _, amount, name in sorted(events):
            used += amount
            if used > limit:
                raise Violation(f"{name} needs {resource} at {float(time):g}: {float(used):g} of {float(limit):g}")


def _travel(jobs: dict[str, _Job], begins: dict[str, Fraction], ways: dict[tuple[str, str], Fraction]) -> None:
    """Hold the tasks that have a place against the way from one to the next: whoever does them is in one place."""
    placed = sorted((begin, begin + jobs[name].duration, name) for name, begin in begins.items() if jobs[name].place)
    for (_, end, one), (begin, _, other) in pairwise(placed):
        here, there = jobs[one].place, jobs[other].place
        time = Fraction(0) if here == there else ways.get((here, there))
        if time is None:
            raise Violation(f"{other}: there is no way from {here} to {there}")
        if end + time > begin:
            raise Violation(f"{other} begins at {float(begin):g}; from {one} it is reached at {float(end + time):g}")
