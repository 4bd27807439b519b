"""`edit`: a change to given files that applies cleanly and makes the tests pass.

The edit is a unified diff or SEARCH/REPLACE blocks (`reward_server.edits` says in which forms, and that it applies as
strictly as `git apply`). Then the `entry` file is graded as `code` grades a program, by tests in any of its forms:
they never lie among the files, so no edit reaches them. Decided: an edit that does not apply, leads outside of the
files, touches a protected file or changes nothing is wrong; tests that pass without any edit break the row. Several
files are one Python program, in which the others are imported; in other languages the entry is the only file.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from reward_server.complaints import said
from reward_server.edits.applying import apply_edits
from reward_server.edits.bundling import bundle
from reward_server.edits.reading import EditError, read_edits
from reward_server.errors import TaskError
from reward_server.graders import Completion, Example, Grader, Resources, Task, code
from reward_server.verdict import Outcome, Verdict

_SHOWN = 2_000
_OWN = frozenset(("kind", "language", "tests", "ground_truth", "prompt", "prelude"))
"""Fields of a code task that an edit task has itself, or that a whole program has no use for."""


class EditTask(Task):
    """Grade an edit of files by tests."""

    kind: Literal["edit"] = "edit"
    files: dict[str, str] = Field(min_length=1, max_length=500)
    """The files by path, as they are before the edit."""
    tests: Any
    """Tests of the entry file in any form that `code` takes: inputs and outputs, asserts, unittest or pytest source."""
    entry: str | None = None
    """The file that is tested; may be left out where there is only one."""
    language: str = "python"
    """What the entry is written in."""
    protected: list[str] = Field(default_factory=list)
    """Paths, or patterns of paths such as `tests/*`, that may not be edited."""
    options: dict[str, Any] = Field(default_factory=dict)
    """Further fields of a `code` task: `fn_name`, `cpu_seconds`, `reducer`, `minimum_trust`, …"""
    ground_truth: str | None = None
    """A right edit, for `lint`; nothing is compared with it."""

    @model_validator(mode="after")
    def _options_are_known(self) -> "EditTask":
        twice = sorted(set(self.options) & _OWN)
        if twice:
            raise ValueError(f"options: {twice[0]!r} is no field of it here")
        try:
            self.code_task()
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"options.{'.'.join(map(str, first['loc']))}: {said(first)}") from None
        return self

    def code_task(self) -> code.CodeTask:
        """Return the task by which the edited entry is graded."""
        return code.CodeTask.model_validate({**self.options, "language": self.language, "tests": self.tests})


@dataclass(frozen=True)
class _Compiled:
    files: dict[str, str]
    entry: str
    protected: tuple[str, ...]
    tests: code.Compiled
    stated: str | None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    known: dict[str, Verdict] = field(default_factory=dict)
    """What the tests say of the files before any edit, once they have run."""


def compile_task(task: EditTask) -> _Compiled:
    """Find the entry and read the tests.

    Raises:
        TaskError: there is no such entry, a path leads outside, several files are not Python, or the tests are unknown.
    """
    entry = task.entry or (next(iter(task.files)) if len(task.files) == 1 else "")
    if entry not in task.files:
        raise TaskError(f"entry: {entry!r} is none of the files" if entry else "entry: which of the files is tested?")
    tests = code.compile_task(task.code_task())
    if tests.language != "python" and len(task.files) > 1:
        raise TaskError(f"files: several files can be tested in Python alone, not in {tests.language}")
    for path in task.files:
        if path.startswith("/") or ".." in path.split("/"):
            raise TaskError(f"files: {path!r} leads outside")
    return _Compiled(dict(task.files), entry, tuple(task.protected), tests, task.ground_truth)


def _edited(compiled: _Compiled, completion: Completion) -> dict[str, str] | None:
    """Return the files after the completion's edit, None where it has none.

    Raises:
        EditError: it cannot be read, or does not apply.
    """
    edits = read_edits(completion.text)
    return apply_edits(compiled.files, edits, compiled.protected) if edits else None


def fast(compiled: _Compiled, completion: Completion) -> Verdict | None:
    """Decide where there is no edit, or one that does not apply."""
    reason, outcome = "", Outcome.INCORRECT
    try:
        files = _edited(compiled, completion)
        if files is None:
            reason, outcome = "no diff and no SEARCH/REPLACE block in the completion", Outcome.NO_ANSWER
        elif files == compiled.files:
            reason = "the edit changes nothing"
        elif compiled.entry not in files:
            reason = f"{compiled.entry} is deleted"
    except EditError as error:
        reason = str(error)
    if not reason:
        return None
    return Verdict(outcome, 0.0, None, {"method": "does_not_apply", "reason": reason})


async def slow(compiled: _Compiled, completion: Completion, resources: Resources) -> Verdict:
    """Run the tests on the edited files.

    Raises:
        TaskError: the tests pass without any edit.
        ServiceError: there are no sandboxes here, or they failed.
    """
    files = _edited(compiled, completion)
    assert files is not None, "`fast` decides completions without an edit"
    async with compiled.lock:
        if "before" not in compiled.known:
            before = bundle(compiled.files, compiled.entry)
            compiled.known["before"] = await code.run_tests(compiled.tests, before, "before", resources)
    if compiled.known["before"].outcome is Outcome.CORRECT:
        raise TaskError("tests: they pass without any edit, so that every edit would be right")
    verdict = await code.run_tests(compiled.tests, bundle(files, compiled.entry), "edited", resources)
    changed = sorted(path for path in {*files, *compiled.files} if files.get(path) != compiled.files.get(path))
    evidence = {**verdict.evidence, "edited": changed[:20]}
    return Verdict(verdict.outcome, verdict.score, files[compiled.entry][:_SHOWN], evidence, verdict.cacheable)


def _cache_key(compiled: _Compiled, completion: Completion) -> str:
    try:
        files = _edited(compiled, completion)
    except EditError:
        files = None
    return "" if files is None else repr(sorted(files.items()))


_MEAN = """def mean(values):
    total = 0
    for value in values:
        total += value
    return total // len(values)
