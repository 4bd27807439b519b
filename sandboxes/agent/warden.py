"""The warden of a submission's runs: enters the jail once, compiles Python once, then forks a child for each run.

Theory of operation. It is what a run's child would be, up to the point where that meets the submission: the same
namespaces, fresh scratch, limits, Landlock, system-call filter. Only its pid namespace is its own, and it is process 1
there. So nothing inside can end, stop or trace it, whatever the way (the kernel keeps signals from a namespace's init,
and its real uid is root's), its end is the end of all that a run left (the kernel reaps an init when its namespace is
empty), and `ECHILD` proves that nothing is left while it lives.

It is trusted with little. Of the submission it reads the source alone, never a run's input or arguments: these are
descriptors that the child reads. It acts under the programs' own uid; its one capability sets the pid counter back, so
that a run cannot count its predecessors, and each child loses that with the last of root's uids. What it reports is no
more than a program could do by itself: a run's output is its output, and CPU time and memory are the control group's.

It serves only as long as runs leave nothing. Processes are seen here; files are seen by the agent (`remains.py`), which
holds what it needs for that from before the first run, and which ends the warden then: the next run gets a jail of its
own.

What a run is given may come while the one before is under way; its child is forked as soon as nothing of that is left,
and waits for the word to begin: the agent, which looks at what the last run left, and the kernel work at the same time.
"""

import gc
import os
import signal
import socket
import struct
import sys
import time
import warnings
from types import CodeType
from typing import Any, NoReturn

from sandboxes.agent import jail, program, remains
from sandboxes.agent.configuration import Confinement
from sandboxes.agent.system import forks, sweep

FINISHED = struct.Struct("=iidQdI")
"""As a zygote's report."""
READY, UNWILLING, BEGIN, FAILED = b"ready", b"no", b"b", b"!"
SCRIPT_ASKED, VALUE_ASKED = b"s", b"v"
"""A run of the plain script, with stdin, stdout, stderr and record; any other with a call behind these."""
FEWEST = 4
_DESCRIPTORS, _ALL = struct.Struct("=4i"), struct.Struct("=5i")
_SPACE = socket.CMSG_SPACE(_ALL.size)
_RECORD = 3
_OPEN = 60
"""More than a warden ever has open."""
_MOST_COMPILE_SECONDS = 0.02
"""A source that takes longer is compiled by each run, at its own cost."""
_MESSAGE_BYTES = 16


def compiled(source: bytes) -> CodeType | None:
    """The source as a run would compile it; None if it does not compile, or not in a moment, or not in silence.

    What the compiler warns of belongs into each run's stderr; here nobody would read it, and a full pipe would block.
    """
    started = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SyntaxWarning)
            code = compile(source, program.path(), "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    return code if time.process_time() - started < _MOST_COMPILE_SECONDS else None


def serve(channel: socket.socket, counter: int, code: CodeType | None, jailed: Confinement) -> NoReturn:
    """Run what is asked for until nobody asks. Everything this process will ever hold is in place before the first.

    With `code` None each run executes a command.

    Between the fork and the child's end it does little: what it writes to is copied as long as two share it. But that
    goes on beside the child, and what it does afterwards the next child waits for.
    """
    program.prepare_streams()
    sys.argv = [program.FILE_NAME]
    main, previous = program.enter_module("__main__"), sys.modules["__main__"]
    forks.leave_out()
    gc.freeze()  # uncollected: the zygote did that, and what came since is little
    remains.send(channel, READY, jailed.scratch, [program.FILE_NAME] if code else [])
    _reseed()
    while True:
        message, space, flags, _ = channel.recvmsg(_MESSAGE_BYTES, _SPACE)
        if not message or flags & socket.MSG_CTRUNC:
            os._exit(0)
        descriptors = _DESCRIPTORS.unpack(space[0][2]) if message == SCRIPT_ASKED else _ALL.unpack(space[0][2])
        os.pwrite(counter, b"1", 0)
        child = os.fork()
        if child == 0:
            _become_run(channel, jailed.uid or 0, descriptors)
            if channel.recv(1) != BEGIN:
                os._exit(0)
            if message == SCRIPT_ASKED and code is not None:
                os.closerange(_RECORD + 1, _RECORD + _OPEN)
                program.run_script(code, main, _RECORD)
            sys.modules["__main__"] = previous
            work, *given = _asked_for(code, descriptors[-1])
            work(code, *given, _RECORD)  # from here: what is asked finds the stack as deep as in a jail of its own
        for descriptor in descriptors:
            os.close(descriptor)
        _reseed()
        channel.send(FINISHED.pack(*_wait(child)))


def _become_run(channel: socket.socket, uid: int, descriptors: tuple[int, ...]) -> None:
    """In the child: give up what only the warden has."""
    try:
        os.setsid()
        os.setresuid(uid, uid, uid)
        os.dup2(descriptors[0], 0)
        os.dup2(descriptors[1], 1)
        os.dup2(descriptors[2], 2)
        os.dup2(descriptors[3], _RECORD)
        forks.put_back()
    except BaseException:  # noqa: BLE001 - the child must not return into the warden's loop
        channel.send(FAILED)
        os._exit(jail.SETUP_FAILED)


def _asked_for(code: CodeType | None, call: int) -> tuple[Any, ...]:
    """What does what is asked, and what it takes between the code and the record; a command begins here."""
    asked, _ = program.read_call(call)
    os.closerange(_RECORD + 1, _RECORD + _OPEN)
    if code is None:
        os.close(_RECORD)
        program.execute(asked["argv"], asked["environment"])
        os._exit(jail.SETUP_FAILED)
    sys.argv = [program.FILE_NAME, *asked["argv"]]
    if program.is_script(asked):
        return program.run_script, program.enter_module("__main__")
    return program.run_call, program.enter_module("solution"), asked


def _reseed() -> None:
    """Do here what `random` does in each forked child: there it would copy the pages it writes."""
    random = sys.modules.get("random")
    if random is not None:
        random.seed()


def _wait(child: int) -> tuple[int, bool, float, int, float, int]:
    """Wait for the run's end as a zygote does, and for that of what ends with it; say how it went."""
    orphans_cpu, killed = 0.0, 0
    while True:
        pid, status, usage = os.wait4(-1, os.WUNTRACED)
        if pid == child:
            break
        if not os.WIFSTOPPED(status):
            orphans_cpu += usage.ru_utime + usage.ru_stime
            killed += sweep.was_killed(status)
    stopped = os.WIFSTOPPED(status)
    if stopped:
        os.kill(child, signal.SIGKILL)
        _, _, usage = os.wait4(child, 0)
    if sweep.has_children():
        seconds, more = sweep.await_the_ending()
        orphans_cpu, killed = orphans_cpu + seconds, killed + more + sweep.has_children()
    return status, stopped, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, orphans_cpu, killed
