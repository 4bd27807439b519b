"""What a checker or interactor said: from the end of its run to points, by the protocol it speaks.

| protocol | called with | says |
|---|---|---|
| `testlib` | input, output, answer | exit status, and the words `ok`, `wrong answer`, … on standard error |
| `kattis` | input, answer, directory for feedback; the output is its standard input | exit status 42 right, 43 wrong |
| `cms` | input, answer, output (open-r1's generated checkers, CMS) | a number on the first line it prints |
| `status` | as `testlib`; in Python as `cms` | exit status 0 right, 1 wrong; a printed number goes before status 0 |

`auto` finds out which: by `testlib.h`, by the statuses 42 and 43, and in Python by whether the source ever exits with a
status; one that does not can say something only by printing.

What a checker says may quote the output it judges, so words are believed where a status allows them, `FAIL` as the
first thing that is said alone, and of several lines of points the lowest: an output can lose points by what it prints
and never gain any, nor make its row look broken. An interactor prints for the program: only what it writes to standard
error is a word about it.

Blame: a checker that judged nothing is never a 0 for the completion. What it did by itself (it does not compile, says
that the row is broken, crashes, ends in a status that means nothing) breaks the row, `TaskError`; what a limit of ours
did to it is our failure, `ServiceError`.
"""

import math
import re
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from reward_server.errors import ServiceError, TaskError
from reward_server.testing.judging.outputs import shown
from sandboxes.execution import Execution, Limits, Status

INPUT, ANSWER, OUTPUT = "input.txt", "correct_output.txt", "solution_output.txt"
_RESERVED = frozenset({INPUT, ANSWER, OUTPUT, "answer.txt", "output.txt"})
"""Names that the task's extra files cannot have: they are the test's."""
_NO_FILES: Mapping[str, bytes] = MappingProxyType({})
_RIGHT, _WRONG, _POINTS = frozenset({0, 42}), frozenset({1, 2, 4, 8, 43}), frozenset({5, 7})
_TESTLIB_RIGHT, _TESTLIB_WRONG = frozenset({0, 0xAC}), frozenset({1, 2, 4, 8, 0xAA, 0xAB})
_MOST_PARTIAL = 200
"""What testlib's `_pc` gives for a fully correct output."""
_PARTIAL_BASES = (0, 16, 50)
"""What testlib's builds add to `_pc(n)` to make an exit status of it."""
_OUR_LIMITS = frozenset(
    {Status.CPU_LIMIT, Status.WALL_LIMIT, Status.MEMORY_LIMIT, Status.OUTPUT_LIMIT, Status.VIOLATION}
)
_NUMBER = r"[+-]?\d{1,9}(?:\.\d{0,12})?(?:[eE]-?\d{1,3})?"
_PRINTED = re.compile(rf"\s*({_NUMBER})[ \t\r]*(?:\n|\Z)")
_ONLY_NUMBER = re.compile(rf"^[ \t]*({_NUMBER})[ \t\r]*$", re.MULTILINE)
_GIVEN = re.compile(rf"^points ({_NUMBER})(?!\S)", re.MULTILINE)
_WORDS = re.compile(
    r"^(ok|wrong answer|wrong output format|FAIL|points|unexpected eof|partially correct \((\d{1,3})\))(?: |$)",
    re.MULTILINE,
)
_UNCAUGHT = re.compile(rb'^(?:Exception in thread "|panic: |Node\.js v\d|\S+:\d+:in .+Error\)$)', re.MULTILINE)
"""How Java, Go, Node and Ruby take leave of a program that threw, with a status that also means wrong."""
_EXITS = re.compile(r"\b(?:_?exit|SystemExit|quit)\s*\(\s*(?!0*\s*\)|None\b)")
_TESTLIB = re.compile(r"\btestlib\.h\b|\bregister(?:TestlibCmd|Interaction)\b")
_DOMJUDGE_TESTLIB = re.compile(rb"OK_EXIT_CODE\s+42\b")


class Protocol(StrEnum):
    """How a checker is called and what its end means; the table above."""

    AUTO = "auto"
    TESTLIB = "testlib"
    KATTIS = "kattis"
    CMS = "cms"
    STATUS = "status"


LIMITS = Limits(cpu_seconds=20.0, memory_bytes=1 << 30, output_bytes=64 << 20, file_bytes=256 << 20)
"""What a checker or an interactor may use."""


@dataclass(frozen=True, slots=True)
class Checker:
    """A program of the task that judges outputs or talks to submissions."""

    language: str
    source: str
    files: Mapping[str, bytes] = field(default_factory=lambda: _NO_FILES)
    """Extra files, such as `testlib.h`."""
    protocol: Protocol = Protocol.STATUS
    full_points: float = 1.0
    """What `points` it gives for full marks."""
    discreet: bool = False
    """Keep what it says, which may quote the answer, out of errors."""
    role: str = "checker"
    limits: Limits = field(default_factory=lambda: LIMITS)


def settled(given: Checker) -> Checker:
    """Return a checker or interactor with its protocol found out.

    Raises:
        TaskError: a file has a name that none may have, or the protocol is none for its role.
    """
    _refuse_names(given.role, list(given.files))
    protocol = given.protocol
    if protocol is Protocol.AUTO:
        protocol = protocol_of(given.language, given.source, given.files)
    if given.role == "interactor" and protocol is Protocol.CMS:
        raise TaskError("interactor: it has to exit with a status, what it prints is for the program")
    return replace(given, protocol=protocol)


