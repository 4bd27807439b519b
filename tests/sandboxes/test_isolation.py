"""One attack, one property, one test, at every place: what a program must not do, and what evidence trying leaves."""

import os
import time
from pathlib import Path

import pytest

from sandboxes.execution import Invocation, Limits, Status
from tests.sandboxes.conftest import Bench
from tests.sandboxes.places import descendants

REPEATED = [Invocation()] * 2


def test_exiting_before_the_value_is_no_result_and_flagged(bench: Bench) -> None:
    for source in ("import os\ndef f(): os._exit(0)", "def f(): raise SystemExit(0)", "import sys\nsys.exit()"):
        done = bench.call(source, "f")
        assert (done.status, done.value) == (Status.NO_RESULT, None)
        assert "early_exit" in done.flags


def test_more_than_one_result_is_no_result_and_flagged(bench: Bench) -> None:
    source = """
import os, socket, stat
def f():
    record = b'{"value":1}'
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode): os.write(fd, len(record).to_bytes(4, "big") + record)
        except OSError: pass
    return 2
"""
    done = bench.call(source, "f")
    assert (done.status, done.value) == (Status.NO_RESULT, None)
    assert "several_results" in done.flags


def test_a_program_has_no_capability_and_can_gain_none(bench: Bench) -> None:
    done = bench.script("print(open('/proc/self/status').read())")
    status = dict(line.split(":\t", 1) for line in done.stdout.decode().splitlines() if ":\t" in line)
    held = ("CapInh", "CapPrm", "CapEff", "CapAmb")  # gVisor knows no ambient ones
    assert {status.get(name, "0" * 16) for name in held} == {"0" * 16}
    assert status.get("NoNewPrivs", "1") == "1"
    if bench.place.level == 3:  # elsewhere a container without CAP_SETPCAP, or a user who never had any
        assert status["CapBnd"] == "0" * 16


@pytest.mark.parametrize("where", ["'.'", "'/tmp'", "'/dev/shm'", "'/var/tmp'", "os.path.expanduser('~')"])
def test_files_of_one_run_are_not_there_in_the_next(bench: Bench, where: str) -> None:
    source = f"""
import os
path = os.path.join({where}, "left-behind")
print(os.path.exists(path))
try: open(path, "w").write("x")
except OSError: pass
"""
    assert [done.stdout for done in bench.all(source, REPEATED)] == [b"False\n"] * 2


def test_a_deep_tree_without_permissions_is_cleared(bench: Bench) -> None:
    source = """
import os
print(sorted(name for name in os.listdir(".") if name != "solution.py"))
for _ in range(300):
    os.mkdir("d"); os.chdir("d")
os.mkdir("locked"); os.symlink("/etc", "link"); os.chmod("locked", 0)
"""
    assert [done.stdout for done in bench.all(source, REPEATED)] == [b"[]\n"] * 2


def test_a_process_left_behind_is_dead_before_the_next_run(bench: Bench) -> None:
    source = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: time.sleep(0.01)
    os._exit(0)
time.sleep(0.1)
"""
    agent = bench.pool._families[0].idle[0].name.split()[-1]
    before = len(descendants(int(agent))) if agent.isdigit() else 0
    done = bench.script(source)
    assert done.status is Status.OK
    assert "leftover_processes" in done.flags
    if agent.isdigit():
        assert len(descendants(int(agent))) <= before


def test_a_background_child_that_holds_stdout_does_not_hold_the_run(bench: Bench) -> None:
    done = bench.script("import os, time\nprint(1, flush=True)\nif os.fork() == 0: time.sleep(60)")
    assert (done.status, done.stdout) == (Status.OK, b"1\n")
    assert done.wall_seconds < 20


def test_cpu_time_of_children_counts(bench: Bench) -> None:
    source = "import os, time\nif os.fork() == 0:\n    while True: pass\ntime.sleep(60)"
    assert bench.script(source, limits=Limits(cpu_seconds=0.5)).status is Status.CPU_LIMIT


def test_cpu_time_of_children_nobody_waits_for_counts(bench: Bench) -> None:
    source = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if os.fork() == 0:
        end = time.process_time() + 0.15
        while time.process_time() < end: pass
        os._exit(0)
    time.sleep(0.2)
"""
    limits = Limits(cpu_seconds=0.5, wall_seconds=8.0)
    assert bench.script(source, limits=limits).status is Status.CPU_LIMIT


