"""What each protocol answers when something is wrong: one row for each, measured by `test_faults`.

`docs/protocols.md` shows it (`tests/plug_pages.py`), so that what a user reads is what the test saw.
"""

from typing import NamedTuple

AGAIN = "`503`, `detail`, `Retry-After`"
HELD = "`504`, `detail`, `Retry-After`"
LATER = "`429`, `detail`, `Retry-After`"
UNREAD = "`422`, `detail`, `problems`"
REFUSED = "`422`, `detail`"
LOCKED = "`401`, `detail`"
NONE_SUCH = "–"
_INTERNAL = '`201`, `status.description: "Internal Error"`, `message: "…"`'
_NO_REWARD = '`200`, `reward: null`, `metadata.reason: "…"`'
_TOOL = '`200`, `ok: false`, `error: "…"`'
_TEXT = '`200`, `errcode: 0`, `errmsg: "…"`, `reward_score: "…"`'
_MASKED = '`200`, `reward: 0.0`, `mask_sample: true`, `failure_kind: "…"`'

FAULTS = {
    "lost": "has no verdict by a failure of ours",
    "no truth": "has a ground truth that nothing can be graded by",
    "unread": "lacks a field, or cannot be read",
    "locked": "comes without a key",
    "busy": "is one too many",
}
"""Name of a fault → what the item has or does."""


class Answers(NamedTuple):
    """A protocol's answers, in the order of `FAULTS`."""

    lost: str = AGAIN
    no_truth: str = NONE_SUCH
    unread: str = UNREAD
    locked: str = LOCKED
    busy: str = LATER


ANSWERS = {
    "bedrock": Answers(no_truth='`200`, `0.aggregate_reward_score: 0.0`, `0.metrics_list.1.name: "ungradable"`'),
    "eval_protocol": Answers(no_truth="`200`, `score: 0`, `is_score_valid: false`"),
    "judge0": Answers(lost=_INTERNAL, busy=_INTERNAL),
    "kimina": Answers(busy=NONE_SUCH),
    "llamafactory": Answers(no_truth="`200`, `scores: [0.0]`"),
    "nemo_gym": Answers(no_truth=_MASKED),
    "nemo_gym `?ungradable=mask`": Answers(
        lost='`200`, `reward: 0.0`, `mask_sample: true`, `failure_kind: "verifier_error"`', no_truth=_MASKED
    ),
    "open_instruct": Answers(no_truth=REFUSED),
    "open_r1": Answers(),
    "openenv": Answers(lost=_NO_REWARD, no_truth=_NO_REWARD),
    "openrlhf": Answers(no_truth="`200`, `scores: [0.0]`, `rewards: [0.0]`, `extra_logs.ungradable: [1.0]`"),
    "ors": Answers(lost=_TOOL, no_truth=_TOOL, unread=_TOOL, busy=_TOOL),
    "piston": Answers(),
    "roll": Answers(lost=_TEXT, no_truth='`200`, `errcode: 2`, `errmsg: "…"`', busy=_TEXT),
    "sandboxfusion `/run_code`": Answers(lost=HELD, busy=HELD),
    "sandboxfusion `/submit`": Answers(lost=HELD, no_truth=REFUSED),
    "slime": Answers(no_truth="`200`, `0.0`"),
    "slime `?format=dict`": Answers(no_truth="`200`, `score: 0.0`, `ungradable: 1.0`"),
}
"""Name of a protocol, and its route or option where it has several → what it answers."""


def table() -> str:
    """Return the table in Markdown."""
    lines = [f"| an item that … | {' | '.join(FAULTS.values())} |", f"|---|{'---|' * len(FAULTS)}"]
    for name, answers in ANSWERS.items():
        protocol, _, rest = name.partition(" ")
        lines.append(f"| {' '.join(part for part in (f'`{protocol}`', rest) if part)} | {' | '.join(answers)} |")
    return "\n".join(lines) + "\n"
