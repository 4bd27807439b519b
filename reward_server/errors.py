"""Errors, sorted by who is to blame, because blame decides status, retry and reward.

RewardServerError
├── TaskError        the row is broken: ground truth, language, tests  → outcome "bad_ground_truth"; never retried
├── Overloaded       the queue is full                                 → HTTP 429 with Retry-After
└── ServiceError     we failed while grading                           → outcome "ungradable"; never cached
    ├── GraderError  a grader raised something it should not have
    └── WorkerError  a worker process died or could not be started

`sandboxes.sandbox.SandboxError` is the sandbox's own word for "the infrastructure failed" and counts as ServiceError.
A completion that is wrong, slow, or crashes is not an error. It is a `Verdict`.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class RewardServerError(Exception):
    """The root of the tree above."""


class TaskError(RewardServerError):
    """The task itself cannot be used: its ground truth, tests or language are broken."""


class Overloaded(RewardServerError):  # noqa: N818 - named after the state, as HTTP does
    """The queue of slow work is full."""

    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class ServiceError(RewardServerError):
    """We failed; the completion is not to blame."""


class GraderError(ServiceError):
    """A grader raised something it should not have."""


class WorkerError(ServiceError):
    """A worker process died, or none could be started."""


@contextmanager
def blame(error: type[ServiceError], what: str) -> Iterator[None]:
    """Attribute whatever escapes this block to `error`; errors already sorted pass through.

    The only broad `except` in the package lives here.
    """
    try:
        yield
    except RewardServerError:
        raise
    except Exception as cause:
        raise error(f"{what}: {type(cause).__name__}: {cause}"[:500]) from cause
