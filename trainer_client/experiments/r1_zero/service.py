"""A reward service for the time of an experiment: the caller's, or one started here and ended with it."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READY_SECONDS = 120.0
GRACE_SECONDS = 15.0
NEEDED = ("exact", "code")
"""Graders that must have passed their self-tests; another one's trouble need not stop the experiment."""


@contextmanager
def running_service(url: str | None, log: Path) -> Iterator[str]:
    """Yield the URL of a ready service; `reward-server serve` on a free port of this machine where `url` is None.

    Raises:
        RuntimeError: the service ended, or was not ready in time; the message has the end of its log.
    """
    if url is not None:
        yield url
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "reward_server.cli", "serve", "--port", str(port)]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5) as reply:  # noqa: S310 - our own loopback address
                state = json.load(reply)
        except urllib.error.HTTPError as error:
            state = json.load(error)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            state = {"graders": {}}
        if all(kind in state["graders"] and not state["graders"][kind]["failed_examples"] for kind in NEEDED):
            return
        time.sleep(0.2)
    raise RuntimeError(f"the reward service is not ready; its log ends:\n{log.read_text(errors='replace')[-2000:]}")
