"""Every block of README and docs runs and prints what it says, or says why it is not run and is read at least."""

import ast
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .blocks import ROOT, Block, Command, blocks, commands

_ALL = list(blocks())
_VARYING = {"elapsed_ms", "cached", "cpu_seconds", "wall_seconds", "memory_bytes"}
_RUN = {"console", "python", "json", "bash", "yaml"}
_SHOWN = {"text", "nginx", "mermaid", "toml"}
_ELSEWHERE = re.compile(r"make |source |reward-server (?:serve|demo|view|doctor)\b|.*\b(?:FILE|URL|NAME|YOUR)\b")
"""Not run here: what serves until it is stopped, what depends on the machine, and what names a file of the reader's."""
_COMMANDS = [command for block in _ALL if block.language == "console" for command in commands(block)]
_TO_RUN = [command for command in _COMMANDS if command.block.why_not is None]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The command of `make serve` on a free port; yields its address."""
    cache = tmp_path_factory.mktemp("cache") / "verdicts.sqlite"
    command = [sys.executable, "-m", "reward_server.cli", "serve", "--port", "0", "--cache-file", str(cache)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=_environment())
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a reader of all pages would work in."""
    return tmp_path_factory.mktemp("reader")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REWARD_")}
    return kept | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "120"}


def _stable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stable(part) for key, part in value.items() if key not in _VARYING}
    return [_stable(part) for part in value] if isinstance(value, list) else value


def _holds(got: Any, shown: Any) -> bool:
    """Tell whether an answer has everything that is shown of it."""
    if isinstance(shown, dict) and isinstance(got, dict):
        return all(key in got and _holds(got[key], value) for key, value in shown.items())
    if isinstance(shown, list) and isinstance(got, list):
        return len(got) == len(shown) and all(map(_holds, got, shown))
    return bool(got == pytest.approx(shown) if isinstance(shown, float) else got == shown)


def _line_is_there(line: str, output: str) -> bool:
    """Tell whether a line was printed; `…` stands for anything, white space for white space."""
    pattern = r"\s+".join(re.escape(word).replace("…", ".*") for word in line.split())
    return re.search(pattern, output) is not None


def test_every_block_is_of_a_language_that_a_test_knows():
    unknown = [block.name for block in _ALL if block.language not in _RUN | _SHOWN]
    assert not unknown, f"blocks of no known language: {unknown}"


def test_the_readme_shows_how_to_serve_to_test_and_to_ask():
    shown = {tuple(command.text.split()[:2]) for command in _COMMANDS if command.block.page == "README.md"}
    assert {("make", "serve"), ("make", "test"), ("curl", "-s")} <= shown


@pytest.mark.parametrize("command", [c for c in _TO_RUN if not _ELSEWHERE.match(c.text)], ids=lambda c: c.name)
def test_a_command_prints_what_is_shown(server: str, folder: Path, command: Command):
    line = re.sub(r"(127\.0\.0\.1|localhost):8000", server, command.text)
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, check=False, timeout=100, cwd=folder, env=_environment()
    )
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-1000:]
    if command.output.lstrip().startswith("{"):
        assert _holds(_stable(json.loads(done.stdout)), _stable(json.loads(command.output))), done.stdout
    for shown in filter(str.strip, [] if command.output.lstrip().startswith("{") else command.output.splitlines()):
        assert _line_is_there(shown, done.stdout + done.stderr), f"{shown!r} is not in {done.stdout}{done.stderr}"


@pytest.mark.parametrize(
    "block", [b for b in _ALL if b.language == "python" and not b.why_not], ids=lambda block: block.name
)
def test_a_program_prints_the_comments_at_its_margin(server: str, folder: Path, block: Block):
    done = subprocess.run(
        [sys.executable, "-c", block.text.replace("127.0.0.1:8000", server)],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        cwd=folder,
        env=_environment(),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == re.findall(r"^# (.*)", block.text, re.MULTILINE)


def test_json_is_read_and_a_request_or_an_item_is_taken(server: str):
    for block in (block for block in _ALL if block.language == "json"):
        body = json.loads(block.text)
        if isinstance(body, dict) and {"task", "completion"} <= set(body):
            body = {"items": [body]}
        if isinstance(body, dict) and "items" in body and block.why_not is None:
            request = urllib.request.Request(
                f"http://{server}/score", json.dumps(body).encode(), {"content-type": "application/json"}
            )
            try:
                with urllib.request.urlopen(request, timeout=60) as reply:
                    assert len(json.load(reply)["verdicts"]) == len(body["items"])
            except urllib.error.HTTPError as error:
                pytest.fail(f"{block.name}: {error.read().decode()}")


def test_what_is_not_run_is_read():
    for block in _ALL:
        if block.language == "python":
            ast.parse(block.text)
        if block.language == "yaml":
            list(yaml.safe_load_all(block.text))
    scripts = [block.text for block in _ALL if block.language == "bash"]
    scripts += [command.text for command in _COMMANDS if command.block.why_not is not None]
    for script in scripts:
        read = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        assert read.returncode == 0, f"{script}\n{read.stderr}"


def test_nothing_is_left_unrun_without_a_reason():
    bare = [block.name for block in _ALL if block.language == "bash" and block.why_not is None]
    assert not bare, f"scripts are not run and do not say why: {bare}"
    assert [command for command in _TO_RUN if command.text.startswith("curl")]


@pytest.mark.parametrize("command", [c for c in _COMMANDS if c.text.startswith("make ")], ids=lambda c: c.name)
def test_every_make_target_exists(command: Command):
    targets = [word for word in command.text.split("#")[0].split()[1:] if word.isidentifier() or "-" in word]
    assert re.search(rf"^{targets[0]}:", (ROOT / "Makefile").read_text(), re.MULTILINE), command.text


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "kinds").glob("*.md")), ids=lambda page: page.stem)
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
