"""The agent's side of its zygotes: start one per tier when first needed, hand it runs, notice its death."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import NamedTuple

from sandboxes.agent.configuration import Confinement, RunOrder, ZygoteOrder, encode_run, encode_zygote
from sandboxes.agent.zygote import CHILD, REPORT

START_SECONDS = 60.0
"""A cold import of the largest tier on a machine overloaded ten-fold."""

_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "ONLINE_JUDGE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""What a program finds in its environment, and in /proc/self/environ, beside HOME and TMPDIR."""

_BOOTSTRAP = (
    "import sys; sys.path.insert(0, {root!r}); from sandboxes.agent import zygote{wired}; sys.path.pop(0);"
    " zygote.main(sys.argv[1], int(sys.argv[2]))"
)


class ZygoteError(Exception):
    """A zygote died or fell out of step: our failure, never the program's."""


class Report(NamedTuple):
    """What the zygote says of a finished run."""

    status: int
    stopped: bool
    cpu_seconds: float
    memory_bytes: int
    orphan_cpu_seconds: float
    killed: int


@dataclass(slots=True)
class Zygote:
    """A warm interpreter."""

    process: "subprocess.Popen[bytes]"
    channel: socket.socket
    reserve: int = 0
    """The pid of the process that will be its next warden; 0 for none."""

    def begin(self, order: RunOrder, descriptors: list[int]) -> int:
        """Start a run; the child's pid as this process sees it."""
        try:
            socket.send_fds(self.channel, [encode_run(order)], descriptors)
        except OSError as error:
            raise ZygoteError(f"zygote: {error}") from error
        return self._hear_pid()

    def hear_of_reserve(self) -> None:
        """To be called once after each warden that was begun, before its report."""
        self.reserve = self._hear_pid()

    def _hear_pid(self) -> int:
        try:
            answer = self.channel.recv(CHILD.size)
        except OSError as error:
            raise ZygoteError(f"zygote: {error}") from error
        if len(answer) != CHILD.size:
            raise ZygoteError("the zygote died before it forked")
        return int(CHILD.unpack(answer)[0])

    def report(self) -> Report:
        """The end of the run, once the channel is readable."""
        try:
            answer = self.channel.recv(REPORT.size)
        except OSError as error:
            raise ZygoteError(f"zygote: {error}") from error
        if len(answer) != REPORT.size:
            raise ZygoteError("the zygote died during a run")
        return Report(*REPORT.unpack(answer))

    def end(self) -> None:
        """Close the channel, kill, reap."""
        self.channel.close()
        self.process.kill()
        self.process.wait()


def start(jail: Confinement, imports: tuple[str, ...], search_path: tuple[str, ...], *, wired: bool) -> Zygote:
    """Execute a fresh interpreter, wait until it is warm. `wired` if it is to run ends of wires too.

    Raises:
        ZygoteError: it did not come up.
    """
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    order = encode_zygote(ZygoteOrder(jail, imports, search_path))
    flags = ("-s", "-S", "-P", "-B")
    bootstrap = _BOOTSTRAP.format(root=root, wired="; from sandboxes.agent.wire import ends" if wired else "")
    process = subprocess.Popen(
        [sys.executable, *flags, "-c", bootstrap, order, str(its.fileno())],
        env={**_ENVIRONMENT, "HOME": f"{jail.scratch}/box", "TMPDIR": f"{jail.scratch}/tmp"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(its.fileno(), *jail.cgroup_descriptors),
        cwd="/",
    )
    its.close()
    ours.settimeout(START_SECONDS)
    try:
        ready = ours.recv(16)
    except OSError:
        ready = b""
    ours.settimeout(None)
    zygote = Zygote(process, ours)
    if ready != b"ready":
        zygote.end()
        raise ZygoteError("the zygote did not start")
    return zygote
