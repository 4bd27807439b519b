"""SkyRL: an environment of skyrl-gym.

    import skyrl_gym
    from trainer_client.adapters.skyrl import environment

    skyrl_gym.register(id="service", entry_point=environment())  # REWARD_URL=http://127.0.0.1:8000 in the environment

A row's task is read from what SkyRL hands on: `reward_spec` (or `reward_model`) with the ground truth, `data_source`
and the other columns. SkyRL calls `step` in threads. Where there is no verdict it raises, and the step does not happen.
What the verdict says beside its reward is what the environment gives as its metrics.
"""

from collections.abc import Mapping
from typing import Any

from reward_server.wire import ItemVerdict
from trainer_client.adapters import Adapter, on_threads
from trainer_client.client.figures import figures
from trainer_client.client.samples import numbered, shared


def graded(extras: Mapping[str, Any], action: str) -> ItemVerdict:
    """Return the verdict, which has a reward, of a reply to the row that SkyRL hands on as `extras`.

    Raises:
        Ungradable: there is no verdict.
    """
    spec = extras.get("reward_spec") or extras.get("reward_model")
    return shared().graded_blocking({**extras, "reward_model": spec} if spec else extras, action)


def environment() -> type:
    """Return the environment's class: one reply, then done."""
    from skyrl_gym.envs.base_text_env import (  # type: ignore[import-not-found] # noqa: PLC0415
        BaseTextEnv,
        BaseTextEnvStepOutput,
    )

    class Service(BaseTextEnv):  # type: ignore[misc]
        def __init__(self, env_config: Any = None, extras: Mapping[str, Any] | None = None) -> None:
            super().__init__()
            self._extras = {name: value for name, value in (extras or {}).items() if name != "max_turns"}
            self._metrics: dict[str, float] = {}

        def step(self, action: str) -> Any:
            verdict = graded(self._extras, action)
            self._metrics = figures(verdict)
            return BaseTextEnvStepOutput(observations=[], reward=numbered(verdict), done=True, metadata={})

        def get_metrics(self) -> dict[str, Any]:
            return self._metrics

    return Service


ADAPTER = Adapter(
    trainer="skyrl",
    tested_with="0.4.0",
    ungradable="raises: the step does not happen",
    log="`environment/…`",
    as_called=on_threads(lambda item: numbered(graded({"task": item["task"]}, item["completion"]))),
)
