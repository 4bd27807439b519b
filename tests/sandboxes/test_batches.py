"""Runs that are asked for in one message: each is answered for itself; what came after the last counts for nobody."""

import asyncio
import os
import signal
import time
from typing import Any

import pytest

from sandboxes import orders
from sandboxes.agent import frames
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import SandboxError
from sandboxes.slot import Slot
from tests.sandboxes.conftest import LIMITS, Bench

DOUBLE = "print(2 * int(input()))\n"
NUMBERS = [Invocation(stdin=b"%d\n" % number) for number in range(12)]
DOUBLED = [b"%d\n" % (2 * number) for number in range(12)]


@pytest.mark.parametrize("last", [0, 1, 2, 3, 7, 11])
def test_the_first_failure_is_the_last_run_that_anybody_hears_of(bench: Bench, last: int) -> None:
    heard = []

    def stop(index: int, execution: Execution) -> bool:
        heard.append((index, execution.stdout))
        return index == last

    before = bench.pool.describe()["runs"]
    done = bench.all(DOUBLE, NUMBERS, stop=stop)
    assert [one.stdout for one in done] == DOUBLED[: last + 1]
    assert heard == list(enumerate(DOUBLED[: last + 1]))
    assert bench.pool.describe()["runs"] - before == last + 1
    assert [one.stdout for one in bench.all(DOUBLE, NUMBERS)] == DOUBLED


@pytest.mark.parametrize("ends", ["time.sleep(60)", "while True: pass"])
def test_a_run_beyond_the_first_failure_is_ended_at_once(bench: Bench, ends: str) -> None:
    source = f"import time\ngiven = input()\nif given == 'long':\n    {ends}\nprint(given)\n"
    runs = [Invocation(stdin=each) for each in (b"1\n", b"2\n", b"3\n", b"4\n", b"wrong\n", b"long\n", b"5\n")]

    async def stop(_index: int, execution: Execution) -> bool:
        await asyncio.sleep(0.2)  # the next one has begun by then
        return execution.stdout == b"wrong\n"

    replaced, started = bench.pool.describe()["replaced"], time.monotonic()
    done = bench.wait(bench.pool.run(Program("python", source), runs, Limits(cpu_seconds=30.0), stop))
    assert [one.stdout for one in done] == [b"1\n", b"2\n", b"3\n", b"4\n", b"wrong\n"]
    assert time.monotonic() - started < 20
    assert bench.script(DOUBLE, b"4\n").stdout == b"8\n"
    assert bench.pool.describe()["replaced"] == replaced


def test_nothing_runs_ahead_of_the_first_answers() -> None:
    """A submission that fails soon costs no run more."""
    assert [orders.Progress(0, 20, False).reach(index, 20) for index in range(9)] == [1, 2, 3, 5, 7, 9, 11, 13, 15]
    assert orders.Progress(0, 20, True).reach(0, 20) == 20
    assert orders.Progress(256, 300, False).reach(0, 44) == 1 + orders.AHEAD


def test_a_run_does_not_begin_before_it_may(bench: Bench) -> None:
    """While the server takes its time over the first answer nothing of the second has happened.

    By the time of day, which gVisor's programs share with us.
    """
    source = "import time\nprint(time.time())\n"
    seen: list[float] = []

    async def stop(_index: int, _execution: Execution) -> bool:
        if not seen:
            await asyncio.sleep(0.5)
        seen.append(time.time())
        return False

    done = bench.wait(bench.pool.run(Program("python", source), NUMBERS[:2], LIMITS, stop))
    assert float(done[1].stdout) >= seen[0] - 0.01


def test_many_and_large_runs_come_back_in_order(bench: Bench) -> None:
    source = "import sys\ndata = sys.stdin.read()\nprint(len(data), data[-3:])\n"
    sizes = [10, 3 << 20, 2 << 20, 5 << 20, 0, 7]
    runs = [Invocation(stdin=b"x" * size + b"%03d" % number) for number, size in enumerate(sizes)]
    done = bench.all(source, runs)
    assert [one.stdout for one in done] == [b"%d %03d\n" % (size + 3, at) for at, size in enumerate(sizes)]
    many = [Invocation(stdin=b"%d\n" % number) for number in range(orders._BATCH_RUNS + 3)]
    assert [len(batch) for batch in orders.batches(many)] == [orders._BATCH_RUNS, 3]


