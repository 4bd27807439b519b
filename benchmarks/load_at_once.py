"""One server under much at once: small requests over 64 connections, and a batch with items that take all they may.

`python benchmarks/load_at_once.py [REQUESTS] [WORKERS]` starts a service on a free port, fills its cache with a few
programs, then asks for single items (half of them cached code, half mathematics) over 64 connections while `/healthz`
is asked beside; prints rate, errors, percentiles and the most memory. Then it streams a batch of 1,024 in which 8
programs run into their time limit, beside mathematics and beside other programs. The clients share the machine.
"""

import asyncio
import json
import re
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from _served import served

_CONNECTIONS, _PROGRAMS = 64, 32
_ITEMS, _HOGS, _LIMIT_SECONDS = 1024, 8, 1.0
_TESTS = [{"stdin": "3\n", "stdout": "9\n"}]


def _code(number: int, body: str = "n = int(input())\nprint(n * n)", **task: Any) -> dict[str, Any]:
    asked = {"kind": "code", "language": "python", "tests": _TESTS, **task}
    return {"task": asked, "completion": f"```python\n{body}  # {number}\n```"}


def _math(number: int) -> dict[str, Any]:
    return {"task": {"kind": "math", "ground_truth": f"{number}/7"}, "completion": f"so \\boxed{{{2 * number}/14}}"}


def _post(items: list[dict[str, Any]], accept: str = "application/json") -> bytes:
    body = json.dumps({"items": items}).encode()
    head = f"POST /score HTTP/1.1\r\nhost: x\r\naccept: {accept}\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> tuple[int, bytes]:
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head[9:12]), await reader.readexactly(length)


async def _many(address: tuple[str, int], count: int) -> tuple[Counter[str], list[float]]:
    """Send single items over all connections; return what came of them, and the seconds each took."""
    kinds = [_post([_code(number)]) for number in range(_PROGRAMS)] + [_post([_math(n)]) for n in range(_PROGRAMS)]
    left, came, seconds = iter(range(count)), Counter[str](), []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(*address)
        for number in left:
            started = time.perf_counter()
            status, body = await _ask(reader, writer, kinds[number % len(kinds)])
            seconds.append(time.perf_counter() - started)
            came["right" if status == 200 and b'"outcome":"correct"' in body else f"{status} {body[:80]!r}"] += 1
        writer.close()

    await asyncio.gather(*(connection() for _ in range(_CONNECTIONS)))
    return came, seconds


async def _health(address: tuple[str, int], seconds: list[float]) -> None:
    reader, writer = await asyncio.open_connection(*address)
    while True:
        started = time.perf_counter()
        await _ask(reader, writer, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        seconds.append(time.perf_counter() - started)
        await asyncio.sleep(0.05)


def _processes(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(each for child in children for each in _processes(int(child)))]


def _memory_mb(pid: int) -> dict[str, float]:
    """Proportional memory of the server's own processes and of all of them."""
    found = {"server": 0.0, "all": 0.0}
    for each in _processes(pid):
        try:
            command = Path(f"/proc/{each}/cmdline").read_text()
            size = int(re.search(r"Pss:\s+(\d+)", Path(f"/proc/{each}/smaps_rollup").read_text())[1]) / 1024  # type: ignore[index]
        except (FileNotFoundError, PermissionError, ProcessLookupError, TypeError):
            continue
        found["all"] += size
        found["server"] += size if "reward_server.cli" in command or "serving.front" in command else 0.0
    return found


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1e3


async def _others_of_a_batch(address: tuple[str, int], others: list[dict[str, Any]], name: str) -> None:
    """Stream a batch whose first items run into their limits; say when the last of the others came."""
    spin = "while True:\n    pass"
    hogs = [_code(number, f"{spin}\nprint({name!r})", cpu_seconds=_LIMIT_SECONDS) for number in range(_HOGS)]
    request = _post(hogs + others, "application/x-ndjson")
    reader, writer = await asyncio.open_connection(*address)
    started = time.perf_counter()
    writer.write(request)
    await reader.readuntil(b"\r\n\r\n")
    seen, last_other, outcomes = 0, 0.0, Counter[str]()
    while (line := await reader.readline()) != b"0\r\n":  # each chunk is a line of JSON
        if not line.startswith(b"{"):
            continue
        verdict = json.loads(line)
        if verdict["index"] >= _HOGS:
            seen, last_other = seen + 1, time.perf_counter() - started
        outcomes[verdict["outcome"]] += 1
    writer.close()
    whole = time.perf_counter() - started
    print(
        f"{_HOGS} at their limit, {seen:,} {name}: others after {last_other:.2f} s, all {whole:.2f} s  {dict(outcomes)}"
    )


async def _measure(address: tuple[str, int], pid: int, count: int) -> None:
    reader, writer = await asyncio.open_connection(*address)
    await _ask(reader, writer, _post([_code(number) for number in range(_PROGRAMS)]))  # into the cache
    alive: list[float] = []
    asking = asyncio.create_task(_health(address, alive))
    started = time.perf_counter()
    came, seconds = await _many(address, count)
    whole = time.perf_counter() - started
    asking.cancel()
    memory = _memory_mb(pid)
    print(f"{count:,} single items over {_CONNECTIONS} connections: {count / whole:,.0f}/s  {dict(came)}")
    shares = ", ".join(f"p{share * 100:g} {_percentile(seconds, share):.0f} ms" for share in (0.5, 0.99, 1.0))
    print(
        f"  verdicts {shares}; /healthz median {statistics.median(alive) * 1e3:.0f} ms, worst {max(alive) * 1e3:.0f} ms"
    )
    print(f"  memory: {memory['server']:.0f} MB of the server's processes, {memory['all']:.0f} MB with sandboxes")
    others = _ITEMS - _HOGS
    await _others_of_a_batch(address, [_math(n) for n in range(others)], "answers to mathematics")
    await _others_of_a_batch(address, [_code(n % _PROGRAMS) for n in range(others)], "programs that are cached")
    await _others_of_a_batch(address, [_code(10_000 + n // 16) for n in range(others)], "programs, 16 alike")
    writer.close()


def main() -> None:
    """Start a server and measure."""
    count, workers = int([*sys.argv[1:], "10000"][0]), [*sys.argv[2:], "1"][0]
    with served("--workers", workers, quiet=True) as (host, port, pid):
        asyncio.run(_measure((host, port), pid, count))


if __name__ == "__main__":
    main()
