"""A typical contest program in C++: compile and ten tests through the grader, beside the bare compiler and bare runs.

    python benchmarks/code_cpp.py [--rounds 5]

Both sides are measured in turns, in one run, as wall time; ratios count, since the machine is shared.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from reward_server.verdict import Outcome
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool

SOURCE = """#include <bits/stdc++.h>
using namespace std;
int main() {
    ios::sync_with_stdio(false);
    cin.tie(nullptr);
    int n, m;
    cin >> n >> m;
    vector<vector<pair<int, long long>>> edges(n);
    for (int i = 0; i < m; i++) {
        int a, b; long long w;
        cin >> a >> b >> w;
        edges[a].push_back({b, w});
        edges[b].push_back({a, w});
    }
    vector<long long> best(n, LLONG_MAX);
    priority_queue<pair<long long, int>, vector<pair<long long, int>>, greater<>> queue;
    map<string, int> unused;
    queue.push({best[0] = 0, 0});
    while (!queue.empty()) {
        auto [d, v] = queue.top();
        queue.pop();
        if (d > best[v]) continue;
        for (auto [u, w] : edges[v])
            if (d + w < best[u]) queue.push({best[u] = d + w, u});
    }
    cout << best[n - 1] << "\\n";
}
"""
FLAGS = ("-std=gnu++20", "-O2", "-pipe")


def inputs() -> list[tuple[str, str]]:
    made = []
    for size in range(10, 110, 10):
        lines = [f"{i} {i + 1} {i % 7 + 1}" for i in range(size - 1)]
        made.append((f"{size} {size - 1}\n" + "\n".join(lines) + "\n", str(sum(i % 7 + 1 for i in range(size - 1)))))
    return made


def bare(tests: list[tuple[str, str]]) -> None:
    """Compile with the bare compiler and run the tests with bare processes."""
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder, "solution.cpp"), Path(folder, "program")
        source.write_text(SOURCE)
        subprocess.run(["g++", *FLAGS, "-o", program, source], check=True)
        for given, expected in tests:
            done = subprocess.run([program], input=given, capture_output=True, text=True, check=True)
            assert done.stdout.strip() == expected


def completion(number: int) -> Completion:
    """Another program each time: a slot does not compile again what it holds."""
    return Completion(f"```cpp\n{SOURCE}// {number}\n```")


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    tests = inputs()
    task = GRADER.compile(CodeTask(language="cpp", tests=[{"input": a, "output": b} for a, b in tests]))
    pool = SandboxPool([Family("process", process.launch)], slots=1, allow_weak_isolation=True)
    await pool.start()
    resources = Resources(sandboxes=pool)
    assert GRADER.slow is not None
    await GRADER.slow(task, completion(-1), resources)
    bare_wall, graded_wall = [], []
    for number in range(options.rounds):
        started = time.perf_counter()
        bare(tests)
        bare_wall.append(time.perf_counter() - started)
        started = time.perf_counter()
        verdict = await GRADER.slow(task, completion(number), resources)
        graded_wall.append(time.perf_counter() - started)
        assert verdict.outcome is Outcome.CORRECT, verdict
    await pool.close()
    one, other = statistics.median(bare_wall), statistics.median(graded_wall)
    precompiled = Path("/usr/local/lib/reward-server/precompiled").is_dir()
    print(f"load {os.getloadavg()[0]:.1f}, precompiled header {'present' if precompiled else 'absent'}")
    print(f"bare compiler + 10 runs  median {one:.3f} s, best {min(bare_wall):.3f} s")
    print(f"through the grader       median {other:.3f} s, best {min(graded_wall):.3f} s")
    print(f"ratio of medians {other / one:.2f}, of bests {min(graded_wall) / min(bare_wall):.2f}")


asyncio.run(main())
