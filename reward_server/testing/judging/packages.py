"""Third-party packages that a program or its tests need and that are lacking where programs run: our failure, by name.

Two lists count. Of `sandboxes/images/python/requirements.txt` what the sandbox itself says it lacks: importing what
nobody listed, or raising the error by hand, buys nothing where the list is installed. And what the task declares: where
one of those packages is absent no program of the task is judged, whether it imports it or not, so that none can choose.
"""

import json
import re
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from reward_server.errors import NotInstalled
from reward_server.testing.judging.judge import Judged
from reward_server.verdict import Outcome
from sandboxes.execution import Invocation, Limits, Program, Status
from sandboxes.sandbox import SandboxError

_ABSENT = re.compile(r"No module named '(\w+)")


def refuse_lacking(judged: Judged, lacking: Sequence[str]) -> None:
    """Refuse to judge where the absence of a listed package ended a run.

    Raises:
        NotInstalled: it did.
    """
    if not lacking:
        return
    said = [result.detail for result in judged.results if result.outcome is not Outcome.CORRECT]
    said += [
        f"{execution.error} {execution.stderr[-2000:].decode('utf-8', 'replace')}" for execution in judged.executions
    ]
    absent = next((name for text in said for name in _ABSENT.findall(text) if name in lacking), None)
    if absent is not None:
        raise NotInstalled(f"the package {absent!r} is not installed where programs run here")


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
