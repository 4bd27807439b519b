"""Data sets as one file or a folder of them: `save_to_disk`, the cache of `load_dataset`, or a repository of the hub.

Splits are told apart as those do it: by `dataset_dict.json` and `state.json` where they are, else by the words `train`,
`test` and so on in the files' names. One split is read at a time; where there are several and none is asked for, the
error names them.
"""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from reward_server.files.formats import ENDINGS, Row, RowError, count_file, ending_of, read_file

_NO_ROWS = frozenset({"dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"})
_SPLIT = re.compile(r"(?<![a-z])(train|test|validation|valid|val|dev|eval)(?:ing)?(?![a-z])")
_OTHERWISE = "train"


@dataclass(frozen=True, slots=True)
class DataSet:
    """The files of one split, in order."""

    files: tuple[Path, ...]

    def rows(self) -> Iterator[Row]:
        """Yield all rows, numbered through; errors as in `read_file`."""
        numbers = itertools.count()
        for file in self.files:
            for row in read_file(file):
                yield replace(row, number=next(numbers))

    def count(self) -> int:
        """Return how many rows there are."""
        return sum(map(count_file, self.files))


def open_data(path: Path, split: str | None = None) -> DataSet:
    """Return the data set that `path`, a file or a folder, holds.

    Raises:
        RowError: the folder holds no rows, or several splits or sets between which `split` does not decide.
    """
    if not path.is_dir():
        return DataSet((path,))
    if (path / "dataset_dict.json").exists():
        return open_data(path / _chosen(path, json.loads((path / "dataset_dict.json").read_text())["splits"], split))
    if (path / "state.json").exists():
        state = json.loads((path / "state.json").read_text())
        if state.get("_indices_data_files"):
            raise RowError(f"{path}: this data set was saved with a selection of rows on top: save it flattened")
        return DataSet(tuple(path / file["filename"] for file in state["_data_files"]))
    return DataSet(tuple(_files_of(path, split)))


def _files_of(folder: Path, split: str | None) -> list[Path]:
    by_split: dict[str, list[Path]] = {}
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in inside.split("/"))
        if file.name in _NO_ROWS or hidden or file.name.startswith("cache-") or ending_of(file) not in ENDINGS:
            continue
        found = _SPLIT.search(inside.lower())
        by_split.setdefault(found[1] if found else _OTHERWISE, []).append(file)
    if not by_split:
        raise RowError(f"{folder}: no files of rows in this folder; known are {', '.join(sorted(ENDINGS))}")
    files = by_split[_chosen(folder, list(by_split), split)]
    homes = sorted({file.parent.relative_to(folder).as_posix() for file in files})
    if len(homes) > 1:
        raise RowError(f"{folder}: several data sets lie here; name the folder of one: {', '.join(homes)}")
    return files


def _chosen(folder: Path, splits: list[str], split: str | None) -> str:
    if split in splits:
        return split
    if split is None and len(splits) == 1:
        return splits[0]
    asked = "choose one with --split" if split is None else f"there is no {split!r}"
    raise RowError(f"{folder}: {asked}: {', '.join(sorted(splits))}")