def _refuse_names(role: str, names: Sequence[str]) -> None:
    """Refuse names that the files of a checker or interactor cannot have.

    Raises:
        TaskError: one leads out of the directory, is the test's own, or is a directory of another.
    """
    for name in names:
        parts = name.split("/")
        inside = "\0" not in name and not any(part in ("", ".", "..") for part in parts)
        if not inside or parts[0] in _RESERVED or any(other.startswith(f"{name}/") for other in names):
            raise TaskError(f"{role}.files: {name[:80]!r} is no name that a file of the task may have")


def protocol_of(language: str, source: str, files: Mapping[str, bytes]) -> Protocol:
    """Return the protocol that a checker speaks, as far as its source tells."""
    if _TESTLIB.search(source):
        return Protocol.KATTIS if _DOMJUDGE_TESTLIB.search(files.get("testlib.h", b"")) else Protocol.TESTLIB
    if all(re.search(rf"\b{status}\b", source) for status in (42, 43)) and re.search(r"exit|return", source):
        return Protocol.KATTIS
    return Protocol.CMS if language == "python" and not _EXITS.search(source) else Protocol.STATUS


def points_of(checker: Checker, ended: Execution) -> float:
    """Return the share of full marks, in [0, 1], that the checker gives.

    Raises:
        TaskError: it judged nothing, by its own doing.
        ServiceError: it judged nothing, because a limit of ours ended it.
    """
    if ended.status in _OUR_LIMITS or ended.signal == signal.SIGKILL:
        raise ServiceError(f"the {checker.role} met a limit: {ended.status.value}")
    points = None
    if ended.status in (Status.OK, Status.EXIT) and not _crashed(checker, ended):
        status = ended.exit_code if ended.status is Status.EXIT and ended.exit_code is not None else 0
        points = _READERS[checker.protocol](status, ended, checker.full_points, checker.role)
    if points is None or not math.isfinite(points):
        raise TaskError(_complaint(checker, ended))
    if points > 1:
        raise TaskError(
            f"{checker.role}: it gives more points than the {checker.full_points:g} that `full_points` says are all"
        )
    return max(0.0, points)


def comment_of(ended: Execution) -> str:
    """Return what it said beside its verdict, shortened."""
    return shown(ended.stderr.strip() or ended.stdout.strip())


def _crashed(checker: Checker, ended: Execution) -> bool:
    """Say whether a run-time ended an uncaught exception with the very status that means wrong."""
    if ended.status is not Status.EXIT:
        return False
    return bool(ended.error) if checker.language == "python" else _UNCAUGHT.search(ended.stderr) is not None


def _complaint(checker: Checker, ended: Execution) -> str:
    if ended.status is Status.COMPILE_ERROR:
        return f"{checker.role}: it does not compile: {ended.error}"[:300]
    how = f"exit status {ended.exit_code or 0}" if ended.signal is None else f"signal {ended.signal}"
    said = "" if checker.discreet else f": {ended.error or comment_of(ended)}"
    return f"{checker.role}: it judged nothing, {how} by protocol {checker.protocol.value}{said}"[:300]


def _of_testlib(status: int, ended: Execution, full: float, _role: str) -> float | None:
    """Read the status of testlib's default build first, then its words, which other builds have in common with it."""
    said = ended.stderr.decode("utf-8", "replace")
    words = _WORDS.search(said)
    word, partial = (words[1], words[2]) if words is not None else ("", None)
    if partial is not None and status in {base + int(partial) for base in _PARTIAL_BASES}:
        return int(partial) / _MOST_PARTIAL
    if said.startswith("FAIL"):
        return None
    if status in _TESTLIB_WRONG:
        return 0.0
    if word == "points":
        return _given(said, full)
    if status in _TESTLIB_RIGHT:
        return 1.0
    return {"ok": 1.0, "wrong answer": 0.0, "wrong output format": 0.0, "unexpected eof": 0.0}.get(word)


def _of_kattis(status: int, _ended: Execution, _full: float, _role: str) -> float | None:
    return {42: 1.0, 43: 0.0}.get(status)


def _of_cms(status: int, ended: Execution, full: float, _role: str) -> float | None:
    """Read the printed number; nothing else it may print is a number on a line of its own."""
    said = ended.stdout.decode("utf-8", "replace")
    printed = _PRINTED.match(said)
    if status != 0 or printed is None:
        return None
    return float(printed[1]) / full if len(set(_ONLY_NUMBER.findall(said))) == 1 else None


def _of_status(status: int, ended: Execution, full: float, role: str) -> float | None:
    prints_for_us = role != "interactor"
    if prints_for_us and status == 0 and (printed := _of_cms(status, ended, full, role)) is not None:
        return printed
    if status in _POINTS:
        said = ended.stderr + b"\n" + ended.stdout if prints_for_us else ended.stderr
        return _given(said.decode("utf-8", "replace"), full)
    return 1.0 if status in _RIGHT else 0.0 if status in _WRONG else None


def _given(said: str, full: float) -> float | None:
    given = [float(number) for number in _GIVEN.findall(said)]
    return min(given) / full if given else None


_READERS: Mapping[Protocol, Callable[[int, Execution, float, str], float | None]] = MappingProxyType(
    {
        Protocol.TESTLIB: _of_testlib,
        Protocol.KATTIS: _of_kattis,
        Protocol.CMS: _of_cms,
        Protocol.STATUS: _of_status,
    }
)
