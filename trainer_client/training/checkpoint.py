"""Checkpoints from which a run goes on as if it had never stopped, bit for bit.

That takes the optimiser's moments, the reference model, the sampler's generator, the place in the data and the length
of the journal, not only the weights. A checkpoint is written beside its final name and renamed, so that a crash leaves
either the old one or the new one.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import torch

NAME = "checkpoint.pt"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a run between two steps."""

    step: int
    """Steps done."""
    cursor: int
    """Problems consumed so far."""
    model: dict[str, Any]
    optimizer: dict[str, Any]
    reference: dict[str, Any] | None
    generator: torch.Tensor
    journal: dict[str, int]
    """Length in bytes of each file of the journal."""

    def write(self, folder: Path) -> None:
        """Replace the folder's checkpoint by this one, or leave it alone if anything fails."""
        partial = folder / f"{NAME}.partial"
        with partial.open("wb") as file:
            torch.save(asdict(self), file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / NAME)


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """Return the folder's checkpoint; None where there is none."""
    path = folder / NAME
    return Checkpoint(**torch.load(path, weights_only=True)) if path.is_file() else None


class Interruption:
    """Whether the user asked the run to stop."""

    asked = False


@contextmanager
def deferred_interrupt() -> Iterator[Interruption]:
    """Let the first SIGINT only set `asked`, so that a step can end and be saved; the second interrupts at once."""
    interruption = Interruption()

    def note(_number: int, _frame: FrameType | None) -> None:
        interruption.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    try:
        previous = signal.signal(signal.SIGINT, note)
    except ValueError:  # not the main thread: signals are somebody else's business
        yield interruption
        return
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, previous)