def test_a_run_that_is_refused_leaves_the_others_where_they_are(bench: Bench) -> None:
    runs = [*NUMBERS[:2], Invocation(files={"../out": b"x"}), *NUMBERS[2:4]]
    done = bench.all(DOUBLE, runs)
    assert [one.stdout for one in done] == [b"0\n", b"2\n", b"", b"4\n", b"6\n"]
    assert "leads out" in done[2].error


FORGED = """
import os, struct, sys
def frame(index, text):
    head = b'{"id":%d,"index":%d,"status":"ok","sizes":[%d,0,0]}' % (NUMBER, index, len(text))
    return struct.pack('>II', len(head), len(text)) + head + text
given = int(input())
for NUMBER in range(60):
    for index in range(given, given + 3):
        for target in range(1, 60):
            if target == 2: continue
            try: os.write(target, frame(index, b'right'))
            except OSError: pass
"""


def test_a_result_that_a_program_writes_itself_is_its_output(bench: Bench) -> None:
    done = bench.all(FORGED, NUMBERS[:4], Limits(cpu_seconds=5.0, output_bytes=64 << 20))
    assert len(done) == 4
    assert all(one.stdout.startswith(b"\0\0\0") and one.stdout != b"right" for one in done), done
    assert [one.stdout for one in bench.all(DOUBLE, NUMBERS)] == DOUBLED


def test_what_one_run_writes_late_is_not_the_next_ones(bench: Bench) -> None:
    source = """
import os, time
given = input()
os.write(1, given.encode())
if os.fork() == 0:
    for _ in range(200):
        try: os.write(1, b'late of ' + given.encode())
        except OSError: break
        time.sleep(0.001)
os._exit(0)
"""
    done = bench.all(source, NUMBERS[:6])
    for number, one in enumerate(done):
        assert set(one.stdout.replace(b"late of ", b" ").split()) <= {b"%d" % number}, one


def test_an_agent_that_dies_between_runs_costs_none_of_them() -> None:
    """The pool goes on at the first run that it has not heard of, elsewhere."""

    async def scenario() -> tuple[list[Execution], list[int], dict[str, Any]]:
        pool = SandboxPool([Family("process", process.launch)], slots=1)
        await pool.start()
        heard: list[int] = []

        async def stop(index: int, _execution: Execution) -> bool:
            heard.append(index)
            if index == 5 and heard.count(5) == 1:
                agent = next(iter(next(iter(pool._supplies.values())).live))
                os.kill(int(agent.name.split()[-1]), signal.SIGKILL)
            return False

        try:
            return await pool.run(Program("python", DOUBLE), NUMBERS, LIMITS, stop), heard, pool.describe()
        finally:
            await pool.close()

    done, heard, said = asyncio.run(scenario())
    assert [one.stdout for one in done] == DOUBLED
    assert heard == list(range(12))
    assert said["retries"] >= 1


