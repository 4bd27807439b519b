"""open-instruct: a verifier.

    from trainer_client.adapters.open_instruct import verifier   # REWARD_URL=http://127.0.0.1:8000 in the environment

    verifier()            # before its trainer builds the verifiers; rows say `dataset: "service"`

The label is a whole task, a row or its JSON text, or a ground truth. Where there is no verdict it raises, and the step
does not happen; open-instruct's own code verifier makes a 0 of every failure.
"""

from typing import Any

from trainer_client.adapters import Adapter, one_by_one
from trainer_client.client.samples import shared


async def score(prediction: str, label: Any) -> float:
    """Return the reward of a prediction.

    Raises:
        Ungradable: there is no verdict.
    """
    return await shared()(label, prediction)


def verifier(name: str = "service") -> type:
    """Return the verifier's class; open-instruct finds it as a subclass, by its name in `dataset`."""
    from open_instruct.ground_truth_utils import (  # type: ignore[import-not-found] # noqa: PLC0415
        VerificationResult,
        VerifierFunction,
    )

    class Service(VerifierFunction):  # type: ignore[misc]
        def __init__(self, verifier_config: Any = None) -> None:
            super().__init__(name, verifier_config=verifier_config)

        def __call__(self, tokenized_prediction: Any, prediction: str, label: Any, *_: Any, **__: Any) -> Any:
            return VerificationResult(score=shared().blocking(label, prediction))

        async def async_call(self, tokenized_prediction: Any, prediction: str, label: Any, *_: Any, **__: Any) -> Any:
            return VerificationResult(score=await score(prediction, label))

    return Service


ADAPTER = Adapter(
    trainer="open_instruct",
    tested_with="e6c3044",
    ungradable="raises: the step does not happen",
    log="no: it keeps a verifier's score alone",
    as_called=one_by_one(lambda item: score(item["completion"], item["task"])),
)
