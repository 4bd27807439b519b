"""Bearer keys of several tenants: who enters, what they may take, and keys that change while the service runs."""

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient
from typer.testing import CliRunner

from reward_server.cli import app as command
from reward_server.grading.quotas import ANYBODY, asking
from reward_server.http.app import create_app
from reward_server.http.keys import KeyRing, KeysError, digest_of
from reward_server.settings import Settings
from sandboxes import turns

_RIGHT = {"task": {"kind": "exact", "ground_truth": "Paris"}, "completion": "<answer>Paris</answer>"}


def _line(tenant: str, key: str, **quotas: float) -> str:
    return json.dumps({"tenant": tenant, "sha256": digest_of(key), **quotas})


def _bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def _client(*lines: str, **settings: Any) -> TestClient:
    given = {"sandbox": "none", "cache_file": "memory", "api_keys": SecretStr("\n".join(lines))} | settings
    return TestClient(create_app(Settings(**given)))


def _post(client: TestClient, key: str, count: int = 1) -> Any:
    return client.post("/score", json={"items": [_RIGHT] * count}, headers=_bearer(key))


def test_each_key_opens_as_its_tenant_and_another_opens_nothing():
    ring = KeyRing(SecretStr("token"), SecretStr("\n".join(["# ours", "", _line("a", "one"), _line("b", "two")])))
    held = [ring.holder(_bearer(key)) for key in ("one", "two", "token", "on", "", digest_of("one"))]
    assert [tenant and tenant.name for tenant in held] == ["a", "b", "", None, None, None]
    assert ring.holder({"x-api-key": "two"}) == held[1]
    assert ring.holder({}) is None
    assert KeyRing().holder({}) is ANYBODY
    assert KeyRing(file=None, keys=SecretStr("")).holder({}) is None  # keys are wanted, and there are none


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"tenant": "a"}', "line 1: sha256"),
        ('{"tenant": "a", "sha256": "secret"}', "line 1: sha256"),
        ('{"tenant": "a b", "sha256": "' + "0" * 64 + '"}', "line 1: tenant"),
        ('{"tenant": "a", "sha256": "' + "0" * 64 + '", "items": 3}', "line 1: items"),
        ('{"tenant": "a", "sha256": "' + "0" * 64 + '", "items_a_minute": 0}', "line 1: items_a_minute"),
        ("secret", "line 1"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_its_key_is_not_told(line: str, said: str):
    with pytest.raises(KeysError, match=said) as error:
        KeyRing(keys=SecretStr(line))
    assert "secret" not in str(error.value)


def test_two_keys_of_a_tenant_name_the_same_quotas():
    with pytest.raises(KeysError, match="different quotas"):
        KeyRing(keys=SecretStr(_line("a", "one", items_a_minute=5) + "\n" + _line("a", "two", items_a_minute=6)))


def test_keys_are_taken_in_and_away_without_a_restart_and_a_broken_file_changes_nothing(tmp_path: Path):
    now, file = [0.0], tmp_path / "keys.jsonl"
    file.write_text(_line("a", "old") + "\n")
    ring = KeyRing(file=file, clock=lambda: now[0])
    enters = lambda key: ring.holder(_bearer(key)) is not None  # noqa: E731
    assert (enters("old"), enters("new")) == (True, False)
    for text, expected in (
        (_line("a", "old") + "\n" + _line("a", "new") + "\n", (True, True)),
        (_line("a", "new") + "\n", (False, True)),
        ("broken\n", (False, True)),
        ("", (False, False)),
    ):
        file.write_text(text)
        os.utime(file, ns=(time.time_ns(), time.time_ns()))
        now[0] += 1.1
        assert (enters("old"), enters("new")) == expected, text
    file.unlink()
    now[0] += 1.1
    assert not enters("new")
    with pytest.raises(KeysError, match="REWARD_API_KEYS_FILE"):
        KeyRing(file=file)


def test_quotas_hold_by_http_and_say_when_to_come_back():
    lines = (_line("few", "f", items_a_minute=6), _line("small", "s", largest_batch=2), _line("free", "x"))
    with _client(*lines) as client:
        assert [_post(client, "f", 4).status_code, _post(client, "f", 2).status_code] == [200, 200]
        refused = _post(client, "f", 3)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
        assert "6 items a minute" in refused.json()["detail"]
        large = _post(client, "s", 3)
        assert (large.status_code, _post(client, "s", 2).status_code) == (413, 200)
        assert "2: send several" in large.json()["detail"]
        assert _post(client, "x", 100).status_code == 200
        assert _post(client, "y").status_code == 401
        assert client.get("/graders", headers=_bearer("y")).status_code == 401
        assert client.get("/graders", headers=_bearer("x")).status_code == 200
        assert client.get("/healthz").status_code == client.get("/metrics").status_code == 200
        asked_in_another_way = client.post("/openrlhf/get_reward", json={}, headers=_bearer("y"))
        assert asked_in_another_way.status_code == 401


def test_the_tenant_reaches_turns_and_flights(monkeypatch: pytest.MonkeyPatch):
    seen: list[tuple[str, str]] = []
    with _client(_line("a", "one"), _line("b", "two")) as client:
        service = client.app.state.service  # type: ignore[attr-defined]
        score = service.scoring.score

        async def noting(*arguments: Any) -> Any:
            who = await asyncio.create_task(_who())
            seen.extend([who] if who != ("", "") else [])  # the self-test asks too
            return await score(*arguments)

        monkeypatch.setattr(service.scoring, "score", noting)
        for key in ("one", "two", "one"):
            assert _post(client, key).status_code == 200
    assert seen == [("a", "a"), ("b", "b"), ("a", "a")]


async def _who() -> tuple[str, str]:
    return turns.tenant.get(), asking.get().name


def test_a_key_that_the_command_made_opens(tmp_path: Path):
    made = CliRunner().invoke(command, ["key", "alice", "--items-a-minute", "100"])
    assert made.exit_code == 0
    key = made.stderr.split()[-1]
    assert key not in made.stdout
    holder = KeyRing(keys=SecretStr(made.stdout)).holder(_bearer(key))
    assert holder is not None
    assert (holder.name, holder.items_a_minute, holder.cpu_seconds_a_minute) == ("alice", 100, None)
    refused = CliRunner().invoke(command, ["key", "no blanks"])
    assert refused.exit_code == 2
    assert "tenant" in refused.stderr
