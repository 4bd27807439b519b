"""OpenEnv: an environment that asks the questions of a data set, for every trainer that speaks OpenEnv.

    from trainer_client.adapters.openenv import app              # REWARD_URL=http://127.0.0.1:8000 in the environment

    served = app(rows)                                           # uvicorn module:served

Each row is a row of a data set; its question is its `question`, `problem` or `prompt`. `/reset` with a `seed` chooses
it. Where there is no verdict the reward is null, which OpenEnv allows.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from trainer_client.adapters import Adapter, one_by_one
from trainer_client.client.batching import Item
from trainer_client.client.samples import numbered, shared


async def score(row: Any, reply: str) -> tuple[float | None, str]:
    """Return the reward of a reply, None where there is none, and its outcome."""
    verdict = await shared().verdict(row, reply)
    return verdict.reward, verdict.outcome.value


def app(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Return the ASGI application of an environment over these rows."""
    from openenv.core.env_server.http_server import create_app  # type: ignore[import-not-found] # noqa: PLC0415
    from openenv.core.env_server.interfaces import Environment  # type: ignore[import-not-found] # noqa: PLC0415
    from openenv.core.env_server.types import (  # type: ignore[import-not-found] # noqa: PLC0415
        Action,
        Observation,
        State,
    )

    class Reply(Action):  # type: ignore[misc]
        response: str

    class Question(Observation):  # type: ignore[misc]
        question: str = ""

    class Service(Environment):  # type: ignore[misc]
        SUPPORTS_CONCURRENT_SESSIONS = True

        def __init__(self) -> None:
            super().__init__()
            self._state, self._row = State(), rows[0]

        def reset(self, seed: int | None = None, episode_id: str | None = None, **_: Any) -> Any:
            self._row, self._state = rows[(seed or 0) % len(rows)], State(episode_id=episode_id)
            return Question(
                question=str(next(self._row[n] for n in ("question", "problem", "prompt") if n in self._row))
            )

        def step(self, action: Any, timeout_s: float | None = None, **_: Any) -> Any:
            reward, outcome = shared().client.background.submit(score(self._row, action.response)).result()
            return Question(done=True, reward=reward, metadata={"outcome": outcome})

        @property
        def state(self) -> Any:
            return self._state

    return create_app(Service, Reply, Question, env_name="service")


def _as_called(url: str, items: Sequence[Item]) -> list[float | None]:
    async def step(item: Item) -> float:
        return numbered(await shared().verdict(item["task"], item["completion"]))

    return one_by_one(url, items, step)


ADAPTER = Adapter(
    trainer="openenv",
    tested_with="0.10.0",
    ungradable="null, which OpenEnv allows",
    as_called=_as_called,
)
