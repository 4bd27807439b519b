"""What every sandbox promises, whatever launcher and level: `sandboxes/sandbox.py` and `sandboxes/execution.py`."""

import asyncio
import signal
from typing import Any

import pytest

from sandboxes.execution import CLEARLY_OVER, Invocation, Limits, Program, Status
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import LanguageUnavailable
from sandboxes.slot import Slot
from tests.sandboxes.conftest import Bench


def test_the_level_is_the_one_the_place_is_for(bench: Bench) -> None:
    assert bench.pool.describe()["isolation_level"] == bench.place.level


def test_a_script_reads_stdin_and_its_stdout_comes_back(bench: Bench) -> None:
    done = bench.script("print(int(input()) * 2)", b"21\n")
    assert (done.status, done.stdout, done.exit_code, done.flags) == (Status.OK, b"42\n", 0, ())
    assert done.cpu_seconds > 0
    assert done.memory_bytes > 0


def test_a_function_is_called_and_its_value_returned(bench: Bench) -> None:
    done = bench.call("def f(a, b):\n    print('noise')\n    return a + b", "f", 2, 3)
    assert (done.status, done.value, done.stdout) == (Status.OK, 5, b"noise\n")


def test_an_expression_is_evaluated_after_its_setup(bench: Bench) -> None:
    call = Invocation(expression="candidate(4) + 1", setup="candidate = double")
    assert bench.all("def double(x): return 2 * x", [call])[0].value == 9


def test_a_function_that_raises_is_an_exception_with_its_last_line(bench: Bench) -> None:
    done = bench.call("def f(): return 1 // 0", "f")
    assert (done.status, done.error) == (Status.EXCEPTION, "ZeroDivisionError: integer division or modulo by zero") or (
        done.error.startswith("ZeroDivisionError")
    )


def test_an_uncaught_exception_in_a_script_is_a_failed_exit_with_its_traceback(bench: Bench) -> None:
    done = bench.script("def f():\n    return {}['k']\nf()")
    assert (done.status, done.exit_code, done.error) == (Status.EXIT, 1, "KeyError: 'k'")
    assert b"return {}['k']" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGABRT])
def test_a_program_that_kills_itself_died_of_that_signal(bench: Bench, number: int) -> None:
    done = bench.script(f"import os\nos.kill(os.getpid(), {int(number)})\nprint('alive')")
    assert (done.status, done.signal, done.stdout) == (Status.SIGNAL, number, b"")


def test_stop_ends_the_sequence(bench: Bench) -> None:
    calls = [Invocation(stdin=b"%d\n" % number) for number in range(5)]
    done = bench.all("print(input())", calls, stop=lambda _, execution: execution.stdout == b"2\n")
    assert [execution.stdout for execution in done] == [b"0\n", b"1\n", b"2\n"]


def test_extra_files_lie_beside_the_program(bench: Bench) -> None:
    done = bench.script("print(open('data/a.txt').read() + open('b').read())", files={"data/a.txt": b"A", "b": b"B"})
    assert done.stdout == b"AB\n"


def test_files_of_an_invocation_are_there_in_that_run_alone(bench: Bench) -> None:
    source = "import os\nprint(sorted(name for name in os.listdir('.') if name != 'solution.py'))"
    calls = [Invocation(files={"a": b"A"}), Invocation(files={"b": b"B"}), Invocation()]
    done = bench.all(source, calls, files={"c": b"C"})
    assert [execution.stdout for execution in done] == [b"['a', 'c']\n", b"['b', 'c']\n", b"['c']\n"]


def test_a_file_that_would_lie_outside_is_refused_before_anything_runs(bench: Bench) -> None:
    (done,) = bench.all("print(1)", [Invocation(files={"../a": b"A"})])
    assert (done.status, done.stdout) == (Status.EXIT, b"")
    assert "leads out" in done.error


