"""What one test of a submission may leave for the next, and what it may do to the warden that forks both: nothing.

At every place: whatever a program does and looks for, each of its runs sees what a run of it alone sees. Where a place
has wardens they serve the runs that leave nothing, and whoever harms one gains nothing by it.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandboxes.agent import wardens
from sandboxes.agent.system import cgroups, descriptors
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.launchers import process
from sandboxes.slot import Slot
from tests.sandboxes.conftest import LIMITS, Bench
from tests.sandboxes.places import children

RUNS = 4
REPEATED = [Invocation(stdin=b"7\n")] * RUNS
ECHO = "print(2 * int(input()))\n"

LEFT = {
    "file": "print(os.path.exists('left')); open('left', 'w').write('x')",
    "file_in_tmp": "os.chdir(os.environ['TMPDIR']); print(os.path.exists('left')); open('left', 'w').write('x')",
    "directory": "print(os.listdir(os.path.dirname(__file__) or '.')); os.mkdir('left')",
    "file_that_is_gone_again": "print(os.stat('.').st_mtime_ns > EPOCH); open('left', 'w').close(); os.unlink('left')",
    "own_source": "print(open(__file__).read()[-40:]); open(__file__, 'a').write('#more')",
    "own_source_as_memory": """
import mmap
with open(__file__, 'r+b') as file:
    view = mmap.mmap(file.fileno(), 0)
    print(view[:1] == b'#')
    view[:1] = b'#'
""",
    "mode_of_own_source": """
source = os.open(__file__, os.O_RDONLY)
print(oct(os.fstat(source).st_mode))
try: os.fchmod(source, 0o600)
except OSError: pass
""",
    "times_of_own_source": """
print(os.stat(__file__).st_mtime_ns > 5, os.stat(__file__).st_atime_ns > 5)
try: os.utime(__file__, ns=(1, 1))
except OSError: pass
""",
    "attribute_of_own_source": """
try:
    print(os.listxattr(__file__))
    os.setxattr(__file__, 'user.left', b'x')
except OSError as error: print(error.errno)
""",
    "hooks_around_forks": """
import random
seen = []
for _ in range(2):
    os.register_at_fork(before=lambda: seen.append('before'), after_in_child=lambda: seen.append('in child'),
                        after_in_parent=lambda: seen.append('in parent'))
    seen.clear()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, b'%d' % random.getrandbits(60))
        os._exit(0)
    os.waitpid(child, 0)
    print(seen, int(os.read(reader, 99)) == random.getrandbits(60))
""",
    "attribute_of_a_directory": """
try: print([name for name in os.listxattr('.') if name.startswith('user')])
except OSError: print([])
try: os.setxattr('.', 'user.left', b'x')
except OSError: pass
""",
    "fifo": """
print(os.path.exists('/tmp/fifo'))
try: os.mkfifo('/tmp/fifo')
except OSError: pass
""",
    "unix_socket": """
import socket
print(os.path.exists('/tmp/named'))
try: socket.socket(socket.AF_UNIX).bind('/tmp/named')
except OSError: pass
""",
    "shared_memory": """
from multiprocessing import shared_memory, resource_tracker
resource_tracker.register = lambda *_: None
try: shared_memory.SharedMemory('left'); print('found')
except OSError: print('none')
try: shared_memory.SharedMemory('left', create=True, size=100)
except OSError: pass
""",
    "sockets_that_hold_each_other": """
import socket
try: print([line.split()[-1] for line in open('/proc/net/unix') if '@' in line])
except OSError: print('none to be seen')
try:
    named = socket.socket(socket.AF_UNIX)
    named.bind('\\0word-' + os.urandom(4).hex())
    ours, its = socket.socketpair()
    socket.send_fds(ours, [b'x'], [ours.fileno(), its.fileno(), named.fileno()])
    for each in (named, ours, its): each.detach()
except OSError: pass
""",
    "warnings_of_its_compiler": "print(1 is 1)",
    "semaphore": """
import _multiprocessing
try: _multiprocessing.SemLock(1, 1, 1, '/left', False); print('new')
except OSError: print('found or none')
""",
    "descriptors": """
