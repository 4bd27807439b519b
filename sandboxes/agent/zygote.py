"""The warm interpreter: started with an empty environment, imports what programs import, then forks a child per run.

Theory of operation. It is executed afresh, never forked from the agent, so its memory holds nothing of any submission;
and it never reads one: source, stdin and arguments are descriptors that the child alone reads. For each run it forks,
waits, and clears what the run left, so that the next `fork` starts in an empty place:

- level 3: every child lives in one pid namespace whose init (forked here, before the imports, hence small) kills and
  reaps whatever the child left, and answers only when the kernel says that it has no children: proof of emptiness.
  The pid counter is set back, so a run cannot count its predecessors;
- levels 1 and 2: this process is the subreaper of its descendants, so orphans come here and `ECHILD` is the same proof.
  What lives is killed by uid (level 2), or by walking the tree until nothing is left (level 1).

A child that stops itself would sleep until the wall limit; it is killed at once.

Whoever asked for one warden will ask for the next: that is forked beforehand, joins the control groups, which may take
longer than all else, and waits to be told whose it is. It knows no more than this process does.
"""

import _multiprocessing  # type: ignore[import-not-found]
import _sitebuiltins
import builtins
import gc
import os
import signal
import socket
import struct
import sys
from typing import Any, NoReturn

from sandboxes.agent import jail, program, reserve, warden
from sandboxes.agent.configuration import (
    LANDLOCK,
    MOST_DESCRIPTORS,
    NAMESPACES,
    RUN_DESCRIPTORS,
    UID,
    Confinement,
    RunOrder,
    ZygoteOrder,
    decode_run,
    decode_zygote,
)
from sandboxes.agent.reserve import MESSAGE_BYTES, Appointment, Ground, Reserve
from sandboxes.agent.system import forks, kernel, mappings, namespaces, seccomp, semaphores, sweep

CHILD = struct.Struct("=i")
"""The child's pid, as the agent sees it. After a warden's comes that of the next one, which is in reserve."""
REPORT = struct.Struct("=iidQdI")
"""Wait status, whether it had stopped itself, CPU seconds of the child, its peak resident bytes, CPU seconds of
orphans, how many processes had to be killed."""
_REHEARSAL = compile(
    """
import collections, sys
class Solution:
    def count(self, words):
        return collections.Counter(words).most_common(1)
words = (stdin.read() + "a b a 17 42").split()
table = {word: [int(word), str(word)] for word in words if word.isdigit()}
print(Solution().count(words)[0][1], f"{len(table)} {sum(map(int, table)) / 3:.3f}", sorted(table), file=stdout)
stdout.flush()
""",
    "",
    "exec",
)
_REHEARSALS = 12
"""From the eighth on the interpreter has made its bytecode special, which writes to it too."""


def main(order_text: str, channel_descriptor: int) -> NoReturn:
    """Serve run requests on the socket until the agent closes it.

    Every run begins in this very function: how deep a program may recurse depends on it.
    """
    ground = _settle(order_text, channel_descriptor)
    next_warden: Reserve | None = None
    while True:
        message, descriptors, flags, _ = socket.recv_fds(ground.channel, MESSAGE_BYTES, MOST_DESCRIPTORS)
        if not message:
            os._exit(0)
        if flags & socket.MSG_CTRUNC or len(descriptors) < RUN_DESCRIPTORS:
            os._exit(3)
        run = decode_run(message)
        pair = [socket.socket(fileno=descriptors.pop(RUN_DESCRIPTORS)) for _ in (1, 2)] if run.stands else []
        child = next_warden.appoint(message, descriptors) if next_warden is not None and run.stands else 0
        if child == 0:
            child = ground.fork(run)
        if child == 0:
            ground.leave()
            for held in (*pair, *([] if next_warden is None else [next_warden.channel])):
                held.close()
            (_become_warden if run.stands else _become_program)(ground, run, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        ground.channel.send(CHILD.pack(child))
        if run.stands:
            kept = reserve.keep(ground, *pair)
            if isinstance(kept, Appointment):
                _become_warden(ground, *kept, joined=True)
            next_warden = kept
            ground.channel.send(CHILD.pack(kept.pid))
        ground.channel.send(_wait(child, ground.jailed, run, ground.slot))


def _settle(order_text: str, channel_descriptor: int) -> Ground:
    """Enter the slot's namespaces, warm up."""
    order = decode_zygote(order_text)
    kernel_ready = sys.platform == "linux"
    if kernel_ready:
        kernel.die_with_parent()
        kernel.adopt_orphans()
    sys.executable = os.path.realpath(sys.executable)
    channel = socket.socket(fileno=channel_descriptor)
    listed = mappings.listing()
    slot = namespaces.enter(order.confinement.root) if order.confinement.level == NAMESPACES else None
    if kernel_ready:
        kernel.drop_bounding_set()
    policy = jail.policy_of(order.confinement, (1,) if slot is not None else (1, os.getpid(), os.getppid()))
    shared = order.confinement.landlock and order.confinement.level == NAMESPACES
    rules = jail.rules_of(order.confinement) if shared else None
    _warm(order, policy, listed)
    channel.send(b"ready")
    return Ground(order.confinement, slot, policy, rules, channel)


def _warm(order: ZygoteOrder, policy: seccomp.Policy, listed: int) -> None:
    """Import, give programs what `site` would, assemble filters, and keep the collector off the shared pages."""
    sys.path[:] = [*[path for path in sys.path if path not in order.search_path and path], *order.search_path]
    level = order.confinement.level
    if level == LANDLOCK or (level == UID and not order.confinement.contained):
        _multiprocessing.SemLock = semaphores.SemLock
    for name in order.imports:
        try:
            __import__(name)
        except ImportError:
            continue
    builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)")
    builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D (i.e. EOF)")
    if order.confinement.seccomp and policy.signals:
        for writes in (True, False):
            seccomp.assemble(policy._replace(writes=writes))
    forks.find()
    for _ in range(_REHEARSALS):
        _rehearse()
    program.ends.warm()
    mappings.join(listed)
    gc.collect()
    gc.freeze()


