"""What happened in a run, from what was seen outside and what the child said: one status, and signs of cheating.

Order decides when several things are true at once: what ended the run first, then memory, then CPU time, then how the
process died, and only then what it said. A forged record can therefore not hide a limit.
"""

import json
import os
import signal
from typing import Any, NamedTuple

from sandboxes.agent.watch import Bounds, Watch
from sandboxes.agent.zygotes import Report

_RECORD_PREFIX = 4
_UNSEEN_SECONDS = 0.05
_NETWORK = ("socket", "socketpair", "connect", "bind")
_BAD_ALLOCATION = (b"std::bad_alloc", b"MemoryError", b"OutOfMemoryError", b"out of memory", b"memory allocation of")
_ENDED = {
    "violation": "violation", "output": "output_limit", "memory": "memory_limit", "cpu": "cpu_limit",
    "wall": "wall_limit", "scratch": "signal", "processes": "signal", "enough": "signal",
}  # fmt: skip


_KILLED_FOR = {"scratch": "more files or bytes than its scratch space holds", "processes": "too many processes"}


class Record(NamedTuple):
    """What the child sent on its record socket."""

    message: dict[str, Any] | None
    raw: bytes
    malformed: bool
    """Several records, or something that is not one."""


def read_record(data: bytes) -> Record:
    """The one record a child may send."""
    if not data:
        return Record(None, b"", malformed=False)
    size = int.from_bytes(data[:_RECORD_PREFIX], "big")
    raw = bytes(data[_RECORD_PREFIX:])
    if len(raw) != size:
        return Record(None, b"", malformed=True)
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        return Record(None, b"", malformed=True)
    if not isinstance(message, dict):
        return Record(None, b"", malformed=True)
    return Record(message, raw, malformed=False)


def describe(run: Watch, report: Report, asks_value: bool, memory_baseline: int) -> tuple[dict[str, Any], bytes]:
    """The reply's header, and the raw record if it holds a value."""
    record = read_record(bytes(run.outputs[run.record]))
    cpu = _cpu_seconds(run, report)
    number = signal.SIGSTOP if report.stopped else report.status & 0x7F
    code = None if number else report.status >> 8
    header: dict[str, Any] = {
        "cpu_seconds": cpu, "memory_bytes": report.memory_bytes, "exit_code": code, "signal": number or None,
        "error": _error(run, record), "flags": _flags(run, report, record, asks_value, code),
    }  # fmt: skip
    header["status"] = _status(run, header, record, asks_value, memory_baseline)
    header["overrun"] = _overrun(run, header)
    header["laps"] = run.laps
    return header, record.raw if header["status"] == "ok" and asks_value else b""


def _cpu_seconds(run: Watch, report: Report) -> float:
    """By the processes waited for; by the group where that is clearly more: some died unseen, or nobody waited."""
    waited = report.cpu_seconds + report.orphan_cpu_seconds
    grouped = run.meter.group_cpu_seconds()
    return grouped if grouped > waited + _UNSEEN_SECONDS else waited


def _error(run: Watch, record: Record) -> str:
    if run.ended_by in _KILLED_FOR:
        return f"killed for {_KILLED_FOR[run.ended_by]}"
    message = record.message or {}
    for key in ("compile_error", "exception", "unsupported", "error"):
        if isinstance(message.get(key), str):
            return str(message[key])[:500]
    return ""


def _flags(run: Watch, report: Report, record: Record, asks_value: bool, code: int | None) -> list[str]:
    flags = []
    if record.malformed:
        flags.append("several_results")
    if asks_value and code == 0 and not record.malformed and (record.message is None or "left" in record.message):
        flags.append("early_exit")
    if report.killed:
        flags.append("leftover_processes")
    if report.stopped:
        flags.append("stopped_itself")
    if run.signalled_helper:
        flags.append("killed_helper")
    if run.outside:
        flags += ["write_outside", *(f"write_outside:{path}" for path in sorted(run.outside))]
    if any(name in _NETWORK for name in run.refused):
        flags.append("network")
    if run.refused:
        flags += ["blocked_syscall", *(f"blocked_syscall:{name}" for name in sorted(run.refused))]
    return flags


def _status(run: Watch, seen: dict[str, Any], record: Record, asks_value: bool, memory_baseline: int) -> str:
    limit = _limit(run, seen, memory_baseline)
    if limit:
        return limit
    failed = seen["signal"] is not None or seen["exit_code"] != 0
    if _ran_out_of_memory(run, record, failed):
        return "memory_limit"
    if seen["signal"] is not None:
        return "violation" if seen["signal"] == signal.SIGSYS else "signal"
    return _said(record, asks_value, seen["exit_code"])


def _limit(run: Watch, seen: dict[str, Any], memory_baseline: int) -> str:
    """The limit the run was ended at, or had passed when it ended by itself; empty if it kept them all."""
    over_cpu = seen["cpu_seconds"] - run.lap_cpu_seconds > run.bounds.cpu_seconds or seen["signal"] == signal.SIGXCPU
    if run.ended_by and not (run.ended_by == "wall" and over_cpu):
        return _ENDED[run.ended_by]
    if run.meter.out_of_memory() or seen["memory_bytes"] - memory_baseline > run.bounds.memory_bytes:
        return "memory_limit"
    if over_cpu:
        return "cpu_limit"
    return "wall_limit" if run.ended_by == "wall" or run.idle_seconds > run.bounds.wall_seconds else ""


def _overrun(run: Watch, seen: dict[str, Any]) -> float:
    """At least what it was ended at: the last figures may be another clock's."""
    bounds, status = run.bounds, seen["status"]
    if status == "cpu_limit":
        used = (float(seen["cpu_seconds"]) - run.lap_cpu_seconds) / bounds.cpu_seconds
        return max(used, bounds.clearly_over) if run.ended_by == "cpu" else used
    return run.idle_seconds / bounds.wall_seconds if status == "wall_limit" else 0.0


def _ran_out_of_memory(run: Watch, record: Record, failed: bool) -> bool:
    message = record.message or {}
    if message.get("out_of_memory") is True:
        return True
    return failed and not message and any(sign in run.outputs[run.stderr][-4096:] for sign in _BAD_ALLOCATION)


def _said(record: Record, asks_value: bool, exit_code: int | None) -> str:
    message = record.message or {}
    if "compile_error" in message:
        return "compile_error"
    if not asks_value:
        return "ok" if exit_code == 0 else "exit"
    for key in ("exception", "unsupported"):
        if key in message:
            return key
    return "ok" if exit_code == 0 and "value" in message else "no_result"


def read_back(descriptor: int, bounds: Bounds, header: dict[str, Any]) -> bytes:
    """What the run wrote into the file that it was asked for, which counts as its output."""
    size = os.fstat(descriptor).st_size
    if size > bounds.output_bytes and header["status"] == "ok":
        header["status"] = "output_limit"
    return os.pread(descriptor, min(size, bounds.output_bytes), 0)
