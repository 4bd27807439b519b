"""How a forked child gives up everything before it meets the submission.

Theory of operation. The order matters: what needs privilege comes first (cgroups, mounts), then the uid, which clears
the death signal and the dumpable flag, so these follow it, then no_new_privs, then Landlock, then seccomp, which would
refuse the steps before it. A step that fails ends the child with `SETUP_FAILED` before any of the submission is read:
the agent reports our failure, never a verdict. Files of the submission are written between Landlock and seccomp,
which would report them as writes of the program.

Level 3: the zygote already lives in a mount, network, IPC and UTS namespace whose root holds only read-only system
directories; the child takes a fresh mount namespace and a fresh tmpfs for all it may write, which the kernel throws
away with it. (System V IPC and message queues, which would stay in the slot's IPC namespace, are refused to programs.)
Its pid namespace is the slot's, emptied after each run by an init that proves it empty.
Level 2: another uid; the zygote kills what is left by uid. Level 1: the agent's uid, confined by Landlock and seccomp.
"""

import os
import resource
import socket
import sys

from sandboxes.agent.configuration import LANDLOCK, NAMESPACES, Confinement, RunOrder
from sandboxes.agent.system import kernel, landlock, roots, seccomp, sweep

SETUP_FAILED = 119
"""Exit status of a child that could not be confined; it also says so on the record socket."""

OPEN_FILES = 256
SCRATCH_INODES = 16384
SCRATCH_PARTS = ("box", "tmp", "shm")
_PID_COUNTER = "/proc/sys/kernel/ns_last_pid"
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_PROCESS_FILES = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/vm/overcommit_memory", "/proc/filesystems")


def join(jail: Confinement) -> None:
    """Have this process's control groups be those of the slot's runs.

    In version 2 the kernel first lets every processor come to rest, which takes some twenty milliseconds unless it has
    just done so.
    """
    for descriptor in jail.cgroup_descriptors:
        os.write(descriptor, b"0")


def enter(jail: Confinement, order: RunOrder, shared_rules: int | None, *, joined: bool = False) -> int:
    """Confine this process for good but for its system calls: `seal` is to follow before any of the program runs.

    `shared_rules` is the ruleset of all runs, where one serves them; a compiler's differs. Returns the descriptor with
    which a warden sets its pid counter, -1 for others. `joined` if the process is in its control groups already.
    """
    if not joined:
        join(jail)
    os.setsid()
    if jail.level == NAMESPACES:
        _take_namespaces(jail, order)
    counter = os.open(_PID_COUNTER, os.O_WRONLY | os.O_CLOEXEC) if order.stands else -1
    _set_limits(jail, order)
    if order.stands and jail.uid is not None:
        _become_warden(jail.uid)
    else:
        _change_uid(jail.compile_uid if order.writable_artifact else jail.uid)
    os.umask(0o022)
    if sys.platform == "linux":
        kernel.set_dumpable()
        kernel.die_with_parent()
        kernel.set_no_new_privileges()
    if jail.landlock:
        shared = None if order.writable_artifact else shared_rules
        landlock.confine(rules_of(jail, order) if shared is None else shared)
    os.chdir(order.writable_artifact or f"{jail.scratch}/box")
    return counter


def seal(jail: Confinement, order: RunOrder, policy: seccomp.Policy, record: int) -> None:
    """Filter system calls from here on; the filter's listener, if any, leaves through the socket `record`."""
    policy = policy._replace(writes=policy.writes and not order.writable_artifact)
    instructions = seccomp.assemble(policy, 0 if policy.signals else os.getpid()) if jail.seccomp else b""
    listener = seccomp.load(instructions, policy.listen) if instructions else None
    _hand_over(record, listener)


def _take_namespaces(jail: Confinement, order: RunOrder) -> None:
    kernel.unshare(kernel.CLONE_NEWNS)
    if order.stands:
        kernel.mount_processes()
    options = f"size={order.scratch_bytes},nr_inodes={SCRATCH_INODES},mode=0755"
    flags = kernel.MS_NOSUID | kernel.MS_NODEV | (kernel.MS_NOATIME if order.stands else 0)
    kernel.mount("scratch", jail.scratch, "tmpfs", flags, options)
    os.umask(0)
    for part in SCRATCH_PARTS:
        os.mkdir(f"{jail.scratch}/{part}", 0o1777)
    roots.lay(jail.links)
    if not order.writable_artifact and not jail.landlock:
        kernel.protect_mount(jail.artifacts)


