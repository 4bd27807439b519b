"""verl's reward loop with our plug: its own configuration, managers, workers and Ray actors; prints what they gave."""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import ray
import torch
import verl
from hydra import compose, initialize_config_dir
from sources import taken
from tensordict import TensorDict
from tiny import tokenizer
from verl.experimental.reward_loop.reward_loop import RewardLoopManager, RewardLoopWorker, migrate_legacy_reward_impl
from verl.protocol import DataProto
from verl.trainer.ppo.metric_utils import compute_data_metrics, process_validation_metrics
from verl.utils.reward_score import default_compute_score

import trainer_client.adapters.verl as plug
from trainer_client import RewardClient, pair
from trainer_client.client.coalescing import Coalescer
from trainer_client.client.errors import Ungradable

URL = sys.argv[1]
# verl decodes on threads, which start late on a busy machine; the count of requests must not depend on that.
Coalescer.__init__.__kwdefaults__.update(quiet_seconds=1.0, longest_seconds=10.0)
PARTS = "{accuracy: 1, format: 0.5}"
LOST = {"kind": "exact", "ground_truth": ""}


def config(folder: str, *overrides: str) -> Any:
    """Compose verl's own configuration with the lines of our docstring."""
    with initialize_config_dir(str(Path(verl.__file__).parent / "trainer" / "config"), version_base=None):
        composed = compose(
            "ppo_trainer",
            [
                f"actor_rollout_ref.model.path={folder}",
                f"reward.custom_reward_function.path={plug.__file__}",
                "reward.custom_reward_function.name=compute_score",
                f"+reward.custom_reward_function.reward_kwargs.url={URL}",
                f"+reward.custom_reward_function.reward_kwargs.rewards={PARTS}",
                *overrides,
            ],
        )
    return migrate_legacy_reward_impl(composed) if "reward_model" in composed else composed


def batch(rows: list[tuple[str, Any, str, dict[str, Any]]]) -> DataProto:
    """Return rows (data source, ground truth, completion in digits, extra_info) as verl's trainer hands them over."""
    tokens, length = tokenizer(), 6
    responses = torch.zeros(len(rows), length, dtype=torch.long)
    mask = torch.zeros(len(rows), 1 + length, dtype=torch.long)
    for row, (_, _, text, _) in enumerate(rows):
        ids = [*tokens(text)["input_ids"], tokens.eos_token_id]
        responses[row, : len(ids)] = torch.tensor(ids)
        mask[row, : 1 + len(ids)] = 1
    columns = {
        "data_source": np.array([row[0] for row in rows], dtype=object),
        "reward_model": np.array([{"style": "rule", "ground_truth": row[1]} for row in rows], dtype=object),
        "extra_info": np.array([dict(row[3]) for row in rows], dtype=object),
    }
    tensors = {"prompts": torch.ones(len(rows), 1, dtype=torch.long), "responses": responses, "attention_mask": mask}
    return DataProto(batch=TensorDict(tensors, batch_size=len(rows)), non_tensor_batch=columns)


GRADABLE = [
    ("openai/gsm8k", "72", "72", {"index": 0}),
    ("HuggingFaceH4/MATH-500", "12", "13", {"index": 1}),
    ("searchR1_nq", {"target": np.array(["7", "8"], dtype=object)}, "8", {"index": 2}),
    ("mine", None, "5", {"task": {"kind": "exact", "ground_truth": "5"}}),
]
UNGRADABLE = ("mine", None, "5", {"task": LOST})


def direct(folder: str, manager: str) -> dict[str, Any]:
    """Score 16 samples in one worker of this process."""
    worker = RewardLoopWorker(config(folder, f"reward.reward_manager.name={manager}"))
    plugged = worker.reward_manager.compute_score.args[0].__globals__  # the file, as verl loaded it
    client = plugged["kept"](URL, {"accuracy": 1, "format": 0.5}, plugged["_DEADLINE_SECONDS"]).client
    before = client.statistics
    outputs = asyncio.get_event_loop().run_until_complete(worker.compute_score_batch(batch(GRADABLE * 4)))
    return {
        "scores": [output["reward_score"] for output in outputs],
        "keys": sorted({tuple(output["reward_extra_info"]) for output in outputs}),
        "requests": client.statistics.requests - before.requests,
        "items": client.statistics.items - before.items,
    }