def _rehearse() -> None:
    """Run what most programs run, so that the interpreter and the linker fill their tables here.

    A child that filled them would copy the pages they are in: a fifth of those that a short program writes to.
    """
    with open(os.devnull, encoding="utf-8") as stdin, open(os.devnull, "w", encoding="utf-8") as stdout:
        exec(_REHEARSAL, {"__name__": "", "__builtins__": builtins, "stdin": stdin, "stdout": stdout})


def _become_program(ground: Ground, order: RunOrder, descriptors: list[int]) -> NoReturn:
    """In the child: confine, arrange descriptors and files, give up system calls, then meet the submission."""
    jailed, _, policy, rules, _ = ground
    stdin, stdout, stderr, record, call, source, *written = descriptors
    try:
        for number, descriptor in enumerate((stdin, stdout, stderr)):
            os.dup2(descriptor, number)
        jail.enter(jailed, order, rules)
        for descriptor in (stdin, stdout, stderr, *jailed.cgroup_descriptors, *([] if rules is None else [rules])):
            os.close(descriptor)
        asked = _take_call(call)
        for descriptor in written:
            _lay_out(descriptor, asked["output_file"])
        text = _read_all(source)
        os.close(source)
        os.close(call)
        if order.python:
            program.keep_source(text)
        jail.seal(jailed, order, policy, record)
    except BaseException as error:  # noqa: BLE001 - the child must not return into the zygote's loop
        os.write(record, b"!" + f"{type(error).__name__}: {error}".encode())
        os._exit(jail.SETUP_FAILED)
    try:
        if order.python:
            program.run(text, asked, record)
        os.close(record)
        program.execute(asked["argv"], asked["environment"])
    finally:
        os._exit(jail.SETUP_FAILED)


def _become_warden(ground: Ground, order: RunOrder, descriptors: list[int], *, joined: bool = False) -> NoReturn:
    """In the child, as process 1 of a namespace: confine as for a run, then serve runs until nobody asks."""
    jailed, _, policy, rules, _ = ground
    stdin, stdout, stderr, record, asks, source = descriptors
    try:
        for number, descriptor in enumerate((stdin, stdout, stderr)):
            os.dup2(descriptor, number)
        counter = jail.enter(jailed, order, rules, joined=joined)
        for descriptor in (stdin, stdout, stderr, *jailed.cgroup_descriptors, *([] if rules is None else [rules])):
            os.close(descriptor)
        channel = socket.socket(fileno=asks)
        code = None
        if order.python:
            text = _read_all(source)
            program.keep_source(text)
            code = warden.compiled(text)
            if code is None:
                channel.send(warden.UNWILLING)
                os._exit(0)
        os.close(source)
        jail.seal(jailed, order, policy, record)
        os.close(record)
        warden.serve(channel, counter, code, jailed)
    finally:
        os._exit(jail.SETUP_FAILED)


def _read_all(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def _take_call(descriptor: int) -> dict[str, Any]:
    """What is asked; its extra files are written here, after confinement, so that no name can reach outside."""
    asked, data = program.read_call(descriptor)
    offset = 0
    for name, length in asked["files"].items():
        if "/" in name:
            os.makedirs(os.path.dirname(name), exist_ok=True)
        target = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with open(target, "wb") as file:
            file.write(data[offset : offset + length])
        offset += length
    return asked


def _lay_out(descriptor: int, name: str) -> None:
    """Put the file that is read back in its place; what the run is given under its name is in it at the start."""
    os.set_inheritable(descriptor, True)
    if os.path.lexists(name):
        with open(name, "rb") as given, open(descriptor, "wb", closefd=False) as file:
            file.write(given.read())
        os.unlink(name)
    elif "/" in name:
        os.makedirs(os.path.dirname(name), exist_ok=True)
    os.symlink(f"/proc/{os.getpid()}/fd/{descriptor}", name)


def _wait(child: int, jailed: Confinement, order: RunOrder, slot: namespaces.Slot | None) -> bytes:
    """Wait for the child, clear what it left, report."""
    _, status, usage = os.wait4(child, os.WUNTRACED)
    stopped = os.WIFSTOPPED(status)
    if stopped:
        os.kill(child, signal.SIGKILL)
        _, _, usage = os.wait4(child, 0)
    orphans_cpu, killed = 0.0, 0
    if slot is None:
        orphans_cpu, killed = sweep.clear_descendants(jailed.uids)
        sweep.wipe(jailed.wiped, jailed.compile_uid if order.writable_artifact else jailed.uid)
    else:  # of a warden's runs only sockets can be left: its namespace went with it
        orphans_cpu, killed = slot.empty()
    cpu = usage.ru_utime + usage.ru_stime
    return REPORT.pack(status, stopped, cpu, usage.ru_maxrss * 1024, orphans_cpu, killed)
