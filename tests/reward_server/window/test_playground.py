"""The playground in a real browser: every kind, live grading, evidence, sharing, and completions that mean harm."""

import json
import re
from pathlib import Path

import pytest

from reward_server.graders import discover

from .browsing import PHONE, Browser

pytestmark = pytest.mark.browser
_HOSTILE = {
    "script": "<script>window.harmed = 1</script><img src=x onerror='harmed=1'> \\boxed{<svg onload=harmed=1>}",
    "latex": "\\boxed{\\href{javascript:harmed=1}{x} \\htmlClass{skip}{\\includegraphics{http://example.org/x.png}}}",
    "endless": "\\boxed{\\def\\a{\\a\\a}\\a \\rule{900em}{900em} \\kern{-9999em}x}",
    "bidi": "right is \\boxed{\u202e12\u2066\u2067} \u200b\u200f" + "e" + "\u0301" * 5000,
    "ansi": "\x1b[31mred\x1b[0m \x00\x07 \\boxed{4\x1b[2J}",
    "long": "w" * 300_000 + " \\boxed{7} " + "q\n" * 50_000,
}


def test_an_example_is_graded_as_it_is_edited(browser: Browser, address: str):
    browser.open(address, ".verdict .pill.correct")
    browser.write("#completion", "so \\boxed{\\frac{2}{3}}")
    browser.one(".verdict .pill.incorrect")
    assert browser.one(".completion mark").text == "\\frac{2}{3}"
    assert browser.all(".box .katex"), "neither side is typeset"
    browser.photograph("playground")
    browser.write("#rewards", '{"accuracy": 1, "format": 0.5}')
    browser.one(".heading", "format")
    browser.write("#task", '{"kind": "math", "ground_trooth": 1}')
    browser.one(".live .problem", "ground_trooth")
    browser.write("#task", "{")
    browser.one(".notice", "Not JSON yet")


def test_every_kind_has_its_examples(browser: Browser, address: str):
    browser.open(address, "#kind")
    listed = browser.run("return [...document.querySelectorAll('#kind option')].map(o => o.value)")
    assert listed == sorted(discover())
    for kind in ("choice", "schema", "code"):
        browser.open(f"{address}#/playground?kind={kind}", ".verdict .pill")
        assert json.loads(browser.run("return document.querySelector('#task').value"))["kind"] == kind


def test_a_row_of_a_data_set_is_pasted(browser: Browser, address: str):
    browser.open(address, ".verdict .pill")
    browser.write("#task", json.dumps({"question": "2+2?", "answer": "2+2=4\n#### 4"}))
    browser.write("#completion", "\\boxed{4}")
    browser.one(".notice", "row of a data set")
    browser.one(".verdict .pill.correct")


def test_tests_are_edited_one_by_one(browser: Browser, address: str):
    browser.open(f"{address}#/playground?kind=code", ".tests li")
    browser.one("#language")
    browser.one(".labelled button", "add a test").click()
    assert len(browser.all(".tests li")) == 3
    browser.write(".tests li:last-child textarea:last-of-type", "77\n")
    assert json.loads(browser.run("return document.querySelector('#task').value"))["tests"][2]["stdout"] == "77\n"
    browser.one(".elsewhere pre", "77")
    browser.gone(".live[aria-busy]")
    assert browser.axe() == []
    browser.photograph("playground-tests")
    browser.one("[aria-label='remove test 1']").click()
    task = json.loads(browser.run("return document.querySelector('#task').value"))
    assert [test["stdout"] for test in task["tests"]] == ["10\n", "77\n"]
    task["tests"] = {"inputs": ["1"], "outputs": ["2"]}
    browser.write("#task", json.dumps(task))
    browser.one(".live .pill, .live .problem")
    browser.gone(".tests")


def test_a_playground_travels_in_its_link(browser: Browser, address: str):
    browser.open(address, ".verdict .pill.correct")
    browser.write("#completion", "I say \\boxed{7} ✓")
    browser.one(".verdict .pill.incorrect")
    browser.one(".row button.quiet", "copy link").click()
    browser.one(".row button.quiet", "copied")
    shared = browser.run("return location.href")
    browser.open(shared, ".verdict .pill.incorrect")
    assert browser.run("return document.querySelector('#completion').value") == "I say \\boxed{7} ✓"
    browser.open(f"{address}#/playground?x=broken", ".verdict .pill.correct")


def test_the_same_request_elsewhere(browser: Browser, address: str):
    browser.open(address, ".elsewhere")
    assert "/score" in browser.one(".elsewhere pre").text
    browser.one(".tabs button[data-name=Python]").click()
    assert "RewardClient" in browser.one(".elsewhere pre").text
    browser.one(".tabs button[data-name=trainer]").click()
    adapters = {path.stem for path in (Path(__file__).parents[3] / "trainer_client" / "adapters").glob("[!_]*.py")}
    assert set(browser.run("return [...document.querySelectorAll('.tabs option')].map(o => o.value)")) == adapters
    assert re.search(r"https?://127\.0\.0\.1:\d+|areal", browser.one(".elsewhere pre").text)


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_hostile_completion_neither_runs_nor_breaks_the_page(name: str, browser: Browser, address: str):
    browser.open(address, ".verdict .pill")
    browser.run("document.querySelector('.live').replaceChildren()")
    browser.write("#completion", _HOSTILE[name])
    browser.write("#task", json.dumps({"kind": "math", "ground_truth": _HOSTILE[name][-200:]}))
    browser.gone(".live[aria-busy]")
    browser.one(".live .verdict, .live .problem")
    browser.one(".completion", _HOSTILE[name][:5].strip("\x1b"))
    assert browser.run("return window.harmed") is None
    assert browser.overflow() <= 0
    written = browser.run("return document.querySelector('.output').textContent")
    assert not set(written) & set("\u202e\u2066\u200b\x1b\x00"), "what is hidden is not written out"
    assert not browser.all("main script, main img, main svg[onload], main a[href^=javascript]")
    assert browser.run("return document.querySelector('.output').getBoundingClientRect().height") < 6000
    browser.photograph(f"hostile-{name}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_is_found_by_axe(scheme: str, browser: Browser, address: str):
    browser.scheme(scheme)
    browser.open(f"{address}#/playground?kind=math&example=1", ".verdict .pill")
    assert browser.axe() == []
    browser.photograph(f"playground-{scheme}")


def test_a_phone_shows_it_whole(browser: Browser, address: str):
    browser.size(*PHONE)
    browser.open(address, ".verdict .pill")
    assert browser.overflow() <= 0
    browser.photograph("playground-phone")


def test_the_keyboard_reaches_everything(browser: Browser, address: str):
    from selenium.webdriver.common.keys import Keys

    browser.open(address, ".verdict .pill")
    reached = []
    for _ in range(25):
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(browser.run("const e=document.activeElement; return e.id || e.className || e.textContent"))
    assert {"skip", "kind", "example", "task", "completion", "rewards", "theme"} <= set(reached)
