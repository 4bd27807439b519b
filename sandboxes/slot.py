"""A slot, seen from the server: one agent at the other end of two streams, one submission at a time.

A launcher makes the streams; everything above them is the same whether the agent is a process here, a container or a
container under gVisor. Any silence, malformed frame or end of stream is `SandboxError`: the slot is then of no further
use, and nothing is known about the program it held.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sandboxes import arguments, decoding
from sandboxes.agent import frames
from sandboxes.execution import CLEARLY_OVER, Execution, Invocation, Limits, Program, Status
from sandboxes.languages import Language, discover
from sandboxes.sandbox import LanguageUnavailable, SandboxError
from sandboxes.stages import stage

STARTUP_SECONDS = 120.0
_OVERTIME_FACTOR, _OVERTIME_SECONDS = 25.0, 120.0
"""How long a run may be silent before the agent counts as hung: the agent itself ends a run that stirred for 20 times
its wall or CPU limit."""
_REBUILT_PER_RUN = 3
"""The level at which nothing of a run's surroundings survives it."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears one side of a conversation."""

    on_output: Callable[[bytes], Awaitable[None]]
    on_idle: Callable[[bool, int], None]
    """Told when nothing of the run wants a processor any more, and when something does again, each with the number of
    inputs it has been fed by then."""
    patience_seconds: float = 0.0
    """How much longer the run may take than by its own limits: it waits for the other side."""
    laps: bool = False
    """Limits hold for each lap (`feed`), and no output is kept."""


@dataclass(frozen=True, slots=True)
class Placement:
    """What a launcher tells its agent about the place it put it in."""

    level: int | None
    """Force this level; None takes the best that is granted."""
    contained: bool
    """The agent is alone in a container."""
    scratch: str
    """Directory for what runs write; empty lets the agent make one where no mount of its own can be had."""
    search_path: tuple[str, ...] | None
    """Directories of third-party Python packages that programs may import; None: the agent's interpreter's own."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What an agent said about the place it runs in."""

    version: str
    level: int
    """3 namespaces, 2 uid, 1 Landlock, 0 weak."""
    user_namespace: bool
    reasons: tuple[str, ...]
    """Why no higher level."""
    features: Mapping[str, Any]
    python: str
    packages: str
    """Fingerprint of the third-party packages Python programs may import."""
    languages: tuple[str, ...]
    """Those whose commands are there."""
    residue: tuple[str, ...]
    """What outlives an agent that is killed: directories and control groups to remove."""
    lacking: tuple[str, ...] = ()
    """Modules of `images/python/requirements.txt` that Python programs cannot import there."""