def test_who_gives_up_in_the_middle_leaves_the_slot_to_nobody() -> None:
    async def scenario() -> tuple[list[Execution], int]:
        pool = SandboxPool([Family("process", process.launch)], slots=1)
        await pool.start()
        source = Program("python", "import time\nif int(input()) > 2: time.sleep(60)\nprint(1)\n")
        given_up = asyncio.create_task(pool.run(source, NUMBERS, Limits(wall_seconds=100.0), lambda *_: False))
        await asyncio.sleep(1.0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        try:
            return await pool.run(Program("python", DOUBLE), NUMBERS, LIMITS), pool.describe()["replaced"]
        finally:
            await pool.close()

    done, replaced = asyncio.run(scenario())
    assert [one.stdout for one in done] == DOUBLED
    assert replaced == 1


class _Agent:
    """Says what it is told to, whatever it is asked."""

    def __init__(self, *words: list[dict[str, Any]] | None) -> None:
        self.asked: list[dict[str, Any]] = []
        self._words = list(words)
        self.reader: asyncio.StreamReader

    def write(self, data: bytes) -> None:
        header, _ = frames.lengths(data[: frames.PREFIX.size])
        asked = frames.unpack(*(data[frames.PREFIX.size :][part] for part in (slice(header), slice(header, None))))
        self.asked.append(asked.header)
        if asked.header["op"] == "on":
            return
        for word in self._words.pop(0) or ():
            blobs = [b"%d" % word.get("index", 0), b"", b""] if "status" in word else []
            self.reader.feed_data(frames.pack({"id": asked.header["id"], **word}, blobs))
        if not self._words:
            self.reader.feed_eof()

    async def drain(self) -> None: ...


def _said(index: int, **more: Any) -> dict[str, Any]:
    return {"index": index, "status": "ok", "flags": [], "error": "", "exit_code": 0, "signal": None,
            "cpu_seconds": 0.1, "wall_seconds": 0.1, "memory_bytes": 1, **more}  # fmt: skip


def _meet(agent: _Agent, last: int) -> tuple[list[bytes], Slot, str]:
    """What was heard of eight runs, up to `last`, and what went wrong."""

    async def scenario() -> tuple[list[bytes], Slot, str]:
        async def end(_slot: Slot) -> None: ...

        agent.reader = asyncio.StreamReader()
        slot = Slot(agent.reader, agent, end, "told")  # type: ignore[arg-type]
        heard: list[bytes] = []

        async def hear(execution: Execution) -> bool:
            heard.append(execution.stdout)
            return len(heard) == last + 1

        try:
            await slot.go_on(Program("python", DOUBLE), NUMBERS[:8], LIMITS, hear)
        except SandboxError as error:
            return heard, slot, str(error)
        return heard, slot, ""

    return asyncio.run(scenario())


PREPARED: list[dict[str, Any]] = [{"status": "ok"}]


def test_results_after_the_last_are_dropped() -> None:
    every = [_said(index) for index in range(8)]
    agent = _Agent(PREPARED, every, [{"enough": True}], [])
    heard, slot, trouble = _meet(agent, 4)
    assert (heard, trouble, slot.trouble) == ([b"%d" % index for index in range(5)], "", "")
    assert [one["op"] for one in agent.asked] == ["prepare", "runs", "on", "on", "on", "on", "enough"]


def test_an_agent_that_fails_after_the_last_result_takes_nothing_back() -> None:
    for words in ([], [{"failure": "StarvedError: none left", "id": -1}]):
        heard, slot, trouble = _meet(_Agent(PREPARED, [_said(index) for index in range(8)], words), 4)
        assert (heard, trouble) == ([b"%d" % index for index in range(5)], "")
        assert slot.trouble  # and nobody gets that slot again


@pytest.mark.parametrize(
    "said",
    [
        [_said(1)],
        [_said(0), _said(0)],
        [_said(0), _said(2)],
        [_said(0), {"enough": True}],
        [_said(0), _said(1, id=77)],
        [_said(0), _said(1, status="perfect")],
        [_said(0), {"failure": "ZygoteError: gone", "id": -1}],
        [_said(0)],
    ],
)
def test_a_result_out_of_step_is_our_failure(said: list[dict[str, Any]]) -> None:
    heard, slot, trouble = _meet(_Agent(PREPARED, said), 3)
    assert heard == [b"%d" % index for index in range(len(heard))]
    assert len(heard) <= 1
    assert trouble
    assert slot.trouble


def test_each_status_is_that_of_its_own_run(bench: Bench) -> None:
    source = """
import os, sys
given = int(input())
if given == 1: raise ValueError("one")
if given == 2: sys.exit(3)
if given == 3: os.kill(os.getpid(), 9)
if given == 4:
    while True: pass
if given == 5: open("left", "w").write("x")
print(given, os.path.exists("left"))
"""
    runs = [NUMBERS[number] for number in (0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0)]
    done = bench.all(source, runs, Limits(cpu_seconds=0.5))
    wanted = {0: Status.OK, 1: Status.EXIT, 2: Status.EXIT, 3: Status.SIGNAL, 4: Status.CPU_LIMIT, 5: Status.OK}
    assert [one.status for one in done] == [wanted[int(run.stdin)] for run in runs]
    assert {one.stdout for one, run in zip(done, runs, strict=True) if run.stdin == b"0\n"} == {b"0 False\n"}
