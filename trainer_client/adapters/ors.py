"""Open Reward Standard (OpenReward, TRL's `OpenRewardSpec`): an environment whose ground truths stay on its server.

    from ors import Server
    from trainer_client.adapters.ors import environment          # REWARD_URL=http://127.0.0.1:8000 in the environment

    Server([environment("maths", rows)]).run(port=18790)

Tasks are told by their place and question; the tool `submit` takes the answer. Where there is no verdict the tool call
is an error (`ok: false`), which ends no episode with a 0.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from trainer_client.adapters import Adapter, one_by_one
from trainer_client.client.batching import Item
from trainer_client.client.samples import shared


async def score(row: Any, answer: str) -> float:
    """Return the reward of an answer.

    Raises:
        Ungradable: there is no verdict.
    """
    return await shared()(row, answer)


def environment(name: str, rows: Sequence[Mapping[str, Any]]) -> type:
    """Return the class of an environment over rows whose questions stand in `question`, `problem` or `prompt`."""
    from ors import Environment, Split, TextBlock, ToolOutput, tool  # type: ignore[import-not-found] # noqa: PLC0415
    from pydantic import BaseModel  # noqa: PLC0415

    class Submit(BaseModel):
        answer: str

    def question(row: Mapping[str, Any]) -> str:
        return str(next(row[column] for column in ("question", "problem", "prompt") if column in row))

    class Service(Environment):  # type: ignore[misc]
        @classmethod
        def list_splits(cls) -> Any:
            return [Split(name="train", type="train")]

        @classmethod
        def list_tasks(cls, split: str) -> Any:
            return [{"id": str(place), "question": question(row)} for place, row in enumerate(rows)]

        def get_prompt(self) -> Any:
            return [TextBlock(text=self.task_spec["question"])]

        @tool  # type: ignore[untyped-decorator]
        async def submit(self, params: Submit) -> ToolOutput:
            """Submit the final answer."""
            reward = await score(rows[int(self.task_spec["id"])], params.answer)
            return ToolOutput(blocks=[TextBlock(text="submitted")], reward=reward, finished=True)

    Service.__name__ = name
    return Service


def _as_called(url: str, items: Sequence[Item]) -> list[float | None]:
    return one_by_one(url, items, lambda item: score(item["task"], item["completion"]))


ADAPTER = Adapter(
    trainer="ors",
    tested_with="ors-sdk 0.1.0",
    ungradable="an error of the tool call: no reward",
    as_called=_as_called,
)