kinds = []
for name in sorted(os.listdir('/proc/self/fd'), key=int):
    try: kinds.append(os.readlink(f'/proc/self/fd/{name}').partition(':')[0])
    except OSError: pass
print(len(kinds))
for number in range(40, 60): os.dup2(0, number)
""",
    "environment": "print(sorted(os.environ)); os.environ['LEFT'] = 'x'; os.putenv('LEFT', 'x')",
    "umask": "print(oct(os.umask(0o123)))",
    "directory_it_is_in": "print(os.getcwd() == os.path.dirname(__file__)); os.chdir('/')",
    "priority": "print(os.getpriority(os.PRIO_PROCESS, 0), os.nice(3))",
    "willingness_to_be_killed": """
path = '/proc/self/oom_score_adj'
print(os.path.exists(path) and open(path).read())
""",
    "timer": "import signal; print(signal.getitimer(signal.ITIMER_REAL)); signal.setitimer(signal.ITIMER_REAL, 1000)",
    "signals": """
import signal
print(signal.getsignal(signal.SIGTERM), signal.pthread_sigmask(signal.SIG_BLOCK, []))
signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
""",
    "limits": """
import resource
print(resource.getrlimit(resource.RLIMIT_NOFILE)); resource.setrlimit(resource.RLIMIT_NOFILE, (30, 30))
""",
    "interpreter": """
import builtins, sys
print(hasattr(builtins, 'left'), 'left' in sys.modules, sys.argv, sys.path_hooks == [])
builtins.left = sys.modules['left'] = sys; sys.argv.append('x')
""",
    "flags_of_streams": """
import fcntl
print([fcntl.fcntl(number, fcntl.F_GETFL) & os.O_NONBLOCK for number in (1, 2)])
for number in (1, 2): fcntl.fcntl(number, fcntl.F_SETFL, os.O_NONBLOCK)
""",
    "place_in_stdin": "print(os.lseek(0, 0, os.SEEK_CUR)); os.lseek(0, 1, os.SEEK_SET)",
    "numbers_of_processes": """
child = os.fork()
if child == 0: os._exit(0)
os.waitpid(child, 0)
print(PIDS and (os.getpid(), child))
""",
    "session": "print(os.getsid(0) == os.getpgid(0) == os.getpid())",
    "process": """
import time
own = os.getpid()
print([name for name in os.listdir('/proc') if name.isdigit() and int(name) > own] if PIDS else '')
if os.fork() == 0:
    os.setsid()
    os.close(1); os.close(2); time.sleep(60)
""",
    "threads": """
import threading
print(threading.active_count(), threading.main_thread() is threading.current_thread())
""",
    "what_forks_do": """
import random, threading
state = random.getstate()
child = os.fork()
if child == 0:
    os._exit(state == random.getstate() or threading.active_count() != 1)
print(os.waitpid(child, 0)[1])
""",
}


def _source(look: str, bench: Bench) -> str:
    """What a program does, with all that it leaves to chance taken out."""
    return f"import os\nEPOCH, PIDS = 0, {bench.place.level == 3}\n{look}\n"


def _seen(executions: list[Execution]) -> list[tuple[Any, ...]]:
    return [(one.status, one.stdout, one.stderr, one.exit_code, one.signal, sorted(one.flags)) for one in executions]


@pytest.mark.parametrize("left", LEFT)
def test_each_run_sees_what_a_run_alone_sees(bench: Bench, left: str) -> None:
    if left == "sockets_that_hold_each_other" and bench.place.runtime is not None:
        pytest.skip("the next submission does not see them")
    source = _source(LEFT[left], bench)
    alone = [bench.script(source, b"7\n")]
    assert alone[0].status is Status.OK, alone
    assert _seen(bench.all(source, REPEATED)) == _seen(alone * RUNS)


COMMANDS = {
    "file": "ls -A; echo x > left",
    "file_in_tmp": "ls -A /tmp; echo x > /tmp/left",
    "process": "set -- /proc/[0-9]*; echo $#; sleep 60 > /dev/null 2>&1 < /dev/null &",
    "environment": "env | grep -v '^_='; export LEFT=x",
    "numbers_of_processes": "echo $$; /bin/true & echo $!; wait",
    "limits": "ulimit -n; ulimit -n 30",
    "priority": "nice; renice -n 3 -p $$ > /dev/null",
}


@pytest.mark.parametrize("left", COMMANDS)
def test_each_run_of_a_command_sees_what_one_alone_sees(here: Bench, left: str) -> None:
    alone = here.all(COMMANDS[left], REPEATED[:1], language="bash")
    assert _seen(here.all(COMMANDS[left], REPEATED, language="bash")) == _seen(alone * RUNS)


def test_memory_of_an_earlier_run_is_not_there(bench: Bench) -> None:
    source = """
