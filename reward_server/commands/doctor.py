"""`reward-server doctor`: what this machine grants, what is missing, and what to do about each lack."""

import asyncio
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import redis
import typer
from pydantic import ValidationError
from redis.exceptions import RedisError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reward_server.complaints import of_settings
from reward_server.grading.sandboxing import LEVELS, NOT_COVERED, make_pool
from reward_server.settings import SandboxChoice, Settings
from sandboxes import languages
from sandboxes.pool import WEAKEST_LEVEL
from sandboxes.sandbox import SandboxError

_OLDEST_PYTHON = (3, 11)
_COLOURS = {"ok": "green", "note": "default", "missing": "yellow", "weak": "red", "failing": "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    part: str
    state: Literal["ok", "note", "missing", "weak", "failing"]
    found: str
    advice: str = ""


def doctor(
    sandbox: Annotated[SandboxChoice | None, typer.Option(help="Examine this launcher [REWARD_SANDBOX].")] = None,
) -> None:
    """Report isolation, languages, Docker, Redis and cache; exits 1 when code could not be run safely."""
    try:
        settings = Settings(**({"sandbox": sandbox} if sandbox else {}))  # type: ignore[arg-type] # a choice by name
    except ValidationError as error:
        for line in of_settings(error.errors()):
            typer.echo(f"reward-server: {line}", err=True)
        raise typer.Exit(2) from None
    findings = [_python(), *asyncio.run(_sandbox(settings)), _docker(), _redis(settings), _cache(settings)]
    table = Table("part", "state", "found", "what to do", box=None, pad_edge=False)
    for finding in findings:
        said = escape(finding.found), escape(finding.advice)
        table.add_row(finding.part, f"[{_COLOURS[finding.state]}]{finding.state}", *said)
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    raise typer.Exit(1 if any(finding.state in {"weak", "failing"} for finding in findings) else 0)


def _python() -> Finding:
    enough = sys.version_info >= _OLDEST_PYTHON
    found = f"{platform.python_version()}, {platform.system()} {platform.release()}, {os.cpu_count()} cores"
    return Finding("python", "ok" if enough else "failing", found, "" if enough else "install Python 3.11 or newer")


async def _sandbox(settings: Settings) -> list[Finding]:
    try:
        pool = make_pool(settings.model_copy(update={"sandbox_slots": 1, "allow_weak_isolation": True}))
    except SandboxError as error:
        return [_no_sandboxes(error)]
    if pool is None:
        return [Finding("isolation", "missing", "sandbox `none`", "code tasks are ungradable; set REWARD_SANDBOX")]
    try:
        await pool.start()
        await pool.survey()
        described = pool.describe()
    except SandboxError as error:
        return [_no_sandboxes(error)]
    finally:
        await pool.close()
    findings = []
    families, failed = described["families"], described["unavailable"]
    for name, family in families.items():
        weak = family["level"] < WEAKEST_LEVEL
        advice = "; ".join(family["reasons"]) if family["reasons"] else ""
        if weak:
            advice = f"{advice}. Use --sandbox docker, or --allow-weak-isolation on a machine you can lose"
        findings.append(Finding(f"isolation ({name})", "weak" if weak else "ok", LEVELS[family["level"]], advice))
        findings.append(
            Finding("  not covered", "weak" if weak else "note", NOT_COVERED[family["level"]], "SECURITY.md")
        )
        if "python" in family["languages"]:
            findings.append(_packages(family["lacking"]))
    installed = {language: said for family in families.values() for language, said in family["languages"].items()}
    return findings + _languages(installed, failed)


def _no_sandboxes(error: SandboxError) -> Finding:
    return Finding("isolation", "failing", str(error), "see SECURITY.md, or serve with --sandbox none")


def _packages(lacking: list[str]) -> Finding:
    if not lacking:
        return Finding("  packages", "ok", "all that programs of data sets import")
    advice = "`make packages`; tasks that need them are ungradable"
    return Finding("  packages", "missing", f"lacking: {', '.join(lacking)}", advice)


def _languages(installed: dict[str, dict[str, Any]], failed: dict[str, str]) -> list[Finding]:
    """Return a line for each language that serves or fails, and one for all that are not there."""
    findings = []
    for name in sorted(installed.keys() | failed.keys()):
        if (trouble := failed.get(name)) is not None:
            advice = "on PATH, but does not work in the sandbox"
            findings.append(Finding(f"language {name}", "missing", trouble, advice))
            continue
        said = installed[name]
        memory = f", {said['extra_memory_bytes'] >> 20} MiB on top" if said["extra_memory_bytes"] else ""
        found = f"{said['version']} (CPU limit × {said['cpu_factor']:g}{memory})"
        findings.append(Finding(f"language {name}", "ok", found))
    if lacking := sorted(languages.discover().keys() - installed.keys() - failed.keys()):
        advice = "install what you need, or use the Docker images"
        findings.append(Finding("  not on PATH", "note", ", ".join(lacking), advice))
    return findings


def _docker() -> Finding:
    if shutil.which("docker") is None:
        return Finding("docker", "missing", "no docker command", "only needed for --sandbox docker and compose")
    command = ["docker", "info", "--format", "{{.ServerVersion}}, runtimes {{range $n, $_ := .Runtimes}}{{$n}} {{end}}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=15, check=False)
    except subprocess.TimeoutExpired:
        return Finding("docker", "missing", "the engine does not answer", "is it running? may this user reach it?")
    if done.returncode:
        return Finding("docker", "missing", "no engine answers", "start it, or add this user to its group")
    return Finding("docker", "ok", f"engine {done.stdout.strip()}", "")


def _redis(settings: Settings) -> Finding:
    if settings.redis_url is None:
        return Finding("redis", "missing", "REWARD_REDIS_URL is not set", "only needed to share verdicts")
    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2) as connection:
            version = connection.info("server")["redis_version"]
    except (RedisError, OSError, ValueError) as error:
        return Finding("redis", "missing", f"{settings.redis_url}: {error}", "the service runs on without it, slower")
    return Finding("redis", "ok", f"{version} at {settings.redis_url}")


def _cache(settings: Settings) -> Finding:
    if settings.redis_url is not None or not isinstance(settings.cache_file, Path):
        return Finding("cache", "ok", "redis" if settings.redis_url else "in memory")
    folder = settings.cache_file.parent
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        return Finding("cache", "missing", f"cannot write {settings.cache_file}", "set REWARD_CACHE_FILE elsewhere")
    return Finding("cache", "ok", str(settings.cache_file))
