"""Takes a group through each trainer's own code (`peers/<trainer>.py`); prints rewards, advantages, and what a lost
completion did to them.

A peer's `step(completions)` returns the rewards that the trainer holds and the advantages that it computes, None where
it left a sample out, and raises where the step does not happen. `logged()`, where a peer has it, returns what the
trainer's own code then writes to its log.
"""

import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from group import ALONE, LOST, TOGETHER

Step = Callable[[list[str]], tuple[list[float], list[float | None]]]


def seen(step: Step, logged: Callable[[], dict[str, float]] = dict) -> dict[str, Any]:
    """Return what the trainer makes of the group without and with a completion that cannot be graded."""
    rewards, alone = step(list(ALONE))
    told = {"rewards": rewards, "alone": alone, "siblings": None, "stopped": None, "logged": logged()}
    try:
        _, together = step(list(TOGETHER))
    except Exception as error:  # noqa: BLE001 - what is raised is what is tested
        return told | {"stopped": f"{type(error).__name__}: {error}"}
    place = TOGETHER.index(LOST)
    return told | {"siblings": [one for number, one in enumerate(together) if number != place], "lost": together[place]}


def _seen_by(peer: ModuleType) -> dict[str, Any]:
    return seen(peer.step, getattr(peer, "logged", dict))


def main(url: str, steps: Mapping[str, Step | None]) -> None:
    """Take the group through each trainer's step, that of its module where none is given, and print what was seen."""
    os.environ["REWARD_URL"] = url
    results = {}
    for peer, step in steps.items():
        try:
            results[peer] = seen(step) if step else _seen_by(importlib.import_module(f"peers.{peer}"))
        except Exception:  # noqa: BLE001 - one trainer's failure is its test's alone
            results[peer] = {"failed": traceback.format_exc()}
        sys.stdout.write(f"{peer}: {results[peer].get('failed', 'ran')}\n")
    sys.stdout.write(json.dumps(results) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], dict.fromkeys(sys.argv[2:]))
