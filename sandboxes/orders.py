"""What the server asks an agent for: one run as data, and the runs of a submission in as few messages as is sensible.

A message of runs tells the agent how far it may go by itself. Where nobody stops at a failure that is to the end.
Elsewhere it is one run at a time at first, then further the more of them were right: the agent runs on while the server
looks at what came last, and what it ran beyond the first failure is killed or dropped, and charged to nobody. So a
submission that fails soon costs what it did when each was asked for by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sandboxes.execution import CLEARLY_OVER, Execution, Invocation, Limits, Status

AHEAD = 6
"""Most runs beyond the next one that an agent may begin before the server has said so."""
TRUSTED = 2
"""Right runs before the first that begins ahead: most wrong programs fail sooner, and a run that is dropped costs more
than waiting for three answers does."""
LEAST_CREDIT = 3
"""Runs that the agent may still begin when it is told that it may go further: before it has to wait for that."""
_BATCH_BYTES = 4 * 1024 * 1024
_BATCH_RUNS = 256


def invocation_of(invocation: Invocation, limits: Limits) -> dict[str, Any]:
    """What one run is asked to do; its stdin and files travel beside it."""
    asked = {name: getattr(invocation, name) for name in (
        "argv", "function", "args", "expression", "setup", "wire", "output_file")}  # fmt: skip
    return {**asked, "output_bytes": limits.output_bytes}


def limits_of(limits: Limits) -> dict[str, Any]:
    """The limits of a run."""
    bounds = {name: getattr(limits, name) for name in (
        "cpu_seconds", "memory_bytes", "output_bytes", "file_bytes", "processes")}  # fmt: skip
    return {**bounds, "wall_seconds": limits.wall, "clearly_over": CLEARLY_OVER}


def batch_of(batch: Sequence[Invocation], limits: Limits) -> tuple[dict[str, Any], list[bytes]]:
    """Runs under the same limits, as a header and what travels beside it."""
    asked = [{"invocation": invocation_of(one, limits), "files": list(one.files)} for one in batch]
    blobs = [blob for one in batch for blob in (one.stdin, *one.files.values())]
    return {"op": "runs", "runs": asked, "limits": limits_of(limits)}, blobs


def batches(invocations: Sequence[Invocation]) -> Iterator[list[Invocation]]:
    """The invocations in order, as many together as one message should hold; one that is refused is by itself."""
    batch: list[Invocation] = []
    room = _BATCH_BYTES
    for invocation in invocations:
        size = len(invocation.stdin) + sum(map(len, invocation.files.values()))
        alone = refusal_of(invocation) is not None
        if batch and (alone or size > room or len(batch) == _BATCH_RUNS):
            yield batch
            batch, room = [], _BATCH_BYTES
        batch.append(invocation)
        room -= size
        if alone:
            yield batch
            batch, room = [], _BATCH_BYTES
    if batch:
        yield batch


class Progress(NamedTuple):
    """Where a submission stands when a batch of its runs is asked for."""

    heard: int
    """Runs that were right, all before this batch."""
    total: int
    whole: bool
    """Surely all are to run."""

    def reach(self, index: int, size: int) -> int:
        """How many of a batch's runs may begin when the first `index` of them were right too."""
        heard = self.heard + index
        return size if self.whole else min(size, index + 1 + min(max(heard - TRUSTED, 0), AHEAD))

    def left(self, size: int) -> int:
        """Runs that come after the batch."""
        return self.total - self.heard - size


def refusal_of(invocation: Invocation) -> Execution | None:
    """What is said of a run whose file names lead out of its directory, None for any other."""
    named = (*invocation.files, *([invocation.output_file] if invocation.output_file else []))
    return refuse_names(named, Status.EXIT)


def refuse_names(files: Iterable[str], status: Status) -> Execution | None:
    """What is said of files whose names lead out of the program's directory, None where none does."""
    outside = next((name for name in files if "\0" in name or {"", ".", ".."} & set(name.split("/"))), None)
    if outside is None:
        return None
    return Execution(status, error=f"the file name {outside!r} leads out of the program's directory")
