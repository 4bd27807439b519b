"""Program, Limits, Invocation, Execution: what a sandbox runs, under what, how it is fed, and what happened.

None of these records can hold an expected output, a test or a checker's answer for the program under judgement:
the sandbox returns values, never verdicts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

CLEARLY_OVER = 1.1
"""A run over its CPU or wall limit is ended only at this many times the limit: one that got so far was not over it by
the chance of a busy machine, and its verdict may be kept."""
_NO_FILES: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use. CPU time is the limit that judges; wall time only ends sleepers."""

    cpu_seconds: float = 10.0
    """User plus system time of the whole process tree."""
    wall_seconds: float | None = None
    """None: max(10 s, 5 × cpu_seconds)."""
    memory_bytes: int = 512 * 1024 * 1024
    output_bytes: int = 4 * 1024 * 1024
    """Cap on stdout and on the returned value, each; stderr is cut silently at 64 KiB."""
    file_bytes: int = 64 * 1024 * 1024
    """Largest file the program may write, and the size of its scratch space."""
    processes: int = 64
    """Processes and threads alive at once."""

    @property
    def wall(self) -> float:
        """The wall limit in force, in seconds."""
        return self.wall_seconds if self.wall_seconds is not None else max(10.0, 5 * self.cpu_seconds)


@dataclass(frozen=True, slots=True)
class Program:
    """Source text in one language; compiled once, then run for each invocation."""

    language: str
    source: str
    files: Mapping[str, bytes] = field(default_factory=lambda: _NO_FILES)
    """Extra files, relative names without `..`: beside the source when it is compiled, in the working directory of
    every run. Those in the folder `units` are there for the compiler alone, in languages that compile."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run of a program. With `function` None the program is run as a script on `stdin`.

    With `function` set (Python, and languages that say so) the program is loaded and the function is called with
    `args`; the returned value leaves as canonical JSON. A name may be a global, `Solution.method` meaning
    `Solution().method`, or a bare name that is looked up first as a global and then on `class Solution`.
    `expression`, the other way to ask for a value, evaluates a Python expression in the program's namespace after
    running `setup` statements: it is the *call* half of an assert, never its expected value.
    """

    stdin: bytes = b""
    argv: tuple[str, ...] = ()
    function: str | None = None
    args: tuple[Any, ...] = ()
    """JSON values."""
    expression: str | None = None
    setup: str = ""
    wire: str = ""
    """`program` or `tests`: this end of a wire between a submission and its tests (`agent/wire`). The tests' end finds
    what it is told in `setup`, as JSON."""
    files: Mapping[str, bytes] = field(default_factory=lambda: _NO_FILES)
    """Files of this run's working directory alone, beside those of the program."""
    output_file: str = ""
    """Name of a file there that the program, or a child of it, opens and writes, and that is read back."""


class Status(StrEnum):
    """What ended the run, in kernel terms. None of these is a verdict."""

    OK = "ok"
    """Exit status 0, and for a function or expression exactly one well-formed value."""
    COMPILE_ERROR = "compile_error"
    EXIT = "exit"
    """Non-zero exit status."""
    SIGNAL = "signal"
    EXCEPTION = "exception"
    """The called function raised; `error` says what."""
    NO_RESULT = "no_result"
    """The process ended without delivering the value it was asked for, or delivered more than one."""
    UNSUPPORTED = "unsupported"
    """The value is not made of exact built-in JSON types."""
    CPU_LIMIT = "cpu_limit"
    WALL_LIMIT = "wall_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    VIOLATION = "violation"
    """Killed for a forbidden system call."""


@dataclass(frozen=True, slots=True)
class Execution:
    """What happened in one run. All of it was produced by untrusted code but status, times, memory and flags."""

    status: Status
    stdout: bytes = b""
    stderr: bytes = b""
    written: bytes = b""
    """What is in the invocation's `output_file` at the end."""
    value: Any = None
    """The returned value, decoded from canonical JSON: None, bool, int, float, str, list, and for other exact
    built-in types one-key objects as documented by the agent: tuple, set, frozenset, dict with any keys, bytes,
    complex, non-finite float."""
    encoded: bytes = b""
    """The value as the record it came in, where that is too long to be decoded beside other work; `value` is then None
    until `decoding.with_value` has been asked, in a place where that may take its time."""
    error: str = ""
    """Last line of the traceback, or the compiler's message, shortened."""
    exit_code: int | None = None
    signal: int | None = None
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    memory_bytes: int = 0
    laps: tuple[float, ...] = ()
    """CPU seconds of each lap of a conversation that has ended."""
    overrun: float = 0.0
    """For CPU_LIMIT and WALL_LIMIT: what was used, as a multiple of the limit."""
    flags: tuple[str, ...] = ()
    """Signs of cheating worth logging:

    - `early_exit`: the process ended well without the value it was asked for; `several_results`: more than one;
    - `blocked_syscall`, and `blocked_syscall:NAME` for each: refused by the filter; `network` if it was for a socket;
    - `write_outside`, and `write_outside:PATH` for the first few: it tried to change what is not its own;
    - `killed_helper`: it aimed a signal at a process of ours, or at its own group with SIGKILL or SIGSTOP;
    - `leftover_processes`: something had to be killed after it had ended; `stopped_itself`.

    All are hints: a program without flags may be hostile, an honest one may have some.
    """
