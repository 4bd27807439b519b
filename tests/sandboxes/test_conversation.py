"""Two programs talk through the server; neither sees anything of the other but its output, nor pays for its time."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from sandboxes.conversation import Conversation, Part, Side
from sandboxes.execution import Invocation, Limits, Program, Status
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from tests.sandboxes.conftest import Bench

LIMITS = Limits(cpu_seconds=5.0, wall_seconds=3.0)
GUESSER = """
low, high = 1, 1000
while low < high:
    middle = (low + high) // 2
    print("?", middle, flush=True)
    if input() == "<=": high = middle
    else: low = middle + 1
print("!", low, flush=True)
"""
INTERACTOR = """
import sys
secret, asked = int(open("answer.txt").read()), 0
for line in sys.stdin:
    kind, number = line.split()
    if kind == "!":
        print("right" if int(number) == secret else "wrong", asked, file=sys.stderr)
        break
    asked += 1
    print("<=" if secret <= int(number) else ">", flush=True)
"""


def _talk(here: Bench, program: str, interactor: str = INTERACTOR) -> Conversation:
    judge = Program("python", interactor, files={"answer.txt": b"777"})
    talk = here.pool.converse(
        Side(Program("python", program), [Invocation()], LIMITS), Side(judge, [Invocation()], LIMITS)
    )
    (said,) = here.wait(talk)
    return said  # type: ignore[no-any-return]


def test_questions_and_answers_pass_both_ways(here: Bench) -> None:
    said = _talk(here, GUESSER)
    assert said.program is not None
    assert said.interactor is not None
    assert (said.program.status, said.interactor.status) == (Status.OK, Status.OK)
    assert said.interactor.stderr == b"right 10\n"


def test_the_interactors_answer_is_not_where_the_program_runs(here: Bench) -> None:
    said = _talk(here, "import os\nprint('!', int(os.path.exists('answer.txt')))")
    assert said.interactor is not None
    assert said.interactor.stderr == b"wrong 0\n"


def test_the_end_of_one_is_the_end_of_the_others_input(here: Bench) -> None:
    said = _talk(here, "print('? 5')", "import sys\nprint(len(sys.stdin.read()), file=sys.stderr)")
    assert said.interactor is not None
    assert said.interactor.stderr == b"4\n"


def test_waiting_for_a_busy_interactor_is_not_idling(here: Bench) -> None:
    busy = "import time\nwhile time.process_time() < 4: pass\nprint('go', flush=True)"
    said = _talk(here, "print(input())", busy)
    assert said.program is not None
    assert (said.program.status, said.program.stdout) == (Status.OK, b"go\n")


def test_output_after_the_input_was_closed_still_arrives(here: Bench) -> None:
    closing = "import os, time\nos.close(0)\ntime.sleep(0.3)\nprint('? 5', flush=True)"
    asking = "import sys\nprint('x' * 200000, flush=True)\nprint(len(sys.stdin.read()), file=sys.stderr)"
    said = _talk(here, closing, asking)
    assert said.interactor is not None
    assert said.interactor.stderr == b"4\n"


def test_two_that_wait_for_each_other_meet_the_wall_limit(here: Bench) -> None:
    said = _talk(here, "input()", "input()")
    assert {said.program and said.program.status, said.interactor and said.interactor.status} & {Status.WALL_LIMIT}


@pytest.mark.timeout(40)  # twenty times the wall limit are sixty seconds
def test_a_program_that_closes_its_output_and_waits_meets_the_wall_limit_like_any_other(here: Bench) -> None:
    said = _talk(here, "import os, sys\nos.close(1)\nsys.stdin.read()", "input()")
    assert {said.program and said.program.status, said.interactor and said.interactor.status} & {Status.WALL_LIMIT}


@pytest.mark.parametrize("side", ["program", "interactor"])
def test_a_side_that_does_not_compile_says_so(here: Bench, side: str) -> None:
    broken = "def f(:"
    said = _talk(here, *((broken,) if side == "program" else ("print(1)", broken)))
    execution = getattr(said, side)
    assert execution.status is Status.COMPILE_ERROR


def test_a_program_that_floods_is_an_output_limit_and_stops_neither_side(here: Bench) -> None:
    said = _talk(here, "while True: print('x' * 1000)", "import sys\nfor _ in sys.stdin: pass")
    assert said.program is not None
    assert said.program.status is Status.OUTPUT_LIMIT
    assert said.interactor is not None


@pytest.fixture
def overloaded(runner: asyncio.Runner, tmp_path: Path) -> Iterator[SandboxPool]:
    """Slots on one processor that ten others want as well, each in a session of its own, as the kernel groups them."""
    processor = min(os.sched_getaffinity(0))
    (tmp_path / "pinned.py").write_text(
        f"import os, sys\nos.sched_setaffinity(0, [{processor}])\nos.execv(sys.executable, ['python', *sys.argv[1:]])"
    )
    interpreter = tmp_path / "python"
    interpreter.write_text(f'#!/bin/sh\nexec {sys.executable} {tmp_path}/pinned.py "$@"\n')
    interpreter.chmod(0o755)
    pool = SandboxPool([Family("process", partial(process.launch, python=str(interpreter)))], slots=1)
    runner.run(pool.start())
    busy = [interpreter, "-c", "while True: pass"]
    others = [subprocess.Popen(busy, start_new_session=True) for _ in range(10)]
    yield pool
    for other in others:
        other.kill()
        other.wait()
    runner.run(pool.close())


@pytest.mark.parametrize("waiting", ["program", "interactor"])
def test_who_waits_is_never_charged_for_the_time_the_other_takes_on_an_overloaded_machine(
    runner: asyncio.Runner, overloaded: SandboxPool, waiting: str
) -> None:
    idle = Side(Program("python", "input()"), [Invocation()], Limits(cpu_seconds=0.5, wall_seconds=0.1))
    busy = Side(Program("python", "while True: pass"), [Invocation()], Limits(cpu_seconds=0.5))
    sides = (idle, busy) if waiting == "program" else (busy, idle)
    (said,) = runner.run(overloaded.converse(*sides))
    worked, waited = (said.interactor, said.program) if waiting == "program" else (said.program, said.interactor)
    assert worked is not None
    assert worked.status is Status.CPU_LIMIT
    assert waited is not None
    assert waited.wall_seconds > 20 * idle.limits.wall, "no overload: nothing is shown"
    assert (waited.status, waited.error) == (Status.EXIT, "EOFError: EOF when reading a line")


def test_old_news_of_silence_is_not_believed(here: Bench) -> None:
    """Who was idle when it said so, but has been sent something since, has its say before the silence counts."""
    part = Part(here.pool._families[0].idle[0], Side(Program("python", ""), [Invocation()], LIMITS))
    part.note(idle=True, inputs=0)
    assert part.waits
    part.fed += 1
    part.note(idle=True, inputs=0)
    assert not part.waits
    part.note(idle=True, inputs=1)
    assert part.waits
