"""Containers and their engine: what an operator may choose, and an engine that goes away and comes back.

Restarting the machine's own engine is not a test's to do: these tests run a second one beside it.
"""

import asyncio
import contextlib
import gc
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from sandboxes import images
from sandboxes.execution import Invocation, Limits, Program, Status
from sandboxes.launchers import docker as launcher
from sandboxes.pool import SandboxPool
from sandboxes.sandbox import SandboxError
from tests.sandboxes.places import children, engine

pytestmark = pytest.mark.docker
FAMILY = "scripts"
LIMITS = Limits(cpu_seconds=5.0)


class Engine:
    """A Docker engine of the test's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "daemon.json").write_text("{}")
        self.address = f"unix://{folder}/socket"

    def start(self) -> Any:
        """Start it and wait for it; a client."""
        places = {"config-file": "daemon.json", "data-root": "data", "exec-root": "exec", "pidfile": "pid"}
        # In a network of its own: an engine without a bridge removes the one that is there.
        command = ["unshare", "--net", "dockerd", "--host", self.address, "--bridge", "none", "--iptables=false"]
        command += [f"--{option}={self._folder}/{name}" for option, name in places.items()]
        log = (self._folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + 60
        client = docker.DockerClient(self.address, version="1.41", timeout=launcher.ENGINE_SECONDS)
        while True:
            try:
                client.ping()
            except (docker.errors.DockerException, OSError):
                if time.monotonic() > deadline or self._process.poll() is not None:
                    pytest.fail(f"the engine did not start: {(self._folder / 'log').read_text()[-1000:]}")
                time.sleep(0.2)
            else:
                return client

    def stop(self, number: signal.Signals) -> None:
        """End it with a signal; what holds the containers themselves lives on."""
        assert self._process is not None
        beside = children(self._process.pid)
        self._process.send_signal(number)
        self._process.wait()
        for pid in beside if number is signal.SIGKILL else ():
            os.kill(pid, number)
        (self._folder / "exec/containerd/containerd.pid").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def own_engine() -> Iterator[Engine]:
    if os.geteuid() != 0 or shutil.which("dockerd") is None:
        pytest.skip("a second engine takes root and dockerd")
    image = images.discover()[FAMILY]
    images.build(engine(), image)
    folder = Path(tempfile.mkdtemp(prefix="engine-"))
    own = Engine(folder)
    client = own.start()
    with contextlib.closing(client):
        client.images.load(engine().images.get(image.tag).save(named=image.tag))
    yield own
    own.stop(signal.SIGKILL)
    subprocess.run(["umount", "-l", *map(str, folder.glob("data/*/*/merged"))], check=False, capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def forgotten_sockets() -> Iterator[None]:
    """The SDK loses the socket of a connection that was refused: it is collected here, not in somebody else's test."""
    yield
    gc.collect()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.usefixtures("forgotten_sockets")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_restarted_engine_delays_a_run_and_leaves_no_container(
    runner: asyncio.Runner, own_engine: Engine, number: signal.Signals
) -> None:
    program = Program("bash", "read x; sleep $x; echo $x")

    async def scenario(client: Any) -> tuple[list[Any], dict[str, Any]]:
        pool = SandboxPool(launcher.families(client, only=[FAMILY]), slots=1)
        await pool.run(program, [Invocation(stdin=b"0\n")], LIMITS)
        run = asyncio.ensure_future(pool.run(program, [Invocation(stdin=b"3\n")], LIMITS))
        await asyncio.sleep(1)
        await asyncio.to_thread(own_engine.stop, number)
        await asyncio.sleep(1)
        (await asyncio.to_thread(own_engine.start)).close()
        done = await run
        described = pool.describe()
        await pool.close()
        return done, described

    with contextlib.closing(docker.DockerClient(own_engine.address, timeout=launcher.ENGINE_SECONDS)) as client:
        (done,), described = runner.run(scenario(client))
        assert (done.status, done.stdout) == (Status.OK, b"3\n")
        assert described["failures"] >= 1
        deadline = time.monotonic() + 20
        while left := client.containers.list(all=True, filters={"label": launcher.LABEL}, ignore_removed=True):
            assert time.monotonic() < deadline, left
            time.sleep(0.2)


def test_without_the_engines_filter_every_refused_call_is_noted(runner: asyncio.Runner) -> None:
    source = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for number in (272, 165, 101, 321, 308):
    print(libc.syscall(number, 0, 0, 0, 0, 0), ctypes.get_errno())
"""
    if os.uname().machine != "x86_64":
        pytest.skip("the numbers are of x86_64")

    async def scenario() -> Any:
        hardening = launcher.Hardening(seccomp="unconfined")
        slot = await _python_slot(hardening)
        await slot.prepare(Program("python", source), LIMITS)
        done = await slot.run(Invocation(), LIMITS)
        await slot.close()
        return slot.hello.level, done

    level, done = runner.run(scenario())
    assert level == 2
    assert done.stdout == b"-1 1\n" * 5
    noted = {f"blocked_syscall:{name}" for name in ("unshare", "mount", "ptrace", "bpf", "setns")}
    assert noted <= set(done.flags)


def test_more_memory_than_the_container_has_is_our_failure(runner: asyncio.Runner) -> None:
    async def scenario() -> tuple[Status, str]:
        slot = await _python_slot(launcher.Hardening(memory_bytes=512 << 20))
        await slot.prepare(Program("python", "print(len(bytearray(100 << 20)))"), LIMITS)
        within = await slot.run(Invocation(), Limits(memory_bytes=256 << 20))
        with pytest.raises(SandboxError):
            await slot.run(Invocation(), Limits(memory_bytes=1 << 30))
        await slot.close()
        return within.status, slot.trouble

    status, trouble = runner.run(scenario())
    assert status is Status.OK
    assert "the limits allow 1024" in trouble


async def _python_slot(hardening: launcher.Hardening) -> Any:
    image = images.discover()["python"]
    images.build(engine(), image)
    return await launcher.launch(engine(), images.digest(engine(), image), hardening)
