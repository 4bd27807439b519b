"""Third-party packages that a program or its tests need and that are lacking where programs run: our failure, by name.

Only packages of the one list count, `sandboxes/images/python/requirements.txt`, and only those that the sandbox itself
says it lacks: importing what nobody listed, or raising the error by hand, buys nothing where the list is installed.
"""

import re
from collections.abc import Sequence

from reward_server.errors import NotInstalled
from reward_server.testing.judging.judge import Judged
from reward_server.verdict import Outcome

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
