"""Tasks that this server keeps, each with a name and its prompt, so that no ground truth travels.

Trainers name a task; environments hand out prompts alone. `reward_server.files.registry` reads them from a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class KeptTask:
    """A task with what a model is shown of it."""

    name: str
    prompt: str
    task: Any
    """A task of the kind's own class."""


@dataclass(frozen=True)
class Registry:
    """Kept tasks in the order of their file."""

    tasks: tuple[KeptTask, ...] = ()
    unread: tuple[str, ...] = ()
    """What is wrong with rows that hold no task, each with its place."""
    named: Mapping[str, Any] = field(default_factory=dict)
    """Tasks by name."""
    by_prompt: Mapping[str, KeptTask] = field(default_factory=dict)
    """Prompts that two different tasks have are left out."""

    def told_by(self, text: str) -> tuple[KeptTask, str] | None:
        """Return the task whose prompt stands first in a text of prompt and completion, with what follows it.

        None where no kept prompt occurs. The first place counts, of several prompts there the longest: what a
        completion quotes comes later than its own prompt.
        """
        found = [(text.find(prompt), -len(prompt), kept) for prompt, kept in self.by_prompt.items() if prompt in text]
        if not found:
            return None
        place, length, kept = min(found, key=lambda one: one[:2])
        return kept, text[place - length :]