def test_a_fork_bomb_ends_and_the_next_run_is_well(bench: Bench) -> None:
    source = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
    done = bench.script(source, limits=Limits(cpu_seconds=1.0))
    assert done.status in (Status.CPU_LIMIT, Status.MEMORY_LIMIT, Status.EXIT, Status.SIGNAL)
    assert bench.script("print(1)").stdout == b"1\n"


def test_ignoring_signals_does_not_outlive_the_limit(bench: Bench) -> None:
    source = """
import signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: pass
"""
    assert bench.script(source, limits=Limits(cpu_seconds=0.5)).status is Status.CPU_LIMIT


def test_stopping_itself_ends_the_run_at_once(bench: Bench) -> None:
    done = bench.script("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)")
    assert (done.status, "stopped_itself" in done.flags) == (Status.SIGNAL, True)


def test_the_network_is_out_of_reach_and_the_attempt_is_noted(bench: Bench) -> None:
    source = """
import socket
try: socket.create_connection(("127.0.0.1", 80), 1)
except OSError as error: print(type(error).__name__)
"""
    done = bench.script(source)
    assert done.stdout == b"PermissionError\n"
    _assert_noted(bench, done.flags, "network")


@pytest.mark.parametrize("call", ["unshare", "mount", "ptrace", "bpf", "setns"])
def test_a_forbidden_system_call_is_refused_and_noted(bench: Bench, call: str) -> None:
    numbers = {"unshare": (272, 97), "mount": (165, 40), "ptrace": (101, 117), "bpf": (321, 280), "setns": (308, 268)}
    number = numbers[call][os.uname().machine == "aarch64"]
    source = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.syscall({number}, 0, 0, 0, 0, 0), ctypes.get_errno())
"""
    done = bench.script(source)
    assert done.stdout == b"-1 1\n"
    _assert_noted(bench, done.flags, f"blocked_syscall:{call}")


def _assert_noted(bench: Bench, flags: tuple[str, ...], flag: str) -> None:
    family = next(iter(bench.pool.describe()["families"].values()))
    refused_by_the_engine_first = family["image"] and not flag.endswith(("network", "ptrace"))
    if family["features"]["listener"] and not refused_by_the_engine_first:
        assert flag in flags


def _listens(bench: Bench) -> bool:
    return bool(next(iter(bench.pool.describe()["families"].values()))["features"]["listener"])


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/left-behind', 'w')",
        "open('/usr/lib/left-behind', 'ab')",
        "os.remove('/usr/bin/env')",
        "os.rename('x', '/usr/bin/env')",
        "os.mkdir('/left-behind')",
        "os.symlink('x', '/usr/left-behind')",
        "os.chmod('/usr/bin/env', 0o777)",
        "os.truncate('/usr/bin/env', 0)",
        "os.chdir('/usr'); open('left-behind', 'w')",
        "os.open('left-behind', os.O_CREAT | os.O_WRONLY, dir_fd=os.open('/usr', os.O_RDONLY))",
        "subprocess.run(['touch', '/usr/left-behind'], check=True)",
    ],
)
def test_a_write_outside_is_refused_and_noted(bench: Bench, attempt: str) -> None:
    done = bench.script(f"import os, subprocess\nopen('x', 'w').close()\n{attempt}\nprint('WROTE')")
    assert (done.status, done.stdout) == (Status.EXIT, b"")
    if _listens(bench):
        assert "write_outside" in done.flags
        assert any(flag.startswith("write_outside:/") for flag in done.flags)


def test_writing_where_a_program_may_is_not_noted(bench: Bench) -> None:
    source = """
