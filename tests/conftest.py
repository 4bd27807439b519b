"""Fixtures every test may use; what needs a real server, engine or data set says why it was skipped."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of labelled data and attacks beside the checkout; skips where it is absent."""
    folder = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[2] / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"no labelled data at {folder} (set REWARD_SHARED_DIR)")
    return folder
