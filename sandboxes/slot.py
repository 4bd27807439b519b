"""A slot, seen from the server: one agent at the other end of two streams, one submission at a time.

A launcher makes the streams; everything above them is the same whether the agent is a process here, a container or a
container under gVisor. Any silence, malformed frame or end of stream is `SandboxError`: the slot is then of no further
use, and nothing is known about the program it held.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import Any

from sandboxes import decoding, orders
from sandboxes.agent import frames
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.hello import Hello, Placement
from sandboxes.languages import Language, discover
from sandboxes.line import Line, Listener
from sandboxes.sandbox import LanguageUnavailable, SandboxError
from sandboxes.stages import stage

STARTUP_SECONDS = 120.0
_OVERTIME_FACTOR, _OVERTIME_SECONDS = 25.0, 120.0
"""How long a run may be silent before the agent counts as hung: the agent itself ends a run that stirred for 20 times
its wall or CPU limit."""
_REBUILT_PER_RUN = 3
"""The level at which nothing of a run's surroundings survives it."""

Hear = Callable[[Execution], Awaitable[bool]]
"""Told what happened in a run; says whether that was the last one."""


@dataclass(slots=True, eq=False)
class Slot(Line):
    """One agent."""

    image: str = ""
    """Digest of the image, empty without one."""
    hello: Hello | None = None
    runs: int = 0
    checked_at: float = field(default_factory=time.monotonic)
    """When it was new or last gave the right answer to a known question."""
    worn: str = ""
    """Why it should be replaced although it works."""
    _held: Program | None = None

    async def start(self, languages: Mapping[str, Language], placement: Placement) -> Hello:
        """Introduce the languages, learn what the agent was granted.

        Raises:
            SandboxError: the agent did not come up.
        """
        order = {name: getattr(placement, name) for name in ("level", "contained", "scratch", "search_path")}
        records = {name: _as_data(language) for name, language in languages.items()}
        frame = await self._ask({"op": "start", **order, "languages": records}, (), STARTUP_SECONDS)
        said: dict[str, Any] = {name.name: frame.header[name.name] for name in fields(Hello)}
        lists = {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
        self.hello = Hello(**{**said, **lists})
        return self.hello

    async def prepare(self, program: Program, limits: Limits) -> Execution | None:
        """Give the agent a program, compile it; what happened if it did not compile, else None.

        A program it already holds is not compiled again: what compiling made, no run can change.

        Raises:
            SandboxError: the infrastructure failed.
            LanguageUnavailable: no such language here.
        """
        refused = orders.refuse_names(program.files, Status.COMPILE_ERROR)
        if refused is not None:
            return refused
        if self.holds(program):
            return None
        self._held = None
        header = {"op": "prepare", "language": program.language, "files": list(program.files)}
        source = program.source.encode("utf-8", "surrogatepass")
        frame = await self._ask(
            header, (source, *program.files.values()), self.patience(limits, program.language) + STARTUP_SECONDS
        )
        if frame.header["status"] == "unavailable":
            raise LanguageUnavailable(f"no {program.language} in {self.name}")
        if frame.header["status"] != "ok":
            return decoding.execution_of(frame)
        self._held = program
        return None

    async def go_on(
        self, program: Program, invocations: Sequence[Invocation], limits: Limits, hear: Hear, *, whole: bool = False
    ) -> None:
        """The program on each invocation (`whole`: surely on all); only what happened in compiling if that fails.

        `hear` gets each execution and says whether it was the last. What fails after that one is nobody's trouble but
        the slot's.

        Raises: as `prepare`.
        """
        refused = await self.prepare(program, limits)
        if refused is not None:
            await hear(refused)
            return
        heard = 0
        for batch in orders.batches(invocations):
            refused = orders.refusal_of(batch[0])
            if refused is not None:
                over = await hear(refused)
            else:
                progress = orders.Progress(heard, len(invocations), whole)
                over = await self._run_batch(batch, limits, hear, progress)
            if over:
                return
            heard += len(batch)

    async def _run_batch(
        self, batch: Sequence[Invocation], limits: Limits, hear: Hear, progress: orders.Progress
    ) -> bool:
        """Have runs made in one go, hear each; whether one of them was the last."""
        header, blobs = orders.batch_of(batch, limits)
        upto, patience = progress.reach(0, len(batch)), self._patience_now(limits)
        begun = progress.whole or progress.heard > 0
        header |= {"id": self._begin(), "upto": upto, "whole": begun, "more": progress.left(len(batch))}
        try:
            await self._try(self._send(header, blobs), patience)
            for index in range(len(batch)):
                with stage("run"):
                    execution = await self._try(self._result(header["id"], index), patience)
                if await hear(execution):
                    await self._leave_batch(header["id"], patience, running=upto > index + 1)
                    return True
                reach = progress.reach(index + 1, len(batch))
                if reach > upto and upto - index <= orders.LEAST_CREDIT:
                    upto = reach
                    self.writer.write(frames.pack({"op": "on", "id": -1, "upto": upto}))  # a line that is gone says so
            self.trouble = ""
        finally:
            self._asking = False
        return False

    async def _result(self, number: int, index: int) -> Execution:
        """What came of one run of a batch."""
        frame = await self._reply(number, None)
        if "failure" in frame.header:
            raise frames.ProtocolError(str(frame.header["failure"]))
        if frame.header.get("index") != index:
            raise frames.ProtocolError(f"out of step: {str(frame.header)[:100]}")
        self.runs += 1
        return self._execution_of(frame)

    async def _leave_batch(self, number: int, patience: float, *, running: bool) -> None:
        """Have the agent end what it began beyond the last run, which nobody is told of."""
        if running:
            with suppress(SandboxError):
                await self._try(self._drop_the_rest(number), patience)
        else:
            self.trouble = ""

    async def _drop_the_rest(self, number: int) -> None:
        await self._send({"op": "enough", "id": number}, ())
        while True:
            frame = await self._reply(number, None)
            if "failure" in frame.header:
                raise frames.ProtocolError(str(frame.header["failure"]))
            if frame.header.get("enough"):
                self.trouble = ""
                return

    def holds(self, program: Program) -> bool:
        """Whether the program was the last one it compiled."""
        return self._held == program

    async def run(self, invocation: Invocation, limits: Limits, listener: Listener | None = None) -> Execution:
        """Run the prepared program once.

        With a listener stdin is what `feed` sends, stdout is passed on, the wall limit is the listener's to keep.

        Raises:
            SandboxError: the infrastructure failed.
        """
        refused = orders.refusal_of(invocation)
        if refused is not None:
            return refused
        asked = orders.invocation_of(invocation, limits)
        header = {"op": "run", "invocation": asked, "limits": orders.limits_of(limits),
                  "conversation": listener is not None, "laps": listener is not None and listener.laps,
                  "more": 0, "files": list(invocation.files)}  # fmt: skip
        self.runs += 1
        blobs = (invocation.stdin, *invocation.files.values())
        patience = self._patience_now(limits) + (listener.patience_seconds if listener else 0.0)
        return self._execution_of(await self._ask(header, blobs, patience, listener))

    def _execution_of(self, frame: frames.Frame) -> Execution:
        """What happened in a run, and what that says of this slot."""
        execution = decoding.execution_of(frame)
        if self.hello is not None and self.hello.level < _REBUILT_PER_RUN and _is_suspect(execution):
            self.worn = f"a run ended with {execution.status}, flags {execution.flags}"
        self.worn = "a run left sockets that hold each other" if frame.header.get("sockets_left") else self.worn
        return execution

    async def feed(self, data: bytes, last: bool, lap: bool = False) -> None:
        """More of the running conversation's stdin; `last` closes it.

        With `lap` its CPU time and output are counted anew from here on.
        """
        await self._send({"op": "input", "id": -1, "last": last, "lap": lap}, (data,))

    async def end_silence(self, seconds: float) -> None:
        """End the running conversation at its wall limit: nobody has stirred for so long."""
        await self._send({"op": "silence", "id": -1, "seconds": seconds}, ())

    async def statistics(self) -> Mapping[str, Any]:
        """Runs so far, those of wardens, tiers started, wardens to be, memory of agent and zygotes in bytes."""
        return (await self._ask({"op": "stats"}, (), STARTUP_SECONDS)).header

    async def version(self, language: str) -> str:
        """What the language's own command says of its version; empty where it has none."""
        return str((await self._ask({"op": "version", "language": language}, (), STARTUP_SECONDS)).header["version"])

    async def ping(self) -> None:
        """Whether the agent answers.

        Raises:
            SandboxError: it does not.
        """
        await self._ask({"op": "ping"}, (), STARTUP_SECONDS)

    async def close(self) -> None:
        """End the agent; idempotent."""
        self.trouble = self.trouble or "closed"
        await self.end(self)

    def _patience_now(self, limits: Limits) -> float:
        return self.patience(limits, self._held.language if self._held else "")

    @staticmethod
    def patience(limits: Limits, language: str) -> float:
        """How many seconds a run within these limits may take before its agent counts as hung."""
        known = discover().get(language)
        factor = _OVERTIME_FACTOR * (known.cpu_factor if known else 1.0)
        return _OVERTIME_SECONDS + factor * (limits.wall + limits.cpu_seconds)


def _is_suspect(execution: Execution) -> bool:
    """After this a place that is not rebuilt for every run is better replaced, although it was cleaned."""
    return execution.status is Status.MEMORY_LIMIT or "leftover_processes" in execution.flags


def _as_data(language: Language) -> dict[str, Any]:
    data = {part.name: getattr(language, part.name) for part in fields(language) if part.name != "self_test"}
    return {**data, "environment": dict(language.environment)}
