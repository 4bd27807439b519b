"""The page of the API works without the internet, and every kind's example can be executed."""

import re

import pytest
from fastapi.testclient import TestClient

from reward_server.http.app import create_app
from reward_server.http.docs import vendor
from reward_server.pinned import altered
from reward_server.settings import Settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory):
    settings = Settings(sandbox="none", cache_file=tmp_path_factory.mktemp("docs") / "cache.sqlite")
    with TestClient(create_app(settings)) as served:
        yield served


def test_the_page_asks_no_other_host(client: TestClient):
    page = client.get("/docs")
    assert page.status_code == 200
    names = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert names
    assert not [name for name in names if "//" in name]
    for name in names:
        served = client.get(f"/{name}")
        assert served.status_code == 200, name
        assert served.content
    assert "unsafe-eval" not in page.headers["content-security-policy"]
    assert client.get("/docs/assets/nothing.js").status_code == 404
    assert client.get("/docs/assets/..%2F__init__.py").status_code == 404


def test_the_files_are_the_pinned_ones():
    assert altered(vendor.PACKAGES, vendor.ASSETS) == []


def test_names_of_schemas_can_be_read_and_reward_parts_say_what_they_measure(client: TestClient):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert {"Item", "ScoreRequest"} <= set(schemas)
    assert not [name for name in schemas if len(name) > 40]
    assert schemas["ScoreRequest"]["properties"]["items"]["items"]["$ref"] == "#/components/schemas/Item"
    assert all(part["description"] for part in schemas["Rewards"]["properties"].values())


def test_every_kinds_example_can_be_executed(client: TestClient):
    document = client.get("/openapi.json").json()
    examples = document["paths"]["/score"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert {"math", "code", "schema", "sql"} <= set(examples)
    for kind, example in examples.items():
        answer = client.post("/score", json=example["value"])
        assert answer.status_code == 200, (kind, answer.text)
