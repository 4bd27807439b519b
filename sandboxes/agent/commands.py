"""A language's commands on this machine: found on PATH or not, their versions, and the directories they live in."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
INSIDE = "/usr/local/bin:/usr/bin:/bin"
"""The `PATH` of programs and compilers."""
_VERSION_SECONDS = 30.0
_SYSTEM = ("/usr/", "/bin/", "/lib", "/sbin/")


def resolve(languages: dict[str, Any]) -> dict[str, Any]:
    """The languages whose commands are all here, with argv[0] as an absolute path."""
    found: dict[str, Any] = {}
    for name, language in languages.items():
        resolved = dict(language)
        home = _home(language["home"])
        for part in ("compile", "run", "version"):
            argv = _resolve_argv(language[part], home)
            if argv is None:
                break
            resolved[part] = argv
        else:
            found[name] = _with_path(resolved)
    return found


def _with_path(language: dict[str, Any]) -> dict[str, Any]:
    """The language with a `PATH` on which scripts find what was found here outside the system's own directories."""
    places = [os.path.dirname(language[part][0]) for part in ("compile", "run", "version") if language[part]]
    foreign = [place for place in dict.fromkeys(places) if place.startswith("/") and place not in INSIDE.split(":")]
    if not foreign or "PATH" in language["environment"]:
        return language
    return {**language, "environment": {**language["environment"], "PATH": ":".join([*foreign, INSIDE])}}


def _resolve_argv(argv: list[str], home: str) -> list[str] | None:
    if not argv or argv[0].startswith(("./", "{artifact}")):
        return argv
    path = shutil.which(argv[0], path=f"{home}/bin" if home else os.environ.get("PATH", _PATH))
    return None if path is None else [os.path.abspath(path), *argv[1:]]


def _home(ask: list[str]) -> str:
    """What the command says of its own installation, if what is on PATH is somebody else under its name."""
    path = shutil.which(ask[0], path=os.environ.get("PATH", _PATH)) if ask else None
    if path is None or os.path.basename(os.path.realpath(path)) == os.path.basename(path):
        return ""
    try:
        done = subprocess.run([path, *ask[1:]], capture_output=True, timeout=_VERSION_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    said = done.stdout.decode(errors="replace").strip()
    return said if done.returncode == 0 and os.path.isdir(f"{said}/bin") else ""


def prefixes(languages: dict[str, Any]) -> tuple[str, ...]:
    """Directories outside the system's own: those the commands lie in, links followed, and the declared ones."""
    needed: set[str] = set()
    for language in languages.values():
        needed.update(language["directories"])
        for part in ("compile", "run", "version"):
            argv = language[part]
            if argv and argv[0].startswith("/"):
                needed.update(map(_prefix, (argv[0], os.path.realpath(argv[0]))))
    return tuple(sorted(path for path in needed if path and not f"{path}/".startswith(_SYSTEM)))


def _prefix(path: str) -> str:
    directory = os.path.dirname(path)
    return os.path.dirname(directory) if os.path.basename(directory) == "bin" else directory


def packages() -> tuple[str, ...]:
    """Where this interpreter, without its isolation, would find third-party packages."""
    wanted = "import sys; print(*[path for path in sys.path if path.endswith('-packages')], sep=chr(10))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", wanted], capture_output=True, timeout=_VERSION_SECONDS, check=True, env={}
    )
    return tuple(done.stdout.decode().split("\n")[:-1]) if done.stdout.strip() else ()


def fingerprint(search_path: Iterable[str]) -> str:
    """A digest of the names and versions of the third-party packages in the directories: what a verdict depends on."""
    names: set[str] = set()
    for directory in search_path:
        with contextlib.suppress(OSError):
            names.update(name for name in os.listdir(directory) if name.endswith((".dist-info", ".egg-info")))
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]


def lacking(search_path: Iterable[str]) -> list[str]:
    """The modules of `images/python/requirements.txt`, which harnesses have, that are not in the directories."""
    listed = os.path.join(os.path.dirname(os.path.dirname(__file__)), "images", "python", "requirements.txt")
    try:
        with open(listed, encoding="utf-8") as file:
            names = [line.split("==")[0].strip().lower() for line in file if "==" in line]
    except OSError:
        return []
    here: set[str] = set()
    for directory in search_path:
        with contextlib.suppress(OSError):
            here.update(name.split("-")[0].lower() for name in os.listdir(directory) if name.endswith(".dist-info"))
    return sorted(_MODULES.get(name, name) for name in names if name.replace("-", "_") not in here)


_MODULES = {"python-dateutil": "dateutil"}
"""Distributions that are imported by another name."""


def version_of(language: dict[str, Any]) -> str:
    """First line of what the version command prints; empty where there is none or it fails."""
    if not language["run"]:
        return f"{sys.implementation.name} {sys.version.split()[0]}"
    if not language["version"]:
        return ""
    try:
        done = subprocess.run(
            language["version"],
            capture_output=True,
            timeout=_VERSION_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            env={"PATH": _PATH, "HOME": "/nonexistent", "LANG": "C.UTF-8"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    if done.returncode != 0:
        return ""
    lines = (done.stdout + done.stderr).decode(errors="replace").splitlines()
    return next((line.strip()[:200] for line in lines if line.strip()), "")
