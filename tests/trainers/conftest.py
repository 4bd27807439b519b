"""Real trainers, each in a virtual environment of its own, against the live server.

The environments are kept in `REWARD_TRAINER_ENVS`, by default in pytest's cache, and made again when their pins
change. torch is installed together with each, pinned, so that nothing pulls CUDA. Packages of gigabytes that the tested
code path never imports (vllm, flash-attn, deepspeed) are left out, by installing the trainer itself without its
dependencies and naming those it needs.

A program in `programs/` runs in the environment and prints what it saw as one JSON line; the test holds that to what
we promise. Nothing here is timed.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trainer_client.live import live_service

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"
_RUN_SECONDS = 550

TORCH = "torch==2.13.0"
PINS: dict[str, tuple[list[str], list[str]]] = {
    "trl": (
        [
            *(TORCH, "trl==1.16.0", "transformers==5.23.0"),
            *("aiohttp", "chz", "distro", "httpx", "omegaconf", "protobuf", "requests", "sniffio"),
        ],
        [
            *("areal==1.0.4", "atroposlib==0.4.0", "llamafactory==0.9.5", "ms-swift==4.6.0", "skyrl-gym==0.4.0"),
            *("tinker==0.38.0", "tinker-cookbook==0.6.1"),
        ],
    ),
    "verl": (
        [
            TORCH,
            "ray==2.56.0",
            "tensordict==0.10.0",
            "transformers==5.10.2",
            "torchdata",
            "omegaconf",
            "hydra-core",
            "codetiming",
            "datasets",
            "peft",
            "pandas",
            "pylatexenc",
            "sympy",
        ],
        ["verl==0.9.1"],
    ),
    "clients": (
        ["judge0==0.0.8", "sandbox-fusion==0.3.7", "aiopyston==1.2.1", "openenv==0.10.0", "openreward==0.1.167"],
        [],
    ),
    "unsloth": (
        [
            *(TORCH, "trl==1.16.0", "transformers==5.23.0", "cut_cross_entropy", "hf_transfer", "peft", "pillow"),
            *("protobuf", "psutil", "requests", "sentencepiece", "tyro", "wheel"),
        ],
        ["unsloth==2026.10.9", "unsloth_zoo==2026.10.9"],
    ),
    "openrlhf": ([TORCH, "transformers==5.15.0", "ray==2.55.0", "pylatexenc", "sympy", "tqdm"], ["openrlhf==0.11.2"]),
}
"""Environment → (packages with their dependencies, packages without); what can share one does."""
SOURCES: dict[str, list[str]] = {
    "trl": [
        *("axolotl==0.21.0", "eval-protocol==0.3.33", "miles-rl==0.0.2", "openpipe-art==0.5.23", "skyrl==0.4.0"),
        "verifiers==0.4.0",
    ]
}
"""Environment → packages of which single definitions are read (`programs/sources.py`), whatever Python they ask for."""
_SOURCES_PYTHON = "3.13.14"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave these tests out unless they are asked for, since they install gigabytes."""
    asked = f"{config.option.markexpr} {os.environ.get('REWARD_TEST_REQUIRE', '')}"
    if "trainers" not in asked:
        left_out = pytest.mark.skip(reason="installs real trainers: run with -m trainers")
        for item in items:
            if item.get_closest_marker("trainers"):
                item.add_marker(left_out)


@pytest.fixture(scope="session")
def environments(pytestconfig: pytest.Config) -> Path:
    """The folder of virtual environments."""
    named = os.environ.get("REWARD_TRAINER_ENVS")
    return Path(named) if named else Path(pytestconfig.cache.mkdir("trainer-environments"))


def _make(folder: Path, trainer: str) -> Path:
    """Return the interpreter of the trainer's environment, making it when it is missing or has other pins."""
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    pins = json.dumps([PINS[trainer], SOURCES.get(trainer), sys.version_info[:2], ours])
    stamp, wanted = folder / trainer / "pins", hashlib.sha256(pins.encode()).hexdigest()
    python = folder / trainer / "bin" / "python"
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    shutil.rmtree(folder / trainer, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder / trainer)], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", "uv"], check=True)
    listed = subprocess.run([python, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True).stdout
    links = [line.partition("=")[2].strip("'") for line in listed.splitlines() if ".find-links" in line]
    install = [python, "-m", "uv", "pip", "install", "-q", "--python", python]
    for link in dict.fromkeys(links):  # wheels that this machine's pip would find, such as a CPU build of torch
        install += ["--find-links", link]
    together, alone = PINS[trainer]
    subprocess.run([*install, *together, "-e", str(ROOT)], check=True)
    if alone:
        subprocess.run([*install, "--no-deps", *alone], check=True)
    if trainer in SOURCES:
        where = [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
        site = subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip()
        other = ["--target", site, "--python-version", _SOURCES_PYTHON, "--no-deps"]
        subprocess.run([python, "-m", "uv", "pip", "install", "-q", *other, *SOURCES[trainer]], check=True)
    stamp.write_text(wanted)
    return python


@pytest.fixture(scope="session")
def run_in(environments: Path) -> Callable[..., dict[str, Any]]:
    """Run `programs/<name>` with a trainer's interpreter and return the object it printed last."""

    def run(trainer: str, program: str, *arguments: str, **variables: str) -> dict[str, Any]:
        python = _make(environments, trainer)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # each process of Ray would compile torch and its trainer anew
        offline = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "CUDA_VISIBLE_DEVICES": ""}
        offline["RAY_worker_niceness"] = "0"  # 15 by default, which beside other tests is minutes of waiting
        offline["OMP_NUM_THREADS"] = "1"  # threads of torch spin while they wait, four times the work on a busy machine
        done = subprocess.run(
            [python, PROGRAMS / program, *arguments],
            capture_output=True,
            text=True,
            timeout=_RUN_SECONDS,
            env=inherited | offline | variables,
            check=False,
        )
        told = f"{done.stdout[-4000:]}\n{done.stderr[-6000:]}"
        assert done.returncode == 0, told
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        assert lines, told
        return json.loads(lines[-1])

    return run


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """The live server, without a sandbox: its verdict on every program is `ungradable`."""
    with live_service() as running:
        yield running
