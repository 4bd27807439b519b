"""`reward-server new grader NAME`: a distribution of its own with a grader to change, and its test."""

import keyword
from pathlib import Path
from typing import Annotated, Literal

import typer

from reward_server import __version__, graders

_PROJECT = """[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "reward-server-{name}"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["reward-server[server]>={version}"]

[project.optional-dependencies]
test = ["reward-server[contracts]"]

[project.entry-points."reward_server.graders"]
{name} = "{name}_grader:GRADER"

[tool.hatch.build.targets.wheel]
include = ["{name}_grader.py"]
"""
_GRADER = '''"""`{name}`: is the completion's last line the ground truth?"""

from typing import Literal

from reward_server.errors import TaskError
from reward_server.graders import Completion, Example, Grader, Task
from reward_server.verdict import Outcome, Verdict


class {camel}Task(Task):
    """What a completion is held against."""

    kind: Literal["{name}"] = "{name}"
    ground_truth: str
    """What the last line must be, but for blanks around it."""


def compile_task(task: {camel}Task) -> str:
    """Read the ground truth once for each distinct task.

    Raises:
        TaskError: the row is broken; its items get `bad_ground_truth`.
    """
    truth = task.ground_truth.strip()
    if not truth:
        raise TaskError("ground_truth: it is empty")
    return truth


def grade(truth: str, completion: Completion) -> Verdict:
    """Decide; must not raise whatever the text, and be quick."""
    last = completion.text.rstrip().rpartition("\\n")[2].strip()
    evidence = {{"method": "last_line", "ground_truth": truth}}
    if not last:
        return Verdict(Outcome.NO_ANSWER, 0.0, None, evidence)
    right = last == truth
    return Verdict(Outcome.CORRECT if right else Outcome.INCORRECT, float(right), last[:200], evidence)


_TASK = {{"kind": "{name}", "ground_truth": "42"}}
GRADER = Grader(
    task={camel}Task,
    version=1,  # one more with every change that can change a verdict
    compile=compile_task,
    fast=grade,
    examples=[
        Example(_TASK, "6 * 7 is\\n42", Outcome.CORRECT),
        Example(_TASK, "6 * 7 is\\n41", Outcome.INCORRECT),
        Example(_TASK, "", Outcome.NO_ANSWER),
    ],
)
'''
_TEST = '''"""The promises of every grader, and what is special about this one."""

from {name}_grader import GRADER, {camel}Task, grade
from reward_server.contracts import GraderContract
from reward_server.graders import Completion
from reward_server.verdict import Outcome


class Test{camel}(GraderContract):
    grader = GRADER


def test_blanks_around_the_last_line_do_not_matter() -> None:
    truth = GRADER.compile({camel}Task(ground_truth=" 42"))
    assert grade(truth, Completion("so\\n  42 \\n\\n")).outcome is Outcome.CORRECT
'''


def new(
    what: Annotated[Literal["grader"], typer.Argument(help="What to begin: a grader.")],
    name: Annotated[str, typer.Argument(help="Its kind, as tasks will name it: small letters, digits and _.")],
    folder: Annotated[Path | None, typer.Option(help="Where to write it [reward-server-NAME].")] = None,
) -> None:
    """Write a starter outside of this project: a package with an entry point, a grader that works, and its test."""
    if not name.isidentifier() or name != name.lower() or keyword.iskeyword(name):
        raise typer.BadParameter(f"{name!r} is no name of small letters, digits and _", param_hint="NAME")
    if name in graders.discover():
        raise typer.BadParameter(f"there is a {what} {name!r} already", param_hint="NAME")
    target = folder or Path(f"reward-server-{name}")
    fields = {"name": name, "camel": name.title().replace("_", ""), "version": __version__}
    texts = {"pyproject.toml": _PROJECT, f"{name}_grader.py": _GRADER, f"test_{name}_grader.py": _TEST}
    if there := [file for file in texts if (target / file).exists()]:
        raise typer.BadParameter(f"{target} holds {', '.join(there)} already", param_hint="--folder")
    target.mkdir(parents=True, exist_ok=True)
    for file, text in texts.items():
        (target / file).write_text(text.format(**fields), encoding="utf-8")
    typer.echo(f"wrote {', '.join(str(target / file) for file in texts)}")
    typer.echo(f"next: pip install -e '{target}[test]' && pytest {target}; then `reward-server serve` knows {name!r}")
