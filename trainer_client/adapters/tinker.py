"""tinker-cookbook: an environment for one question.

    from trainer_client.adapters.tinker import environment       # REWARD_URL=http://127.0.0.1:8000 in the environment

    env = environment()(renderer, question, row)

Where there is no verdict it raises, and the rollout fails; `ProblemEnv.check_answer` would have to wait inside the
event loop, so the step is asynchronous here. What the verdict says beside its reward are the step's metrics.
"""

from typing import Any

from trainer_client.adapters import Adapter, one_by_one
from trainer_client.client.figures import figures
from trainer_client.client.samples import numbered, shared


async def score(row: Any, reply: Any) -> float:
    """Return the reward of a reply.

    Raises:
        Ungradable: there is no verdict.
    """
    return await shared()(row, reply)


def environment() -> type:
    """Return the class of environments `(renderer, question, row)`."""
    from tinker import ModelInput  # type: ignore[import-not-found] # noqa: PLC0415
    from tinker_cookbook.rl.problem_env import ProblemEnv  # type: ignore[import-not-found] # noqa: PLC0415
    from tinker_cookbook.rl.types import StepResult  # type: ignore[import-not-found] # noqa: PLC0415

    class Service(ProblemEnv):  # type: ignore[misc]
        def __init__(self, renderer: Any, question: str, row: Any) -> None:
            super().__init__(renderer)
            self._question, self._row = question, row

        def get_question(self) -> str:
            return self._question

        def get_reference_answer(self) -> str:
            return str(self._row)

        def check_format(self, sample_str: str) -> bool:
            return True

        def check_answer(self, sample_str: str) -> float:
            return shared().blocking(self._row, sample_str)

        async def step(self, action: Any, *, extra: Any = None) -> Any:
            message, _ = self.renderer.parse_response(action)
            verdict = await shared().graded(self._row, message["content"])
            return StepResult(
                reward=numbered(verdict), episode_done=True, next_observation=ModelInput.empty(),
                next_stop_condition=self.stop_condition, metrics=figures(verdict),
            )  # fmt: skip

    return Service


ADAPTER = Adapter(
    trainer="tinker",
    tested_with="tinker-cookbook 0.6.1",
    ungradable="raises: the rollout fails",
    log="`env/all/…`",
    as_called=one_by_one(lambda item: score(item["task"], item["completion"])),
)
