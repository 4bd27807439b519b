"""What the documents name exists: settings, commands with their options, metrics, links with their anchors."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import reward_server.cli
import trainer_client.cli
from tests.reward_server.telemetry.test_dashboards import exported

from .blocks import ROOT, pages

_DOCUMENTS = [
    *pages(),
    *(ROOT / name for name in ("ARCHITECTURE.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", "SETTINGS.md")),
]
_DOCUMENTS.append(ROOT / "trainer_client" / "README.md")
_APPS: dict[str, Any] = {
    "reward-server": typer.main.get_command(reward_server.cli.app),
    "trainer-client": typer.main.get_command(trainer_client.cli.app),
}
_VARIABLE = re.compile(r"\bREWARD_[A-Z][A-Z_]*[A-Z]\b")
_CODE = re.compile(r"^```+(?:console|bash|text)\n(.*?)^```+$|`([^`\n]+)`", re.DOTALL | re.MULTILINE)
_CALL = re.compile(r"(?:^|[/;&|$(]\s?|^\s+)((?:reward-server|trainer-client)\s[^\n|<>;#)]*)", re.MULTILINE)
_METRIC = re.compile(r"`(reward_[a-z_]+)(?:\{[^`]*\})?`")
_NO_METRICS = {
    "reward_server",
    *("reward_fn", "reward_funcs", "reward_model", "reward_score", "reward_components", "reward_manager"),
    *("reward_spec", "reward_weights"),
}
_ELSEWHERE = (
    "trainer_client/**/*.py",
    "docker-compose.yml",
    "deploy/*",
    "tests/conftest.py",
    "tests/reward_server/kinds/*.py",
)
"""Where variables are read that are no setting of the server."""

each_document = pytest.mark.parametrize(
    "path", _DOCUMENTS, ids=[path.relative_to(ROOT).as_posix() for path in _DOCUMENTS]
)


def _known_variables() -> set[str]:
    texts = [(ROOT / "SETTINGS.md").read_text()]
    texts += [path.read_text() for pattern in _ELSEWHERE for path in ROOT.glob(pattern) if path.is_file()]
    return {name for text in texts for name in _VARIABLE.findall(text)}


def test_every_variable_that_is_named_is_read_somewhere():
    known = _known_variables()
    for path in _DOCUMENTS:
        unknown = set(_VARIABLE.findall(path.read_text())) - known
        assert not unknown, f"{path.name} names {unknown}"


def _calls(path: Path) -> Iterator[list[str]]:
    """Yield the words of each call of one of our commands that stands in code."""
    for block, inline in _CODE.findall(path.read_text()):
        for call in _CALL.findall((block or inline).replace("\\\n", " ")):
            try:
                yield shlex.split(call)
            except ValueError:
                yield call.split()


@each_document
def test_every_command_and_option_that_is_named_exists(path: Path):
    for program, *words in _calls(path):
        app = _APPS[program]
        if not words or not re.fullmatch(r"[a-z][a-z0-9-]*", words[0]):
            continue
        assert words[0] in app.commands, f"{program} {words[0]}"
        options = {name for option in app.commands[words[0]].params for name in (*option.opts, *option.secondary_opts)}
        named = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)} - {"--help"}
        assert named <= options, f"{program} {words[0]} has no {named - options}"


def test_every_metric_that_is_named_is_exported():
    samples = set(exported())
    families = samples | {re.sub(r"_(?:bucket|sum|count)$", "", name) for name in samples}
    for path in _DOCUMENTS:
        unknown = set(_METRIC.findall(path.read_text())) - families - _NO_METRICS
        assert not unknown, f"{path.name} names {unknown}"


def _anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub and the site make them."""
    text = re.sub(r"^```+.*?^```+$", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@each_document
def test_every_link_leads_to_a_file_and_a_heading(path: Path):
    text = re.sub(r"(?<!`)`[^`\n]+`(?!`)", "code", path.read_text())  # a pattern in code is no link
    for target, anchor in re.findall(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)", text):
        file = (path.parent / target) if target else path
        assert file.exists(), f"links to {target}"
        if anchor and file.suffix == ".md":
            assert anchor in _anchors(file), f"{target}#{anchor}: no such heading"