@dataclass(slots=True, eq=False)
class Slot:
    """One agent."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    end: Callable[["Slot"], Awaitable[None]]
    """End the agent and all of its processes; idempotent."""
    name: str
    image: str = ""
    """Digest of the image, empty without one."""
    hello: Hello | None = None
    runs: int = 0
    checked_at: float = field(default_factory=time.monotonic)
    """When it was new or last gave the right answer to a known question."""
    worn: str = ""
    """Why it should be replaced although it works."""
    trouble: str = ""
    """Why this slot must not be used again."""
    _held: Program | None = None
    _serial: "itertools.count[int]" = field(default_factory=itertools.count)
    _asking: bool = False

    @property
    def lost(self) -> str:
        """Why it can serve nobody any more, empty if it may: seen without asking the agent.

        A request that is under way, as for the statistics of an idle slot, is no trouble yet.
        """
        if self.reader.at_eof() or self.reader.exception():
            return self.trouble or "the agent has ended"
        return "" if self._asking else self.trouble

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
        refused = _refuse_names(program.files, Status.COMPILE_ERROR)
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
        self, program: Program, invocations: Sequence[Invocation], limits: Limits, *, whole: bool = False
    ) -> AsyncIterator[Execution]:
        """The program on each invocation (`whole`: surely on all); only what happened in compiling if that fails."""
        refused = await self.prepare(program, limits)
        if refused is not None:
            yield refused
            return
        for index, invocation in enumerate(invocations):
            left = len(invocations) - index - 1
            yield await self.run(invocation, limits, more=left if whole or index else 0)

    def holds(self, program: Program) -> bool:
        """Whether the program was the last one it compiled."""
        return self._held == program

    async def run(
        self, invocation: Invocation, limits: Limits, listener: Listener | None = None, *, more: int = 0
    ) -> Execution:
        """Run the prepared program once; `more` runs of it are likely to follow at once.

        With a listener stdin is what `feed` sends, stdout is passed on, the wall limit is the listener's to keep.

        Raises:
            SandboxError: the infrastructure failed.
        """
        named = (*invocation.files, *([invocation.output_file] if invocation.output_file else []))
        refused = _refuse_names(named, Status.EXIT)
        if refused is not None:
            return refused
        asked = {name: getattr(invocation, name) for name in (
            "argv", "function", "args", "expression", "setup", "wire", "output_file")}  # fmt: skip
        asked["output_bytes"] = limits.output_bytes
        bounds = {name: getattr(limits, name) for name in (
            "cpu_seconds", "memory_bytes", "output_bytes", "file_bytes", "processes")}  # fmt: skip
        bounds |= {"wall_seconds": limits.wall, "clearly_over": CLEARLY_OVER}
        header = {"op": "run", "invocation": asked, "limits": bounds, "conversation": listener is not None,
                  "laps": listener is not None and listener.laps,
                  "more": more, "files": list(invocation.files)}  # fmt: skip
        self.runs += 1
        blobs = (invocation.stdin, *invocation.files.values())
        patience = self.patience(limits, self._held.language if self._held else "")
        frame = await self._ask(header, blobs, patience + (listener.patience_seconds if listener else 0.0), listener)
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
        """Runs so far, those of wardens, tiers started, memory of agent and zygotes in bytes."""
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

    @staticmethod
    def patience(limits: Limits, language: str) -> float:
        """How many seconds a run within these limits may take before its agent counts as hung."""
        known = discover().get(language)
        factor = _OVERTIME_FACTOR * (known.cpu_factor if known else 1.0)
        return _OVERTIME_SECONDS + factor * (limits.wall + limits.cpu_seconds)

    async def _ask(
        self, header: dict[str, Any], blobs: Sequence[bytes], patience: float, listener: Listener | None = None
    ) -> frames.Frame:
        if self.trouble:
            raise SandboxError(f"{self.name}: {self.trouble}")
        number = next(self._serial)
        self.trouble, self._asking = "left in the middle of a request", True
        try:
            with stage(header["op"]):
                async with asyncio.timeout(patience):
                    await self._send({**header, "id": number}, blobs)
                    frame = await self._reply(number, listener)
        except (OSError, EOFError, TimeoutError, frames.ProtocolError) as error:
            self.trouble = f"{type(error).__name__}: {error}"[:200]
            raise SandboxError(f"{self.name}: {self.trouble}") from error
        finally:
            self._asking = False
        if "failure" in frame.header:
            self.trouble = str(frame.header["failure"])
            raise SandboxError(f"{self.name}: {self.trouble}")
        self.trouble = ""
        return frame

    async def _send(self, header: dict[str, Any], blobs: Sequence[bytes]) -> None:
        self.writer.write(await arguments.packed(header, blobs))
        await self.writer.drain()

    async def _reply(self, number: int, listener: Listener | None) -> frames.Frame:
        while True:
            header, blob = frames.lengths(await self.reader.readexactly(frames.PREFIX.size))
            body = await self.reader.readexactly(header + blob)
            frame = frames.unpack(body[:header], body[header:])
            event = frame.header.get("event") if listener is not None else None
            if event == "output" and listener is not None:
                await listener.on_output(frame.blobs[0])
            elif event == "idle" and listener is not None:
                listener.on_idle(bool(frame.header["idle"]), int(frame.header["inputs"]))
            elif frame.header.get("id") in (number, -1):
                return frame
            else:
                raise frames.ProtocolError(f"out of step: {str(frame.header)[:100]}")


def _refuse_names(files: Iterable[str], status: Status) -> Execution | None:
    """What is said of files whose names lead out of the program's directory, None where none does."""
    outside = next((name for name in files if "\0" in name or {"", ".", ".."} & set(name.split("/"))), None)
    if outside is None:
        return None
    return Execution(status, error=f"the file name {outside!r} leads out of the program's directory")


def _is_suspect(execution: Execution) -> bool:
    """After this a place that is not rebuilt for every run is better replaced, although it was cleaned."""
    return execution.status is Status.MEMORY_LIMIT or "leftover_processes" in execution.flags


def _as_data(language: Language) -> dict[str, Any]:
    data = {part.name: getattr(language, part.name) for part in fields(language) if part.name != "self_test"}
    return {**data, "environment": dict(language.environment)}
