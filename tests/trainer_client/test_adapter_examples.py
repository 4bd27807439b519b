"""What each adapter's docstring tells a user to write is run as it stands, and gives the service's rewards.

Programs are executed, flags and configuration are read as the trainer reads them, and what they name is loaded and
called as the trainer calls it. Each trainer's package is a stand-in (`tests/trainers` has the packages). Only the
service's address is another, and what a docstring leaves to the user (`...`) is filled in.
"""

import ast
import asyncio
import contextlib
import importlib
import importlib.util
import io
import itertools
import json
import re
import shlex
import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from reward_server.http.app import create_app
from reward_server.settings import Settings
from tests.trainer_client import stand_ins
from tests.trainer_client.fakes import fake_service
from trainer_client.adapters import discover, trl

A = {"kind": "exact", "ground_truth": "A"}
RIGHT, WRONG = "A", "B"
REWARDS = [1.0, 0.0]
"""Of a right completion and a wrong one."""


class Example:
    """The indented blocks of an adapter's docstring, with the address of a service that is there."""

    def __init__(self, trainer: str, url: str, package: stand_ins.Package) -> None:
        text = importlib.import_module(f"trainer_client.adapters.{trainer}").__doc__ or ""
        blocks = re.findall(r"(?:^    .*\n(?:\n(?=    ))?)+", text, re.MULTILINE)
        self.blocks = [
            re.sub(r"^    ", "", block, flags=re.MULTILINE).replace("http://127.0.0.1:8000", url) for block in blocks
        ]
        self.package = package

    def block(self, mark: str) -> str:
        """Return the block that holds this text."""
        (found,) = (block for block in self.blocks if mark in block)
        return found

    def run(self, mark: str, replaced: tuple[str, str] = ("", ""), **given: Any) -> SimpleNamespace:
        """Execute the block that holds this text; return what it defines."""
        space = {"__name__": "example", **given}
        exec(compile(self.block(mark).replace(*replaced), "example", "exec"), space)
        return SimpleNamespace(**space)

    def flags(self, mark: str) -> dict[str, str]:
        """Return the flags `--name value`, settings `name=value` and variables of a block, as a shell reads them."""
        words = shlex.split(self.block(mark), comments=True)
        flags = {word[2:]: after for word, after in itertools.pairwise(words) if word.startswith("--")}
        return flags | dict(word.split("=", 1) for word in words if re.match(r"[+\w.]+=", word))


def loaded(path: str) -> Any:
    """Return what a dotted path, or one with a colon, names."""
    module, _, name = path.replace(":", ".").rpartition(".")
    return getattr(importlib.import_module(module), name)


