"""A machine that isolates too little still serves every kind that runs no program."""

import asyncio
from pathlib import Path

import pytest

from reward_server import service
from reward_server.graders import Completion
from reward_server.graders.code import CodeTask
from reward_server.graders.exact import ExactTask
from reward_server.grading.scoring import Job
from reward_server.settings import Settings
from sandboxes.pool import WeakIsolationError


class _WeakPool:
    async def start(self) -> None:
        raise WeakIsolationError("no real isolation here")

    async def close(self) -> None:
        return None


def test_without_isolation_code_is_ungradable_and_all_else_is_graded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(service, "make_pool", lambda _settings: _WeakPool())

    async def graded() -> list:
        async with service.open_service(Settings(cache_file=tmp_path / "cache.sqlite")) as running:
            jobs = [
                Job(ExactTask(ground_truth="Paris"), Completion("Paris")),
                Job(CodeTask(tests=[{"stdin": "", "stdout": "1"}]), Completion("```python\nprint(1)\n```")),
            ]
            return [one.verdict for one in await running.scoring.score(jobs)] + [running.unready("code")]

    right, code, why = asyncio.run(graded())
    assert right.outcome.value == "correct"
    assert code.outcome.value == "ungradable"
    assert "docker compose up" in code.evidence["reason"]
    assert "docker compose up" in why
