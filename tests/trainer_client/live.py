"""The real server as a process of its own, on a free loopback port."""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_START_SECONDS = 60


@contextmanager
def live_service(*options: str, port: int = 0) -> Iterator[str]:
    """Start `reward-server serve`, without sandboxes unless `options` say otherwise; yield its URL once it answers."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        command = [sys.executable, "-m", "reward_server.cli", "serve", "--port", str(port)]
        environment = os.environ | {"PYTHONUNBUFFERED": "1", "XDG_CACHE_HOME": folder}
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [*command, *(options or ("--sandbox", "none"))], stdout=sink, stderr=sink, env=environment, cwd=folder
            )
        try:
            yield _wait(process, log)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], log: Path) -> str:
    started = time.monotonic()
    while time.monotonic() < started + _START_SECONDS and process.poll() is None:
        found = re.search(r"listening on (http://\S+)", log.read_text(errors="replace"))
        if found and _lives(found[1]):
            return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')}")


def _lives(url: str) -> bool:
    try:
        return urllib.request.urlopen(f"{url}/healthz", timeout=5).status == 200
    except (urllib.error.URLError, OSError):
        return False
