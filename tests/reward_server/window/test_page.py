"""The page as it is served: whole, pinned, without anything inline, and not at all where it is turned off."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from reward_server.http.app import create_app
from reward_server.pinned import altered
from reward_server.settings import Settings
from reward_server.window import vendor
from reward_server.window.files import FOLDER

from . import axe


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, object]:
    return {"sandbox": "none", "cache_file": tmp_path / "cache.sqlite"}


def test_the_page_asks_no_other_host_and_runs_nothing_inline(settings: dict[str, object]):
    with TestClient(create_app(Settings(**settings))) as client:
        page = client.get("/")
        policy = page.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=|\bstyle=", page.text)
        names = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
        assert not [name for name in names if "//" in name]
        for name in names:
            served = client.get(f"/{name}")
            assert served.status_code == 200, name
            if name.startswith("window/"):
                assert client.get(f"/{name}", headers={"If-None-Match": served.headers["etag"]}).status_code == 304
        for outside in ("page/../files.py", "..%2F..%2Fsettings.py", "vendor.py", "page/nothing.js"):
            assert client.get(f"/window/static/{outside}").status_code == 404


def test_modules_ask_only_for_each_other():
    for path in (FOLDER / "page").glob("*.js"):
        text = path.read_text()
        assert not re.search(r"(inner|outer|Adjacent)HTML|document\.write|\beval\(|new Function", text), path
        for name in re.findall(r'from "\./([^"]+)"', text):
            assert (FOLDER / "page" / name).is_file(), f"{path.name} imports {name}"


def test_what_is_vendored_is_as_pinned():
    assert altered(vendor.PACKAGES, vendor.VENDORED) == []
    assert altered(axe.PACKAGES, axe.VENDORED) == []


def test_turned_off_there_is_no_page(settings: dict[str, object]):
    with TestClient(create_app(Settings(**settings, page=False))) as client:
        assert client.get("/", follow_redirects=False).headers["location"] == "docs"
        assert client.get("/window/api/about").status_code == 404
        assert client.get("/window/static/page/main.js").status_code == 404


def test_its_data_asks_for_the_token(settings: dict[str, object]):
    with TestClient(create_app(Settings(**settings, api_token="secret"))) as client:
        assert client.get("/window/api/about").json()["token"] is True
        assert client.get("/window/api/plugs").status_code == 401
        assert client.get("/window/api/plugs", headers={"Authorization": "Bearer secret"}).json()


@pytest.mark.browser
def test_a_person_is_asked_for_the_token(settings: dict[str, object], browser, serve):
    with serve(create_app(Settings(**settings, api_token="secret"))) as address:
        browser.open(address, "#token")
        browser.one("#token").send_keys("wrong\n")
        browser.one("[role=alert]", "not taken")
        assert browser.axe() == []
        browser.one("#token").send_keys("secret\n")
        browser.one(".verdict .pill.correct")
        browser.one("#bar button", "forget token").click()
        browser.one("#token")
