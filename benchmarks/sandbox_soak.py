"""Ten thousand runs through the pool, honest and hostile mixed: what they leave in processes, descriptors, memory.

`python benchmarks/sandbox_soak.py [RUNS]` prints the footprint of this process and its agents after a tenth of the runs
and at the end. Slots are replaced on the way (`RUNS_PER_SLOT`), so their own replacement is soaked too.
"""

import asyncio
import os
import sys
import time
from collections import Counter
from pathlib import Path

from sandboxes.execution import Invocation, Limits, Program
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool

_LIMITS = Limits(cpu_seconds=2.0, memory_bytes=256 * 1024 * 1024)
_PROGRAMS = (
    "print(int(input()) ** 2)",
    "print(sum(range(1000)))",
    "open('f', 'w').write('x' * 1000)",
    "raise ValueError",
    "import os\nos._exit(0)",
    "import os\nos.kill(os.getpid(), 9)",
    "import os\nos.fork() or __import__('time').sleep(60)",
    "import socket\nsocket.socket()",
    "import subprocess\nsubprocess.Popen(['sleep', '60'])",
)


def _resident_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found


def _footprint() -> dict[str, int]:
    ours = _descendants(os.getpid())
    groups = [path for path in Path("/sys/fs/cgroup").rglob("reward-sandbox-*") if path.is_dir()]
    return {
        "processes": len(ours),
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "mounts": len(Path("/proc/self/mounts").read_text().splitlines()),
        "control groups": len(groups),
        "scratch folders": len(list(Path("/tmp").glob("reward-sandbox-*"))),
        "megabytes here": round(_resident_megabytes(os.getpid())),
        "megabytes of agents": round(sum(_resident_megabytes(pid) for pid in ours)),
    }


async def main(runs: int) -> None:
    """Soak, and print what changed."""
    pool = SandboxPool([Family("process", process.launch)], slots=2)
    await pool.start()
    statuses: Counter[str] = Counter()
    invocations = [Invocation(stdin=b"7\n")] * 10

    async def submit(number: int) -> None:
        program = Program("python", f"{_PROGRAMS[number % len(_PROGRAMS)]}\n# {number}")
        for execution in await pool.run(program, invocations, _LIMITS):
            statuses[execution.status.value] += 1

    started, early = time.perf_counter(), {}
    total = runs // len(invocations)
    for start in range(0, total, 20):
        await asyncio.gather(*(submit(number) for number in range(start, min(start + 20, total))))
        if not early and start >= total // 10:
            early = _footprint()
    seconds, late = time.perf_counter() - started, _footprint()
    counts = {name: pool.describe()[name] for name in ("submissions", "runs", "retries", "replaced", "failures")}
    await pool.close()
    print(
        f"{sum(statuses.values())} runs in {seconds:.0f} s, {sum(statuses.values()) / seconds:.0f} a second; {counts}"
    )
    print("statuses:", dict(statuses))
    print(f"{'':<22}{'after a tenth':>14}{'at the end':>14}")
    for name, value in early.items():
        print(f"{name:<22}{value:>14}{late[name]:>14}")
    print("processes after close:", len(_descendants(os.getpid())))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
