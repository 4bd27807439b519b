"""Ground truths to write in other ways: those of data sets where they are at hand, else those of the case tables."""

import gzip
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from reward_server.errors import TaskError
from reward_server.mathematics import classify, compile_ground_truth

_TABLES = Path(__file__).parents[1]
_SHARED = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[5] / "shared"))
MAX_LENGTH = 200


@cache
def ground_truths() -> tuple[tuple[str, str], ...]:
    """Return every different ground truth that is mathematics, with its kind."""
    found = dict.fromkeys(_from_data_sets() or _from_tables())
    return tuple((text, kind) for text in found if (kind := _kind(text)) is not None)


def _from_data_sets() -> list[str]:
    texts: list[str] = []
    for path in sorted((_SHARED / "data" / "golds").glob("*.jsonl*")):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in raw.decode().splitlines():
            texts += _texts(json.loads(line)["gold"])
    return texts


def _from_tables() -> list[str]:
    lines = [line for path in sorted(_TABLES.rglob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [text for line in lines for text in _texts(json.loads(line)["ground_truth"])]


def _texts(value: Any) -> list[str]:
    return [str(item).strip() for item in (value if isinstance(value, list) else [value]) if str(item).strip()]


def _kind(text: str) -> str | None:
    """Return the kind of a ground truth; None for words, choices and what the grader would take out of a solution."""
    if len(text) > MAX_LENGTH or "####" in text or "boxed" in text or re.fullmatch(r"\(?[A-J]\)?\.?", text):
        return None
    try:
        kind = classify(compile_ground_truth(text))
    except TaskError:
        return None
    return None if kind in {"text", "unread", "choice", "time", "date"} else kind
