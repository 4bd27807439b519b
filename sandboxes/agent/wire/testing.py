"""The tests' process: run test code as it is stored against the program at the other end, and report each test.

The task's own code (prompt and prelude) comes first and keeps its names. Names that the tests use and nobody of the
task defines are the program's.
"""

import os
import re
import sys
import traceback
from typing import Any, NoReturn

from sandboxes.agent.wire import blaming, collecting, hearing, naming, proxies, purity, rehearsing
from sandboxes.agent.wire.asking import Link
from sandboxes.agent.wire.pipes import NEXT_TEST, RESULT, BrokenTestsError, GoneError, Pipe, StopTesting

_LONGEST = 2_000
_LISTED = 1_000
_MOST_DIGITS = 50_000
"""What LiveCodeBench's harness lets be written of an integer, more than ten times what plain Python does. Writing takes
time that grows with the square: a program that returns millions of bits would keep the tests busy to their limit."""
_LEFT = "the program ended before the tests did"
_DEEPER = 4
"""Frames below tests that are heard in one process with others, more than below others."""
_LACKING = (NameError, ImportError)


def run(source: str, order: dict[str, Any]) -> NoReturn:
    """Run the tests, report each, end the process. With `heard`, lengths of answers, once for each of these."""
    reader, writer = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    pipe, file = Pipe(reader, writer), None
    sys.set_int_max_str_digits(_most_digits(source))
    if "heard" in order:
        try:
            file = collecting.TestFile(source, order)
            pipe = _each(file, order, pipe)
        except BaseException:  # noqa: BLE001 - what was not heard is heard again, alone
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(0)
    link = rehearsing.Rehearsal(pipe) if order.get("rehearse") else Link(pipe)
    proxies.LINK.append(link)
    trial = Trial(link, order)
    try:
        trial.go(file or collecting.TestFile(source, order))
        trial.finish()
    except StopTesting:
        trial.finish()
    except BaseException:  # noqa: BLE001 - without a last word the tests have no verdict
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(0)


def _each(file: "collecting.TestFile", order: dict[str, Any], pipe: Pipe) -> Pipe:
    """Hear each program's answers; return in a fork for one of them."""
    file.prepare()
    pure = purity.is_pure(file)
    return hearing.each(
        order["heard"], pipe.reader, pipe.writer, (lambda its: hear(file, order, its)) if pure else None
    )


def hear(file: "collecting.TestFile", order: dict[str, Any], pipe: Pipe) -> None:
    """Run tests that leave nothing behind with one program's answers, in this process, and leave it as it was."""
    finders, deepest = sys.meta_path[:], sys.getrecursionlimit()
    link = Link(pipe)
    proxies.LINK.append(link)
    trial = Trial(link, order)
    sys.setrecursionlimit(deepest + _DEEPER)
    try:
        trial.go(file.again())
        trial.finish()
    except StopTesting:
        trial.finish()
    finally:
        sys.setrecursionlimit(deepest)
        sys.meta_path[:] = finders
        proxies.LINK.clear()
        for name in (*naming.ALIASES, collecting.TEST_MODULE):
            sys.modules.pop(name, None)