def _set_limits(jail: Confinement, order: RunOrder) -> None:
    """Only the stack's may be raised again, as many programs do: what it holds is memory like any other."""
    limits = [
        (resource.RLIMIT_CPU, order.cpu_seconds, order.cpu_seconds + 1),
        (resource.RLIMIT_FSIZE, order.file_bytes, order.file_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_STACK, order.stack_bytes, resource.getrlimit(resource.RLIMIT_STACK)[1]),
    ]
    if order.address_space_bytes is not None:
        limits.append((resource.RLIMIT_AS, order.address_space_bytes, order.address_space_bytes))
    if jail.level:
        processes = order.processes - order.stands  # a warden is root's, hence not counted among its runs'
        limits.append((resource.RLIMIT_NPROC, processes, processes))
    for kind, soft, hard in limits:
        ceiling = resource.getrlimit(kind)[1]
        highest = hard if ceiling in (hard, resource.RLIM_INFINITY) else min(hard, ceiling)
        resource.setrlimit(kind, (soft if highest == resource.RLIM_INFINITY else min(soft, highest), highest))
    if sys.platform == "linux":
        _volunteer_for_the_oom_killer()


def _volunteer_for_the_oom_killer() -> None:
    """When memory runs out the kernel should take the program, not the zygote."""
    try:
        descriptor = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    except OSError:
        return
    try:
        os.write(descriptor, b"1000")
    finally:
        os.close(descriptor)


def _change_uid(uid: int | None) -> None:
    if uid is not None:
        sweep.become(uid)
    elif sys.platform == "linux":
        kernel.drop_capabilities()


def _become_warden(uid: int) -> None:
    """Act as the programs' uid, be root to who would signal or look into this process, and hold one capability.

    A child that sets all its uids to the programs' loses the capability by that.
    """
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    kernel.keep_capabilities(True)
    os.setresuid(0, uid, 0)
    kernel.hold_only((kernel.CAP_CHECKPOINT_RESTORE,))
    kernel.keep_capabilities(False)


def rules_of(jail: Confinement, order: RunOrder | None = None) -> int:
    """The Landlock ruleset of a run; without one, what all runs at level 3 share."""
    artifact = [order.writable_artifact] if order is not None and order.writable_artifact else []
    if jail.level == NAMESPACES:
        return landlock.rules(jail.readable, [roots.WRITABLE, *artifact], ["/dev"], jail.landlock)
    writable = [*artifact, *(f"{jail.scratch}/{part}" for part in SCRATCH_PARTS), *jail.shared]
    readable = [*jail.readable, jail.artifacts, *_PROCESS_FILES, f"/proc/{os.getpid()}"]
    return landlock.rules(readable, writable, _DEVICES, jail.landlock)


def policy_of(jail: Confinement, helpers: tuple[int, ...]) -> seccomp.Policy:
    """What the level leaves to the filter. `helpers` are our processes that a program could name."""
    return seccomp.Policy(
        listen=jail.listener,
        unix_sockets=jail.level == NAMESPACES or jail.contained,
        memfd=jail.memory_cgroup or jail.contained,
        signals=jail.level > LANDLOCK or jail.landlock >= landlock.ABI_SCOPES,
        modes=jail.level != LANDLOCK,
        truncates=jail.level != LANDLOCK or jail.landlock >= landlock.ABI_TRUNCATE,
        helpers=helpers,
        writes=True,
    )


def _hand_over(record: int, listener: int | None) -> None:
    """The first message on the record socket: confined, with the listener's descriptor if there is one."""
    with socket.socket(fileno=os.dup(record)) as channel:
        if listener is None:
            channel.send(b"-")
        else:
            socket.send_fds(channel, [b"+"], [listener])
            os.close(listener)
