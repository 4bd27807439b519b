"""The record of a run: JSON lines of metrics and of samples, which every figure is drawn from.

`metrics.jsonl` has one row for each step and each evaluation; what a clock measured is under `timing`, so that two
runs of the same seed write the same rows but for that key. `samples.jsonl` has completions with their verdicts'
evidence. A resumed run first cuts both files back to where its checkpoint was, so no step appears twice.
"""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

METRICS, SAMPLES = "metrics.jsonl", "samples.jsonl"


class Journal:
    """Appends to the two files of a run's folder, and to TensorBoard where asked."""

    def __init__(self, folder: Path, offsets: dict[str, int] | None = None, tensorboard: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._files = {name: (folder / name).open("ab") for name in (METRICS, SAMPLES)}
        for name, file in self._files.items():
            file.truncate((offsets or {}).get(name, 0))
        self._events: Any = None
        if tensorboard:
            self._events = importlib.import_module("torch.utils.tensorboard").SummaryWriter(str(folder))

    def write(self, row: dict[str, Any]) -> None:
        """Add one row of metrics; `step` and `kind` say what it is about."""
        self._append(METRICS, row)
        if self._events is not None:
            for name, value in _numbers(row):
                self._events.add_scalar(f"{row['kind']}/{name}", value, row["step"])

    def sample(self, row: dict[str, Any]) -> None:
        """Add one completion with its verdict."""
        self._append(SAMPLES, row)

    def offsets(self) -> dict[str, int]:
        """Return the length in bytes of each file, for a checkpoint."""
        return {name: file.tell() for name, file in self._files.items()}

    def _append(self, name: str, row: dict[str, Any]) -> None:
        file = self._files[name]
        file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()
        if self._events is not None:
            self._events.close()


def read_rows(path: Path, kind: str | None = None) -> list[dict[str, Any]]:
    """Read the rows of one of the files, of one kind if given."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return rows if kind is None else [row for row in rows if row["kind"] == kind]


def _numbers(row: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _numbers(value, f"{prefix}{name}/")
        elif isinstance(value, int | float) and name != "step":
            yield prefix + name, float(value)
