"""Both ends of a wire at work in an interpreter that forks: tables are filled there, and bytecode made special.

A child that did so would copy the pages they are in, which takes longer than most programs and their tests do.
"""

import logging
import os
import sys
import warnings
from types import ModuleType
from typing import Any

from sandboxes.agent.wire import answering, collecting, testing
from sandboxes.agent.wire.pipes import TO_PROGRAM, Pipe

_PROGRAM = compile(
    """
import math
class Stack:
    def __init__(self, items): self.items = items
    def top(self): return self.items[-1]
def f(x): return [math.sqrt(x * x), str(x), (x, None), {x: True}]
def g(xs): xs.append(1)
def h(x): raise ValueError(x)
""",
    "",
    "exec",
)
_TESTS = """
import unittest
from solution import Stack, f, g, h
def check(candidate):
    assert candidate(2) == [2.0, "2", (2, None), {2: True}]
def raises(x):
    try:
        h(x)
    except ValueError:
        return True
xs = [3]
g(xs)
assert xs == [3, 1] and raises(1)
assert Stack([1, 2]).top() == 2
class TestF(unittest.TestCase):
    def test_f(self):
        self.assertEqual(f(1)[1], "1")
"""
_ORDER = {"stop": True, "entry_point": "f"}
_WITHOUT_FILES = "/dev"
"""Where to be meanwhile: of files in the working directory the tests are told."""
_ROUNDS = 12
"""From the eighth on the interpreter has made its bytecode special."""


class _Joined(Pipe):
    """The tests' end of a wire whose other end answers in this very process, when it is listened to."""

    def __init__(self, program: answering.Program, reader: int, writer: int) -> None:
        super().__init__(reader, writer)
        self.program = program
        self.loaded = False

    def hold(self, whom: bytes, message: Any) -> None:
        """Keep what is for the program."""
        if whom == TO_PROGRAM:
            super().hold(whom, message)

    def _take(self, size: int) -> bytes:
        if not self.received:
            self.program.answer(self.program.receive()) if self.loaded else self.program.load(_PROGRAM)
            self.loaded = True
        return super()._take(size)


def warm() -> None:
    """Have a program answer its tests; nothing of them is left here."""
    names = [name for each in ("stdin", "stdout", "stderr") for name in (each, f"__{each}__")]
    streams, filters, show = {name: getattr(sys, name) for name in names}, warnings.filters[:], warnings.showwarning
    handle, here = logging.Logger.handle, os.getcwd()
    os.chdir(_WITHOUT_FILES)
    for _ in range(_ROUNDS):
        _try()
        logging.Logger.handle = handle  # type: ignore[method-assign]
    os.chdir(here)
    for name, stream in streams.items():
        setattr(sys, name, stream)
    warnings.filters[:] = filters  # type: ignore[index]
    warnings.showwarning = show


def _try() -> None:
    ends = [*os.pipe(), *os.pipe()]
    program = answering.Program(ModuleType("solution"), Pipe(ends[0], ends[3]), 1 << 20)
    testing.hear(collecting.TestFile(_TESTS, _ORDER), _ORDER, _Joined(program, ends[2], ends[1]))
    for end in ends:
        os.close(end)
