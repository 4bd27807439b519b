"""Preparing a submission and running it once: descriptors in, watch, description out."""

import contextlib
import math
import os
import socket
from typing import Any

from sandboxes.agent import kernel, meters, outcome, submission, supervise, sweep
from sandboxes.agent.configuration import RunOrder
from sandboxes.agent.frames import Frame
from sandboxes.agent.slot import Place, zygote_for
from sandboxes.agent.submission import Submission

Reply = tuple[dict[str, Any], list[bytes]]

_THREAD_SLACK_BYTES = 512 * 1024 * 1024
"""Address space beyond the memory limit: stacks of threads and allocator arenas are reserved, not used."""
_RUNTIME_SLACK_BYTES = 2 * 1024 * 1024 * 1024
_PYTHON_STACK_BYTES = 120 * 1024 * 1024
"""What lies between the stack and the first mapping of a process started with the usual 8 MiB limit."""
_STACK_BYTES = 256 * 1024 * 1024
_COMPILE_OUTPUT_BYTES = 64 * 1024
_COMPILE_ERROR_BYTES = 1024 * 1024
_COMPILE_PROCESSES = 256


def drop(place: Place) -> None:
    """Forget the submission and its compile products."""
    held = place.submission
    place.submission = None
    if held is None:
        return
    held.close()
    if held.artifact:
        os.chmod(held.artifact, 0o1777)  # noqa: PTH101
        sweep.wipe((held.artifact,), place.jail.compile_uid)
        sweep.empty(held.artifact)
        os.rmdir(held.artifact)  # noqa: PTH106


def prepare(place: Place, frame: Frame) -> Reply:
    """Take a submission; compile it where its language compiles."""
    drop(place)
    header, (source, *contents) = frame
    name = header["language"]
    if name not in place.languages:
        return {"status": "unavailable"}, []
    files = dict(zip(header["files"], contents, strict=True))
    held = Submission(name, submission.sealed("source", source), submission.tier_for(source), files)
    place.submission = held
    language = place.languages[name]
    if not language["run"]:
        return {"status": "ok"}, []
    _place_source(place, held, language["file_name"], source)
    held.tier = "bare"
    if not language["compile"]:
        return {"status": "ok"}, []
    return _compile(place, held, language, header)


def _place_source(place: Place, held: Submission, file_name: str, source: bytes) -> None:
    """A fresh directory, written before anything untrusted runs and never written by the agent again."""
    place.serial += 1
    held.artifact = f"{place.artifacts}/{place.serial}"
    held.artifact_inside = f"{place.jail.artifacts}/{place.serial}"
    os.mkdir(held.artifact, 0o755)  # noqa: PTH102
    with open(f"{held.artifact}/{file_name}", "xb") as file:  # noqa: PTH123
        file.write(source)


def _compile(place: Place, held: Submission, language: dict[str, Any], header: dict[str, Any]) -> Reply:
    bounds = supervise.Bounds(
        cpu_seconds=language["compile_cpu_seconds"],
        wall_seconds=max(10.0, language["compile_cpu_seconds"]),
        memory_bytes=language["compile_memory_bytes"],
        output_bytes=_COMPILE_OUTPUT_BYTES,
        scratch_bytes=2 * language["compile_output_bytes"],
        error_bytes=_COMPILE_ERROR_BYTES,
    )
    order = RunOrder(
        python=False,
        address_space_bytes=None,
        cpu_seconds=math.ceil(bounds.cpu_seconds) + 1,
        file_bytes=language["compile_output_bytes"],
        scratch_bytes=bounds.scratch_bytes,
        processes=_COMPILE_PROCESSES,
        stack_bytes=_STACK_BYTES,
        writable_artifact=held.artifact_inside,
    )
    asked = {"argv": _fill(language["compile"], held), "environment": _environment(place, language, held)}
    os.chmod(held.artifact, 0o1777)  # noqa: PTH101
    seen, blobs = _execute(place, held, order, bounds, asked, {}, b"", conversation=False)
    os.chmod(held.artifact, 0o755)  # noqa: PTH101
    if seen["status"] == "ok":
        return {**seen, "status": "ok"}, blobs[:2]
    return {**seen, "cause": seen["status"], "status": "compile_error"}, blobs[:2]


