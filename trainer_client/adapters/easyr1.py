"""EasyR1: a batch reward function in a file.

    python -c "import trainer_client.adapters.easyr1 as plug; print(plug.__file__)"     # the path to put below

    worker.reward.reward_function=/that/path/easyr1.py:compute_score   # REWARD_URL=http://127.0.0.1:8000

Where there is no verdict it raises and the step does not happen: EasyR1 cannot mask a sample. Its log shows the parts
under their bare names.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from trainer_client.adapters import Adapter, as_batch
from trainer_client.client.figures import columns
from trainer_client.client.samples import numbered, shared

REWARD_NAME = "reward_server"
REWARD_TYPE = "batch"


def compute_score(reward_inputs: Sequence[Mapping[str, Any]], **_: Any) -> list[dict[str, float]]:
    """Return `overall` (the reward), `accuracy`, the parts and the shares of each sample.

    Raises:
        Ungradable: one has no verdict.
    """
    rows = [row["ground_truth"] for row in reward_inputs]
    verdicts = shared().submit(rows, [row["response"] for row in reward_inputs]).result()
    return [columns(verdict) | {"overall": numbered(verdict), "accuracy": verdict.score or 0.0} for verdict in verdicts]


def _step(completions: list[Any], tasks: list[Any]) -> list[float]:
    pairs = zip(completions, tasks, strict=True)
    inputs = [{"response": text, "response_length": 1, "ground_truth": task} for text, task in pairs]
    return [scores["overall"] for scores in compute_score(inputs)]


ADAPTER = Adapter(
    trainer="easyr1",
    tested_with="b44b311",
    ungradable="raises: the step does not happen",
    log="`reward/…`",
    as_called=as_batch(_step),
)
