"""Preparing a submission, and what each run of it is to be; how one goes is in `underway.py`."""

import math
import os
import stat
from contextlib import suppress
from typing import Any, NamedTuple

from sandboxes.agent import commands, levels, meters, standing, submission, underway
from sandboxes.agent.configuration import LANDLOCK, RunOrder
from sandboxes.agent.frames import Frame
from sandboxes.agent.script import Script
from sandboxes.agent.slot import Place, zygote_for
from sandboxes.agent.submission import Submission
from sandboxes.agent.system import descriptors, sweep
from sandboxes.agent.underway import Assignment, Reply
from sandboxes.agent.watch import Bounds

_THREAD_SLACK_BYTES = 512 * 1024 * 1024
"""Address space beyond the memory limit: stacks of threads and allocator arenas are reserved, not used."""
_RUNTIME_SLACK_BYTES = 2 * 1024 * 1024 * 1024
_PYTHON_STACK_BYTES = 120 * 1024 * 1024
"""What lies between the stack and the first mapping of a process started with the usual 8 MiB limit."""
_STACK_BYTES = 256 * 1024 * 1024
_COMPILE_OUTPUT_BYTES = 64 * 1024
_OWN_PROCESSES = 16
"""Agent, zygotes and their init, which a user namespace counts together with the program."""
_COMPILE_ERROR_BYTES = 1024 * 1024
_COMPILE_PROCESSES = 256
_MOST_LAPS = 1000
"""Times its limit that the kernel lets a process run where the limit holds for each lap; the agent watches closer."""
_KEPT_BYTES = 224 * 1024 * 1024
"""What a compilation may leave, so that beside it there is room for the largest files a task allows."""


def drop(place: Place) -> None:
    """Forget the submission and its compile products."""
    standing.dismiss(place)
    held = place.submission
    place.submission = None
    if held is None:
        return
    held.close()
    if held.artifact:
        os.chmod(held.artifact, 0o1777)
        sweep.wipe((held.artifact,), place.jail.compile_uid)
        sweep.empty(held.artifact)
        os.rmdir(held.artifact)


def prepare(place: Place, frame: Frame) -> Reply:
    """Take a submission; compile it where its language compiles."""
    drop(place)
    header, (source, *contents) = frame
    name = header["language"]
    if name not in place.languages:
        return {"status": "unavailable"}, []
    files = dict(zip(header["files"], contents, strict=True))
    held = Submission(name, descriptors.sealed("source", source), submission.tier_for(source), files)
    place.submission = held
    language = place.languages[name]
    if not language["run"]:
        return {"status": "ok"}, []
    _place_source(place, held, language["file_name"], source)
    held.tier = "bare"
    if not language["compile"]:
        return {"status": "ok"}, []
    return _compile(place, held, language)


def _place_source(place: Place, held: Submission, file_name: str, source: bytes) -> None:
    """A fresh directory, written before anything untrusted runs and never written by the agent again."""
    place.serial += 1
    held.artifact = f"{place.artifacts}/{place.serial}"
    held.artifact_inside = f"{place.jail.artifacts}/{place.serial}"
    os.mkdir(held.artifact, 0o755)
    for name, content in {**held.files, file_name: source}.items():
        if "/" in name:
            os.makedirs(f"{held.artifact}/{os.path.dirname(name)}", exist_ok=True)
        with open(f"{held.artifact}/{name}", "xb") as file:
            file.write(content)


def _compile(place: Place, held: Submission, language: dict[str, Any]) -> Reply:
    bounds = Bounds(
        cpu_seconds=language["compile_cpu_seconds"],
        wall_seconds=max(10.0, language["compile_cpu_seconds"]),
        memory_bytes=language["compile_memory_bytes"],
        output_bytes=_COMPILE_OUTPUT_BYTES,
        scratch_bytes=2 * language["compile_output_bytes"],
        processes=_COMPILE_PROCESSES,
        error_bytes=_COMPILE_ERROR_BYTES,
    )
    order = RunOrder(
        python=False,
        address_space_bytes=None,
        cpu_seconds=math.ceil(bounds.cpu_seconds) + 1,
        file_bytes=language["compile_output_bytes"],
        scratch_bytes=bounds.scratch_bytes,
        processes=_COMPILE_PROCESSES,
        stack_bytes=_STACK_BYTES,
        writable_artifact=held.artifact_inside,
    )
    asked = {"argv": _fill(language["compile"], held), "environment": _environment(place, language, held)}
    os.chmod(held.artifact, 0o1777)
    seen, blobs = underway.perform(place, Assignment(held, order, bounds, asked, b"", {}))
    seen["flags"] = []  # what a compiler tries is the compiler's doing
    held.take_units()
    os.chmod(held.artifact, 0o755)
    if seen["status"] == "ok" and meters.size_of(held.artifact) > min(bounds.scratch_bytes, _KEPT_BYTES):
        seen["status"] = "output_limit"
    if seen["status"] == "ok":
        _make_executable(held, language["run"])
        return {**seen, "status": "ok"}, blobs[:2]
    return {**seen, "cause": seen["status"], "status": "compile_error"}, blobs[:2]