def run(place: Place, frame: Frame) -> Reply:
    """Run the submission once."""
    held = place.submission
    header, (stdin,) = frame
    if held is None:
        raise KeyError("run before prepare")
    language = place.languages[held.language]
    limits = header["limits"]
    python = not language["run"]
    bounds = supervise.Bounds(
        cpu_seconds=limits["cpu_seconds"] * language["cpu_factor"],
        wall_seconds=limits["wall_seconds"] * language["cpu_factor"],
        memory_bytes=limits["memory_bytes"] + language["extra_memory_bytes"],
        output_bytes=limits["output_bytes"],
        scratch_bytes=limits["file_bytes"],
    )
    zygote_for(place, held.tier)
    order = RunOrder(
        python=python,
        address_space_bytes=_address_space(place, held, language, bounds.memory_bytes),
        cpu_seconds=math.ceil(bounds.cpu_seconds) + 1,
        file_bytes=limits["file_bytes"],
        scratch_bytes=limits["file_bytes"],
        processes=limits["processes"] + language["extra_processes"],
        stack_bytes=_PYTHON_STACK_BYTES if python else _STACK_BYTES,
    )
    asked = header["invocation"]
    if not python:
        asked["argv"] = [*_fill(language["run"], held), *asked["argv"]]
        asked["environment"] = _environment(place, language, held)
    place.runs += 1
    return _execute(place, held, order, bounds, asked, held.files, stdin, conversation=header["conversation"])


def _address_space(place: Place, held: Submission, language: dict[str, Any], memory_bytes: int) -> int | None:
    if not language["run"]:
        return place.baselines[held.tier][1] + memory_bytes + _THREAD_SLACK_BYTES
    if place.jail.memory_cgroup or not language["limit_address_space"]:
        return None
    return memory_bytes + _RUNTIME_SLACK_BYTES


def _fill(argv: list[str], held: Submission) -> list[str]:
    filled = [part.replace("{artifact}", held.artifact_inside) for part in argv]
    if filled[0].startswith("./"):
        filled[0] = f"{held.artifact_inside}/{filled[0][2:]}"
    return filled


def _environment(place: Place, language: dict[str, Any], held: Submission) -> dict[str, str]:
    own = {name: value.replace("{artifact}", held.artifact_inside) for name, value in language["environment"].items()}
    box, tmp = f"{place.jail.scratch}/box", f"{place.jail.scratch}/tmp"
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": box, "LANG": "C.UTF-8", "TMPDIR": tmp, **own}


def _execute(
    place: Place,
    held: Submission,
    order: RunOrder,
    bounds: supervise.Bounds,
    asked: dict[str, Any],
    files: dict[str, bytes],
    stdin: bytes,
    conversation: bool,
) -> Reply:
    """One child from its descriptors to its description."""
    zygote = zygote_for(place, held.tier)
    place.groups.prepare(bounds.memory_bytes, order.processes)
    with contextlib.ExitStack() as ours, contextlib.ExitStack() as its:
        feed, source_of_input = _input(place, stdin, conversation, ours, its)
        stdout, stdout_inside = _pipe(place, ours, its)
        stderr, stderr_inside = _pipe(place, ours, its)
        record, record_inside = socket.socketpair()
        ours.enter_context(record)
        its.enter_context(record_inside)
        record.setblocking(False)
        call = submission.sealed("call", submission.pack_call(asked, files))
        its.callback(os.close, call)
        meter = meters.Meter(place.groups, zygote.process.pid, "" if place.jail.root else place.jail.scratch)
        inside = [source_of_input, stdout_inside, stderr_inside, record_inside.fileno(), held.source, call]
        pid = zygote.begin(order, inside)
        its.close()
        watched = supervise.Watch(pid, stdout, stderr, record.fileno(), feed, bounds, meter)
        try:
            report = supervise.watch(watched, zygote)
        finally:
            for descriptor in (watched.listener, watched.feed):
                if descriptor is not None:
                    os.close(descriptor)
        asks_value = order.python and (asked["function"] is not None or asked["expression"] is not None)
        baseline = place.baselines[held.tier][0] if order.python else 0
        header, raw = outcome.describe(watched, report, asks_value, baseline)
        return header, [bytes(watched.outputs[stdout]), bytes(watched.outputs[stderr]), raw]


def _input(
    place: Place, stdin: bytes, conversation: bool, ours: contextlib.ExitStack, its: contextlib.ExitStack
) -> tuple[int | None, int]:
    if not conversation:
        descriptor = submission.sealed("stdin", stdin)
        its.callback(os.close, descriptor)
        return None, descriptor
    reader, writer = _owned_pipe(place)
    its.callback(os.close, reader)
    os.set_blocking(writer, False)
    return writer, reader


def _pipe(place: Place, ours: contextlib.ExitStack, its: contextlib.ExitStack) -> tuple[int, int]:
    reader, writer = _owned_pipe(place)
    ours.callback(os.close, reader)
    its.callback(os.close, writer)
    os.set_blocking(reader, False)
    return reader, writer


def _owned_pipe(place: Place) -> tuple[int, int]:
    """A pipe that belongs to the uid programs run as, so that they may open `/dev/stdout`."""
    if place.jail.uid is None:
        return os.pipe()
    kernel.create_as(place.jail.uid)
    try:
        return os.pipe()
    finally:
        kernel.create_as(os.geteuid())
