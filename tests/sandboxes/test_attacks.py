"""Attack programs earn nothing and harm nothing, honest programs are right: one program, one test, on every level."""

import asyncio
import functools
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import SandboxError
from tests.sandboxes.attacks import CALLS, Arena, check, load, own_attacks

SHARED = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[3] / "shared")) / "attacks" / "attacks.jsonl"
PLACES = ["process-3", "process-2", "process-1", pytest.param("docker", marks=pytest.mark.docker)]
"""Namespaces as root, a uid of its own, Landlock and seccomp alone, a hardened container."""


def _shared_attacks() -> list[Any]:
    if not SHARED.is_file():
        reason = f"no attack programs at {SHARED} (set REWARD_SHARED_DIR)"
        return [pytest.param({}, id="shared", marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(row, id=row["id"]) for row in load(SHARED)]


def _families(place: str) -> list[Family]:
    if place == "docker":
        import docker

        from sandboxes.launchers import docker as launcher

        return launcher.families(docker.from_env())
    level = int(place[-1])
    python = sys.executable if level == 3 else shutil.which("python3", path="/usr/bin")
    if python is None:
        pytest.skip("other users cannot read this interpreter, and there is no /usr/bin/python3")
    return [Family(place, functools.partial(process.launch, level=level, python=python))]


@pytest.fixture(scope="module", params=PLACES)
def arena(request: pytest.FixtureRequest) -> Iterator[Arena]:
    with asyncio.Runner() as runner:
        try:
            pool = SandboxPool(_families(request.param), slots=2)
            runner.run(pool.start())
        except* SandboxError as refused:
            pytest.skip(f"{request.param} is not granted here: {refused.exceptions[0]}")
        yield Arena(runner, pool, place=request.param, per_zygote=2 if request.param == "process-3" else 1)
        runner.run(pool.close())


def _offered(arena: Arena, row: dict[str, Any]) -> None:
    if not arena.offers(row["language"]):
        pytest.skip(f"{row['language']} is not installed here")


@pytest.mark.shared
@pytest.mark.parametrize("row", _shared_attacks())
def test_attack(arena: Arena, row: dict[str, Any]) -> None:
    _offered(arena, row)
    check(arena, row)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in own_attacks()])
def test_own_attack(arena: Arena, row: dict[str, Any]) -> None:
    _offered(arena, row)
    check(arena, row)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row["id"])
        for row in (load(SHARED) if SHARED.is_file() else [])
        if row["mode"] == "function" and row["language"] == "python" and row["category"] != "control"
    ],
)
@pytest.mark.shared
def test_attack_on_asserts(arena: Arena, row: dict[str, Any]) -> None:
    asserts = row["asserts"]
    verdict = arena.grade({"kind": "code", "language": "python", "tests": asserts, "cpu_seconds": 1.5}, row["source"])
    assert verdict.score == 0.0, verdict


def test_function_attacks_have_tests_to_fail() -> None:
    assert all(test["output"] == 2 * test["args"][0] for test in CALLS)
