"""ms-swift: a reward plugin.

    # plugin.py
    from trainer_client.adapters.swift import register

    register()                                                   # orms["service"], and a callback of that name

    REWARD_URL=http://127.0.0.1:8000 swift rlhf --rlhf_type grpo --external_plugins plugin.py --reward_funcs service \
        --callbacks service …

ms-swift makes 0 of a sample without a reward, which pulls its siblings up (`[null, 1, 1, 1]` has advantages −1.5, 0.5,
0.5, 0.5). So this raises where there is no verdict, and the step does not happen.

A reward function of ms-swift returns numbers alone. The callback puts what the verdicts of all processes say beside
them among the trainer's metrics, at the end of each step; Megatron-SWIFT, which has callbacks of its own, has none.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from trainer_client.adapters import Adapter, as_batch
from trainer_client.client.counted import COUNTED
from trainer_client.client.figures import together
from trainer_client.client.samples import rows_of


async def score(completions: Sequence[Any], **columns: Any) -> list[float]:
    """Return the reward of each completion; errors as in `Counted.rewards`."""
    return await COUNTED.rewards(rows_of(columns, len(completions)), completions)


def register(name: str = "service") -> None:
    """Give ms-swift the function under a name for `--reward_funcs`, and the callback for `--callbacks`."""
    from swift.callbacks import TrainerCallback, callbacks_map  # type: ignore[import-not-found] # noqa: PLC0415
    from swift.rewards import AsyncORM, orms  # type: ignore[import-not-found] # noqa: PLC0415

    class Service(AsyncORM):  # type: ignore[misc]
        async def __call__(self, completions: Sequence[Any], **columns: Any) -> list[float]:
            return await score(completions, **columns)

    class Figures(TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, *_: Any, **__: Any) -> None:
            self.tell("train")

        def on_prediction_step(self, *_: Any, **__: Any) -> None:
            self.tell("eval")

        def tell(self, mode: str) -> None:
            from accelerate.utils import gather_object  # type: ignore[import-not-found] # noqa: PLC0415

            for figure, value in together(gather_object([COUNTED.taken()])).items():
                self.trainer._metrics[mode][figure].append(value)  # noqa: SLF001

    orms[name], callbacks_map[name] = Service, Figures


def _step(completions: list[Any], tasks: list[Any]) -> list[float]:
    return asyncio.run(score(completions, task=tasks, trainer_state=None))


ADAPTER = Adapter(
    trainer="swift",
    tested_with="4.6.0",
    ungradable="raises: the step does not happen",
    log="under their own names with `--callbacks service`; no in Megatron-SWIFT",
    as_called=as_batch(_step),
)
