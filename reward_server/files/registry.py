"""Read the tasks that a server keeps from a file of rows, once at its start: each with its name and its prompt."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reward_server.datasets import UnknownRow, read_row
from reward_server.files.folders import open_data
from reward_server.files.formats import RowError
from reward_server.http.problems import error_response
from reward_server.http.registry import KeptTask, Registry
from reward_server.http.requests import task_adapter

_IDS = ("id", "unique_id", "task_id", "problem_id", "question_id", "uuid", "ID")
_PROMPTS = ("prompt", "messages", "problem", "question", "Problem", "Question", "query", "instruction", "input")


def open_registry(path: Path | None) -> Registry:
    """Read a file or folder of rows; an empty registry where there is none.

    Rows that cannot be read are kept out and named in `unread`: one broken row stops no server.

    Raises:
        RowError: the file itself cannot be read.
    """
    if path is None:
        return Registry()
    kept: list[KeptTask] = []
    unread: list[str] = []
    for row in open_data(path).rows():
        try:
            if isinstance(row.value, RowError):
                raise row.value
            kept.append(_kept(row.number, row.value))
        except (RowError, UnknownRow) as error:
            unread.append(f"{row.place}: {error}")
    names: dict[str, Any] = {}
    for one in kept:
        if one.name in names:
            raise RowError(f"{path}: two rows are called {one.name!r}")
        names[one.name] = one.task
    return Registry(tuple(kept), tuple(unread), names, dict(_prompts(kept)))


def _kept(number: int, row: Any) -> KeptTask:
    if not isinstance(row, Mapping):
        raise UnknownRow("the row is no object")
    name = next((str(row[key]) for key in _IDS if row.get(key) is not None), str(number))
    prompt = next((row[key] for key in _PROMPTS if row.get(key)), "")
    try:
        return KeptTask(name, _text(prompt), task_adapter().validate_python(read_row(row)))
    except ValidationError as error:
        raise UnknownRow(error_response(error.errors()).detail) from None


def _text(prompt: Any) -> str:
    """Return a prompt as text: of messages the content of the user's last."""
    if isinstance(prompt, str):
        return prompt
    messages = prompt if isinstance(prompt, list) else []
    said = [one for one in messages if isinstance(one, Mapping) and one.get("role") in (None, "user")]
    return str(said[-1].get("content", "")) if said else ""


def _prompts(kept: list[KeptTask]) -> Iterator[tuple[str, KeptTask]]:
    tasks: dict[str, list[KeptTask]] = {}
    for one in kept:
        tasks.setdefault(one.prompt, []).append(one)
    for prompt, ones in tasks.items():
        if prompt and all(one.task == ones[0].task for one in ones):
            yield prompt, ones[0]