def _make_executable(held: Submission, run: list[str]) -> None:
    """Do for the linker what it may not where chmod is refused (level 1), in a file that is certainly its own."""
    if not run or not run[0].startswith("./"):
        return
    path = os.path.realpath(f"{held.artifact}/{run[0]}")
    if not path.startswith(os.path.realpath(held.artifact) + "/") or os.access(path, os.X_OK):
        return
    with suppress(OSError), open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        if stat.S_ISREG(status.st_mode) and status.st_nlink == 1:
            os.fchmod(file.fileno(), 0o755)


def run(place: Place, frame: Frame) -> Reply:
    """Run the submission once."""
    made = underway.ready(place, assign(place, frame))
    underway.begin(place, made, frame.header["more"])
    return underway.finish(place, made)


class Terms(NamedTuple):
    """What runs under the same limits have in common, while their submission's interpreter is the same."""

    order: RunOrder
    bounds: Bounds
    tier: str


def assign(place: Place, frame: Frame, terms: Terms | None = None) -> Assignment:
    """What a run is to be, whole. Nothing of it happens yet. `terms` are those of a run under the same limits."""
    held = place.submission
    header, (stdin, *contents) = frame
    if held is None:
        raise KeyError("run before prepare")
    language = place.languages[held.language]
    if header["invocation"]["wire"] and held.tier == submission.BARE:
        held.tier = submission.WIRED
    if terms is None or terms.tier != held.tier or place.jail.level == LANDLOCK:  # others of the user come and go
        terms = terms_of(place, held, header)
    asked = header["invocation"]
    if language["run"]:
        asked["argv"] = [*_fill(language["run"], held), *asked["argv"]]
        asked["environment"] = _environment(place, language, held)
    files = {**held.files, **dict(zip(header["files"], contents, strict=True))}
    order, bounds, _ = terms
    work = Assignment(held, order, bounds, asked, None if header["conversation"] else stdin, files)
    if asked["wire"] == "program" and not header["conversation"]:
        work = work._replace(stdin=None, script=Script(stdin))
    return work


def terms_of(place: Place, held: Submission, header: dict[str, Any]) -> Terms:
    """The terms that `header` sets."""
    language, limits = place.languages[held.language], header["limits"]
    python = not language["run"]
    bounds = Bounds(
        cpu_seconds=limits["cpu_seconds"] * language["cpu_factor"],
        wall_seconds=limits["wall_seconds"] * language["cpu_factor"],
        memory_bytes=limits["memory_bytes"] + language["extra_memory_bytes"],
        output_bytes=limits["output_bytes"],
        scratch_bytes=limits["file_bytes"],
        processes=limits["processes"] + language["extra_processes"],
        clearly_over=limits["clearly_over"],
        laps=header["laps"],
    )
    zygote_for(place, held.tier)
    order = RunOrder(
        python=python,
        address_space_bytes=_address_space(place, held, language, bounds.memory_bytes),
        cpu_seconds=(math.ceil(bounds.cpu_seconds * bounds.clearly_over) + 1) * (_MOST_LAPS if bounds.laps else 1),
        file_bytes=limits["file_bytes"],
        scratch_bytes=limits["file_bytes"],
        processes=limits["processes"] + language["extra_processes"] + _neighbours(place),
        stack_bytes=_PYTHON_STACK_BYTES if python else _STACK_BYTES,
    )
    return Terms(order, bounds, held.tier)


def _neighbours(place: Place) -> int:
    """What RLIMIT_NPROC counts together with the program: all of the user's where it has no uid of its own."""
    if place.jail.uid is not None:
        return 0
    return levels.tasks_of_user() if place.jail.level == LANDLOCK else _OWN_PROCESSES


def _address_space(place: Place, held: Submission, language: dict[str, Any], memory_bytes: int) -> int | None:
    if not language["run"]:
        return place.baselines[held.tier][1] + memory_bytes + _THREAD_SLACK_BYTES
    if place.jail.memory_cgroup or not language["limit_address_space"]:
        return None
    return memory_bytes + _RUNTIME_SLACK_BYTES


def _fill(argv: list[str], held: Submission) -> list[str]:
    filled = [part.replace("{artifact}", held.artifact_inside) for part in argv]
    if filled[0].startswith("./"):
        filled[0] = f"{held.artifact_inside}/{filled[0][2:]}"
    return filled


def _environment(place: Place, language: dict[str, Any], held: Submission) -> dict[str, str]:
    own = {name: value.replace("{artifact}", held.artifact_inside) for name, value in language["environment"].items()}
    box, tmp = f"{place.jail.scratch}/box", f"{place.jail.scratch}/tmp"
    constant = {"PATH": commands.INSIDE, "LANG": "C.UTF-8", "ONLINE_JUDGE": "1"}
    return {**constant, "HOME": box, "TMPDIR": tmp, **own}