import ctypes, os
mark = "".join(map(chr, [83, 69, 67, 82, 69, 84])).encode()
found = 0
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        place, modes, *_ = line.split()
        if modes[0] != "r" or line.rstrip().endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
            continue
        first, last = (int(end, 16) for end in place.split("-"))
        try: found += os.pread(memory.fileno(), last - first, first).count(mark + b"-earlier")
        except (OSError, OverflowError): pass
print(found)
given = input()
"""
    secrets = [Invocation(stdin=b"SECRET-earlier" * 50 + b"\n"), Invocation(stdin=b"\n"), Invocation(stdin=b"\n")]
    assert [one.stdout for one in bench.all(source, secrets)] == [b"0\n"] * 3


def test_what_the_next_run_is_given_is_not_there_yet(bench: Bench) -> None:
    """It is on its way to the warden while a run is under way: no descriptor leads to it."""
    source = """
import os, socket, time
given = input()
time.sleep(0.05)
found = []
for descriptor in range(3, 64):
    try: found.append(os.pread(descriptor, 100, 0))
    except OSError: pass
    try:
        with socket.socket(fileno=os.dup(descriptor)) as channel:
            channel.setblocking(False)
            found.append(socket.recv_fds(channel, 100, 8))
    except OSError: pass
print(given, found)
"""
    runs = [Invocation(stdin=b"secret %d\n" % number) for number in range(8)]
    done = bench.all(source, runs)
    assert [one.stdout for one in done] == [b"secret %d []\n" % number for number in range(8)]


def test_a_run_that_spoils_its_warden_does_not_spoil_what_the_next_was_given(bench: Bench) -> None:
    """The next one's input had gone to the warden already."""
    source = """
import os
given = int(input())
print(given, os.path.exists('left'))
if given % 3 == 2: open('left', 'w').write('x')
if given % 3 == 1 and os.fork() == 0:
    import time; time.sleep(9)
"""
    runs = [Invocation(stdin=b"%d\n" % number) for number in range(8)]
    assert [one.stdout for one in bench.all(source, runs)] == [b"%d False\n" % number for number in range(8)]


def test_arguments_of_another_call_are_not_there(bench: Bench) -> None:
    source = """
import gc
def look(given):
    return sum(1 for one in gc.get_objects() if type(one) is list and "earlier" + "-secret" in one)
"""
    calls = [Invocation(function="look", args=(given,)) for given in (["earlier-secret"], [], [])]
    assert [one.value for one in bench.all(source, calls)][1:] == [0, 0]


@pytest.mark.parametrize("asked", [{"function": "deepest"}, {"expression": "deepest()"}, {"argv": ("x",)}, {}])
def test_each_run_may_recurse_as_deep_as_one_alone(bench: Bench, asked: dict[str, Any]) -> None:
    source = """
def deepest(reached=0):
    try: return deepest(reached + 1)
    except RecursionError: return reached
print(deepest())
"""
    alone = bench.all(source, [Invocation(**asked)])
    assert [(one.value, one.stdout) for one in bench.all(source, [Invocation(**asked)] * RUNS)] == [
        (one.value, one.stdout) for one in alone * RUNS
    ]


def test_chance_is_not_the_same_in_each_run(bench: Bench) -> None:
    done = bench.all("import random, os\nprint(random.random(), os.urandom(4).hex())", REPEATED)
    assert len({one.stdout.split()[0] for one in done}) == RUNS
    assert len({one.stdout.split()[1] for one in done}) == RUNS


