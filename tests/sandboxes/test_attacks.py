"""Attack programs earn nothing and harm nothing, honest programs are right: one program, one test, at every place.

What a verdict says of a program depends on its place only where the program tries to get out, to use up, or to leave
something: those categories, and the honest controls, run in Python at every place, and in other languages in
namespaces and in a container, as does what is tried while compiling. The rest is about the verdict alone and runs in
namespaces, or in a container where its language is not on this machine. What uses up resources is watched in the same
way at level 2 in a container and outside; gVisor, slow to start and to fork, gets what reaches for the kernel and the
controls.
`REWARD_ATTACKS_EVERYWHERE=1` runs everything at every place.
"""

import asyncio
import math
import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from sandboxes import canary
from sandboxes.languages import discover
from sandboxes.sandbox import SandboxError
from tests.sandboxes.attacks import CALLS, check, check_on_asserts, load, own_attacks
from tests.sandboxes.attacks.arena import Arena, RecordingPool
from tests.sandboxes.places import MARKS, PLACES, engine

SHARED = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[3] / "shared")) / "attacks" / "attacks.jsonl"
EVERYWHERE = bool(os.environ.get("REWARD_ATTACKS_EVERYWHERE"))
OWN = own_attacks()
OF_A_PLACE = {"gvisor": {"escape", "control"}, "uid": {"escape", "data_leak", "control"}}
OF_OTHERS = {"escape", "resource", "data_leak", "control"}
OF_DOCKER = OF_OTHERS | {"compile_time", "occupation"}


def _at_places(rows: list[dict[str, Any]]) -> list[Any]:
    """Every row at each place where it says something."""
    return [
        pytest.param(place, row, id=f"{place}-{row['id']}", marks=MARKS.get(place, ()))
        for place in PLACES
        for row in rows
        if EVERYWHERE or place == "namespaces" or _differs(place, row)
    ]


def _is_here(language: str) -> bool:
    return language == "python" or which(discover()[language].version[0]) is not None


def _differs(place: str, row: dict[str, Any]) -> bool:
    if place == "docker":
        return row["category"] in OF_DOCKER or not _is_here(row["language"])
    return row["language"] == "python" and row["category"] in OF_A_PLACE.get(place, OF_OTHERS)


def _shared() -> list[dict[str, Any]]:
    return load(SHARED) if SHARED.is_file() else []


def _shared_attacks() -> list[Any]:
    if rows := _at_places(_shared()):
        return rows
    reason = f"no attack programs at {SHARED} (set REWARD_SHARED_DIR)"
    return [pytest.param("namespaces", {}, id="shared", marks=pytest.mark.skip(reason=reason))]


@pytest.fixture(scope="module")
def arenas() -> Iterator[dict[str, Arena]]:
    """All places that were used so far: the tests of one place need not follow each other.

    No canaries: an arena asks idle slots itself, and its event loop stands still between two attacks.
    """
    opened: dict[str, Arena] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(canary, "CANARY_SECONDS", math.inf)
        yield opened
    for arena in opened.values():
        arena.runner.run(arena.pool.close())
        arena.runner.close()
    if engine.cache_info().currsize:
        engine().close()


@pytest.fixture
def arena(request: pytest.FixtureRequest, arenas: dict[str, Arena]) -> Arena:
    place = request.param
    if place not in arenas:
        runner, pool = asyncio.Runner(), RecordingPool(PLACES[place].families(), slots=2)
        try:
            runner.run(pool.start())
        except* SandboxError as refused:
            runner.close()
            pytest.skip(f"{place} is not granted here: {refused.exceptions[0]}")
        arenas[place] = Arena(runner, pool, place)
    return arenas[place]


def _offered(arena: Arena, row: dict[str, Any]) -> None:
    if not arena.offers(row["language"]):
        pytest.skip(f"{row['language']} is not installed here")
    if not arena.imports(row.get("modules", ())):
        pytest.skip(f"{row['modules']} are not installed here")


@pytest.mark.shared
@pytest.mark.parametrize(("arena", "row"), _shared_attacks(), indirect=["arena"])
def test_attack(arena: Arena, row: dict[str, Any]) -> None:
    _offered(arena, row)
    check(arena, row)


@pytest.mark.parametrize(("arena", "row"), _at_places(OWN), indirect=["arena"])
def test_own_attack(arena: Arena, row: dict[str, Any]) -> None:
    _offered(arena, row)
    check(arena, row)


@pytest.mark.parametrize("arena", ["namespaces"], indirect=True)
@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row["id"], marks=[] if row in OWN else [pytest.mark.shared])
        for row in (*_shared(), *OWN)
        if row["mode"] == "function" and row["language"] == "python" and (row["category"] != "control" or row in OWN)
    ],
)
def test_attack_on_asserts(arena: Arena, row: dict[str, Any]) -> None:
    _offered(arena, row)
    check_on_asserts(arena, row)


def test_function_attacks_have_tests_to_fail() -> None:
    assert all(test["output"] == 2 * test["args"][0] for test in CALLS)