def test_a_program_that_a_slot_holds_is_not_compiled_again(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = Slot._ask

    async def note(slot: Slot, header: dict[str, Any], *rest: Any) -> Any:
        asked.append(header["op"])
        return await ask(slot, header, *rest)

    monkeypatch.setattr(Slot, "_ask", note)

    async def scenario() -> list[bytes]:
        pool = SandboxPool([Family("process", process.launch)], slots=2)
        await pool.start()
        one, other = (Program("c", f'#include <stdio.h>\nint main(void) {{ puts("{n}"); }}') for n in (1, 2))
        await pool.run(one, [Invocation()], Limits())  # with the language's self-test
        asked.clear()
        done = [await pool.run(each, [Invocation()] * 2, Limits()) for each in (one, other, one, other, one)]
        await pool.close()
        return [execution.stdout for each in done for execution in each]

    said = runner.run(scenario())
    assert said == [b"1\n", b"1\n", b"2\n", b"2\n"] * 2 + [b"1\n", b"1\n"]
    assert asked.count("prepare") == 1


def test_a_file_that_a_run_writes_is_read_back(bench: Bench) -> None:
    source = "import os\nprint(os.listdir())\nopen('out', 'a').write('x' * int(input()))"
    calls = [Invocation(stdin=b"3\n", output_file="out"), Invocation(stdin=b"0\n", output_file="out")]
    done = bench.all(source, [*calls, Invocation(stdin=b"4\n")])
    assert [each.written for each in done] == [b"xxx", b"", b""]
    assert [b"'out'" in each.stdout for each in done] == [True, True, False]


def test_a_file_that_is_given_may_be_read_back(bench: Bench) -> None:
    source = "import os\nos.makedirs('d', exist_ok=True)\nopen('d/out', 'a').write(input())"
    calls = [Invocation(stdin=b"b", files=files, output_file="d/out") for files in ({"d/out": b"a"}, {})]
    assert [each.written for each in bench.all(source, calls)] == [b"ab", b"b"]


def test_a_compiler_finds_the_extra_files(here: Bench) -> None:
    source = '#include <cstdio>\n#include "lib/answer.h"\nint main() { printf("%d\\n", ANSWER); }'
    done = here.script(source, language="cpp", files={"lib/answer.h": b"#define ANSWER 42\n"})
    assert (done.status, done.stdout) == (Status.OK, b"42\n")


def test_a_megabyte_of_output_arrives_whole(bench: Bench) -> None:
    done = bench.script("print('x' * 1_000_000)")
    assert (done.status, len(done.stdout)) == (Status.OK, 1_000_001)


def test_megabytes_of_input_that_nobody_reads_harm_nothing(bench: Bench) -> None:
    assert bench.script("print(1)", b"x" * 20_000_000).stdout == b"1\n"


def test_signals_are_as_in_a_process_of_its_own(bench: Bench) -> None:
    source = """
import signal
print([name for name in ("SIGINT", "SIGTERM", "SIGCHLD", "SIGHUP") if signal.getsignal(getattr(signal, name)) is
       signal.SIG_IGN], signal.pthread_sigmask(signal.SIG_BLOCK, []))
try: signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt: print("interrupted")
"""
    assert bench.script(source).stdout == b"[] set()\ninterrupted\n"


def test_an_unknown_language_is_unavailable(bench: Bench) -> None:
    with pytest.raises(LanguageUnavailable):
        bench.script("", language="befunge")


def test_cpu_time_beyond_the_limit_is_a_cpu_limit(bench: Bench) -> None:
    done = bench.script("while True: pass", limits=Limits(cpu_seconds=0.5))
    assert done.status is Status.CPU_LIMIT
    assert done.overrun >= CLEARLY_OVER
    assert 0.4 < done.cpu_seconds < 2.5


def test_a_sleeper_meets_the_wall_limit(bench: Bench) -> None:
    done = bench.script("import time\ntime.sleep(60)", limits=Limits(wall_seconds=0.5))
    assert done.status is Status.WALL_LIMIT
    assert done.overrun >= CLEARLY_OVER
    assert done.cpu_seconds < (1.5 if bench.place.runtime else 0.5)


@pytest.mark.parametrize("source", ["bytearray(1 << 40)", "a = []\nwhile True: a.append(b'x' * (1 << 20))"])
def test_too_much_memory_is_a_memory_limit(bench: Bench, source: str) -> None:
    done = bench.script(source, limits=Limits(memory_bytes=128 * 2**20))
    assert done.status is Status.MEMORY_LIMIT


def test_memory_below_the_limit_is_granted(bench: Bench) -> None:
    done = bench.script("a = bytearray(b'x') * (90 << 20)\nprint(len(a))", limits=Limits(memory_bytes=128 * 2**20))
    assert (done.status, done.stdout) == (Status.OK, b"94371840\n")


def test_output_beyond_its_cap_is_an_output_limit(bench: Bench) -> None:
    done = bench.script("while True: print('x' * 1000)", limits=Limits(output_bytes=100_000))
    assert (done.status, len(done.stdout)) == (Status.OUTPUT_LIMIT, 100_000)


def test_a_value_beyond_the_cap_is_an_output_limit(bench: Bench) -> None:
    done = bench.call("def f(): return 'x' * 200_000", "f", limits=Limits(output_bytes=100_000))
    assert done.status is Status.OUTPUT_LIMIT


def test_stderr_is_cut_in_silence(bench: Bench) -> None:
    done = bench.script("import sys\nsys.stderr.write('e' * 1_000_000)\nprint(1)")
    assert (done.status, done.stdout, len(done.stderr)) == (Status.OK, b"1\n", 64 * 1024)


def test_the_same_program_hashes_the_same_in_every_run(bench: Bench) -> None:
    first, second = bench.all("print(hash('a'), list({'x', 'y', 'z'}))", [Invocation()] * 2)
    assert first.stdout == second.stdout


def test_the_standard_streams_can_be_opened_by_name(bench: Bench) -> None:
    if bench.place.runtime:
        pytest.skip("gVisor gives pipes to the uid that made the process, not to the pipe's owner")
    assert bench.script("open('/dev/stdout', 'w').write(open('/dev/stdin').read())", b"through").stdout == b"through"


def test_the_usual_library_works(bench: Bench) -> None:
    source = """
import multiprocessing, os, subprocess, sys, tempfile, threading
with multiprocessing.Pool(2) as pool: print(pool.map(abs, [-1, -2]))
queue = multiprocessing.Queue()
child = multiprocessing.Process(target=queue.put, args=(3,)); child.start(); print(queue.get()); child.join()
print(subprocess.check_output(["sh", "-c", "echo shell"], text=True).strip())
print(subprocess.check_output([sys.executable, "-c", "print('python')"], text=True).strip())
thread = threading.Thread(target=print, args=("thread",)); thread.start(); thread.join()
with tempfile.NamedTemporaryFile() as file: file.write(b"x"); print(os.path.exists(file.name))
"""
    done = bench.script(source)
    assert done.stdout.split() == [b"[1,", b"2]", b"3", b"shell", b"python", b"thread", b"True"], done.stderr
    assert done.flags == ()