"""
_REPORT = "from stats import mean\n\n\ndef report(x):\n    return f'{mean(x):.2f}'\n"
_BLOCK = """stats.py
<<<<<<< SEARCH
    return total // len(values)
=======
    return total / len(values)
>>>>>>> REPLACE
"""
_FIX = {
    "kind": "edit",
    "files": {"stats.py": _MEAN, "report.py": _REPORT},
    "entry": "report.py",
    "tests": ["assert report([1, 2]) == '1.50'", "assert report([3]) == '3.00'"],
    "ground_truth": _BLOCK,
}
_DIFF = """```diff
--- a/stats.py
+++ b/stats.py
@@ -2,4 +2,4 @@
     total = 0
     for value in values:
         total += value
-    return total // len(values)
+    return total / len(values)
```"""

GRADER = Grader(
    task=EditTask,
    version=2,
    compile=compile_task,
    fast=fast,
    slow=slow,
    cache_key=_cache_key,
    environment=lambda compiled, resources: code.environment(compiled.tests, resources),
    needs_sandbox=True,
    estimate_cpu_seconds=lambda compiled: code.GRADER.estimate_cpu_seconds(compiled.tests),
    inline_characters=2_048,
    state=lambda compiled: compiled.stated,
    examples=[
        Example(_FIX, _DIFF, Outcome.CORRECT),
        Example(_FIX, _BLOCK, Outcome.CORRECT),
        Example(_FIX, _DIFF.replace("+    return total / len", "+    return total % len"), Outcome.INCORRECT),
        Example(_FIX, _DIFF.replace(" total = 0", " total = 1"), Outcome.INCORRECT),
        Example(_FIX, "The division should be a true one.", Outcome.NO_ANSWER),
    ],
)
