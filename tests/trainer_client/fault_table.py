"""What each trainer is given when something fails: one row for each adapter, measured by `test_faults`.

`docs/trainers.md` shows it (`tests/plug_pages.py`), so that what a user reads is what the test saw.
"""

from trainer_client.adapters import discover

REWARDS = "the rewards"
UNAVAILABLE = "raises `Unavailable`"
REJECTED = "raises `RequestRejected`"
ALONE = "no reward for that one"
RAISES_ALONE = "raises `Ungradable` for that one"
RAISES = "raises `Ungradable`"
NO_GROUP = "None for the group"

FAULTS = {
    "down": "is down past the deadline",
    "killed": "dies in mid-step, is back after 4 s",
    "slow": "is slow, within the deadline",
    "hangs": "hangs past the deadline",
    "busy": "says 429",
    "locked": "says 401",
    "ungradable": "cannot grade one of three",
    "broken row": "refuses one row of three (422)",
}
"""Name of a fault → what the service does."""

_LEAVES_OUT = frozenset({"trl", "unsloth", "axolotl"})
_ONE_BY_ONE = frozenset("areal art open_instruct openrlhf rllm skyrl slime tinker verifiers verl".split())  # noqa: SIM905


def expected(trainer: str) -> dict[str, str]:
    """Return what a trainer is given for each fault: the same for all but where it cannot leave a sample out."""
    told = {"down": UNAVAILABLE, "killed": REWARDS, "slow": REWARDS, "hangs": UNAVAILABLE, "busy": REWARDS}
    told["locked"] = REJECTED
    if trainer in _LEAVES_OUT:
        return told | {"ungradable": ALONE, "broken row": ALONE}
    if trainer in _ONE_BY_ONE:
        return told | {"ungradable": RAISES_ALONE, "broken row": REJECTED}
    whole = NO_GROUP if trainer == "atropos" else RAISES
    return told | {"ungradable": whole, "broken row": whole}


def table() -> str:
    """Return the table in Markdown."""
    lines = [f"| the service … | {' | '.join(FAULTS.values())} |", f"|---|{'---|' * len(FAULTS)}"]
    for trainer in discover():
        told = expected(trainer)
        lines.append(f"| `{trainer}` | {' | '.join(told[fault] for fault in FAULTS)} |")
    return "\n".join(lines) + "\n"