import os, subprocess, tempfile
open("x", "w").write("a"); os.mkdir("d"); os.rename("x", "d/x"); os.symlink("d", "l")
os.unlink("d/x"); os.makedirs(os.path.expanduser("~/a/b/c")); os.ftruncate(tempfile.mkstemp()[0], 5)
subprocess.run(["true"], stdout=subprocess.DEVNULL, check=True)
open("/dev/null", "w").write("x")
print("done")
"""
    done = bench.script(source)
    assert (done.status, done.stdout, done.flags) == (Status.OK, b"done\n", ())


@pytest.mark.parametrize(
    "attempt", ["os.kill(os.getppid(), 9)", "os.kill(1, 9)", "os.kill(-1, 15)", "os.pidfd_open(1)"]
)
def test_a_signal_to_a_helper_is_refused_and_noted(bench: Bench, attempt: str) -> None:
    done = bench.script(f"import os\n{attempt}\nprint('SENT')")
    assert b"SENT" not in done.stdout
    if _listens(bench):
        assert "killed_helper" in done.flags
    assert bench.script("print(1)").stdout == b"1\n"


def test_signals_to_itself_and_its_children_are_its_own_affair(bench: Bench) -> None:
    source = """
import os, signal, subprocess
child = subprocess.Popen(["sleep", "60"]); child.kill(); child.wait()
signal.signal(signal.SIGUSR1, lambda *_: print("heard", flush=True)); os.kill(os.getpid(), signal.SIGUSR1)
signal.raise_signal(signal.SIGUSR1); os.kill(0, signal.SIGUSR1); print(child.returncode)
"""
    done = bench.script(source)
    assert (done.status, done.stdout, done.flags) == (Status.OK, b"heard\n" * 3 + b"-9\n", ())


def test_modes_are_a_programs_own_to_change_where_its_user_owns_nothing_else(bench: Bench) -> None:
    done = bench.script("import os, subprocess\nopen('x', 'w').close(); subprocess.run(['touch', 'x'], check=True)\n"
                        "os.utime(os.open('x', os.O_RDONLY)); os.chmod('x', 0o600); os.utime('x')")  # fmt: skip
    if bench.place.level == 1:
        assert (done.status, done.flags) == (Status.EXIT, ("blocked_syscall", "blocked_syscall:chmod"))
    else:
        assert (done.status, done.flags) == (Status.OK, ())


def test_helpers_can_neither_be_killed_nor_limited(bench: Bench) -> None:
    source = """
import os, resource, signal
for pid in {os.getppid(), 1, -1} - {0}:
    for number in (signal.SIGSTOP, signal.SIGKILL):
        try: os.kill(pid, number)
        except OSError: pass
    try: resource.prlimit(pid, resource.RLIMIT_CPU, (0, 0))
    except OSError: pass
print("done")
"""
    assert bench.script(source).status in (Status.OK, Status.SIGNAL)
    assert bench.script("print(1)").stdout == b"1\n"


def test_memory_of_other_processes_cannot_be_read(bench: Bench) -> None:
    names = ("mem",) if bench.place.runtime else ("mem", "environ", "maps")  # gVisor shows the others of its container
    source = (
        f"names = {names}"
        """
import os
seen = 0
for pid in [os.getppid(), *range(1, 400)]:
    if pid in (0, os.getpid()): continue
    for name in names:
        try: seen += len(open(f"/proc/{pid}/{name}", "rb").read(10))
        except OSError: pass
print(seen)
"""
    )
    assert bench.script(source).stdout == b"0\n"


def test_no_secret_of_the_service_is_in_the_environment(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "import os\nprint(sorted(os.environ), open('/proc/self/environ').read())"
    said = bench.script(source).stdout
    assert b"PATH" in said
    assert not any(
        name.encode() in said for name in os.environ if name not in {"PATH", "HOME", "LANG"} and len(name) > 3
    )


MACHINE_FILES = [
    "/etc/shadow", "/etc/passwd", "/etc/hostname", "/root/.bashrc", "/home", "/proc/kcore", __file__,
    str(Path(__file__).parents[2] / "pyproject.toml"),
]  # fmt: skip


@pytest.mark.parametrize("path", MACHINE_FILES)
def test_files_of_the_machine_cannot_be_read(bench: Bench, path: str) -> None:
    source = f"""
