"""How long the worst known inputs keep a service from answering anybody else, and what memory they leave behind.

`python benchmarks/event_loop_stalls.py [name …]` starts a service with the embedded defaults, throws each input at it
from another process while `/healthz` is asked without a pause over one connection. For each it prints the longest wait
for `/healthz` by the clock, and by the CPU time that the service's process used meanwhile; what became of the input,
how long that took, and the memory of the service afterwards. On a busy machine the CPU time counts: a process that is
not given a CPU uses none. It is more than the wait where threads that let the loop run work on other CPUs. What an idle
service needs is printed first. `--of FOLDER` measures another checkout.
"""

import json
import multiprocessing
import re
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from _served import served

_LONGEST_SECONDS = 90.0
_PAUSE_SECONDS = 0.002
_CPU_CLOCK = 2
"""Linux: beside the inverted number of a process, the clock of the CPU time of all its threads."""
_PROBE = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"
_ABORTED, _ABORTED_BYTES = 90, 60_000_000
_SLOW_CONNECTIONS = 200

_FORGED_FRACTION = """from fractions import Fraction
import random
def f(x):
    forged = Fraction(1, 3)
    forged._numerator, forged._denominator = random.getrandbits(3_200_000), random.getrandbits(3_200_000)
    return forged"""


def _call(program: str, expected: Any = 1) -> dict[str, Any]:
    task = {"kind": "code", "language": "python", "fn_name": "f", "tests": [{"args": [1], "output": expected}]}
    return {"task": task, "completion": f"```python\n{program}\n```"}


def _asserted(tests: str, program: str) -> dict[str, Any]:
    task = {"kind": "code", "language": "python", "tests": tests}
    return {"task": task, "completion": f"```python\n{program}\n```"}


def _stored(tests: Any) -> dict[str, Any]:
    task = {"kind": "code", "fn_name": "f", "tests": tests}
    return {"task": task, "completion": "```python\ndef f(x): return 1\n```"}


def _asserts(count: int) -> dict[str, Any]:
    return _asserted("\n".join(f"assert f({n}) == {n}" for n in range(count)), "def f(x): return 0")


_BLOCKS = ("```python\n" + "z = 1 + 2\n" * 5_000 + "```\n") * 20
_NESTED = "[" * 256 + "]" * 256

