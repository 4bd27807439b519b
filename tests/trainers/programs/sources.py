"""Definitions out of a trainer's published source, unmodified, where importing its package would need gigabytes."""

import re
import sysconfig
import textwrap
from pathlib import Path
from types import SimpleNamespace
from typing import Any

SITE = Path(sysconfig.get_paths()["purelib"])
SLICES = Path(__file__).parents[1] / "slices"


def taken(file: Path, *names: str, **given: Any) -> SimpleNamespace:
    """Return top-level definitions of a source file, by name; `Class.method` is the method as a function.

    They see each other, and what is `given`: the imports of the file that they use. Annotations are not evaluated.

    Raises:
        LookupError: the file defines no such name, so the release is another one than the test was written for.
    """
    text = file.read_text()
    space: dict[str, Any] = {"__name__": file.stem, **given}
    for name in names:
        code = compile(f"from __future__ import annotations\n{_definition(text, name, file)}", str(file), "exec")
        exec(code, space)  # a trainer's own source
    return SimpleNamespace(**{name.rpartition(".")[2]: space[name.rpartition(".")[2]] for name in names})


def method_of(file: Path, name: str, base: type, **given: Any) -> type:
    """Return a class of `base` with a method `Class.method` of a source file, whose `super()` is then that base."""
    owner, _, _ = name.rpartition(".")
    body = textwrap.indent(_definition(file.read_text(), name, file), "    ")
    space: dict[str, Any] = {"__name__": file.stem, "Base": base, **given}
    text = f"from __future__ import annotations\nclass {owner}(Base):\n{body}"
    exec(compile(text, str(file), "exec"), space)  # a trainer's own source
    made: type = space[owner]
    return made


def _definition(text: str, name: str, file: Path) -> str:
    owner, _, wanted = name.rpartition(".")
    if owner:
        text, indent = _definition(text, owner, file), "    "
    else:
        indent = ""
    lines = text.splitlines()
    head = re.compile(rf"{indent}(async def|def|class) {wanted}\b")
    start = next((number for number, line in enumerate(lines) if head.match(line)), None)
    if start is None:
        raise LookupError(f"{file} defines no {name}")
    end, inside = start + 1, lines[start].rstrip().endswith(":")
    while end < len(lines) and (not inside or not lines[end].strip() or lines[end].startswith(f"{indent} ")):
        inside = inside or lines[end].rstrip().endswith(":")
        end += 1
    return "\n".join(line.removeprefix(indent) for line in lines[start:end])
