"""Errors, sorted by who is to blame, because blame decides status, retry and reward.

RewardServerError
├── TaskError        the row is broken: ground truth, language, tests  → outcome "bad_ground_truth"; never retried
├── Overloaded       the queue is full                                 → HTTP 429 with Retry-After
└── ServiceError     we failed while grading                           → outcome "ungradable"; never cached
    ├── GraderError  a grader raised something it should not have
    ├── WorkerError  a worker process died or could not be started
    └── NotInstalled this server lacks a language or a package        → "ungradable" and not retryable

`sandboxes.sandbox.SandboxError` is the sandbox's own word for "the infrastructure failed" and counts as ServiceError.
A completion that is wrong, slow, or crashes is not an error. It is a `Verdict`.
"""


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


class NotInstalled(ServiceError):  # noqa: N818 - named after the state
    """This server lacks what the task needs: to ask it again changes nothing before somebody installs it."""


class blame:  # noqa: N801 - used as a `with` statement, like contextlib's own
    """Attribute whatever escapes the block to `error`; errors already sorted pass through.

    The only broad `except` in the package is here, as an `__exit__`.
    """

    __slots__ = ("_error", "_what")

    def __init__(self, error: type[ServiceError], what: str) -> None:
        self._error = error
        self._what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, cause: BaseException | None, trace: object) -> None:
        if isinstance(cause, Exception) and not isinstance(cause, RewardServerError):
            raise self._error(f"{self._what}: {type(cause).__name__}: {cause}"[:500]) from cause