INPUTS: dict[str, Callable[[], Any]] = {
    "a forged Fraction of 6.4 Mbit": lambda: [_call(_FORGED_FRACTION)],
    "round() of Decimal('1e1000000')": lambda: [
        _asserted("assert round(f(1)) == 1", "from decimal import Decimal\ndef f(x): return Decimal('1e1000000')")
    ],
    "int() of Decimal('1e1000000')": lambda: [
        _asserted("assert int(f(1)) % 7 == 1", "from decimal import Decimal\ndef f(x): return Decimal('1e1000000')")
    ],
    "a value of 16 MB, numbers": lambda: [_call("def f(x): return [1] * 5_000_000")],
    "a value of 15 MB, tuples": lambda: [_call("def f(x): return [(1,)] * 1_000_000")],
    "a value of 15 MB, tuples, asserted": lambda: [
        _asserted("assert f(1) == 1", "def f(x): return [(1,)] * 1_000_000")
    ],
    "a million items, all() over them": lambda: [
        _asserted("assert all(v > 0 for v in f(1))\nassert f(2) == 3", "def f(x): return [1] * 1_000_000")
    ],
    "expected 1 MB, returned 1 MB": lambda: [_call("def f(x): return [7] * 300_000", [7] * 300_000)],
    "printed 15 MB": lambda: [
        {
            "task": {"kind": "code", "tests": [{"stdin": "", "stdout": "1 2 3"}], "compare": "floats"},
            "completion": "```python\nprint('1 ' * 7_500_000)\n```",
        }
    ],
    "629 KB of asserts": lambda: [_asserts(26_500)],
    "a body of one text, 8 MB": lambda: [
        {"task": {"kind": "exact", "ground_truth": "a"}, "completion": "word other " * 760_000}
    ],
    "a body of numbers, 8 MB": lambda: [_call("def f(x): return 1", [7, 3] * 1_400_000)],
    "a literal of 1 MB in test code": lambda: [
        _asserted(f"assert f(1) == {[7] * 350_000}", "def f(x): return [7] * 350_000")
    ],
    "one line of 1 MB in test code": lambda: [
        _asserted("assert f(1) == " + " + ".join(["1"] * 250_000), "def f(x): return 250_000")
    ],
    "one statement of 1 MB in test code": lambda: [
        _asserted("assert f(1) == [\n" + "    g(7),\n" * 100_000 + "]", "def f(x): return []")
    ],
    "a function of 1 MB in test code": lambda: [
        _asserted("def test_f():\n" + "    assert f(1) == 1\n" * 48_000, "def f(x): return 1")
    ],
    "expected 8 MB, another returned": lambda: [_call("def f(x): return [7] * 2_600_000", [7, 3] * 1_400_000)],
    "an expected literal of 8 MB": lambda: [
        _stored({"inputs": ["1"], "outputs": [json.dumps([7, 3] * 1_000_000)]})
    ],
    "a body of lists, 8 MB": lambda: [_call("def f(x): return 1", [[]] * 2_000_000)],
    "a body of objects, 8 MB": lambda: [_call("def f(x): return 1", [{"a": 1}] * 800_000)],
    "a body of numbers, 48 MB": lambda: [_call("def f(x): return 1", [7, 3] * 8_000_000)],
    "a body of long integers, 8 MB": lambda: [_call("def f(x): return 1", [10**20] * 360_000)],
    "a text of JSON, 8 MB": lambda: [
        _stored(json.dumps([{"input": "1", "output": str([[7]] * 800_000)}]))
    ],
    "a literal of Python, 4 MB": lambda: [_stored({"inputs": ["1"], "outputs": [str([(7,)] * 400_000)]})],
    "named arguments, 1 MB": lambda: [_stored({"inputs": [f"x = {[7] * 330_000}"], "outputs": ["1"]})],
    "an argument of 8 MB": lambda: [
        {"task": {"kind": "code", "fn_name": "f", "tests": [{"args": [[7, 3] * 1_400_000], "output": 1}]},
         "completion": "```python\ndef f(x): return 1\n```"}
    ],
    "a program of one statement, 64 KB": lambda: [
        {"task": {"kind": "code", "tests": ["assert f(1) == 2"]},
         "completion": "```python\nf = [" + "g(7), " * 10_000 + "]\n```"}
    ],
    "another kind's truth of 8 MB": lambda: [
        {"task": {"kind": "exact", "ground_truth": ["word"] * 1_000_000}, "completion": "<answer>word</answer>"},
        {"task": {"kind": "math", "ground_truth": "1+" * 4_000_000 + "1"}, "completion": "\\boxed{1}"},
        {"task": {"kind": "schema", "schema": {"enum": [1] * 1_000_000}}, "completion": "1"},
        {"task": {"kind": "choice", "options": ["a"] * 500_000, "ground_truth": "A"}, "completion": "A"},
    ],
    "30 MB of asserts": lambda: [_asserts(1_100_000)],
    "1 MB of code blocks": lambda: [
        {"task": {"kind": "code", "tests": ["assert f(1) == 2"]}, "completion": _BLOCKS},
    ],
    "reward parts on 64 texts of 390 KB": lambda: [
        {"task": {"kind": "exact", "ground_truth": "a"}, "completion": f"{n} " + "word other " * 35_000}
        for n in range(64)
    ],
    "tests nested 256 deep": lambda: [
        {"task": {"kind": "code", "fn_name": "f", "tests": [{"args": [1], "output": json.loads(_NESTED)}]},
         "completion": "```python\ndef f(x): return 1\n```"},
        {"task": {"kind": "exact", "ground_truth": "a"}, "completion": "<answer>a</answer>"},
    ],
}  # fmt: skip


def _score(host: str, port: int, name: str) -> str:
    items = INPUTS[name]()
    body: dict[str, Any] = {"items": items}
    if "parts" in name:
        body["rewards"] = {"accuracy": 1, "format": 1, "repetition": {"weight": 1}, "language": {"weight": 1}}
    request = urllib.request.Request(
        f"http://{host}:{port}/score", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_LONGEST_SECONDS) as answer:
            outcomes = [verdict["outcome"] for verdict in json.load(answer)["verdicts"]]
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read()[:100].decode(errors='replace')}"
    except OSError as error:
        return f"{type(error).__name__}: {error}"
    return ", ".join(outcomes if len(outcomes) < 3 else [f"{len(outcomes)} × {outcomes[0]}"])