class Trial:
    """One run of the tests, and the bookkeeping of its units."""

    def __init__(self, link: Link, order: dict[str, Any]) -> None:
        self.link, self.order = link, order
        self.stop: bool = order["stop"]
        self.skipped: int = order.get("decided", 0)
        self.number = self.reported = self.before_calls = 0
        self.after_judged = self.judged_between = self.before_judged = 0
        self.seen: Any = None
        self.wanted: Any = None
        self.plain = False
        self.units = self.lap = self.passes = 0
        self.lap_calls = -1
        self.names: naming.Names | None = None

    def go(self, file: "collecting.TestFile") -> None:
        """Read both sides' names, then run the file in the way it asks for."""
        names = self.names = file.names
        crossing = self.link.crossing()
        self.link.shared = dict.fromkeys(names.classes, object)
        self.link.pipe.send(b"P", {"shared": names.classes, "wanted": names.wanted})
        try:
            said, raised = self.link.receive_names(crossing, names.wanted)
        except GoneError:
            self.report("gone")
            return
        if raised:
            left = isinstance(said, SystemExit)
            self.report(*(("raised", _LEFT) if left else self._explained(said, of_program=True)))
            return
        if not naming.is_offer(said):
            self.report("gone", "what the program says it defines is no such thing")
            return
        names.receive(self.link, said[0])
        self._next_test()
        self.link.pipe.flush()
        collecting.run(self, file)

    def expect(self, units: int) -> None:
        """Say how many units there are, where each counts, before the program can keep any from being reached."""
        if not self.stop:
            self.link.pipe.hold(RESULT, {"units": units})

    def finish(self) -> None:
        """The last word."""
        missing = sorted(self.names.missing)[:20] if self.names is not None else []
        self._flush()
        self.link.pipe.send(RESULT, {"done": True, "total": self.number, "units": self.units, "missing": missing})

    def begin(self, _line: int) -> bool:
        """Whether the next unit is still to be decided; if so it begins.

        What the program has compared before it, outside of units, may stand in names that this one and all later ones
        look at: it counts for each of them.
        """
        self.number += 1
        self.judged_between += self.link.judged_by_program - self.after_judged
        self.after_judged = self.link.judged_by_program
        if self.number <= self.skipped:
            return False
        if self.link.pipe.gone:
            raise StopTesting
        self.seen = self.wanted = None
        self.before_calls = self.link.calls
        self.before_judged = self.link.judged_by_program - self.judged_between
        if self.link.calls != self.lap_calls:
            self._next_test()
        return True

    def _next_test(self) -> None:
        """From here on the program's limits begin anew."""
        self.lap_calls = self.link.calls
        self.lap += 1
        self.link.pipe.hold(NEXT_TEST, {})

    def __enter__(self) -> None:
        return

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> bool:
        """A unit has ended: say how; a failed one ends the run where nothing depends on the others."""
        self.end(error)
        return True

    def end(self, error: BaseException | None, name: str = "", line: str = "") -> None:
        """Report the unit that has begun."""
        self.after_judged = self.link.judged_by_program
        if isinstance(error, StopTesting):
            raise error
        if self.link.pipe.gone:
            self.report("gone", name=name)
            raise StopTesting
        if error is None:
            self._pass(name)
            return
        self.report(*self._explained(error, of_program=_of_program(error)), name=name, line=line)
        if self.stop:
            raise StopTesting

    def _pass(self, name: str) -> None:
        """Most tests pass: the first are reported one by one, the others are counted."""
        if self.reported < _LISTED or self.link.judged_by_program > self.before_judged:
            self.report("passed", name=name)
        else:
            self.passes += 1

    def _flush(self) -> None:
        if self.passes:
            self.reported += 1
            said = {"test": "others", "outcome": "passed", "detail": "", "times": self.passes, "lap": self.lap}
            self.passes = 0
            self.link.pipe.send(RESULT, {**said, "number": self.number})

    def report(self, outcome: str, detail: str = "", name: str = "", line: str = "") -> None:
        """One result."""
        said: dict[str, Any] = {
            "test": name or f"{max(self.number, 1)}",
            "outcome": outcome,
            "detail": detail[:_LONGEST],
        }
        if outcome == "failed" and self.wanted is not None:
            said |= {"got": shown(self.seen[0]), "expected": shown(self.wanted[0]), "derived": not self.plain}
        if line:
            said["line"] = line[:_LONGEST]
        said["number"] = self.number
        said["compared"] = self.link.judged_by_program - self.before_judged
        said["overflow"] = self.link.overflowed
        if outcome != "passed":
            self._flush()
        said["lap"] = self.lap
        self.reported += 1
        if outcome == "passed":
            self.link.pipe.hold(RESULT, said)
        else:
            self.link.pipe.send(RESULT, said)

    def see(self, value: Any, plain: bool) -> Any:
        """Note what a claim is about."""
        self.seen, self.plain = (value,), plain
        return value

    def want(self, value: Any, _plain: bool) -> Any:
        """Note what it should be."""
        self.wanted = (value,)
        return value

    def _explained(self, error: BaseException, *, of_program: bool) -> tuple[str, str]:
        said = f"{type(error).__name__}: {_text(error)}".removesuffix(": ")
        if of_program:
            return ("memory" if isinstance(error, MemoryError) else "raised"), said
        if isinstance(error, ModuleNotFoundError) and naming.is_package(error.name or ""):
            return "lacking", said
        if isinstance(error, BrokenTestsError):
            return "broken", said
        if isinstance(error, _LACKING) or (self.names is not None and self.names.missing):
            return "raised", said
        if self.link.calls == 0 and not self._may_be_the_programs(error):
            return "broken", said
        return "failed", said if type(error) is not AssertionError or _text(error) else ""

    def _may_be_the_programs(self, error: BaseException) -> bool:
        """Whether an error that came before the program was asked anything may come of what it offers."""
        names = self.names
        return names is not None and (names.took_part() or blaming.looks_at_program(error, names))


def _most_digits(source: str) -> int:
    """How many digits of an integer are written or read: no fewer than the tests themselves spell out."""
    if len(source) <= _MOST_DIGITS:
        return _MOST_DIGITS
    return max(_MOST_DIGITS, *map(len, re.findall(r"\d+", source)), 0)


def _of_program(error: BaseException) -> bool:
    return bool(getattr(error, "__dict__", {}).get("_of_program"))


def _text(error: BaseException) -> str:
    try:
        return str(error)[:_LONGEST]
    except Exception:  # noqa: BLE001 - an exception of the tests may do anything
        return ""


def shown(value: Any) -> str:
    """A value for display, never in time that grows with more than its beginning."""
    if isinstance(value, proxies.Handle):
        return f"<{type(value).__name__}>"
    try:
        short = _short()
        text = repr(value) if isinstance(value, (str, bool)) and len(str(value)) < 400 else short.repr(value)
    except Exception:  # noqa: BLE001 - an object of the tests may do anything
        return f"<{type(value).__name__}>"
    return text if len(text) <= 400 else f"{text[:200]} … {text[-200:]}"


def _short() -> Any:
    """What shortens values, and writes no integer that takes long to write."""
    import reprlib  # noqa: PLC0415 - only where something failed

    class Short(reprlib.Repr):
        def repr_int(self, value: int, level: int) -> str:
            if value.bit_length() > 10_000:
                return f"<integer of {value.bit_length()} bits>"
            return super().repr_int(value, level)

    short = Short()
    short.maxlist = short.maxtuple = short.maxdict = short.maxset = short.maxfrozenset = 100
    short.maxstring = short.maxother = short.maxlong = 400
    return short
