"""A report is one file that asks nobody for anything and shows what the page shows."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from reward_server.cli import app
from reward_server.window.files import FOLDER
from reward_server.window.report import bundle

from .browsing import Browser
from .recorded import batch


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    rows = folder / "answers.jsonl"
    rows.write_text("".join(json.dumps(item | {"ok": 1}) + "\n" for item in batch(3)["items"]))
    target = folder / "report.html"
    options = ["score", str(rows), "--sandbox", "none", "--label", "ok", "--report", str(target)]
    done = CliRunner().invoke(app, options)
    assert done.exit_code == 0, done.output
    assert "report:" in done.output
    return target


def test_a_report_holds_everything(report: Path):
    page = report.read_text()
    tags = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!#)[^"]', tags)
    assert "url(fonts" not in page
    assert "url(http" not in page
    assert "<script>window.harmed" not in page


def test_every_module_is_in_the_bundle():
    bundled = bundle("main.js")
    for path in (FOLDER / "page").glob("*.js"):
        assert f'modules["{path.name}"]' in bundled
    assert not re.search(r"^(import|export) ", bundled, re.MULTILINE)


@pytest.mark.browser
def test_a_report_in_the_browser(report: Path, browser: Browser):
    browser.open(f"file://{report}", "td a")
    browser.one("td a", "answers.jsonl").click()
    browser.one("figure .u-over")
    browser.open(f"file://{report}#/look", ".tile")
    assert browser.one(".tile[aria-label=disagreement] h2 b").text != "0"
    browser.one(".tile[aria-label=disagreement] a").click()
    browser.one("td a").click()
    browser.one(".verdict .typeset .katex")
    assert browser.run("return window.harmed") is None
    assert browser.run("return document.fonts.check('16px KaTeX_Main')")
    assert browser.axe() == []
    browser.photograph("report")
