"""Watching one run from outside: feed it, read it while it runs, charge its CPU time, end it at a limit, say what came.

Theory of operation. The child's stdin is a sealed memory file (a pipe when a conversation feeds it), its stdout and
stderr are pipes read as they fill, its record is a socket nobody else holds. One poll loop waits on these, on the
seccomp listener, on the zygote's report and on the agent's own stdin, whose end means that the server is gone. Every
tick the tree's CPU time, memory and files are compared with the limits. A run is over when the zygote reports it, and
the zygote reports it when nothing of it lives: never at end-of-file, which a background child could hold off.

Limits: CPU time judges. Wall time ends those who sleep: only the time in which nothing of the run wanted a processor
counts, and of that no more than was watched, so neither a busy machine nor a starved agent ends a run. In a
conversation who waits may wait for the other side, which is nobody's time: the agent tells when its run falls silent
and when it stirs, and the relay, who hears both, ends a silence. Memory is the control group's or the polled sum over
the tree. Output beyond its cap ends the run; stderr is cut in silence.
"""

import contextlib
import os
import select
import signal
import time

from sandboxes.agent import frames, notices
from sandboxes.agent.watch import Reporter, Watch
from sandboxes.agent.zygotes import Report, ZygoteError

TICK_SECONDS = 0.05
STDERR_BYTES = 64 * 1024
_PIPE_READ = 1 << 18
_MOST_RUNS_TAKE = 0.003
"""Seconds, after which what a run prints is read while it runs."""
_RECORD_BYTES = 4
_SERVER_DESCRIPTOR = 0
_OWN_PROCESSES = 4
_PATHS_KEPT = 3
_ALIVE = 0.5
"""Share of a moment that has to be active for the side of a conversation not to count as silent."""
_LONGEST = 20
"""Times the wall or CPU limit that a run may stir, after which it ends whatever it seems to do."""


class ServerGoneError(Exception):
    """The other end of our stdin closed: nobody waits for the answer."""


def watch(run: Watch, reporter: Reporter) -> Report:
    """Follow the run to its end.

    Raises:
        ZygoteError: our machinery failed.
        ServerGoneError: stop everything.
    """
    poll = select.poll()
    run.outputs = {run.stdout: bytearray(), run.stderr: bytearray(), run.record: bytearray()}
    reports = reporter.channel.fileno()
    for descriptor in (reports, _SERVER_DESCRIPTOR, *([] if run.listener is None else [run.listener])):
        poll.register(descriptor, select.POLLIN)
    tick = min(TICK_SECONDS, run.bounds.cpu_seconds)
    next_check = run.started + tick
    if run.confined and not run.conversing:  # then all it said is read at once
        soon = poll.poll(_MOST_RUNS_TAKE * 1000)
        if [descriptor for descriptor, _ in soon] == [reports]:
            return _end_of(run, reporter)
    for descriptor in run.outputs:
        poll.register(descriptor, select.POLLIN)
    if run.follow_script(b""):
        _push_input(run, poll)
    while True:
        ready = dict(poll.poll(max(0.0, next_check - time.monotonic()) * 1000))
        _attend(run, ready, poll)
        if reports in ready:
            break
        now = time.monotonic()
        if now >= next_check:
            _check_limits(run, now)
            next_check = now + tick
    return _end_of(run, reporter)


def _end_of(run: Watch, reporter: Reporter) -> Report:
    report = reporter.report()
    for descriptor in list(run.outputs):
        _drain_rest(run, descriptor)
    return report


def _attend(run: Watch, ready: dict[int, int], poll: "select.poll") -> None:
    if _SERVER_DESCRIPTOR in ready:
        _hear_server(run, poll)
    if run.listener is not None and (seen := ready.get(run.listener, 0)):
        if seen & select.POLLIN:
            _answer_notice(run, poll)
        else:  # nobody is left who could ask: on older kernels (6.1 is one) a receiver would wait for ever
            poll.unregister(run.listener)
    for descriptor in list(run.outputs):
        if descriptor in ready:
            _drain(run, descriptor, poll)
    if run.feed is not None and run.feed in ready:
        _push_input(run, poll)


def _hear_server(run: Watch, poll: "select.poll") -> None:
    frame = frames.read(_SERVER_DESCRIPTOR)
    if frame is None:
        raise ServerGoneError
    if run.credit is not None:
        if run.credit.hear(frame):
            _end(run, "enough")
        return
    if frame.header["op"] == "silence":
        run.idle_seconds = frame.header["seconds"]
        _end(run, "wall")
        return
    if frame.header["lap"]:
        _begin_lap(run)
    run.inputs += 1
    run.told = (False, run.inputs)
    if run.feed is not None:
        run.pending_input += frame.blobs[0]
        run.input_ended = run.input_ended or frame.header["last"]
        _push_input(run, poll)


def _begin_lap(run: Watch) -> None:
    used = run.meter.group_cpu_seconds() or run.meter.read().cpu_seconds
    run.laps.append(round(used - run.lap_cpu_seconds, 4))
    run.lap_cpu_seconds, run.lap_output_bytes, run.started = used, 0, time.monotonic()


def _push_input(run: Watch, poll: "select.poll") -> None:
    """Write what the pipe takes; a program that does not read is its own affair."""
    if run.feed is None:
        return
    try:
        while run.pending_input:
            written = os.write(run.feed, run.pending_input[:_PIPE_READ])
            del run.pending_input[:written]
    except BlockingIOError:
        poll.register(run.feed, select.POLLOUT)
        return
    except BrokenPipeError:
        run.pending_input.clear()
        run.input_ended = True
    with contextlib.suppress(KeyError):
        poll.unregister(run.feed)
    if run.input_ended:
        os.close(run.feed)
        run.feed = None