def test_cpu_time_is_charged_to_the_run_that_used_it(bench: Bench) -> None:
    source = "import time\nend = time.process_time() + float(input())\nwhile time.process_time() < end: pass\nprint(1)"
    limits = Limits(cpu_seconds=0.8)
    done = bench.all(source, [Invocation(stdin=each) for each in (b"0.01", b"0.5", b"0.01", b"0.5", b"0.5")], limits)
    assert [one.status for one in done] == [Status.OK] * 5
    assert [one.cpu_seconds > 0.4 for one in done] == [False, True, False, True, True]


def test_memory_is_charged_to_the_run_that_used_it(bench: Bench) -> None:
    source = "held = bytearray(int(input()) << 20)\nprint(len(held))"
    limits = Limits(memory_bytes=256 << 20)
    done = bench.all(source, [Invocation(stdin=each) for each in (b"1", b"150", b"1", b"150", b"150")], limits)
    assert [one.status for one in done] == [Status.OK] * 5
    assert [one.memory_bytes > 140 << 20 for one in done] == [False, True, False, True, True]


def test_memory_that_sockets_hold_is_not_charged_to_the_next_run(bench: Bench) -> None:
    source = """
import os, socket
if input() == "hold":
    try:
        ours, its = socket.socketpair()
        held = [os.memfd_create("held") for _ in range(3)]
        for each in held: os.write(each, b"x" * (50 << 20))
        socket.send_fds(ours, [b"x"], [ours.fileno(), its.fileno(), *held])
        ours.detach(), its.detach()
    except OSError: pass
else:
    print(len(bytearray(200 << 20)))
"""
    runs = [Invocation(stdin=each) for each in (b"hold", b"spend", b"spend")]
    done = bench.all(source, runs, Limits(memory_bytes=256 << 20))
    assert [one.status for one in done] == [Status.OK] * 3


def test_each_run_may_have_as_many_processes_as_one_alone(here: Bench) -> None:
    source = """
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main() {
    int count = 0, child;
    while ((child = fork()) > 0) count++;
    if (child == 0) { pause(); _exit(0); }
    printf("%d", count);
    signal(SIGTERM, SIG_IGN);
    kill(0, SIGTERM);
    while (wait(NULL) > 0);
}
"""
    alone = here.all(source, REPEATED[:1], language="c")
    assert alone[0].status is Status.OK, alone
    assert _seen(here.all(source, REPEATED, language="c")) == _seen(alone * RUNS)


def test_sockets_that_hold_each_other_say_nothing_to_the_next_submission(bench: Bench) -> None:
    """gVisor never lets go of them: there the container goes."""
    source = _source(LEFT["sockets_that_hold_each_other"], bench)
    said = {bench.script(f"{source}# {number}", b"7\n").stdout for number in range(4)}
    assert not any(b"word-" in one for one in said), said


def test_a_compiler_that_says_much_takes_no_time(bench: Bench) -> None:
    """What it says of the source it reads out, however long the line is."""
    started = time.monotonic()
    done = bench.all(f"print(1 is 1) # {'x' * 100_000}\n", REPEATED)
    assert [one.stdout for one in done] == [b"True\n"] * RUNS
    assert {one.stderr[-10:] for one in done} == {b"x" * 10}
    assert time.monotonic() - started < 30


def test_a_source_that_compiles_for_long_costs_its_limit_once_a_run(here: Bench) -> None:
    source = "f'" + "{1}" * 60_000 + "'\nprint(1)"
    limits = Limits(cpu_seconds=0.5)
    alone = here.script(source, limits=limits)
    done = here.all(source, REPEATED, limits)
    assert [one.status for one in done] == [Status.CPU_LIMIT] * RUNS == [alone.status] * RUNS
    assert done[0].wall_seconds < 2 * alone.wall_seconds + 1


