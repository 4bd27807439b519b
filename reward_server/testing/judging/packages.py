"""Third-party packages that a program or its tests need and that are lacking where programs run: our failure, by name.

Two lists count. Of `sandboxes/images/python/requirements.txt` what the sandbox itself says it lacks: importing what
nobody listed buys nothing, nor does anything where the list is installed. And what the task declares: where one of
those packages is absent no program of the task is judged, whether it imports it or not, so that none can choose.
"""

import json
import re
import sys
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from reward_server.errors import NotInstalled
from reward_server.testing.judging.judge import Judged
from reward_server.verdict import Outcome
from sandboxes.execution import Invocation, Limits, Program, Status
from sandboxes.sandbox import SandboxError

_ENDED_BY = re.compile(r"(?:^|: )ModuleNotFoundError: No module named '(\w+)(?:\.[\w.]*)?'$")
_IMPORTED = re.compile(r"(?:^|[;:])[ \t]*(?:from[ \t]+(\w+)|import[ \t]+([\w., \t]+))", re.MULTILINE)
_ENDS = frozenset({Outcome.RUNTIME_ERROR, Outcome.COMPILE_ERROR})


def refuse_lacking(judged: Judged, source: str, lacking: Sequence[str]) -> None:
    """Refuse to judge where the absence of a listed package ended a run of a program that imports it.

    What a program only says of a package is no such end, nor is the error raised by a program that imports none. One
    that imports the package on purpose buys a null where it lacks.

    Raises:
        NotInstalled: it did.
    """
    if not lacking:
        return
    ends = (_ENDED_BY.search(result.detail) for result in judged.results if result.outcome in _ENDS)
    absent = next((end[1] for end in ends if end is not None and end[1] in lacking), None)
    if absent is not None and _imports(source, absent):
        raise NotInstalled(f"the package {absent!r} is not installed where programs run here")


def _imports(source: str, name: str) -> bool:
    """Say whether a program imports a package, or another third party's, which may import it in its turn."""
    lists = (f"{one},{several}".split(",") for one, several in _IMPORTED.findall(source))
    roots = {each.split()[0].partition(".")[0] for names in lists for each in names if each.strip(" \t.")}
    return name in roots or bool(roots - sys.stdlib_module_names)


_LOOK = """
import importlib.metadata, importlib.util, json, re, sys

def present(name):
    try:
        if importlib.util.find_spec(name.replace("-", "_")) is not None:
            return True
    except (ImportError, ValueError):
        pass
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True

print(json.dumps([name for name in json.load(sys.stdin) if not present(name)]))
"""
_KNOWN: WeakKeyDictionary[Any, dict[tuple[str, tuple[str, ...]], list[str]]] = WeakKeyDictionary()
"""What each sandbox lacks of the packages it was asked for, by its environment."""


async def require_packages(sandbox: Any, packages: Sequence[str]) -> None:
    """Look whether the packages that a task declares are where programs run; `sandbox` is a `sandboxes.pool`'s.

    Raises:
        NotInstalled: one is not.
        SandboxError: the infrastructure failed.
    """
    if not packages:
        return
    known = _KNOWN.setdefault(sandbox, {})
    key = (str(sandbox.environment_of("python")), tuple(packages))
    if key not in known:
        asked = Invocation(stdin=json.dumps(list(packages)).encode())
        (looked,) = await sandbox.run(Program("python", _LOOK), [asked], Limits())
        if looked.status is not Status.OK:
            raise SandboxError(f"looking for packages ended with {looked.status.value}: {looked.error}")
        known[str(sandbox.environment_of("python")), tuple(packages)] = known[key] = json.loads(looked.stdout)
    if known[key]:
        names = ", ".join(known[key])
        raise NotInstalled(f"packages: {names}: not installed where programs run here, and the task declares them")
