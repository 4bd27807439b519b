"""One run under watch: the limits it is held to, and what has been seen of it so far."""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from sandboxes.agent import meters, notices
from sandboxes.agent.frames import Frame
from sandboxes.agent.script import Script
from sandboxes.agent.zygotes import Report


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits the loop itself enforces."""

    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    output_bytes: int
    scratch_bytes: int
    processes: int
    """A second line behind rlimits and control groups, for kernels that have neither (gVisor)."""
    clearly_over: float = 1.0
    """Times the CPU or wall limit at which a run is ended."""
    laps: bool = False
    """CPU time and output are counted from the last lap, and output is passed on without being kept."""
    error_bytes: int = 1 << 62
    """End the run when it has written this much to stderr: for compilers, whose errors can have no end."""


class Reporter(Protocol):
    """Who says how a run ended: a zygote, or a warden."""

    @property
    def channel(self) -> socket.socket:
        """Readable when there is something to say."""

    def report(self) -> Report:
        """What there is."""


@dataclass(slots=True)
class Credit:
    """How far the server lets a batch of runs go."""

    upto: int
    """Runs that may be begun."""
    enough: Frame | None = None
    """What the server said when it had heard enough."""

    def hear(self, frame: Frame) -> bool:
        """What the server says of the batch; whether that ends it."""
        if frame.header["op"] == "enough":
            self.enough = frame
        else:
            self.upto = frame.header["upto"]
        return self.enough is not None


@dataclass(slots=True)
class Watch:
    """The state of one run under watch."""

    pid: int
    stdout: int
    stderr: int
    record: int
    feed: int | None
    """Write end of the child's stdin in a conversation."""
    bounds: Bounds
    meter: meters.Meter
    witness: notices.Witness
    script: Script | None = None
    """What feeds the program in place of another side."""
    credit: Credit | None = None
    """Of the batch that the run belongs to."""
    kill: Callable[[], None] | None = None
    """Ends the run where that is not a signal to `pid`."""
    outputs: dict[int, bytearray] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    """Outputs that nobody writes to any more."""
    listener: int | None = None
    """Of the filter the program runs under; a warden's children share one."""
    confined: bool = False
    ended_by: str = ""
    refused: dict[str, int] = field(default_factory=dict)
    """System calls that were refused and noted, and how often."""
    signalled_helper: bool = False
    outside: list[str] = field(default_factory=list)
    """The first paths outside its directories that the program tried to change."""
    noted: int = 0
    own: int = 0
    """Calls among them that the language's own runtime makes and that were refused."""
    started: float = field(default_factory=time.monotonic)
    last_check: float = field(default_factory=time.monotonic)
    idle_seconds: float = 0.0
    stirring_seconds: float = 0.0
    """So far; in a conversation without the time in which it waited."""
    lap_cpu_seconds: float = 0.0
    """CPU time at the beginning of the lap."""
    lap_output_bytes: int = 0
    laps: list[float] = field(default_factory=list)
    """CPU seconds of the laps that have ended."""
    told: tuple[bool, int] = (False, 0)
    """What the relay knows of this side of a conversation: whether it waits, and after how many inputs."""
    inputs: int = 0
    error_bytes: int = 0
    conversing: bool = field(init=False)
    pending_input: bytearray = field(default_factory=bytearray)
    input_ended: bool = False

    def __post_init__(self) -> None:
        self.conversing = self.feed is not None and self.script is None

    def follow_script(self, heard: bytes) -> bool:
        """Whether there is more for the program to read, now that it has said what was heard; at first that is nothing.

        No script, no more.
        """
        pieces = self.script.go_on(heard) if self.script is not None else []
        self.pending_input += b"".join(pieces)
        self.input_ended = self.input_ended or (self.script is not None and self.script.ended)
        return bool(pieces)