def test_a_warden_that_is_gone_before_it_is_looked_at_is_none() -> None:
    """The agent may be late; its zygote reaps at once."""

    class Zygote:
        reported = False

        def hear_of_reserve(self) -> None: ...

        def begin(self, *_: object) -> int:
            gone = os.fork()
            if gone == 0:
                os._exit(0)
            os.waitpid(gone, 0)
            return gone

        def report(self) -> None:
            self.reported = True

    zygote, source = Zygote(), descriptors.sealed("source", b"")
    assert wardens.stand(zygote, None, source, None, float) is None  # type: ignore[arg-type]
    assert zygote.reported
    os.close(source)


AIMED = {
    "kill": "os.kill(os.getppid() or 1, signal.SIGKILL)",
    "stop": "os.kill(os.getppid() or 1, signal.SIGSTOP)",
    "terminate": "os.kill(1, signal.SIGTERM)",
    "all": "os.kill(-1, signal.SIGKILL)",
    "by_descriptor": "signal.pidfd_send_signal(os.pidfd_open(os.getppid() or 1), signal.SIGKILL)",
    "by_directory": "signal.pidfd_send_signal(os.open('/proc/1', os.O_RDONLY), signal.SIGKILL)",
    "by_input": """
ours, its = socket.socketpair()
fcntl.fcntl(ours, fcntl.F_SETOWN, os.getppid() or 1)
fcntl.fcntl(ours, 10, signal.SIGKILL)
fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC)
its.send(b'x')
""",
    "trace": "check(libc.ptrace(16, os.getppid() or 1, 0, 0))",
    "memory": "open('/proc/1/mem', 'r+b')",
    "maps": "open('/proc/1/maps').read()",
    "its_descriptors": "os.listdir('/proc/1/fd')",
    "its_limits": "resource.prlimit(os.getppid() or 1, resource.RLIMIT_CPU, (0, 0))",
    "its_priority": "os.setpriority(os.PRIO_PROCESS, os.getppid() or 1, 19)",
    "its_processors": "os.sched_setaffinity(os.getppid() or 1, {0})",
    "its_group": "os.setpgid(0, os.getppid() or 1)",
    "pid_counter": "open('/proc/sys/kernel/ns_last_pid', 'w').write('500')",
    "root_again": "os.setresuid(0, 0, 0)",
    "its_namespace": "check(libc.setns(os.open('/proc/self/ns/pid', os.O_RDONLY), 0))",
}


@pytest.mark.parametrize("aimed", AIMED)
def test_nothing_is_gained_by_aiming_at_the_parent(bench: Bench, aimed: str) -> None:
    source = f"""
import ctypes, fcntl, os, resource, signal, socket, struct
libc = ctypes.CDLL(None, use_errno=True)
def check(result):
    if result < 0: raise OSError(ctypes.get_errno(), "refused")
def attempt():
    {AIMED[aimed].strip().replace(chr(10), chr(10) + "    ")}
if input() == "7":
    try: attempt(); print("done")
    except OSError: print("refused")
print(os.getuid() == os.geteuid(), os.getpriority(os.PRIO_PROCESS, 0), flush=True)
"""
    failures = bench.pool._counts["failures"]
    alone = bench.script(source, b"1\n")
    runs = [Invocation(stdin=each) for each in (b"1\n", b"7\n", b"1\n", b"7\n", b"7\n", b"1\n")]
    done = bench.all(source, runs)
    harmless = [one for one, run in zip(done, runs, strict=True) if run.stdin == b"1\n"]
    assert alone.stdout.startswith(b"True ")
    assert {(one.status, one.stdout) for one in harmless} == {(Status.OK, alone.stdout)}
    assert {one.status for one in done} <= {Status.OK, Status.SIGNAL}
    if _has_wardens(bench) and aimed != "by_input":  # whose signal the kernel drops in silence
        assert [one.stdout for one in done if b"done" in one.stdout] == []
    assert bench.pool._counts["failures"] == failures


def _slot(bench: Bench) -> Slot:
    """The one there is, or another in its place: below level 3 what a run leaves can wear its slot out."""
    if not bench.pool._families[0].idle:
        bench.script("pass")
    return bench.pool._families[0].idle[0]


