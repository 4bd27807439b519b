"""Every block of the README runs and prints what it says, against a server started by its own command."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[1]
_README = (_ROOT / "README.md").read_text()
_BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", _README, re.DOTALL | re.MULTILINE)
_VARYING = {"elapsed_ms", "cached", "cpu_seconds", "wall_seconds", "memory_bytes"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`make serve`'s command on a free port; yields its address."""
    cache = tmp_path_factory.mktemp("cache") / "verdicts.sqlite"
    command = [sys.executable, "-m", "reward_server.cli", "serve", "--port", "0", "--cache-file", str(cache)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REWARD_")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT, env=environment)
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"listening on http://(\S+)", line):
            yield found.group(1)
            break
    else:
        pytest.fail("the server did not start")
    process.terminate()
    process.wait(30)
    process.stdout.close()


def _commands(block: str) -> Iterator[tuple[str, str]]:
    """Split a console block into (command, output)."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines(keepends=True)
        end = next(
            i for i, line in enumerate(lines) if not line.rstrip("\n").endswith("\\") and _closed(lines[: i + 1])
        )
        yield "".join(lines[: end + 1]).replace("\\\n", " "), "".join(lines[end + 1 :])


def _closed(lines: list[str]) -> bool:
    try:
        shlex.split("".join(lines))
    except ValueError:
        return False
    return True


def _stable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stable(part) for key, part in value.items() if key not in _VARYING}
    return [_stable(part) for part in value] if isinstance(value, list) else value


_CURLS = [pair for language, block in _BLOCKS if language == "console" for pair in _commands(block)]


def test_the_readme_shows_both_commands_and_a_request():
    commands = [command.split()[0:2] for command, _ in _CURLS]
    assert ["make", "serve"] in commands
    assert ["make", "test"] in commands
    assert any(command[0] == "curl" for command in commands)


@pytest.mark.parametrize(("command", "output"), [pair for pair in _CURLS if pair[0].startswith("curl")])
def test_a_request_of_the_readme_gets_the_answer_printed_there(server: str, command: str, output: str):
    arguments = [argument.replace("127.0.0.1:8000", server) for argument in shlex.split(command)]
    arguments = [argument.replace("localhost:8000", server) for argument in arguments]
    answer = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60).stdout
    got, shown = _stable(json.loads(answer)), _stable(json.loads(output))
    for verdict, expected in zip(got["verdicts"], shown["verdicts"], strict=True):
        assert {key: verdict[key] for key in expected} == expected


@pytest.mark.parametrize("block", [block for language, block in _BLOCKS if language == "python"])
def test_the_python_of_the_readme_runs_as_printed(server: str, block: str, tmp_path: Path):
    program = block.replace("127.0.0.1:8000", server)
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    expected = re.findall(r"^# (.*)", block, re.MULTILINE)
    assert done.stdout.splitlines() == expected


@pytest.mark.parametrize("command", [command for command, _ in _CURLS if command.startswith("make ")])
def test_every_make_target_of_the_readme_exists(command: str):
    target = command.split()[1]
    assert re.search(rf"^{target}:", (_ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("page", sorted((_ROOT / "docs" / "kinds").glob("*.md")), ids=lambda page: page.stem)
def test_the_request_on_a_kinds_page_gets_the_outcomes_stated_there(server: str, page: Path):
    text = page.read_text()
    (command,) = re.findall(r"^\$ (curl .*?^REQUEST$)", text, re.DOTALL | re.MULTILINE)
    done = subprocess.run(
        ["bash", "-c", command.replace("127.0.0.1:8000", server)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    (stated,) = re.findall(r"^The outcomes, in order: (.*)\.$", text, re.MULTILINE)
    for verdict, outcome in zip(json.loads(done.stdout)["verdicts"], stated.split(", "), strict=True):
        without_lean = page.stem == "proof" and verdict["outcome"] == "ungradable"
        assert without_lean or f"`{verdict['outcome']}`" == outcome, verdict
