"""A completion is read once for each task, and what is remembered is bounded."""

from dataclasses import dataclass

from reward_server.testing import remembering
from reward_server.testing.remembering import remembered


@dataclass
class _Completion:
    text: str


def test_a_text_is_read_once_for_each_task():
    reads: list[tuple[str, str]] = []

    @remembered
    def read(task: list[str], completion: _Completion) -> str | None:
        reads.append((task[0], completion.text))
        return None if completion.text == "none" else completion.text.upper()

    one, other = ["one"], ["one"]
    for _ in range(3):
        assert read(one, _Completion("text")) == "TEXT"
        assert read(one, _Completion("none")) is None
        assert read(other, _Completion("text")) == "TEXT"
    assert len(reads) == 3


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(remembering, "_MOST_CHARACTERS", 100)
    reads: list[str] = []

    @remembered
    def read(_task: object, completion: _Completion) -> int:
        reads.append(completion.text)
        return len(completion.text)

    task = object()
    for text in ("a" * 60, "b" * 60, "a" * 60, "c" * 500, "c" * 500):
        assert read(task, _Completion(text)) == len(text)
    assert [text[0] for text in reads] == ["a", "b", "a", "c"]
