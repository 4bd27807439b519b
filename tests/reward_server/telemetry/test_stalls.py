"""The watcher sees how late the loop wakes, and says where it stood."""

import asyncio
import time

import structlog
from structlog.testing import capture_logs

from reward_server.telemetry import stalls
from reward_server.telemetry.stalls import EDGES, StallWatcher


def test_lags_are_counted_in_cumulative_buckets():
    watcher = StallWatcher()
    for lag in (0.0005, 0.03, 0.03, 99.0):
        watcher.note(lag)
    buckets, total = watcher.lags.cumulative()
    counts = dict(buckets)
    assert (counts[str(EDGES[0])], counts["0.05"], counts["10.0"], counts["+Inf"]) == (1, 3, 3, 4)
    assert (total, watcher.worst_seconds) == (99.0605, 99.0)


def test_a_loop_that_is_kept_is_seen_and_the_place_is_logged(monkeypatch):
    monkeypatch.setattr(stalls, "_LONG_SECONDS", 0.1)
    monkeypatch.setattr(stalls, "_log", structlog.get_logger())

    async def run() -> StallWatcher:
        watcher = StallWatcher()
        await watcher.start()
        await asyncio.sleep(0)
        keep_the_loop()
        await asyncio.sleep(0.1)
        await watcher.close()
        return watcher

    def keep_the_loop() -> None:
        time.sleep(0.4)

    with capture_logs() as logs:
        watcher = asyncio.run(run())
    assert watcher.worst_seconds > 0.1
    stalled = [entry for entry in logs if entry["event"] == "event_loop_stalled"]
    assert len(stalled) == 1
    assert "keep_the_loop" in stalled[0]["stack"]
