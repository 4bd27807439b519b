"""From a curve to a completion in three clicks, and where to look first, in a real browser on a log of a service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from reward_server.http.app import create_app
from reward_server.settings import Settings

from .browsing import PHONE, Browser
from .recorded import STEPS, batch

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, serve) -> Iterator[str]:
    """The address of a service whose log has a run."""
    folder = tmp_path_factory.mktemp("runs")
    app = create_app(Settings(sandbox="none", cache_file="memory", audit_file=folder / "audit.jsonl"))
    with TestClient(app) as client:
        for step in range(1, STEPS + 1):
            headers = {"X-Reward-Run": "sums%20%E2%9C%93", "X-Reward-Step": str(step)}
            assert client.post("/score", json=batch(step), headers=headers).status_code == 200
    with serve(create_app(Settings(sandbox="none", cache_file="memory", audit_file=folder / "audit.jsonl"))) as url:
        yield url


def test_from_the_curve_to_a_completion_in_three_clicks(browser: Browser, recorded: str):
    browser.open(f"{recorded}#/runs", "td a")
    browser.one("td a", "sums ✓").click()
    browser.one("figure .u-over")
    browser.photograph("run")
    assert browser.axe() == []
    browser.one("td a", f"step {STEPS}").click()
    browser.one("td a", "group 1")
    assert browser.one("td .pill.no_answer", "zero variance")
    browser.photograph("step")
    assert browser.axe() == []
    browser.one("td a", "group 1").click()
    browser.one(".verdict mark")
    assert "What is" in browser.one("details pre").text
    assert browser.axe() == []
    browser.photograph("completion")
    first = browser.run("return location.hash")
    browser.one("body").send_keys("j")
    browser.one(".crumbs", "completion 2 of")
    browser.one("body").send_keys("k")
    browser.one(".crumbs", "completion 1 of")
    assert browser.run("return location.hash") == first
    assert {"copy as curl", "copy as test case", "copy as bug report"} <= {
        each.text for each in browser.all(".actions button")
    }


def test_a_click_on_the_curve_opens_the_step(browser: Browser, recorded: str):
    from selenium.webdriver.common.action_chains import ActionChains

    browser.open(f"{recorded}#/runs/run/sums%20%E2%9C%93", "figure .u-over")
    over = browser.one("figure .u-over")
    ActionChains(browser.driver).move_to_element(over).click().perform()
    browser.one(".crumbs", "step")
    browser.one("td a", "group 1")


def test_hostile_completions_of_a_log_are_text(browser: Browser, recorded: str):
    browser.open(f"{recorded}#/runs/list?outcome=incorrect", "td a")
    assert browser.axe() == []
    browser.run(
        "const f = document.querySelector('#filter-run'); f.value = 'sums ✓'; f.dispatchEvent(new Event('change'))"
    )
    browser.one("td", "sums ✓")
    assert "outcome=incorrect" in browser.run("return location.hash")
    for row in range(3):
        browser.open(f"{recorded}#/runs/verdict/{row + 1}", ".completion")
        assert browser.run("return window.harmed") is None
        assert not browser.all("main script, main img")
        assert browser.all(".control"), "a direction mark is hidden"
        assert browser.overflow() <= 0
    browser.photograph("hostile-record")


def test_where_to_look_first(browser: Browser, recorded: str):
    browser.scheme("dark")
    browser.open(f"{recorded}#/look", ".tile")
    assert browser.one(".tile[aria-label='near miss'] h2 b").text == str(STEPS)
    assert browser.axe() == []
    browser.one("#of-run option", "sums ✓").click()
    browser.one("figure", "Signals by step")
    browser.photograph("look")
    browser.one("td a.head", "What is").click()
    browser.one("main p", "completions")
    assert browser.axe() == []
    browser.photograph("task")
    browser.driver.back()
    browser.one(".tile[aria-label='near miss'] a").click()
    browser.one("td a").click()
    browser.one(".flags", "near miss")


def test_what_the_service_does_now(browser: Browser, recorded: str):
    browser.open(f"{recorded}#/overview", ".tile")
    browser.run("return fetch('score',{method:'POST',headers:{'Content-Type':'application/json'},body:arguments[0]})",
                '{"items":[{"task":{"kind":"math","ground_truth":"1"},"completion":"\\\\boxed{2}"}]}')  # fmt: skip
    browser.one(".tile.wide", "incorrect")
    browser.one(".halves", "compile")  # one element: its cells are drawn anew each second
    browser.one("figcaption", "Reward parts")
    assert browser.axe() == []
    browser.photograph("overview")


def test_a_run_a_kind_and_a_task_narrow_the_overview(browser: Browser, recorded: str):
    browser.open(f"{recorded}#/overview", "#narrow-run")
    browser.one("#narrow-run option", "sums ✓").click()
    browser.one(".tile", "mean reward")
    browser.one("figure figcaption", "Outcomes, shares")
    browser.photograph("overview-run")
    assert browser.axe() == []
    browser.one("#narrow-kind option", "math").click()
    browser.one(".tile", "mean reward")
    assert "kind=math" in browser.run("return location.hash")
    browser.open(f"{recorded}#/look", "td a.head")
    browser.one("td a.head", "What is").click()
    browser.one("main a", "overview of this task").click()
    browser.one("main p", "What is")
    browser.one(".tile", "without a reward")
    assert browser.axe() == []
    browser.photograph("overview-task")
    browser.one("button", "every task").click()
    browser.one("#narrow")


def test_a_phone_shows_it_whole(browser: Browser, recorded: str):
    browser.size(*PHONE)
    browser.open(f"{recorded}#/overview", "main h1")
    shown = {
        "overview": ".tile", "overview?run=sums%20%E2%9C%93": "figure", "runs": "td a",
        "runs/run/sums%20%E2%9C%93": "figure", "runs/verdict/1": ".verdict", "look": ".tile h2",
    }  # fmt: skip
    for view, selector in shown.items():
        browser.run("location.hash = arguments[0]", f"#/{view}")
        browser.one(selector)
        assert browser.overflow() <= 0, view
        browser.photograph(f"phone-{view.replace('/', '-').split('%')[0]}")
    for view in ("overview", "runs/run/sums%20%E2%9C%93"):
        browser.open(f"{recorded}#/{view}", "figure .u-over")
        assert browser.shifted() < 0.05, view


def test_the_log_names_run_step_group_and_request(tmp_path: Path):
    import json

    log = tmp_path / "audit.jsonl"
    with TestClient(create_app(Settings(sandbox="none", cache_file="memory", audit_file=log))) as client:
        named = {"X-Reward-Run": "r%C3%A9", "X-Reward-Step": "3", "X-Request-ID": "abc"}
        client.post("/score", json=batch(3), headers=named)
        client.post("/score", json=batch(1))
        refused = client.post("/score", json=batch(1), headers={"X-Reward-Step": "three"})
        assert refused.status_code == 422
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"run": "ré", "step": 3, "request": "abc", "group": "g0", "prompt": "What is 30?"}.items() <= lines[
        0
    ].items()
    assert "run" not in lines[-1]
    assert lines[-1]["request"]
