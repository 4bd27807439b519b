"""Every language keeps its promises where it is installed: echo, small programs, compile errors, honest failure.

In Docker that is all of them; beside it, what this machine has on PATH, at every level.
"""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandboxes import languages
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import LanguageUnavailable
from tests.sandboxes.language_programs import PROGRAMS
from tests.sandboxes.places import PLACES

LANGUAGES = languages.discover()
WRITTEN = sorted(set(LANGUAGES) & set(PROGRAMS))
"""Those that these tests have programs in; every language has its self-test beside."""
ECHOED = b"first line\nsecond line\n"
BROKEN = "this ((( is no program in any language }}} 'unclosed"


class Bench:
    """Runs programs on one slot at a time: of this machine's own processes, or of the images that are built."""

    def __init__(self, runner: asyncio.Runner, place: str) -> None:
        self.runner, self.place = runner, place
        self.pool = SandboxPool(_families(place), slots=1, allow_weak_isolation=True)
        runner.run(self.pool.start())

    def offers(self, language: str) -> bool:
        return any(family.offers(language) for family in self.pool._families)

    def run(
        self, language: str, source: str, stdin: bytes = ECHOED, count: int = 1, cpu_seconds: float = 5.0
    ) -> list[Execution]:
        invocations = [Invocation(stdin=stdin)] * count
        limits = Limits(cpu_seconds=cpu_seconds)
        try:
            return self.runner.run(self.pool.run(Program(language, source), invocations, limits))
        except LanguageUnavailable as missing:
            if self.place != "docker" and "no sandbox here has" in str(missing):
                pytest.skip(f"no {language} on this machine's PATH")
            raise


def _families(place: str) -> list[Family]:
    if place != "docker":
        return [PLACES[place].family()]
    import docker

    from sandboxes.launchers import docker as launcher

    return launcher.families(docker.from_env())


@pytest.fixture(scope="module", params=["namespaces", pytest.param("docker", marks=pytest.mark.docker)])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with asyncio.Runner() as runner:
        bench = Bench(runner, request.param)
        yield bench
        runner.run(bench.pool.close())


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_self_test_echoes_every_time_from_one_compilation(bench: Bench, name: str) -> None:
    executions = bench.run(name, LANGUAGES[name].self_test, count=2)
    assert [(execution.status, execution.stdout) for execution in executions] == [(Status.OK, ECHOED)] * 2
    assert [execution.flags for execution in executions] == [(), ()], "nothing an honest program does is suspected"


@pytest.mark.parametrize("place", ["user_namespace", "uid", "landlock"])
def test_every_language_on_path_echoes_at_every_level(place: str) -> None:
    with asyncio.Runner() as runner:
        bench = Bench(runner, place)
        own = [name for name in LANGUAGES if bench.offers(name)]
        done = {}
        for name in own:
            try:
                (done[name],) = bench.run(name, LANGUAGES[name].self_test)
            except LanguageUnavailable as missing:  # an installation in somebody's home is closed to others
                if not re.search(rf"{Path.home()}/\S+: Permission denied", str(missing)):
                    raise
        runner.run(bench.pool.close())
    assert "python" in done
    seen = {name: (each.status, each.stdout, each.flags) for name, each in done.items()}
    assert seen == dict.fromkeys(done, (Status.OK, ECHOED, ()))


@pytest.mark.parametrize("name", sorted(set(LANGUAGES) - {"php"}))
def test_text_that_is_no_program_is_never_a_success(bench: Bench, name: str) -> None:
    """PHP is left out: there, text outside of `<?php` is output."""
    (execution,) = bench.run(name, BROKEN)
    assert execution.status in {Status.COMPILE_ERROR, Status.EXIT}, execution
    if LANGUAGES[name].compile:
        assert execution.status is Status.COMPILE_ERROR
        assert re.search(r"error|exception|syntax|unexpected|unclosed", execution.error, re.IGNORECASE), execution.error


@pytest.mark.parametrize("name", WRITTEN)
def test_a_program_reads_numbers_over_several_lines_and_prints_their_sum(bench: Bench, name: str) -> None:
    (execution,) = bench.run(name, PROGRAMS[name].total, b"5\n30 -7 1\n2 16\n")
    assert (execution.status, execution.stdout.split()) == (Status.OK, [b"42"]), execution


@pytest.mark.parametrize("name", WRITTEN)
def test_an_error_while_running_is_no_success(bench: Bench, name: str) -> None:
    (execution,) = bench.run(name, PROGRAMS[name].fails)
    assert execution.status in {Status.EXIT, Status.SIGNAL}, execution


@pytest.mark.parametrize("name", WRITTEN)
def test_an_endless_program_is_ended_by_its_processor_time(bench: Bench, name: str) -> None:
    (execution,) = bench.run(name, PROGRAMS[name].endless, cpu_seconds=0.5)
    assert execution.status is Status.CPU_LIMIT, execution
    assert execution.cpu_seconds >= 0.5


@pytest.mark.parametrize("name", [name for name in WRITTEN if PROGRAMS[name].deep])
def test_a_hundred_thousand_nested_calls_return(bench: Bench, name: str) -> None:
    (execution,) = bench.run(name, PROGRAMS[name].deep or "")
    assert (execution.status, execution.stdout.split()) == (Status.OK, [b"100000"]), execution


def test_names_and_aliases_mean_one_language_each() -> None:
    spellings = [spelling for name, language in LANGUAGES.items() for spelling in (name, *language.aliases)]
    assert len(spellings) == len(set(spellings))
    assert all(spelling == spelling.lower() for spelling in spellings)
