"""From an agent's reply to an Execution. The bytes come from untrusted code: bounded, parsed as JSON, nothing else."""

import json
from dataclasses import replace
from typing import Any

from sandboxes.agent.frames import Frame, ProtocolError
from sandboxes.execution import Execution, Status

_ERROR_CHARACTERS = 500
_COMPILER_MESSAGE_BYTES = 2000
DECODED_AT_ONCE = 64 * 1024
"""Bytes of a value's record that are decoded where they arrive, on the event loop: some milliseconds of work."""


def execution_of(frame: Frame) -> Execution:
    """The Execution a reply to `run`, or to a `prepare` that did not compile, describes.

    The header is the agent's word, the value the program's: one that cannot be read was forged and is no result. One
    longer than `DECODED_AT_ONCE` stays encoded.

    Raises:
        ProtocolError: the reply makes no sense.
    """
    header, (stdout, stderr, *rest) = frame
    raw = rest[0] if rest else b""
    try:
        status, flags = Status(header["status"]), tuple(header["flags"])
        execution = Execution(
            status=status,
            stdout=stdout,
            stderr=stderr,
            encoded=raw if status is Status.OK else b"",
            written=rest[1] if len(rest) > 1 else b"",
            error=_error(status, header, stdout, stderr),
            exit_code=header["exit_code"],
            signal=header["signal"],
            cpu_seconds=float(header["cpu_seconds"]),
            wall_seconds=float(header["wall_seconds"]),
            memory_bytes=int(header["memory_bytes"]),
            laps=tuple(map(float, header.get("laps", ()))),
            overrun=float(header.get("overrun", 0.0)),
            flags=flags,
        )
        return execution if len(raw) > DECODED_AT_ONCE else with_value(execution)
    except (KeyError, ValueError, TypeError) as error:
        raise ProtocolError(f"bad reply: {type(error).__name__}: {error}"[:200]) from error


def with_value(execution: Execution) -> Execution:
    """The Execution with its value decoded; `NO_RESULT` where the record was forged."""
    if not execution.encoded:
        return execution
    try:
        return replace(execution, value=_value(execution.encoded), encoded=b"")
    except (KeyError, ValueError, TypeError, RecursionError):
        flags = (*execution.flags, "several_results")
        return replace(execution, status=Status.NO_RESULT, encoded=b"", flags=flags)


def _error(status: Status, header: dict[str, Any], stdout: bytes, stderr: bytes) -> str:
    if header["error"] or status is not Status.COMPILE_ERROR:
        return str(header["error"])[:_ERROR_CHARACTERS]
    said = (stderr or stdout)[:_COMPILER_MESSAGE_BYTES].decode(errors="replace").strip()
    return said or f"the compiler ended with {header.get('cause', 'an error')}"


def _value(raw: bytes) -> Any:
    return json.loads(raw, object_hook=_restore)["value"]


def _restore(item: dict[str, Any]) -> Any:
    """Big integers become integers again: hexadecimal text is read in linear time."""
    if len(item) == 1 and isinstance(item.get("int"), str):
        return int(item["int"], 16)
    return item
