"""Takes a group through each trainer's own code (`peers/<trainer>.py`); prints rewards, advantages, and what a lost
completion did to them.

A peer's `step(completions)` returns the rewards that the trainer holds and the advantages that it computes, None where
it left a sample out, and raises where the step does not happen.
"""

import importlib
import json
import os
import sys
import traceback
from typing import Any

from group import ALONE, LOST, TOGETHER

URL, *PEERS = sys.argv[1:]
os.environ["REWARD_URL"] = URL


def seen(name: str) -> dict[str, Any]:
    """Return what the trainer makes of the group without and with a completion that cannot be graded."""
    step = importlib.import_module(f"peers.{name}").step
    rewards, alone = step(list(ALONE))
    told = {"rewards": rewards, "alone": alone, "siblings": None, "stopped": None}
    try:
        _, together = step(list(TOGETHER))
    except Exception as error:  # noqa: BLE001 - what is raised is what is tested
        return told | {"stopped": f"{type(error).__name__}: {error}"}
    place = TOGETHER.index(LOST)
    return told | {"siblings": [one for number, one in enumerate(together) if number != place], "lost": together[place]}


results = {}
for peer in PEERS:
    try:
        results[peer] = seen(peer)
    except Exception:  # noqa: BLE001 - one trainer's failure is its test's alone
        results[peer] = {"failed": traceback.format_exc()}
    sys.stdout.write(f"{peer}: {results[peer].get('failed', 'ran')}\n")
sys.stdout.write(json.dumps(results) + "\n")
sys.stdout.flush()
