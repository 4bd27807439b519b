"""A server, a Redis and three workers under more load than they can serve, and something is killed every five seconds.

    python benchmarks/chaos_soak.py [--minutes 10] [--every 5] [--kill server,worker,agent,redis] [--log FILE]

Clients always have more items in flight than there are slots: programs that are right, wrong, crash or run for ever,
each a new text, beside items of every kind that needs no sandbox. Each has the verdict that it gets undisturbed, by
construction or graded here beforehand. Printed each minute and at the end: items answered, wrong ones, lost ones, how
often a missing verdict was asked again, the memory of the server; at the end also what is left behind. Without `server`
among the killed its memory has a slope. Needs `redis-server`.
"""

import argparse
import json
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
import stamina.instrumentation

from reward_server.files.auditing import shipped_cases
from reward_server.graders import Completion, discover
from trainer_client.client.client import RewardClient

_PROGRAMS = (
    ("correct", "print(int(input()) + 1)"),
    ("incorrect", "print(int(input()) + 2)"),
    ("runtime_error", "raise ValueError"),
    ("time_limit", "while True: pass"),
)
_WEIGHTS = (12, 6, 5, 1)
_TESTS = [{"stdin": f"{n}\n", "stdout": f"{n + 1}\n"} for n in (1, 41)]
_CLIENTS = 4
_BATCH = 16
_OTHER = 0.5
"""Share of items that run no program."""
_TARGETS = ("server", "worker", "agent", "redis")
_LOST_SECONDS = 300


@dataclass
class Tally:
    """What has become of the items so far."""

    answered: Counter[str] = field(default_factory=Counter)
    wrong: list[dict[str, Any]] = field(default_factory=list)
    lost: int = 0
    again: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    megabytes: list[tuple[float, float]] = field(default_factory=list)
    """Of the server: seconds since the start, resident megabytes of all its processes."""


