"""The examples on the pages about trainers lead somewhere."""

import importlib
import re

import pytest

from trainer_client.adapters import discover

_NAMED = re.compile(r"trainer_client\.adapters\.(\w+)[.:](\w+)")
_IMPORTED = re.compile(r"from (trainer_client[\w.]*) import ([\w, ]+)")


@pytest.mark.parametrize("trainer", discover())
def test_the_lines_that_a_user_writes_name_what_there_is(trainer: str):
    text = importlib.import_module(f"trainer_client.adapters.{trainer}").__doc__ or ""
    named = [(f"trainer_client.adapters.{module}", name) for module, name in _NAMED.findall(text)]
    named += [(module, name.strip()) for module, names in _IMPORTED.findall(text) for name in names.split(",")]
    assert named or "adapters." in text
    for module, name in named:
        assert hasattr(importlib.import_module(module), name), f"{module} has no {name}"
