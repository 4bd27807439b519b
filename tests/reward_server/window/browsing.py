"""What tests say to Chromium: open, wait, look, photograph, check for accessibility."""

import json
import re
import shutil
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from .axe import VENDORED

_ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)  # fmt: skip
_SERIOUS = {"serious", "critical"}
WIDE, PHONE = (1400, 900), (390, 844)


def open_chromium(screenshots: Path) -> "Browser":
    """Start Debian's Chromium with its driver."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in _ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    return Browser(driver, screenshots)


class Browser:
    """One window."""

    def __init__(self, driver: Any, screenshots: Path) -> None:
        self.driver = driver
        self._screenshots = screenshots
        screenshots.mkdir(parents=True, exist_ok=True)

    def fresh(self) -> None:
        """Forget what an earlier test left."""
        self.size(*WIDE)
        self.scheme("light")
        self.driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get_log("performance")

    def size(self, width: int, height: int) -> None:
        """Make the window this large."""
        given = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", given)

    def scheme(self, name: str) -> None:
        """Prefer light or dark."""
        given = {"features": [{"name": "prefers-color-scheme", "value": name}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", given)

    def open(self, url: str, until: str) -> None:
        """Load a page anew and wait for a selector."""
        self.driver.get("about:blank")
        self.driver.get(url)
        self.one(until)

    def one(self, selector: str, holding: str = "") -> WebElement:
        """Wait for an element that can be seen, with this text in it."""
        found: list[WebElement] = []

        def there(driver: Any) -> bool:
            elements = driver.find_elements(By.CSS_SELECTOR, selector)
            found[:] = [each for each in elements if each.is_displayed() and holding in each.text]
            return bool(found)

        WebDriverWait(self.driver, 20, poll_frequency=0.05, ignored_exceptions=_STALE).until(
            there, f"no {selector} with {holding!r}"
        )
        return found[0]

    def gone(self, selector: str) -> None:
        """Wait until nothing of it can be seen."""
        WebDriverWait(self.driver, 20, poll_frequency=0.05, ignored_exceptions=_STALE).until_not(
            lambda driver: any(each.is_displayed() for each in driver.find_elements(By.CSS_SELECTOR, selector)),
            f"{selector} is still there",
        )

    def all(self, selector: str) -> list[WebElement]:
        """Return what there is now."""
        return list(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def write(self, selector: str, text: str) -> None:
        """Put a text into a field as pasting does."""
        self.run("const f=document.querySelector(arguments[0]); f.value=arguments[1]; "
                 "f.dispatchEvent(new Event('input',{bubbles:true}));", selector, text)  # fmt: skip

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def photograph(self, name: str) -> None:
        """Leave a picture where a person can look."""
        time.sleep(0.15)
        self.driver.save_screenshot(str(self._screenshots / f"{name}.png"))

    def overflow(self) -> int:
        """Return how many pixels the page is wider than the window, less the room for a scroll bar."""
        return int(self.run("return document.documentElement.scrollWidth - document.body.offsetWidth"))

    def shifted(self) -> float:
        """Return how much of the page has jumped since it was opened, as the browser sums it up; 0.1 is much."""
        return float(
            self.driver.execute_async_script(
                "const done=arguments[0]; let sum=0; new PerformanceObserver(all=>{for(const one of all.getEntries())"
                "sum+=one.value;}).observe({type:'layout-shift',buffered:true}); setTimeout(()=>done(sum),100)"
            )
        )

    def axe(self) -> list[str]:
        """Return the serious findings, with what they are about."""
        if not self.run("return typeof axe === 'object'"):
            self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": (VENDORED / "axe.min.js").read_text()})
        found = self.driver.execute_async_script(
            "const done=arguments[0]; axe.run(document,{resultTypes:['violations']}).then(r=>done(r.violations))"
        )
        return [
            f"{one['id']}: {node['target']} {node['failureSummary'][:300]}"
            for one in found
            if one["impact"] in _SERIOUS
            for node in one["nodes"]
        ]

    def complaints(self) -> list[str]:
        """Return what the console holds but for answers of 4xx, which the page shows."""
        told = [each["message"] for each in self.driver.get_log("browser") if each["level"] == "SEVERE"]
        return [each for each in told if not re.search(r"status of 4\d\d", each)]

    def hosts(self) -> set[str]:
        """Return the hosts that anything was asked of."""
        asked = set()
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                parts = urlsplit(message["params"]["request"]["url"])
                asked |= {parts.hostname} if parts.scheme in {"http", "https", "ws"} else set()
        return asked


def _stale() -> tuple[type[Exception], ...]:
    from selenium.common.exceptions import StaleElementReferenceException

    return (StaleElementReferenceException,)


_STALE = _stale()
