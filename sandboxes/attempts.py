"""What is tried again when the infrastructure fails, and for how long.

A slot that failed in the middle of a run costs an attempt. A slot that could not even be launched costs none: nothing
was tried, and an engine that is being restarted takes a while; such failures are waited out for a time.
"""

import time
from collections.abc import Callable

from sandboxes.sandbox import LanguageUnavailable, LaunchError, SandboxError

ATTEMPTS = 3
PATIENCE_SECONDS = 60.0
"""How long launches may fail: longer than an engine takes to come back."""


class Attempts:
    """Of one submission."""

    def __init__(self, counts: dict[str, int], is_closed: Callable[[], bool]) -> None:
        self._counts = counts
        self._is_closed = is_closed
        self._left = ATTEMPTS
        self._deadline = time.monotonic() + PATIENCE_SECONDS

    def failed(self, error: SandboxError) -> None:
        """Count a failure; return if another attempt is to be made.

        Raises: the error, if it is the last one or another attempt would not help.
        """
        if isinstance(error, LanguageUnavailable):
            raise error
        self._counts["failures"] += 1
        launching = isinstance(error, LaunchError)
        self._left -= not launching
        if self._is_closed() or self._left == 0 or (launching and time.monotonic() > self._deadline):
            raise error
        self._counts["retries"] += 1