def _warden_runs(bench: Bench, work: Callable[[], object]) -> int:
    """How many runs wardens have had meanwhile in the slots there are; once more where one of these is new."""
    for _ in range(2):
        before = _counted(bench)
        work()
        after = _counted(bench)
        if before.keys() == after.keys():
            break
    return sum(runs - before.get(name, 0) for name, runs in after.items())


def _counted(bench: Bench) -> dict[str, int]:
    _slot(bench)
    return {slot.name: int(bench.wait(slot.statistics())["warden_runs"]) for slot in bench.pool._families[0].idle}


def test_what_is_left_behind_cannot_keep_the_agent_reading(bench: Bench) -> None:
    source = """
import os
if os.fork() == 0:
    while True: os.write(1, b"x" * 65536)
os.write(1, b"begun")
os._exit(0)
"""
    limits = Limits(cpu_seconds=2.0, output_bytes=1 << 20)
    done = bench.all(source, REPEATED, limits)
    assert {one.status for one in done} <= {Status.OK, Status.OUTPUT_LIMIT}
    assert all(one.wall_seconds < 20 and len(one.stdout) <= 1 << 20 for one in done)


def _has_wardens(bench: Bench) -> bool:
    return bench.place.level == 3 and bench.place.needs_root and not bench.place.needs_system_python


def test_runs_that_leave_nothing_share_a_warden(bench: Bench) -> None:
    if not _has_wardens(bench):
        pytest.skip("wardens are for root with namespaces")
    done = list[Execution]()
    assert _warden_runs(bench, lambda: done.extend(bench.all(ECHO, REPEATED))) == RUNS
    assert {one.stdout for one in done} == {b"14\n"}


def test_commands_that_leave_nothing_share_a_warden(here: Bench) -> None:
    if here.place.level != 3 or os.geteuid() != 0:
        pytest.skip("wardens are for root with namespaces")
    source = '#include <stdio.h>\nint main(int count, char **given) { printf("%s%d", given[1], getchar() - 48); }'
    calls = [Invocation(stdin=each, argv=("x",)) for each in (b"1", b"2", b"3")]
    done = list[Execution]()
    assert _warden_runs(here, lambda: done.extend(here.all(source, calls, language="c"))) == len(calls)
    assert [one.stdout for one in done[-3:]] == [b"x1", b"x2", b"x3"]


@pytest.mark.parametrize(
    "source",
    ["open('left', 'w')", "import os\nif os.fork() == 0:\n    import time; time.sleep(9)", "1 +", "x = (" * 300],
)
def test_runs_that_leave_something_soon_get_jails_of_their_own(bench: Bench, source: str) -> None:
    assert _warden_runs(bench, lambda: bench.all(source, [Invocation()] * 6)) <= 2


def test_a_first_run_has_a_warden_where_most_submissions_go_beyond_it(bench: Bench) -> None:
    if not _has_wardens(bench):
        pytest.skip("wardens are for root with namespaces")

    def several(stop: Callable[[int, Execution], bool]) -> Callable[[], None]:
        def work() -> None:
            for _ in range(9):
                bench.all(ECHO, REPEATED, stop=stop)

        return work

    several(lambda *_: True)()
    assert _warden_runs(bench, several(lambda *_: True)) == 0
    several(lambda index, _: index == 1)()
    assert _warden_runs(bench, several(lambda index, _: index == 1)) == 9 * 2


def test_a_run_that_nobody_asked_for_in_the_end_is_not_taken_for_the_next(bench: Bench) -> None:
    for number in range(12):
        given = Invocation(stdin=b"%d\n" % number)
        assert bench.all(ECHO, [given, *REPEATED], stop=lambda *_: True)[0].stdout == b"%d\n" % (2 * number)


def test_a_single_run_and_an_idle_slot_have_no_warden(bench: Bench) -> None:
    assert _warden_runs(bench, lambda: bench.script(ECHO, b"7\n")) == 0
    slot = _slot(bench)
    bench.all(ECHO, REPEATED, stop=lambda index, _: index == 1)
    pid = slot.name.split()[-1]
    if bench.place.launch is not None and pid.isdigit():
        bench.wait(asyncio.sleep(0.5))
        zygotes = len(bench.wait(slot.statistics())["tiers"])
        found = sum(1 + len(children(child)) for child in children(int(pid)))
        in_reserve = len(_in_reserve(int(pid)))
        assert found == zygotes * (2 if bench.place.level == 3 else 1) + in_reserve
        assert in_reserve <= zygotes if _has_wardens(bench) else in_reserve == 0


