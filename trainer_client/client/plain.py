"""Containers of OmegaConf and numpy, which trainers' configurations and parquet files hold, as Python's."""

from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> Any:
    """Return `value` with every mapping a dict, every sequence a list and every numpy scalar a Python number."""
    if isinstance(value, Mapping):
        return {str(key): plain(content) for key, content in value.items()}
    if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
        return value.item() if hasattr(value, "item") else value
    return [plain(content) for content in value]
