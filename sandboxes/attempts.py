"""What is tried again when the infrastructure fails.

A slot that failed in the middle of a run costs an attempt. That none can be launched costs none: who waits for a slot
does so in `supply`, and what it raises is final.
"""

from collections.abc import Callable

from sandboxes.sandbox import LanguageUnavailable, LaunchError, SandboxError

ATTEMPTS = 3


class Attempts:
    """Of one submission."""

    def __init__(self, counts: dict[str, int], is_closed: Callable[[], bool]) -> None:
        self._counts = counts
        self._is_closed = is_closed
        self._left = ATTEMPTS

    def failed(self, error: SandboxError) -> None:
        """Count a failure; return if another attempt is to be made.

        Raises: the error, if it is the last one or another attempt would not help.
        """
        if isinstance(error, LanguageUnavailable):
            raise error
        self._counts["failures"] += 1
        self._left -= 1
        if self._is_closed() or self._left == 0 or isinstance(error, LaunchError):
            raise error
        self._counts["retries"] += 1
