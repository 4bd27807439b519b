"""Tests whose requests are known beforehand, so that the program and the tests need not run at the same time.

Most tests ask the same of every program, whatever it answers. They are rehearsed once for a task, without any program
(`sandboxes/agent/wire/rehearsing`): what they say then is the *script*. A submission's process is given the script by
its agent, each request after the answer to the one before; then the tests run with these answers. If they have asked
what the script asks, word for word as far as they came, this is what would have happened between the two, and the
tests' word is final; if not, or if the program meets a limit, both run joined. Tests that hear what they have heard
before say what they have said before: that is kept, and the same answers need no second run of the tests.

What a clock or chance decides is never rehearsed. A limit is tried here for a moment only.
"""

import asyncio
import hashlib
import json
import re
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Any

from reward_server.testing.separate.hearing import Hearing
from sandboxes.agent.wire import pipes
from sandboxes.execution import Execution, Invocation, Limits, Status
from sandboxes.trial import Exam, Trial

CPU_SECONDS, WALL_SECONDS = 0.5, 1.0
"""What a program may take for the whole script."""
_REHEARSAL = Limits(cpu_seconds=5.0, output_bytes=4 << 20)
_LONGEST, _MOST_ANSWERS = 256 * 1024, 1 << 20
_DECODED_AT_ONCE = 64 * 1024
_KEPT = 64
_MOST_MISSES = 3
"""Times that the tests may go off the script, before it was right once, until it is given up."""
_BY_CHANCE = re.compile(
    r"\b(time|timeit|datetime|random|secrets|uuid\d?|urandom|threading|Thread|concurrent|multiprocessing|subprocess"
    r"|asyncio|async|signal|perf_counter|monotonic|today|now|hypothesis|tracemalloc|gc|weakref)\b"
)
_ENDED = frozenset({Status.OK, Status.EXIT, Status.SIGNAL, Status.COMPILE_ERROR})


@dataclass(frozen=True, slots=True)
class _Said:
    """What a run of the tests wrote."""

    requests: bytes
    script: bytes
    """The requests, with marks where an answer is awaited."""
    results: list[dict[str, Any]]
    asked: int
    begun: bool
    touched: bool


@dataclass(frozen=True, slots=True)
class _Heard:
    """A run of the tests with certain answers."""

    said: _Said
    tests: Execution


@dataclass(slots=True)
class Script:
    """What the tests of one task ask, and what they have said to which answers."""

    usable: bool
    rehearsed: bool = False
    said: _Said | None = None
    hits: int = 0
    misses: int = 0
    heard: "OrderedDict[bytes, _Heard]" = field(default_factory=OrderedDict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    hearing: Hearing = field(default_factory=Hearing)

    @property
    def units(self) -> int:
        """How many tests there are, as far as that is known before any program."""
        known = [] if self.said is None else self.said.results
        return max((each.get("total", 0) for each in known), default=0)


def script_for(tests: str, context: str) -> Script:
    """Return the script of a task's tests, to be rehearsed when the first submission comes."""
    short = len(tests) + len(context) <= _LONGEST
    return Script(usable=short and not _BY_CHANCE.search(tests) and not _BY_CHANCE.search(context))


async def try_script(script: Script, exam: Exam, pool: Any) -> Trial | None:
    """Return what happens between a program and its tests; None where they have to be joined for it.

    Raises:
        SandboxError: the infrastructure failed.
    """
    if not script.usable:
        return None
    if not script.rehearsed:
        async with script.lock:
            await _rehearse(script, exam, pool)
    if script.said is None:
        return None
    limits = replace(
        exam.limits,
        cpu_seconds=min(exam.limits.cpu_seconds, CPU_SECONDS),
        wall_seconds=min(exam.limits.wall, WALL_SECONDS),
    )
    call = Invocation(wire="program", stdin=script.said.script)
    (program,) = await pool.run(exam.program, [call], limits)
    if program.status not in _ENDED or len(program.stdout) > _MOST_ANSWERS:
        return None
    if program.status is Status.COMPILE_ERROR:
        return Trial(program)
    heard = await _answered(script, exam, program.stdout, pool)
    if heard is None:
        return None
    said = heard.said
    return Trial(replace(program, stdout=b""), heard.tests, said.results, said.asked, said.begun, said.touched)


async def _rehearse(script: Script, exam: Exam, pool: Any) -> None:
    if script.rehearsed:
        return
    order = json.dumps({**json.loads(exam.order), "rehearse": True, "stop": False})
    (run,) = await pool.run(exam.tests, [Invocation(wire="tests", setup=order)], _REHEARSAL)
    script.rehearsed = True
    said = await _read(run)
    if said is not None and said.asked > 1 and len(said.script) <= _LONGEST:
        script.said = said


async def _answered(script: Script, exam: Exam, answers: bytes, pool: Any) -> _Heard | None:
    """Run the tests with the answers, unless that was done before; None where they leave the script."""
    key = hashlib.sha256(answers).digest() + exam.order.encode()
    if (known := script.heard.get(key)) is not None:
        script.heard.move_to_end(key)
        return known
    bounded = replace(exam, bounds=replace(exam.bounds, output_bytes=_REHEARSAL.output_bytes))
    run = await script.hearing.hear(key, bounded, answers, pool)
    said = await _read(run)
    if said is None or script.said is None or not script.said.requests.startswith(said.requests):
        script.misses += 1
        script.usable = script.hits > 0 or script.misses < _MOST_MISSES
        return None
    script.hits += 1
    heard = _Heard(replace(said, requests=b"", script=b""), replace(run, stdout=b""))
    if len(run.stdout) <= _DECODED_AT_ONCE:
        script.heard[key] = heard
        if len(script.heard) > _KEPT:
            script.heard.popitem(last=False)
    return heard


async def _read(run: Execution) -> _Said | None:
    """Return what the tests have written, None where they have not come to their end."""
    if run.status is not Status.OK:
        return None
    if len(run.stdout) <= _DECODED_AT_ONCE:
        return _parsed(run.stdout)
    return await asyncio.to_thread(_parsed, run.stdout)


def _parsed(data: bytes) -> _Said | None:
    requests, script, results = bytearray(), bytearray(), list[dict[str, Any]]()
    asked, begun, touched, position = 0, False, False, 0
    while position < len(data):
        size, whom = pipes.PREFIX.unpack_from(data, position)
        end = position + pipes.PREFIX.size + size
        frame = data[position:end]
        if whom == pipes.TO_PROGRAM[0]:
            requests += frame
            asked += 1
        if whom in (pipes.TO_PROGRAM[0], pipes.WAIT[0]):
            script += frame
        elif whom == pipes.NEXT_TEST[0]:
            begun = True
        elif whom == pipes.TOOK_PART[0]:
            touched = True
        elif whom == pipes.RESULT[0]:
            results.append(json.loads(frame[pipes.PREFIX.size :]))
        position = end
    if not any("done" in each for each in results):
        return None
    return _Said(bytes(requests), bytes(script), results, asked, begun, touched)
