"""One POST for several reward functions of the same batch."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from reward_server.wire import ItemVerdict
from trainer_client.client.samples import Reward, rows_of


class Calls:
    """The POSTs behind one or several functions: the functions `names` share the POST of each batch."""

    def __init__(self, reward: Reward, names: Sequence[str]) -> None:
        self._settings = (reward, names)
        self._batch: Any = None
        self._graded: Future[list[ItemVerdict]] = Future()
        self._waiting: set[str] = set()

    def __reduce__(self) -> tuple[Any, ...]:
        return Calls, self._settings

    def graded(
        self, name: str, completions: Sequence[Any], columns: Mapping[str, Any], prompts: Sequence[Any] | None = None
    ) -> Future[list[ItemVerdict]]:
        """Return the verdicts of this batch; each name may collect them once, the first sends the request."""
        reward, names = self._settings
        if self._batch is not completions or name not in self._waiting:
            self._graded = reward.submit(rows_of(columns, len(completions), prompts), completions)
            self._batch, self._waiting = completions, set(names)
        self._waiting.discard(name)
        if not self._waiting:
            self._batch = None
        return self._graded