def logged(folder: str) -> dict[str, Any]:
    """Return what verl's own reductions make of 8 scored samples: the logs of validation and of a training step."""
    worker = RewardLoopWorker(config(folder))
    rows = GRADABLE * 2
    made = batch(rows)
    outputs = asyncio.get_event_loop().run_until_complete(worker.compute_score_batch(made))
    infos = [output["reward_extra_info"] for output in outputs]
    told: dict[str, list[float]] = {"reward": [output["reward_score"] for output in outputs]}
    told |= {key: [info[key] for info in infos] for key in infos[0]}
    update = taken(
        Path(verl.__file__).parent / "trainer/ppo/v1/trainer_base.py", "PPOTrainer._val_metrics_update", np=np,
        process_validation_metrics=process_validation_metrics,
    )._val_metrics_update  # fmt: skip
    sources, prompts = [row[0] for row in rows], [str(row[3].get("index")) for row in rows]
    validation = update(None, sources, prompts, told, [])
    scores = torch.zeros_like(made.batch["responses"], dtype=torch.float32)
    scores[:, 0] = torch.tensor(told["reward"])
    names = ("token_level_scores", "token_level_rewards", "advantages", "returns", "response_mask")
    made.batch.update(dict.fromkeys(names[:-1], scores) | {names[-1]: torch.ones_like(scores)})
    made.non_tensor_batch.update({key: np.array(values) for key, values in told.items()})
    step = compute_data_metrics(made, use_critic=False)
    return {"validation": {key: float(value) for key, value in validation.items()}, "step": sorted(step)}


def lost(folder: str, choice: str) -> Any:
    """Score a batch with one ungradable sample in it."""
    line = f"+reward.custom_reward_function.reward_kwargs.on_ungradable={choice}"
    worker = RewardLoopWorker(config(folder, line))
    try:
        outputs = asyncio.get_event_loop().run_until_complete(
            worker.compute_score_batch(batch([*GRADABLE, UNGRADABLE]))
        )
    except Ungradable as error:
        return f"Ungradable: {error}"
    return [output["reward_extra_info"] | {"reward_score": output["reward_score"]} for output in outputs]


def start_ray(tries: int = 4) -> None:
    """Start Ray, again where a busy machine is slower than the half minute that Ray gives itself."""
    try:
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    except Exception as error:
        if "timed out during startup" not in str(error) or tries == 1:
            raise
        ray.shutdown()
        start_ray(tries - 1)


def on_ray(folder: str) -> dict[str, Any]:
    """Score through verl's manager of Ray actors, as its trainer does."""
    start_ray()

    @ray.remote
    def scored_elsewhere(client: RewardClient) -> list[float | None]:
        return [verdict.reward for verdict in client.score(pair([GRADABLE[3][3]["task"]] * 2, "56"))]

    client = RewardClient(URL)
    client.fetch("/graders")  # a client that has been used travels too
    try:
        elsewhere = ray.get(scored_elsewhere.remote(client))
        manager = RewardLoopManager(config(folder, "reward.num_workers=2"))
        scored = manager.compute_rm_score(batch(GRADABLE * 2))
    finally:
        ray.shutdown()
    scores = scored.batch["rm_scores"]
    return {
        "client": elsewhere,
        "scores": scores.sum(dim=-1).tolist(),
        "places": [int(row.nonzero()[0]) for row in scores if row.any()],
        "extra": {key: scored.non_tensor_batch[key].tolist() for key in scored.meta_info["reward_extra_keys"]},
    }


PLAIN = [
    ("openai/gsm8k", "#### 72", "72"),
    ("openai/gsm8k", "#### 71", "72"),
    ("HuggingFaceH4/MATH-500", r"so \boxed{\frac{1}{2}}", r"\frac{1}{2}"),
    ("HuggingFaceH4/MATH-500", r"so \boxed{\frac{1}{3}}", r"\frac{1}{2}"),
    ("math_dapo", "thus\nAnswer: 34", "34"),
    ("math_dapo", "thus\nAnswer: 35", "34"),
    ("aime2024", r"thus Answer: \boxed{34}", "34"),
    ("numina_olympiads", r"so \boxed{2\sqrt{3}}", r"2\sqrt{3}"),
    ("searchR1_nq", "<answer>no</answer> <answer>Paris</answer>", {"target": ["Paris"]}),
]


def beside_default() -> list[dict[str, Any]]:
    """Score rows with verl's own default function and with ours."""

    async def ours(row: tuple[str, str, Any]) -> float | None:
        try:
            return (await plug.compute_score(row[0], row[1], row[2], {}, url=URL))["acc"]
        except Ungradable:
            return None

    rows = []
    for row in PLAIN:
        theirs = default_compute_score(*row)
        number = float(theirs["acc"] if isinstance(theirs, dict) else theirs)
        rows.append({"row": row[:2], "verl": number, "ours": asyncio.run(ours(row))})
    return rows


with tempfile.TemporaryDirectory() as folder:
    tokenizer().save_pretrained(folder)
    seen = {
        "naive": direct(folder, "naive"),
        "dapo": direct(folder, "dapo"),
        "logged": logged(folder),
        "raise": lost(folder, "raise"),
        "zero": lost(folder, "zero"),
        "ray": on_ray(folder),
        "default": beside_default(),
    }
    print(json.dumps(seen))  # noqa: T201