def _abort_uploads(host: str, port: int, _name: str) -> str:
    """Send most of 60 MB, then hang up, again and again."""
    block = b"[" + b"1," * 500_000
    for _ in range(_ABORTED):
        with socket.create_connection((host, port)) as connection:
            head = (
                f"POST /score HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {_ABORTED_BYTES}"
            )
            try:
                connection.sendall(head.encode() + b"\r\n\r\n")
                for _block in range(_ABORTED_BYTES // len(block) - 1):
                    connection.sendall(block)
            except OSError:
                pass  # refused before the end, which is as well
    return "hung up"


def _crawl(host: str, port: int, _name: str) -> str:
    """Open connections that say little or nothing and see how many the service still keeps after a while."""
    held = [socket.create_connection((host, port)) for _ in range(_SLOW_CONNECTIONS)]
    for number, connection in enumerate(held):
        if number % 2:
            connection.sendall(b"POST /score HTTP/1.1\r\nhost: x\r\n")
    time.sleep(45)
    kept = 0
    for connection in held:
        connection.settimeout(0.01)
        try:
            while connection.recv(4096):
                pass
        except TimeoutError:
            kept += 1
        except OSError:
            pass
    return f"{kept} of {len(held)} still open after 45 s"


OTHERS: dict[str, Callable[[str, int, str], str]] = {
    "90 aborted uploads of 60 MB": _abort_uploads,
    "200 slow connections": _crawl,
}


def _answer(throw: Callable[[str, int, str], str], host: str, port: int, name: str, said: Any) -> None:
    said.send(throw(host, port, name))


class _Probe:
    """Asks `/healthz` over one connection and remembers the longest wait."""

    def __init__(self, host: str, port: int, pid: int) -> None:
        self._clock = ~pid << 3 | _CPU_CLOCK
        self._connection = socket.create_connection((host, port))
        self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection.settimeout(_LONGEST_SECONDS)

    def ask(self) -> tuple[float, float]:
        """Return the seconds until the answer: by the clock, and of the service's CPU time."""
        started, used = time.perf_counter(), time.clock_gettime(self._clock)
        self._connection.sendall(_PROBE)
        text = b""
        while b'"}' not in text:
            part = self._connection.recv(4096)
            if not part:
                raise OSError("the service hung up")
            text += part
        return time.perf_counter() - started, time.clock_gettime(self._clock) - used

    def worst(self, going_on: Callable[[], bool]) -> tuple[float, float]:
        """Return the longest of both, each by itself."""
        longest = used = 0.0
        while True:
            one, other = self.ask()
            longest, used = max(longest, one), max(used, other)
            if not going_on():
                return longest, used
            time.sleep(_PAUSE_SECONDS)


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def _measure(name: str, host: str, port: int, pid: int) -> None:
    probe = _Probe(host, port, pid)
    hear, say = multiprocessing.Pipe(duplex=False)
    throw = OTHERS.get(name, _score)
    thrower = multiprocessing.Process(target=_answer, args=(throw, host, port, name, say))
    started = time.perf_counter()
    thrower.start()
    try:
        worst, used = probe.worst(lambda: thrower.is_alive() and not hear.poll())
    except OSError as error:
        print(f"{name:<38} {error} after {time.perf_counter() - started:.1f} s")
        return
    finally:
        said = hear.recv() if hear.poll() else "no answer"
        seconds = time.perf_counter() - started
        thrower.kill()
        thrower.join()
    time.sleep(1.0)
    print(f"{name:<38}{_times(worst, used)}  {seconds:>6.1f} s  {_memory_mb(pid):>7.0f} MB  {said}", flush=True)


def _times(worst: float, used: float) -> str:
    return f"{worst * 1000:>9.1f} ms {used * 1000:>9.1f} ms"


def main() -> None:
    """Start a server, throw every input that was asked for, print one line for each."""
    wanted, of = sys.argv[1:], {}
    if wanted[:1] == ["--of"]:
        of, wanted = {"PYTHONPATH": wanted[1]}, wanted[2:]
    with served(quiet=bool(of), **of) as (host, port, pid):
        time.sleep(3.0)  # its self-tests
        ends = time.monotonic() + 2.0
        idle = _Probe(host, port, pid).worst(lambda: time.monotonic() < ends)
        print(f"{'':<38}{'longest':>12} {'of CPU':>12}  {'whole':>8}  {'memory':>10}")
        print(f"{'nothing':<38}{_times(*idle)}  {'':>8}  {_memory_mb(pid):>7.0f} MB", flush=True)
        for name in [*INPUTS, *OTHERS]:
            if not wanted or any(word in name for word in wanted):
                _measure(name, host, port, pid)


if __name__ == "__main__":
    main()
