"""A service of its own for a benchmark: `reward-server serve` on a free port, with a cache that starts empty."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_GREETING = re.compile(r"listening on http://([\d.]+):(\d+)")
_END_SECONDS = 60


class Served(NamedTuple):
    """Where a service listens, and its first process."""

    host: str
    port: int
    pid: int


@contextmanager
def served(*options: str, quiet: bool = False, **variables: str) -> Iterator[Served]:
    """Start a service and end it with the block; `quiet` leaves its log out."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "REWARD_CACHE_FILE": str(Path(folder, "cache.sqlite")), **variables}
        command = [sys.executable, "-m", "reward_server.cli", "serve", "--port", "0", *options]
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if quiet else None, text=True, env=environment
        )
        try:
            assert server.stdout is not None
            found = next(filter(None, map(_GREETING.search, server.stdout)), None)
            if found is None:
                sys.exit("the server did not start")
            yield Served(found[1], int(found[2]), server.pid)
        finally:
            server.terminate()
            try:
                server.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