def loaded_from_file(printed: str, path: str) -> ModuleType:
    """Run the command that prints a plug's path, and load the file at that path, which `/that/path/` stands for."""
    command = next(shlex.split(line, comments=True) for line in printed.splitlines() if line.startswith("python -c"))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(command[2])
    file = Path(out.getvalue().strip())
    assert path == f"/that/path/{file.name}"
    spec = importlib.util.spec_from_file_location("custom_reward_fn", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def awaited(call: Callable[[str], Any]) -> list[Any]:
    """Take the right and the wrong completion through an asynchronous call."""

    async def both() -> list[Any]:
        return list(await asyncio.gather(call(RIGHT), call(WRONG)))

    return asyncio.run(both())


def areal(example: Example) -> Any:
    logged: list[dict[str, float]] = []
    stand_ins.areal(example.package, logged)

    def wrapper(function: Any, timeout_seconds: float) -> Any:
        assert timeout_seconds > importlib.import_module("trainer_client.adapters.areal").DEADLINE_SECONDS
        return partial(asyncio.to_thread, function)

    example.package("areal.api.reward_api", AsyncRewardWrapper=wrapper)
    made = example.run("AsyncRewardWrapper", workflow=SimpleNamespace())
    assert awaited(lambda text: made.workflow.async_reward_fn("", text, [], [], task=A)) == REWARDS
    assert len(logged) == len(REWARDS)
    return awaited(lambda text: made.reward("", text, [], [], task=A))


def art(example: Example) -> Any:
    filled = ("trajectory = ...", "trajectory = SimpleNamespace(metrics={}); reply = model")
    rollout = example.run("rollout", filled, SimpleNamespace=SimpleNamespace).rollout
    return [trajectory.reward for trajectory in awaited(lambda text: rollout(text, {"task": A}))]


def atropos(example: Example) -> Any:
    logged: list[dict[str, float]] = []

    class Environment:
        async def wandb_log(self, metrics: dict[str, float]) -> None:
            logged.append(metrics)

    head, mark, methods = example.block("rewards_or_none").partition("async def")
    methods = (
        (mark + methods).replace("rollout_group_data", "row, completions").replace("    ...  ", "    return rewards  ")
    )
    source = f"{head}class Made(Base):\n{textwrap.indent(methods, '    ')}"
    space: dict[str, Any] = {"Base": Environment}
    exec(compile(source, "example", "exec"), space)
    environment = space["Made"]()

    async def step() -> Any:
        rewards = await environment.score(A, [RIGHT, WRONG])
        await environment.wandb_log({"own": 1.0})
        return rewards

    rewards = asyncio.run(step())
    assert (logged[0]["own"], "outcome/correct" in logged[0]) == (1.0, True)
    return rewards


def axolotl(example: Example) -> Any:
    config = yaml.safe_load(example.block("rl: grpo"))
    assert config["rl"] == "grpo"
    (path,) = config["trl"]["reward_funcs"]
    return loaded(path)(["", ""], [RIGHT, WRONG], task=[A, A], trainer_state=None)


def easyr1(example: Example) -> Any:
    path, _, function = example.flags("worker.reward")["worker.reward.reward_function"].partition(":")
    plug = loaded_from_file(example.block("python -c"), path)
    assert plug.REWARD_TYPE == "batch"
    rows = [{"response": text, "response_length": 1, "ground_truth": A} for text in (RIGHT, WRONG)]
    return [scores["overall"] for scores in getattr(plug, function)(rows)]


def nemo_rl(example: Example) -> Any:
    pytest.importorskip("torch")
    registered = stand_ins.nemo_rl(example.package)
    module = example.run("register_env")
    assert registered == {"service": "my_module.Environment"}
    actor = module.Environment.remote({})
    logs = [[{"role": "assistant", "content": text}] for text in (RIGHT, WRONG)]
    rewards = actor.step.remote(logs, [{"task": A}, {"task": A}]).rewards.tolist()
    told: dict[str, float] = {}
    logger = SimpleNamespace(log_metrics=lambda metrics, *_: told.update(metrics))
    example.run("logged(logger", logger=logger, task_to_env={"maths": actor}, val_task_to_env=None)
    logger.log_metrics({}, 1, prefix="train")
    assert "outcome/correct" in told
    return rewards


def open_instruct(example: Example) -> Any:
    found = stand_ins.open_instruct(example.package)
    example.run("verifier()")
    (ours,) = found.__subclasses__()
    made: Any = ours()
    assert f'dataset: "{made.name}"' in example.block("verifier()")
    assert made([], RIGHT, json.dumps(A)).score == 1.0
    return [told.score for told in awaited(lambda text: made.async_call([], text, json.dumps(A)))]


def openrlhf(example: Example) -> Any:
    pytest.importorskip("torch")
    url = example.flags("get_reward")["reward.remote_url"]
    settings = Settings(sandbox="none", cache_file="memory", redis_url=None, api_token=None)
    with TestClient(create_app(settings)) as client:
        asked = {"query": [r"Q\boxed{4}", r"Q\boxed{5}"], "prompts": ["Q", "Q"], "labels": ["4", "4"]}
        assert client.post(url[url.index("/get_reward") :], json=asked).json()["rewards"] == REWARDS
    path = example.flags("REWARD_SERVER_URL")["reward.remote_url"]
    plug = loaded_from_file(example.block("python -c"), path)
    return plug.reward_func([RIGHT, WRONG], ["", ""], [json.dumps(A)] * 2)["rewards"].tolist()


def rllm(example: Example) -> Any:
    package, output = example.package, SimpleNamespace
    package("rllm", evaluator=lambda function: function)
    package("rllm.eval.types", EvalOutput=output)
    package("rllm.rewards.reward_types", RewardOutput=output)
    made = example.run("rllm.evaluator", ("...(", "dict("))
    assert [made.agent["reward_fn"]({"task": A}, text).reward for text in (RIGHT, WRONG)] == REWARDS
    return [made.service({"task": A}, {"artifacts": {"answer": text}}).reward for text in (RIGHT, WRONG)]


def skyrl(example: Example) -> Any:
    stand_ins.skyrl(example.package)
    registered: dict[str, Any] = {}
    example.package("skyrl_gym", register=lambda id, entry_point: registered.update({id: entry_point}))  # noqa: A006
    example.run("skyrl_gym.register")
    extras = {"reward_spec": {"method": "rule", "ground_truth": A}, "max_turns": 1}
    return [registered["service"](extras=extras).step(text)["reward"] for text in (RIGHT, WRONG)]


def slime(example: Example) -> Any:
    flags = example.flags("--custom-rm-path")
    samples = [SimpleNamespace(label=json.dumps(A), response=text, metadata={}) for text in (RIGHT, WRONG)]
    rewards = asyncio.run(loaded(flags["custom-rm-path"])(SimpleNamespace(), samples))
    metrics: dict[str, float] = {}
    loaded(flags["custom-rollout-log-function-path"])(0, SimpleNamespace(), samples, metrics, 1.0)
    assert metrics["rollout/outcome/correct"] == 1 / len(REWARDS)
    return rewards


def swift(example: Example) -> Any:
    tables = stand_ins.swift(example.package)
    example.run("register()", ("REWARD_URL", "# REWARD_URL"))
    flags = example.flags("swift rlhf")
    assert "register()" in example.block(flags["external_plugins"])
    assert flags["callbacks"] in tables.callbacks
    return asyncio.run(tables.orms[flags["reward_funcs"]]()([RIGHT, WRONG], task=[A, A], trainer_state=None))


def tinker(example: Example) -> Any:
    renderer = stand_ins.tinker(example.package)
    made = example.run("environment()", renderer=renderer, question="?", row=A)
    assert made.env.get_question() == "?"
    return [step.reward for step in awaited(made.env.step)]


def trl_steps(functions: Any) -> list[Any]:
    """Call a reward function, or several, as TRL does."""

    async def step() -> list[Any]:
        columns = {"prompts": ["", ""], "completions": [RIGHT, WRONG], "completion_ids": [], "task": [A, A]}
        calls = [one(**columns) for one in (functions if isinstance(functions, list) else [functions])]
        return [await said if asyncio.iscoroutine(said) else said for said in calls]

    return asyncio.run(step())


def length_bonus(completions: list[str], **_: Any) -> list[float]:
    return [float(len(text)) for text in completions]


def by_trl(example: Example) -> Any:
    config = {"GRPOConfig": SimpleNamespace, "GRPOTrainer": SimpleNamespace}
    example.package("trl", **config)
    trainer = example.run("GRPOTrainer(", dataset=[]).trainer
    assert trainer.reward_funcs.reward.client.rewards == {"accuracy": 1, "format": 1}
    assert trl_steps(trainer.reward_funcs) == [REWARDS]
    given = {"masked": trl.masked, "RewardFunction": trl.RewardFunction, "length_bonus": length_bonus}
    assert trl_steps(example.run("masked(", **given).reward_funcs) == [REWARDS, [1.0, 1.0]]
    trl._from_environment.cache_clear()
    return trl_steps(loaded(example.flags("trl grpo")["reward_funcs"]))[0]


def unsloth(example: Example) -> Any:
    rewards, bonus = trl_steps(example.run("masked(", length_bonus=length_bonus).reward_funcs)
    assert bonus == [1.0, 1.0]
    return rewards


def verifiers(example: Example) -> Any:
    (line,) = (block for block in example.blocks if "TaskConfig" in block)
    expression = next(part for part in line.splitlines() if part.startswith("TaskConfig"))
    made = eval(expression, {"TaskConfig": SimpleNamespace, "RewardFunctionConfig": SimpleNamespace})
    score = loaded(made.rewards["service"].fn)
    return awaited(lambda text: score({"task": A}, SimpleNamespace(last_reply=text, record_metrics=len)))


def verl(example: Example) -> Any:
    flags = example.flags("custom_reward_function")
    prefix = "reward.custom_reward_function."
    path, name = flags[f"{prefix}path"].removeprefix("pkg://"), flags[f"{prefix}name"]
    settings = {
        key.removeprefix(f"+{prefix}reward_kwargs."): yaml.safe_load(value)
        for key, value in flags.items()
        if key.startswith("+")
    }
    assert settings.keys() == {"url", "rewards", "on_ungradable"}
    score = partial(loaded(f"{path}.{name}"), **settings)
    told = awaited(lambda text: score("any", text, "", {"task": A}))
    assert all("format" in sample for sample in told)
    return [sample["score"] for sample in told]


EXAMPLES: dict[str, Callable[[Example], Any]] = {
    "areal": areal, "art": art, "atropos": atropos, "axolotl": axolotl, "easyr1": easyr1, "nemo_rl": nemo_rl,
    "open_instruct": open_instruct, "openrlhf": openrlhf, "rllm": rllm, "skyrl": skyrl, "slime": slime, "swift": swift,
    "tinker": tinker, "trl": by_trl, "unsloth": unsloth, "verifiers": verifiers, "verl": verl,
}  # fmt: skip


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A service in this process."""
    with fake_service() as running:
        yield running.url


@pytest.mark.parametrize("trainer", discover())
def test_the_lines_of_the_docstring_give_the_services_rewards(
    trainer: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = Example(trainer, url, stand_ins.packages(monkeypatch))
    for name, value in re.findall(r"\b(REWARD_\w+)=(\S+)", "\n".join(example.blocks)):
        monkeypatch.setenv(name, value)  # as the docstring says
    assert EXAMPLES[trainer](example) == REWARDS


@pytest.mark.parametrize("trainer", discover())
def test_an_adapter_is_short_beside_its_docstring(trainer: str) -> None:
    text = Path(importlib.import_module(f"trainer_client.adapters.{trainer}").__file__ or "").read_text()
    (docstring, *_) = ast.parse(text).body
    assert len(text.splitlines()) - (docstring.end_lineno or 0) <= 60
