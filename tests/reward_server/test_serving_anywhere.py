"""A machine that isolates too little still serves every kind that runs no program."""

import asyncio
from pathlib import Path

import pytest

from reward_server import service
from reward_server.graders import Completion
from reward_server.graders.code import CodeTask
from reward_server.graders.exact import ExactTask
from reward_server.grading import sandboxing
from reward_server.grading.scoring import Job
from reward_server.settings import Settings
from reward_server.verdict import Verdict
from sandboxes.pool import WeakIsolationError


class _WeakPool:
    async def start(self) -> None:
        raise WeakIsolationError("no real isolation here")

    async def close(self) -> None:
        return None


async def _graded(settings: Settings) -> tuple[Verdict, Verdict, str]:
    """A right answer and a program, and why programs are not graded."""
    async with service.open_service(settings) as running:
        jobs = [
            Job(ExactTask(ground_truth="Paris"), Completion("Paris")),
            Job(CodeTask(tests=[{"stdin": "", "stdout": "1"}]), Completion("```python\nprint(1)\n```")),
        ]
        right, code = [one.verdict for one in await running.scoring.score(jobs)]
        return right, code, running.unready("code")


def test_a_server_whose_sandboxes_are_not_there_starts_and_grades_all_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sandboxing, "_START_SECONDS", 0.1)
    settings = Settings(sandbox="socket", sandbox_sockets=tmp_path, cache_file="memory")
    right, code, why = asyncio.run(_graded(settings))
    assert right.outcome.value == "correct"
    assert (code.outcome.value, code.score) == ("ungradable", None)
    assert str(tmp_path) in code.evidence["reason"]
    assert why == "no sandbox slot lives"


def test_without_isolation_code_is_ungradable_and_all_else_is_graded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sandboxing, "make_pool", lambda _settings: _WeakPool())

    right, code, why = asyncio.run(_graded(Settings(cache_file=tmp_path / "cache.sqlite")))
    assert right.outcome.value == "correct"
    assert code.outcome.value == "ungradable"
    assert "docker compose up" in code.evidence["reason"]
    assert "docker compose up" in why
