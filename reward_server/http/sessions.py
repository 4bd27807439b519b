"""Which task a session answers: environments hand out a task first and ask for its reward in a later request."""

import secrets
import time
from collections import OrderedDict

from reward_server.http.registry import KeptTask, Registry

MOST_SESSIONS = 100_000
KEPT_SECONDS = 6 * 3600.0


class Sessions:
    """Sessions by their id, bounded in number and age: the oldest goes first. In this process's memory."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, tuple[float, KeptTask | None]] = OrderedDict()

    def open(self, name: str = "", kept: KeptTask | None = None) -> str:
        """Begin a session, or begin it anew with another task; return its id."""
        name = name or secrets.token_hex(16)
        oldest = time.monotonic() - KEPT_SECONDS
        while self._held:
            first, (since, _) = next(iter(self._held.items()))
            if since > oldest and len(self._held) < MOST_SESSIONS:
                break
            del self._held[first]
        self._held.pop(name, None)
        self._held[name] = (time.monotonic(), kept)
        return name

    def task_of(self, name: str) -> KeptTask | None:
        """Return the session's task; None where it has none, or is not known, or not any more."""
        held = self._held.get(name)
        return held[1] if held else None

    def close(self, name: str) -> None:
        """Forget a session."""
        self._held.pop(name, None)

    def __contains__(self, name: str) -> bool:
        return name in self._held


def task_at(registry: Registry, number: int) -> KeptTask | None:
    """Return the kept task of this number, counted round; None where none is kept."""
    return registry.tasks[number % len(registry.tasks)] if registry.tasks else None
