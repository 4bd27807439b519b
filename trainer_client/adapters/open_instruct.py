"""open-instruct: a verifier.

    from trainer_client.adapters.open_instruct import verifier   # REWARD_URL=http://127.0.0.1:8000 in the environment

    verifier()            # before its trainer builds the verifiers; rows say `dataset: "service"`

The label is a whole task, a row or its JSON text, or a ground truth. Where there is no verdict it raises, and the step
does not happen; open-instruct's own code verifier makes a 0 of every failure.

open-instruct keeps a verifier's score alone, but logs the metrics of environments, which it finds in the state of the
rollout that a verifier is given: what the verdict says beside its reward is left there, as those of one more.
"""

from typing import Any

from reward_server.wire import ItemVerdict
from trainer_client.adapters import Adapter, one_by_one
from trainer_client.client.figures import figures
from trainer_client.client.samples import numbered, shared


def kept(verdict: ItemVerdict, rollout_state: Any, name: str = "service") -> float:
    """Return the reward, and leave the verdict's figures in the rollout's state as those of an environment `name`.

    The metrics of the only environment lie flat in its `info`, where nothing can stand beside them, those of several
    below `env_metrics`.
    """
    if rollout_state is not None:
        info = rollout_state.setdefault("info", {})
        flat = {key: value for key, value in info.items() if key != "env_name" and isinstance(value, int | float)}
        alone = {info.get("env_name", "unknown"): flat} if flat else {}
        info["env_metrics"] = {**(info.get("env_metrics") or alone), name: figures(verdict)}
    return numbered(verdict)


def verifier(name: str = "service") -> type:
    """Return the verifier's class; open-instruct finds it as a subclass, by its name in `dataset`."""
    from open_instruct.ground_truth_utils import (  # type: ignore[import-not-found] # noqa: PLC0415
        VerificationResult,
        VerifierFunction,
    )

    class Service(VerifierFunction):  # type: ignore[misc]
        def __init__(self, verifier_config: Any = None) -> None:
            super().__init__(name, verifier_config=verifier_config)

        def __call__(
            self, tokenized_prediction: Any, prediction: str, label: Any, query: Any = None, rollout_state: Any = None
        ) -> Any:
            verdict = shared().graded_blocking(label, prediction)
            return VerificationResult(score=kept(verdict, rollout_state, name))

        async def async_call(
            self, tokenized_prediction: Any, prediction: str, label: Any, query: Any = None, rollout_state: Any = None
        ) -> Any:
            verdict = await shared().graded(label, prediction)
            return VerificationResult(score=kept(verdict, rollout_state, name))

    return Service


ADAPTER = Adapter(
    trainer="open_instruct",
    tested_with="e6c3044",
    ungradable="raises: the step does not happen",
    log="`env/service/…`, beside the metrics of its environments",
    as_called=one_by_one(lambda item: shared()(item["task"], item["completion"])),
)