def _in_reserve(agent: int) -> list[int]:
    """The processes that wait to be wardens: they are in the groups of runs, and nothing runs."""
    below = [child for zygote in children(agent) for child in children(zygote)]
    return [one for one in below if "/reward-sandbox-" in Path(f"/proc/{one}/cgroup").read_text()]


def _launched() -> tuple[asyncio.Runner, Slot, int]:
    runner = asyncio.Runner()
    slot = runner.run(process.launch())
    if slot.hello is None or slot.hello.level != 3 or os.geteuid() != 0:
        runner.run(slot.close())
        pytest.skip("wardens are for root with namespaces")
    return runner, slot, int(slot.name.split()[-1])


def test_joining_control_groups_of_version_1_waits_for_no_processor() -> None:
    groups = cgroups.create(own_uid=True)
    try:
        if not groups.owned or groups.unified:
            pytest.skip("this machine grants no control groups of version 1")
        seconds = sorted(_seconds_to_join(groups) for _ in range(21))
        assert seconds[10] < 0.004  # as a whole process: ten milliseconds and more
        assert not groups.pids_inside()
    finally:
        groups.remove()


def _seconds_to_join(groups: cgroups.Groups) -> float:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        descriptors_of_groups = [os.open(path, os.O_WRONLY) for path in groups.joined]
        started = time.perf_counter()
        for descriptor in descriptors_of_groups:
            os.write(descriptor, b"0")
        spent = time.perf_counter() - started
        inside = os.getpid() in groups.pids_inside()
        os.write(writer, f"{spent if inside else 60}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    said = os.read(reader, 100)
    os.close(reader)
    return float(said)


def test_the_next_warden_knows_nothing_of_the_submission_before_it() -> None:
    runner, slot, agent = _launched()
    assert _in_reserve(agent) == []
    mark = "earlier-" + os.urandom(8).hex()
    runner.run(_all(slot, Program("python", f"given = input() + {mark!r}\nprint(given)\n")))
    (next_one,) = _in_reserve(agent)
    kinds = sorted(str(each.readlink()).partition(":")[0] for each in Path(f"/proc/{next_one}/fd").iterdir())
    assert not any("memfd" in kind or "pipe" in kind or "solution" in kind for kind in kinds), kinds
    found, regions = 0, 0
    with Path(f"/proc/{next_one}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{next_one}/maps").read_text().splitlines():
            place, modes, *_ = line.split()
            if modes.startswith("rw"):
                first, last = (int(end, 16) for end in place.split("-"))
                with contextlib.suppress(OSError):
                    found += os.pread(memory.fileno(), last - first, first).count(mark.encode())
                    regions += 1
    assert regions > 5
    assert found == 0
    runner.run(slot.close())
    runner.close()


def test_a_killed_reserve_costs_nobody_a_verdict() -> None:
    runner, slot, agent = _launched()
    for number in range(3):
        done = runner.run(_all(slot, Program("python", f"{ECHO}# {number}")))
        assert [(one.status, one.stdout) for one in done] == [(Status.OK, b"14\n")] * RUNS
        for pid in _in_reserve(agent):
            os.kill(pid, signal.SIGKILL)
            while " Z " not in Path(f"/proc/{pid}/stat").read_text():  # until then it can still be appointed, in vain
                time.sleep(0.001)
    assert runner.run(slot.statistics())["warden_runs"] == 3 * RUNS
    runner.run(slot.close())
    runner.close()


def test_a_run_in_a_jail_of_its_own_has_no_way_to_the_next_warden() -> None:
    runner, slot, agent = _launched()
    source = """
import os
for number in range(256):
    try: print(number, os.readlink(f"/proc/self/fd/{number}").partition(":")[0])
    except OSError: pass
"""
    program = Program("python", source)
    runner.run(slot.prepare(program, LIMITS))
    alone = runner.run(slot.run(Invocation(), LIMITS))
    runner.run(_all(slot, Program("python", ECHO)))
    assert _in_reserve(agent)
    runner.run(slot.prepare(program, LIMITS))
    assert runner.run(slot.run(Invocation(), LIMITS)).stdout == alone.stdout
    assert alone.stdout.startswith(b"0 ")
    runner.run(slot.close())
    runner.close()


def test_a_program_cannot_see_or_end_the_next_warden(here: Bench) -> None:
    source = """
import os, signal
for number in range(2, 300):
    if number != os.getpid() and os.path.exists(f"/proc/{number}"): print(number)
try: os.kill(-1, signal.SIGTERM)
except OSError: print("none")
"""
    done = here.all(source, REPEATED)
    assert _seen(done) == _seen([here.script(source)] * RUNS)
    assert {one.stdout for one in done} <= {b"none\n", b""}


def test_a_warden_that_dies_costs_nobody_a_verdict() -> None:
    """Killed from outside in the middle of a run, which is then made anew."""

    async def scenario() -> tuple[list[Execution], int]:
        slot = await process.launch()
        try:
            program = Program("python", "import time\ntime.sleep(0.4)\n" + ECHO)
            run = asyncio.create_task(_all(slot, program))
            await asyncio.sleep(0.2)
            killed = 0
            while not run.done() and not killed:
                killed = _kill_wardens(int(slot.name.split()[-1]))
                await asyncio.sleep(0.02)
            return await run, killed
        finally:
            await slot.close()

    done, killed = asyncio.run(scenario())
    assert [(one.status, one.stdout) for one in done] == [(Status.OK, b"14\n")] * RUNS
    if os.geteuid() == 0 and done:
        assert killed


async def _all(slot: Slot, program: Program) -> list[Execution]:
    done: list[Execution] = []

    async def hear(execution: Execution) -> bool:
        done.append(execution)
        return False

    await slot.go_on(program, REPEATED, LIMITS, hear)
    return done


def _kill_wardens(agent: int) -> int:
    """Kill those of a zygote's children that have a child of their own: only a warden forks runs."""
    killed = 0
    for zygote in children(agent):
        for child in children(zygote):
            if children(child):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                killed += 1
    return killed


def test_a_library_is_two_mappings_in_a_run(bench: Bench) -> None:
    if bench.place.launch is None:
        pytest.skip("how a container's libraries are mapped is its kernel's affair")
    look = """
import collections
found = collections.Counter(line.split(None, 5)[5] for line in open('/proc/self/maps') if '.so' in line)
print(len(found) > 2, max(found.values()))
"""
    assert bench.script(look).stdout == b"True 2\n"


def test_a_warden_maps_nothing_that_a_run_could_share_with_it(here: Bench) -> None:
    """Memory that is mapped as shared and can be written would carry a word from one run to the next."""
    source = "print([line for line in open('/proc/self/maps') if 'w' in line.split()[1] and 's' in line.split()[1]])"
    assert [one.stdout for one in here.all(source, REPEATED)] == [b"[]\n"] * RUNS


GREEDY = {
    "alone": "kept = []\nwhile True: kept.append(bytearray(b'x') * (1 << 20))",
    "with_children": """
import os, time
for _ in range(40):
    if os.fork() == 0:
        kept = bytearray(b'x' * (8 << 20))
        time.sleep(5)
        os._exit(0)
time.sleep(5)
""",
}


@pytest.mark.parametrize("greedy", GREEDY)
def test_a_run_that_takes_too_much_memory_is_judged_at_its_first(bench: Bench, greedy: str) -> None:
    if not _has_wardens(bench):
        pytest.skip("wardens are for root with namespaces")
    done = list[Execution]()
    limits = Limits(memory_bytes=128 << 20, processes=80)
    assert _warden_runs(bench, lambda: done.extend(bench.all(f"input()\n{GREEDY[greedy]}", REPEATED, limits))) == 2
    assert {one.status for one in done} == {Status.MEMORY_LIMIT}
