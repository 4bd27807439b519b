"""Every language keeps its promises where it is installed: echo, small programs, compile errors, honest failure.

In Docker every language echoes; the other programs run there when this machine's own installation did not run them.
"""

import asyncio
import re
from collections.abc import Iterator
from typing import ClassVar

import pytest

from sandboxes import languages
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import LanguageUnavailable
from tests.sandboxes.language_programs import PROGRAMS

LANGUAGES = languages.discover()
ECHOED = b"first line\nsecond line\n"
BROKEN = "this ((( is no program in any language }}} 'unclosed"


class Bench:
    """Runs programs on one slot at a time: of this machine's own processes, or of the images that are built."""

    ran_here: ClassVar[set[tuple[str, str]]] = set()
    """Language and source of what this machine's own installations ran."""

    def __init__(self, runner: asyncio.Runner, place: str) -> None:
        self.runner, self.place = runner, place
        self.pool = SandboxPool(_families(place), slots=1, allow_weak_isolation=True)
        runner.run(self.pool.start())

    def run(
        self, language: str, source: str, stdin: bytes = ECHOED, count: int = 1, cpu_seconds: float = 5.0
    ) -> list[Execution]:
        if self.place == "docker" and (language, source) in self.ran_here:
            pytest.skip(f"this machine's own {language} ran it")
        invocations = [Invocation(stdin=stdin)] * count
        limits = Limits(cpu_seconds=cpu_seconds)
        try:
            done = self.runner.run(self.pool.run(Program(language, source), invocations, limits))
        except LanguageUnavailable as missing:
            pytest.skip(str(missing))
        if self.place == "process" and source != LANGUAGES[language].self_test:
            self.ran_here.add((language, source))
        return done


def _families(place: str) -> list[Family]:
    if place == "process":
        return [Family("process", process.launch)]
    import docker

    from sandboxes.launchers import docker as launcher

    return launcher.families(docker.from_env())


@pytest.fixture(scope="module", params=["process", pytest.param("docker", marks=pytest.mark.docker)])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with asyncio.Runner() as runner:
        bench = Bench(runner, request.param)
        yield bench
        runner.run(bench.pool.close())


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_self_test_echoes_every_time_from_one_compilation(bench: Bench, name: str) -> None:
    executions = bench.run(name, LANGUAGES[name].self_test, count=2)
    assert [(execution.status, execution.stdout) for execution in executions] == [(Status.OK, ECHOED)] * 2


@pytest.mark.parametrize("name", sorted(set(LANGUAGES) - {"php"}))
def test_text_that_is_no_program_is_never_a_success(bench: Bench, name: str) -> None:
    """PHP is left out: there, text outside of `<?php` is output."""
    (execution,) = bench.run(name, BROKEN)
    assert execution.status in {Status.COMPILE_ERROR, Status.EXIT}, execution
    if LANGUAGES[name].compile:
        assert execution.status is Status.COMPILE_ERROR
        assert re.search(r"error|exception|syntax|unexpected|unclosed", execution.error, re.IGNORECASE), execution.error


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_program_reads_numbers_over_several_lines_and_prints_their_sum(bench: Bench, name: str) -> None:
    (execution,) = bench.run(name, PROGRAMS[name].total, b"5\n30 -7 1\n2 16\n")
    assert (execution.status, execution.stdout.split()) == (Status.OK, [b"42"]), execution


@pytest.mark.parametrize("name", LANGUAGES)
def test_an_error_while_running_is_no_success(bench: Bench, name: str) -> None:
    (execution,) = bench.run(name, PROGRAMS[name].fails)
    assert execution.status in {Status.EXIT, Status.SIGNAL}, execution


@pytest.mark.parametrize("name", LANGUAGES)
def test_an_endless_program_is_ended_by_its_processor_time(bench: Bench, name: str) -> None:
    (execution,) = bench.run(name, PROGRAMS[name].endless, cpu_seconds=0.5)
    assert execution.status is Status.CPU_LIMIT, execution
    assert execution.cpu_seconds >= 0.5


@pytest.mark.parametrize("name", [name for name in LANGUAGES if PROGRAMS[name].deep])
def test_a_hundred_thousand_nested_calls_return(bench: Bench, name: str) -> None:
    (execution,) = bench.run(name, PROGRAMS[name].deep or "")
    assert (execution.status, execution.stdout.split()) == (Status.OK, [b"100000"]), execution


def test_names_and_aliases_mean_one_language_each() -> None:
    spellings = [spelling for name, language in LANGUAGES.items() for spelling in (name, *language.aliases)]
    assert len(spellings) == len(set(spellings))
    assert all(spelling == spelling.lower() for spelling in spellings)
