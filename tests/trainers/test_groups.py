"""One group through each trainer's own reward path and its own advantages, with and without a completion that is lost.

`programs/peers/<trainer>.py` says in its docstring what of the trainer is the package itself, what is taken from its
published source, and what is a stand-in. A completion that our service cannot grade must leave its siblings the
advantages of the group without it, or the step must not happen.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trainer_client.live import live_service
from trainer_client.adapters import discover

pytestmark = [pytest.mark.trainers, pytest.mark.timeout(1200)]
SHARED = sorted(path.stem for path in Path(__file__).parent.glob("programs/peers/*.py"))
PEERS = [*SHARED, "unsloth"]
LEAVES_OUT = {"art", "axolotl", "trl", "unsloth", "verifiers"}
"""Those that train on the siblings; the step of the others does not happen."""
TASKS = [
    {"id": "sum", "question": "What is 3 + 4?", "answer": "7"},
    {"id": "program", "prompt": "Print seven.", "kind": "code", "tests": [{"stdin": "", "stdout": "7"}]},
]
"""For LLaMA-Factory, which sends no ground truth."""
STOPS = {
    "atropos": ("Atropos sent no group",),
    "eval_protocol": ("503 Server Error",),
    "nemo_gym": ("503 Service Unavailable",),
    "llamafactory": ("KeyError: 'scores'",),
    "roll": ("invalid literal", "too many dimensions 'str'", "must be real number"),
}
"""What a trainer raises where it is not our reason."""
ELSEWHERE = {"openrlhf": "test_openrlhf", "verl": "test_verl"}
"""Adapters whose trainer has an environment of its own, and the test of what it makes of a lost completion."""
REASON = "this server was started without sandboxes"


@pytest.fixture(scope="module")
def groups(run_in: Callable[..., dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each trainer made of the group."""
    tasks = tmp_path_factory.mktemp("tasks") / "tasks.jsonl"
    tasks.write_text("\n".join(map(json.dumps, TASKS)))
    with live_service("--sandbox", "none", "--tasks-file", str(tasks)) as url:
        together = run_in("trl", "group_rewards.py", url, *SHARED)
        return together | run_in("unsloth", "unsloth_step.py", url)


def test_every_adapter_is_taken_through_its_trainers_own_code() -> None:
    assert set(discover()) - set(PEERS) == set(ELSEWHERE)


@pytest.mark.parametrize("peer", PEERS)
def test_right_rewards_reach_the_advantages(peer: str, groups: dict[str, Any]) -> None:
    assert "failed" not in groups[peer], groups[peer]["failed"]
    assert groups[peer]["rewards"] == [1.0, 0.0, 0.0]
    right, *wrong = groups[peer]["alone"]
    assert right > wrong[0] == wrong[1]


@pytest.mark.parametrize("peer", PEERS)
def test_a_lost_completion_moves_no_sibling(peer: str, groups: dict[str, Any]) -> None:
    seen = groups[peer]
    if peer in LEAVES_OUT:
        assert seen["siblings"] == pytest.approx(seen["alone"])
        assert not seen["lost"], "trained on nothing"
    else:
        assert seen["stopped"] is not None
        assert seen["siblings"] is None
        assert any(told in seen["stopped"] for told in STOPS.get(peer, (REASON,))), seen["stopped"]


@pytest.mark.parametrize(
    ("peer", "before", "own"),
    [
        ("nemo_rl", "train/", "train/reward"),
        ("open_instruct", "env/service/", "objective/verifiable_reward"),
        ("swift", "", "loss"),
    ],
)
def test_the_trainers_own_log_shows_what_verdicts_say(peer: str, before: str, own: str, groups: dict[str, Any]) -> None:
    logged = groups[peer]["logged"]
    assert own in logged, "what the trainer logs by itself"
    third = pytest.approx(1 / 3)
    told = {"parts/accuracy": third, "outcome/correct": third, "outcome/incorrect": pytest.approx(2 / 3)}
    told |= {"outcome/ungradable": 0.0, "unscored_share": 0.0, "cheating_share": 0.0}
    assert {name: logged.get(f"{before}{name}") for name in told} == told
    assert f"{before}cached_share" in logged