import os
try: print("READ", (os.listdir if os.path.isdir({path!r}) else lambda p: open(p).read(1))({path!r}))
except OSError: pass
try: print("SANDBOX" if "sandbox:" in open({path!r}).read() else "")
except (OSError, IsADirectoryError, UnicodeDecodeError): pass
"""
    if bench.place.runtime and path.startswith("/etc"):
        pytest.skip("gVisor has no Landlock: the image's own files can be read, and hold nothing of ours")
    said = bench.script(source).stdout
    assert b"READ" not in said or b"SANDBOX" in said or b"READ []" in said


@pytest.mark.parametrize("path", ["/usr/left-behind", "/etc/left-behind", "/left-behind", "/proc/sys/kernel/hostname"])
def test_nothing_outside_the_scratch_can_be_written(bench: Bench, path: str) -> None:
    source = f"try: open({path!r}, 'w').write('x'); print('WROTE')\nexcept OSError: print('refused')"
    assert bench.script(source).stdout == b"refused\n"


def test_the_interpreter_cannot_be_changed_for_the_next_run(bench: Bench) -> None:
    source = """
import json, os, sys
print(getattr(json, "poisoned", False))
json.poisoned = True
for path in {json.__file__, os.__file__, sys.executable}:
    try: open(path, "a").write("x"); print("WROTE")
    except OSError: pass
"""
    assert [done.stdout for done in bench.all(source, REPEATED)] == [b"False\n"] * 2


def test_nothing_of_another_submission_is_in_memory(bench: Bench) -> None:
    bench.script("secret = 'the-other-' + 'submission'  # the-other-submission", b"the-other-submission")
    source = """
import gc, sys
needle = "the-other-" + "submission"
def holds(o): return isinstance(o, dict) and any(isinstance(v, str) and needle in v for v in list(o.values()))
found = [o for o in gc.get_objects() if o is not globals() and holds(o)]
pages = 0
for line in open("/proc/self/maps"):
    span, mode = line.split()[:2]
    if "r" in mode and "[v" not in line:
        start, end = (int(part, 16) for part in span.split("-"))
        try:
            with open("/proc/self/mem", "rb", 0) as memory:
                memory.seek(start)
                pages += memory.read(min(end - start, 1 << 26)).count(b"the-other-submi" + b"ssion" + bytes([10]))
        except (OSError, OverflowError, ValueError): pass
print(len(found), pages)
"""
    assert bench.script(source).stdout == b"0 0\n"


def test_locks_on_shared_files_cannot_signal_to_another_run(bench: Bench) -> None:
    source = """
import fcntl
try: fcntl.flock(open("/usr/bin/env", "rb"), fcntl.LOCK_EX | fcntl.LOCK_NB); print("LOCKED")
except OSError: print("refused")
"""
    assert bench.script(source).stdout == b"refused\n"


def test_limits_cannot_be_raised_again(bench: Bench) -> None:
    source = """
import resource
for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE):
    try: resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)); print("RAISED")
    except (OSError, ValueError): pass
"""
    assert bench.script(source).stdout == b""


def test_a_disk_cannot_be_filled(bench: Bench) -> None:
    source = """
total = 0
try:
    for index in range(200):
        with open(f"f{index}", "wb") as file:
            for _ in range(8): total += file.write(b"x" * (1 << 20))
except OSError: pass
print(total >> 20)
"""
    limits = Limits(cpu_seconds=5.0, file_bytes=64 * 2**20)
    started = time.monotonic()
    done = bench.script(source, limits=limits)
    assert done.status is not Status.OK or int(done.stdout) <= 1600
    assert bench.script("import os\nprint(len(os.listdir('.')))").stdout == b"1\n"
    assert time.monotonic() - started < 120


def test_a_harness_that_was_tampered_with_only_hurts_the_program(bench: Bench) -> None:
    source = """
import builtins, json, os, sys
builtins.len = builtins.isinstance = builtins.type = lambda *a: True
json.dumps = lambda *a, **k: '1'
os.write = lambda *a: 0
def f(): return 0
"""
    assert bench.call(source, "f").status in (Status.NO_RESULT, Status.EXCEPTION, Status.UNSUPPORTED, Status.CPU_LIMIT)
    assert bench.call("def f(): return [1]", "f").value == [1]
