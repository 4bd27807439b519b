"""How soon the page is there in Chromium on a log that is indexed: `python benchmarks/page_paint.py [LOG]`.

What `reward-server view LOG` serves is served, and each view opened afresh, with nothing cached, several times: the
browser's own first contentful paint, and when what the log says is drawn. Without LOG one of 50,000 verdicts is made;
`log_index.py 10000000 FOLDER` leaves a larger one.
"""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the tests' browser

from fastapi import FastAPI
from log_index import made
from selenium.webdriver.common.by import By

from reward_server import window
from reward_server.window.records import asking, looking
from reward_server.window.records.asking import Wanted
from reward_server.window.records.index import LogIndex
from tests.reward_server.window.browsing import Browser, open_chromium
from tests.reward_server.window.conftest import served

_OPENED = 8
_PAINTED = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
_NOW = "return performance.now()"


def _views(index: LogIndex) -> dict[str, tuple[str, str]]:
    """Return addresses and what has to be seen there, by name."""
    run = asking.runs(index)[0]["run"]
    number = asking.verdicts(index, Wanted(run=run))["verdicts"][0]["id"]
    task = looking.look(index)["tasks"]
    some = next((one["task"] for found in task.values() for one in found), None)
    views = {
        "runs": ("#/runs", "td a"),
        "a run": (f"#/runs/run/{run}", "figure .u-over"),
        "a list, filtered": (f"#/runs/list?run={run}&outcome=no_answer", "td a"),
        "one verdict": (f"#/runs/verdict/{number}", ".verdict"),
        "look here first": ("#/look", ".tile h2"),
        "look here first, a run": (f"#/look?run={run}", "figure .u-over"),
    }
    return views | ({"a task": (f"#/runs/task/{some}", "td a")} if some else {})


def _opened(browser: Browser, address: str, selector: str) -> tuple[float, float]:
    browser.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    browser.driver.get("about:blank")
    browser.driver.get(address)
    while not browser.driver.find_elements(By.CSS_SELECTOR, selector):
        time.sleep(0.005)
    drawn = float(browser.run(_NOW))
    painted = browser.run(_PAINTED)
    while painted is None:
        time.sleep(0.01)
        painted = browser.run(_PAINTED)
    return float(painted), drawn


def _painted(log: Path) -> None:
    index = LogIndex(log)
    index.refresh()
    app = FastAPI()
    window.mount(app, window.of_log(log))
    browser = open_chromium(Path("runs/screenshots"))
    try:
        with served(app) as url:
            for name, (address, selector) in _views(index).items():
                times = [_opened(browser, url + address, selector) for _ in range(_OPENED)]
                told = [
                    f"median {statistics.median(each):6.0f}   worst {max(each):6.0f} ms"
                    for each in zip(*times, strict=True)
                ]
                print(f"  {name:<24} first paint {told[0]}   drawn {told[1]}", flush=True)
    finally:
        browser.driver.quit()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "audit.jsonl"
        if not log.exists():
            made(log, random.Random(0), 50_000)
        _painted(log)


if __name__ == "__main__":
    main()