class Cluster:
    """The processes, each of which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = {name: _free_port() for name in ("redis", "server")}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.sessions: set[int] = set()
        for name in ("redis", "worker 1", "worker 2", "worker 3", "server"):
            self.start(name)

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self._ports['server']}"

    @property
    def redis_url(self) -> str:
        """Where orders and verdicts are kept."""
        return f"redis://127.0.0.1:{self._ports['redis']}/0"

    def start(self, name: str) -> None:
        """Start what is called so, in a session of its own, by which its descendants are found."""
        own = [sys.executable, "-m", "reward_server.cli"]
        command = {
            "redis": ["redis-server", "--port", str(self._ports["redis"]), "--save", "", "--dir", str(self._folder)],
            "server": [*own, "serve", "--port", str(self._ports["server"])],
        }.get(name, [*own, "work", "--url", self.redis_url, "--sandbox", "process", "--allow-weak-isolation"])
        variables = {
            "REWARD_EXECUTOR": "redis" if name == "server" else "local",
            "REWARD_WORK_URL": self.redis_url,
            "REWARD_REDIS_URL": self.redis_url,
            "REWARD_LEASE_SECONDS": "3",
            "REWARD_SANDBOX_SLOTS": "1",
            "REWARD_DRAIN_SECONDS": "2",
        }
        with (self._folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, env=os.environ | variables, stdout=log, stderr=log, start_new_session=True
            )
        self.processes[name] = process
        self.sessions.add(process.pid)

    def kill(self, target: str, rng: random.Random) -> str:
        """Kill one of what is called so, say which, and start it again."""
        workers = [name for name in self.processes if name.startswith("worker")]
        name = rng.choice(workers) if target in ("worker", "agent") else target
        process = self.processes[name]
        if target == "agent":
            agents = _children(process.pid)
            if agents:
                os.kill(rng.choice(agents), signal.SIGKILL)
            return "agent"
        how = rng.choice([signal.SIGKILL, signal.SIGTERM]) if target == "worker" else signal.SIGKILL
        process.send_signal(how)
        process.wait(60)
        time.sleep(0.5 if target == "redis" else 0)
        self.start(name)
        return f"{target} {how.name}"

    def server_megabytes(self) -> float:
        """Resident memory of the server and its helpers."""
        server = self.processes["server"].pid
        return sum(_resident(pid) for pid in (server, *_children(server))) / 2**20

    def close(self) -> list[str]:
        """End all in order and say what lives on."""
        left_of_work = _left_in_redis(self.redis_url)
        for name in ("server", "worker 1", "worker 2", "worker 3", "redis"):
            self.processes[name].terminate()
            self.processes[name].wait(60)
        time.sleep(2)
        return left_of_work + [
            f"process {pid}: {_command(pid)}"
            for pid in sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
            if _session(pid) in self.sessions
        ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:120]
    except OSError:
        return ""


def _left_in_redis(url: str) -> list[str]:
    client: Any = redis.Redis.from_url(url)
    streams = [key for key in client.scan_iter(_type="stream") if client.xlen(key)]
    return [f"{client.xlen(key)} orders in {key.decode()}" for key in streams]


def other_items() -> list[tuple[dict[str, Any], str]]:
    """Items that run no program, with the outcome that the fast tier gives them here."""
    found = []
    for kind, grader in discover().items():
        if grader.needs_sandbox:
            continue
        for case in shipped_cases(kind)[0][:40]:
            task = grader.task.model_validate(case.task)
            verdict = grader.fast(grader.compile(task), Completion(case.completion))
            if verdict is not None:
                found.append(
                    ({"task": {"kind": kind, **case.task}, "completion": case.completion}, verdict.outcome.value)
                )
    return found


class Load(threading.Thread):
    """One client, which sends batch after batch until it is told to stop, and asks again for what has no verdict."""

    def __init__(self, number: int, url: str, others: list[tuple[dict[str, Any], str]], tally: Tally) -> None:
        super().__init__(daemon=True)
        self._rng, self._others, self._tally, self._number = random.Random(number), others, tally, number
        self._client = RewardClient(url, deadline_seconds=_LOST_SECONDS)
        self.stopping = threading.Event()

    def run(self) -> None:
        """See the class."""
        batch = 0
        while not self.stopping.is_set():
            batch += 1
            self._settle([self._draw(f"{self._number} {batch} {number}") for number in range(_BATCH)])

    def _draw(self, name: str) -> tuple[dict[str, Any], str]:
        if self._rng.random() < _OTHER:
            item, wanted = self._rng.choice(self._others)
            return item, wanted
        ((wanted, program),) = self._rng.choices(_PROGRAMS, _WEIGHTS)
        task = {"kind": "code", "tests": _TESTS, "cpu_seconds": 0.5}
        return {"task": task, "completion": f"```python\n# {name}\n{program}\n```"}, wanted

    def _settle(self, asked: list[tuple[dict[str, Any], str]]) -> None:
        since = time.monotonic()
        while asked:
            try:
                verdicts = self._client.score([item for item, _ in asked])
            except Exception as error:  # noqa: BLE001 - counted by its name, and asked again
                self._tally.errors[type(error).__name__] += 1
                verdicts = []
            missing = []
            for (item, wanted), verdict in zip(asked, verdicts, strict=False):
                outcome = verdict.outcome
                if outcome == "ungradable":
                    missing.append((item, wanted))
                    continue
                self._tally.answered[outcome.value] += 1
                if outcome != wanted:
                    self._tally.wrong.append({"wanted": wanted, "got": verdict.model_dump(mode="json"), "item": item})
            asked = missing if verdicts else asked
            if asked and time.monotonic() - since > _LOST_SECONDS:
                self._tally.lost += len(asked)
                return
            self._tally.again += len(asked)
            time.sleep(0.2 if asked else 0)


def slope(points: list[tuple[float, float]]) -> float:
    """Megabytes a minute, by least squares over the second half of the run."""
    late = points[len(points) // 2 :]
    if len(late) < 3:
        return 0.0
    seconds, megabytes = zip(*late, strict=True)
    return 60 * statistics.linear_regression(seconds, megabytes).slope


def soak(cluster: Cluster, options: argparse.Namespace, tally: Tally) -> None:
    """Load and kill until the time is over."""
    loads = [Load(number, cluster.url, other_items(), tally) for number in range(_CLIENTS)]
    for load in loads:
        load.start()
    rng, began, told = random.Random(options.seed), time.monotonic(), 0.0
    targets = options.kill.split(",")
    while (now := time.monotonic() - began) < options.minutes * 60:
        time.sleep(options.every)
        tally.kills[cluster.kill(rng.choice(targets), rng)] += 1
        tally.megabytes.append((now, cluster.server_megabytes()))
        if now - told >= 60:
            told = now
            print(f"{now / 60:4.0f} min  {line(tally)}", flush=True)
    for load in loads:
        load.stopping.set()
    for load in loads:
        load.join(2 * _LOST_SECONDS)
        tally.lost += _BATCH * load.is_alive()


def line(tally: Tally) -> str:
    """How it stands."""
    return (
        f"{tally.answered.total():,} answered, {len(tally.wrong)} wrong, {tally.lost} lost, {tally.again:,} asked again"
        f", {tally.kills.total()} kills, server {tally.megabytes[-1][1]:.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", type=float, default=5, help="seconds between kills")
    parser.add_argument("--kill", default=",".join(_TARGETS), help="what is killed, of " + ", ".join(_TARGETS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=Path, help="where the whole tally goes, as JSON")
    options = parser.parse_args()
    if shutil.which("redis-server") is None or not set(options.kill.split(",")) <= set(_TARGETS):
        parser.error(f"redis-server is needed, and --kill takes {', '.join(_TARGETS)}")
    stamina.instrumentation.set_on_retry_hooks(())
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        cluster = Cluster(Path(folder))
        try:
            soak(cluster, options, tally)
        finally:
            left = cluster.close()
    print(line(tally))
    print(f"outcomes {dict(tally.answered)}, kills {dict(tally.kills)}, errors of clients {dict(tally.errors)}")
    if "server" not in options.kill:
        print(f"memory of the server: {slope(tally.megabytes):+.2f} MB a minute over the second half")
    print(f"left behind: {'; '.join(left) or 'nothing'}")
    for one in tally.wrong[:5]:
        print(json.dumps(one)[:600])
    if options.log:
        options.log.write_text(json.dumps({"tally": vars(tally), "left": left}, indent=1))
    sys.exit(bool(tally.wrong or tally.lost or left))


if __name__ == "__main__":
    main()
