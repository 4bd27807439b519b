"""Answers that the tests have not heard before, as many in one run of the tests as wait for one.

A run of the tests costs a jail, and reading and compiling them, whatever they are told; in it a process is forked for
each program's answers (`sandboxes/agent/wire/hearing`). Nobody waits for others to come: while a run is under way what
comes meanwhile is kept together for the next. What a run with others does not get to, because one of them spends what
it may or leaves something behind, is heard again, the first of them alone.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sandboxes.agent.wire import pipes
from sandboxes.execution import Execution, Invocation, Status
from sandboxes.trial import Exam

_MOST = 32
_MOST_BYTES = 1 << 20
_CPU_SECONDS = 0.5
"""What a run with several is to take, by what those before took for each."""
_MOST_TIMES = 4
"""Times that, at which it is ended."""
_ENOUGH = 16
"""Answers that wait and are worth a further run beside those under way."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """One program's answers."""

    exam: Exam
    answers: bytes
    heard: "asyncio.Future[Execution]"
    alone: bool = False


@dataclass(slots=True)
class Hearing:
    """The answers to one task's tests that are to be heard."""

    waiting: "OrderedDict[bytes, _Waiting]" = field(default_factory=OrderedDict)
    under_way: dict[bytes, _Waiting] = field(default_factory=dict)
    workers: set["asyncio.Task[None]"] = field(default_factory=set)
    cpu_seconds: float = 0.02
    """Of one, as the last run had it."""
    apart: bool = False
    """Each has a run of its own: what these tests do does not go together."""

    async def hear(self, key: bytes, exam: Exam, answers: bytes, pool: Any) -> Execution:
        """Return the tests' run with these answers; `key` is theirs.

        Raises:
            SandboxError: the infrastructure failed.
        """
        one = self.under_way.get(key) or self.waiting.get(key)
        if one is None:
            one = self.waiting[key] = _Waiting(exam, answers, asyncio.get_running_loop().create_future())
        self.workers = {worker for worker in self.workers if not worker.done()}
        if len(self.workers) <= len(self.waiting) // _ENOUGH:
            self.workers.add(asyncio.create_task(self._work(pool)))
        return await asyncio.shield(one.heard)

    async def _work(self, pool: Any) -> None:
        """Run the tests until nobody waits. What fails is the failure of all who waited for that run."""
        while self.waiting:
            batch = self._taken()
            self.under_way |= batch
            ones = list(batch.values())
            try:
                runs = await self._run(ones, pool)
            except BaseException as error:
                for one in ones:
                    if not one.heard.done():
                        one.heard.set_exception(error) if isinstance(error, Exception) else one.heard.cancel()
                if not isinstance(error, Exception):
                    raise
            else:
                self._tell(batch, runs)
            finally:
                for key in batch:
                    self.under_way.pop(key, None)

    def _taken(self) -> dict[bytes, _Waiting]:
        """Take the first and who may be heard with it."""
        key, first = self.waiting.popitem(last=False)
        batch, size = {key: first}, len(first.answers)
        most = 1 if first.alone or self.apart else min(_MOST, int(_CPU_SECONDS / max(self.cpu_seconds, 1e-3)))
        for key, one in list(self.waiting.items()):
            size += len(one.answers)
            if len(batch) >= most or size > _MOST_BYTES or one.alone or one.exam.order != first.exam.order:
                break
            batch[key] = self.waiting.pop(key)
        return batch

    async def _run(self, ones: Sequence[_Waiting], pool: Any) -> list[Execution]:
        exam, order = ones[0].exam, ones[0].exam.order
        if len(ones) == 1:
            call = Invocation(wire="tests", setup=order, stdin=ones[0].answers)
            (run,) = await pool.run(exam.tests, [call], exam.bounds)
            self.cpu_seconds = run.cpu_seconds
            return [run]
        order = json.dumps({**json.loads(order), "heard": [len(one.answers) for one in ones]})
        call = Invocation(wire="tests", setup=order, stdin=b"".join(one.answers for one in ones))
        most = min(exam.bounds.cpu_seconds, _MOST_TIMES * _CPU_SECONDS)
        (run,) = await pool.run(exam.tests, [call], replace(exam.bounds, cpu_seconds=most))
        runs = _each(run)
        self.apart = len(runs) <= 1
        self.cpu_seconds = run.cpu_seconds / max(1, len(runs))
        return runs

    def _tell(self, batch: dict[bytes, _Waiting], runs: Sequence[Execution]) -> None:
        """Tell who was heard; who was not is the next, the first of them alone, unless nobody waits for it."""
        ones = list(batch.items())
        for (_, one), run in zip(ones, runs, strict=False):
            if not one.heard.done():
                one.heard.set_result(run)
        for place, (key, one) in reversed(list(enumerate(ones[len(runs) :]))):
            one.alone = place == 0
            self.waiting[key] = one
            self.waiting.move_to_end(key, last=False)


def _each(run: Execution) -> list[Execution]:
    """Take a run with several answers apart: a run for each that was heard to its end."""
    runs: list[Execution] = []
    start = position = 0
    data = run.stdout
    while position + pipes.PREFIX.size <= len(data):
        size, whom = pipes.PREFIX.unpack_from(data, position)
        end = position + pipes.PREFIX.size + size
        if whom == pipes.HEARD[0] and end <= len(data):
            status = Status.OK if data[position + pipes.PREFIX.size : end] == b"0" else Status.EXIT
            runs.append(replace(run, status=status, stdout=data[start:position]))
            start = end
        position = end
    return runs
