"""What clients send is counted; what the service asks itself, to see whether it grades rightly, is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

from reward_server.grading.scoring import Graded
from reward_server.http.origin import origin
from reward_server.telemetry import tracing
from reward_server.telemetry.metrics import Metrics
from reward_server.verdict import Outcome

_log = structlog.get_logger()
_is_self_test: ContextVar[bool] = ContextVar("is_self_test", default=False)


@contextmanager
def no_traffic() -> Iterator[None]:
    """Count nothing of what the block grades, nor of what it starts."""
    before = _is_self_test.set(True)
    try:
        yield
    finally:
        _is_self_test.reset(before)


class Traffic:
    """Tells metrics and the log of what clients have graded."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def graded(self, graded: Graded) -> None:
        """Count a verdict, and log an `ungradable` one."""
        if _is_self_test.get():
            return
        self._metrics.observe(graded, tracing.current())
        if graded.verdict.outcome is Outcome.UNGRADABLE:
            asked_by = {"request_id": request} if (request := origin().get("request")) else {}
            _log.warning("ungradable", grader=graded.grader, reason=graded.verdict.evidence.get("reason"), **asked_by)

    def stage(self, stage: str, seconds: float) -> None:
        """Count a stage of the work, and record it in the request's trace."""
        if not _is_self_test.get():
            self._metrics.note_stage(stage, seconds, tracing.current())
            tracing.note_stage(stage, seconds)