def _drain(run: Watch, descriptor: int, poll: "select.poll") -> None:
    if descriptor == run.record and not run.confined:
        _take_listener(run, poll)
        return
    try:
        data = os.read(descriptor, _PIPE_READ)
    except BlockingIOError:
        return
    except OSError:
        data = b""
    if not data:
        poll.unregister(descriptor)
        run.closed.add(descriptor)
        return
    _keep(run, descriptor, data)
    if descriptor == run.stdout and run.follow_script(data):
        _push_input(run, poll)


def _take_listener(run: Watch, poll: "select.poll") -> None:
    """The child's first message: confined, or why it could not be."""
    first, listener = notices.receive_listener(run.record)
    if first not in (b"+", b"-"):
        reason = os.read(run.record, 500).decode(errors="replace") if first == b"!" else "it died"
        raise ZygoteError(f"the child could not be confined: {reason}")
    run.confined = True
    if listener is not None:
        run.listener = listener
        poll.register(listener, select.POLLIN)


def _answer_notice(run: Watch, poll: "select.poll") -> None:
    listener = run.listener
    if listener is None:
        return
    notice = notices.attend(listener, run.witness, run.noted < notices.MOST)
    if notice is None:
        poll.unregister(listener)
        return
    run.noted += 1
    run.signalled_helper = run.signalled_helper or notice.helper
    if notice.outside and notice.outside not in run.outside and len(run.outside) < _PATHS_KEPT:
        run.outside.append(notice.outside)
    if notice.refused:
        run.refused[notice.name] = run.refused.get(notice.name, 0) + 1
        if sum(run.refused.values()) > notices.MOST:
            _end(run, "violation")


def _keep(run: Watch, descriptor: int, data: bytes) -> None:
    kept = run.outputs[descriptor]
    if descriptor == run.stderr:
        kept += data[: max(0, STDERR_BYTES - len(kept))]
        run.error_bytes += len(data)
        if run.error_bytes > run.bounds.error_bytes:
            _end(run, "output")
        return
    if descriptor == run.stdout and run.conversing:
        frames.write(1, frames.pack({"event": "output"}, [data]))
        if run.bounds.laps:
            run.lap_output_bytes += len(data)
            if run.lap_output_bytes > run.bounds.output_bytes:
                _end(run, "output")
            return
    room = run.bounds.output_bytes + (_RECORD_BYTES + 64 if descriptor == run.record else 0) - len(kept)
    kept += data[: max(0, room)]
    if len(data) > room:
        _end(run, "output")


def _drain_rest(run: Watch, descriptor: int) -> None:
    """What is still in the pipe when all writers are dead."""
    while True:
        try:
            data = os.read(descriptor, _PIPE_READ)
        except OSError:
            return
        if not data:
            return
        if descriptor == run.record and not run.confined:
            run.confined = data[:1] in (b"+", b"-")
            if not run.confined:
                raise ZygoteError(f"the child could not be confined: {data[1:].decode(errors='replace')}")
            data = data[1:]
        _keep(run, descriptor, data)


def _check_limits(run: Watch, now: float) -> None:
    if run.ended_by:
        _kill(run)
        return
    used = run.meter.read()
    if used.cpu_seconds - run.lap_cpu_seconds > run.bounds.cpu_seconds * run.bounds.clearly_over:
        _end(run, "cpu")
    elif used.memory_bytes > run.bounds.memory_bytes:
        _end(run, "memory")
    elif used.scratch_bytes > run.bounds.scratch_bytes:
        _end(run, "scratch")
    elif used.processes > run.bounds.processes + _OWN_PROCESSES:
        _end(run, "processes")
    else:
        _count_time(run, used.active, now - run.last_check)
    run.last_check = now


def _count_time(run: Watch, active: float, elapsed: float) -> None:
    bounds = run.bounds
    if run.conversing:
        idle = active < _ALIVE and not _says_something(run)
        run.stirring_seconds += 0 if idle else elapsed
        _tell(run, idle)
    else:
        run.stirring_seconds += elapsed
        run.idle_seconds += min(elapsed, 2 * TICK_SECONDS) * (1 - active)
    longest = _LONGEST * max(bounds.wall_seconds, bounds.cpu_seconds)
    if run.idle_seconds > bounds.wall_seconds * bounds.clearly_over or run.stirring_seconds > longest:
        _end(run, "wall")


def _says_something(run: Watch) -> bool:
    """Whether it wrote what is not read yet: it wrote before it fell silent, and the other side is yet to hear it."""
    return run.stdout not in run.closed and bool(select.select([run.stdout], [], [], 0)[0])


def _tell(run: Watch, idle: bool) -> None:
    """Say so with how much was heard: to the relay, who has sent more since, it is old news."""
    if run.told != (idle, run.inputs):
        run.told = (idle, run.inputs)
        frames.write(1, frames.pack({"event": "idle", "idle": idle, "inputs": run.inputs}))


def _end(run: Watch, reason: str) -> None:
    if not run.ended_by:
        run.ended_by = reason
        _kill(run)


def _kill(run: Watch) -> None:
    """End the child; the zygote then ends what it leaves. Safe: its pid is not reused before the zygote reports."""
    if run.kill is not None:
        run.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(run.pid, signal.SIGKILL)
