"""The two streams between a server and one agent: a request goes out, its replies come, anything else is trouble.

Any silence, malformed frame or end of stream is `SandboxError`: the agent is then of no further use, and nothing is
known about the program it held.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sandboxes import arguments
from sandboxes.agent import frames
from sandboxes.sandbox import SandboxError
from sandboxes.stages import stage

_Said = TypeVar("_Said")


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


@dataclass(slots=True, eq=False)
class Line:
    """To one agent."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    end: Callable[[Any], Awaitable[None]]
    """End the agent and all of its processes; idempotent."""
    name: str
    trouble: str = ""
    """Why the agent must not be used again."""
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

    async def _ask(
        self, header: dict[str, Any], blobs: Sequence[bytes], patience: float, listener: Listener | None = None
    ) -> frames.Frame:
        number = self._begin()
        try:
            with stage(header["op"]):
                frame = await self._try(self._exchange({**header, "id": number}, blobs, listener), patience)
        finally:
            self._asking = False
        if "failure" in frame.header:
            self.trouble = str(frame.header["failure"])
            raise SandboxError(f"{self.name}: {self.trouble}")
        self.trouble = ""
        return frame

    def _begin(self) -> int:
        """The number of a new request, of which it is not known yet how it ends."""
        if self.trouble:
            raise SandboxError(f"{self.name}: {self.trouble}")
        self.trouble, self._asking = "left in the middle of a request", True
        return next(self._serial)

    async def _try(self, work: Awaitable[_Said], patience: float) -> _Said:
        """Do what may fail on our side: then the slot is of no further use.

        Raises:
            SandboxError: it failed.
        """
        try:
            async with asyncio.timeout(patience):
                return await work
        except (OSError, EOFError, TimeoutError, frames.ProtocolError) as error:
            self.trouble = f"{type(error).__name__}: {error}"[:200]
            raise SandboxError(f"{self.name}: {self.trouble}") from error

    async def _exchange(
        self, header: dict[str, Any], blobs: Sequence[bytes], listener: Listener | None
    ) -> frames.Frame:
        await self._send(header, blobs)
        return await self._reply(header["id"], listener)

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
