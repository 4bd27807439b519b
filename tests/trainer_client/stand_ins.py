"""Stand-ins of trainers' packages, which are not installed here (`tests/trainers` has the packages themselves)."""

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

Package = Callable[..., ModuleType]


def packages(monkeypatch: pytest.MonkeyPatch) -> Package:
    """Return what makes a module importable with these attributes, and the packages it lies in."""

    def made(name: str, **attributes: Any) -> ModuleType:
        parts = name.split(".")
        for module in (".".join(parts[: end + 1]) for end in range(len(parts))):
            monkeypatch.setitem(sys.modules, module, sys.modules.get(module) or ModuleType(module))
        vars(sys.modules[name]).update(attributes)
        return sys.modules[name]

    return made


def areal(package: Package, logged: list[dict[str, float]]) -> None:
    """AReaL's statistics, which note what they are told in a rollout."""
    tracker = SimpleNamespace(scalar=lambda **told: logged.append(told))
    package("areal.utils.stats_tracker")
    package("areal.utils", stats_tracker=SimpleNamespace(get={"rollout": tracker}.__getitem__))
    package("areal", workflow_context=SimpleNamespace(stat_scope=lambda: "rollout"))


def tinker(package: Package) -> Any:
    """tinker-cookbook's classes; returns a renderer whose tokens are a text."""
    package("tinker", ModelInput=SimpleNamespace(empty=lambda: None))
    package("tinker_cookbook.rl.problem_env", ProblemEnv=_Problem)
    package("tinker_cookbook.rl.types", StepResult=SimpleNamespace)
    return SimpleNamespace(parse_response=lambda text: ({"content": text}, True))


class _Problem:
    """tinker-cookbook's `ProblemEnv`."""

    stop_condition = None

    def __init__(self, renderer: Any) -> None:
        self.renderer = renderer


def skyrl(package: Package) -> None:
    """skyrl-gym's base class."""
    package("skyrl_gym.envs.base_text_env", BaseTextEnv=object, BaseTextEnvStepOutput=dict)


def swift(package: Package) -> SimpleNamespace:
    """ms-swift's tables of reward functions and callbacks; returns both."""
    orms: dict[str, Any] = {}
    callbacks_map: dict[str, Any] = {}
    package("swift.rewards", AsyncORM=object, orms=orms)
    package("swift.callbacks", TrainerCallback=_Callback, callbacks_map=callbacks_map)
    package("accelerate.utils", gather_object=lambda one: [*one, {"outcome/correct": (0.0, 2)}])
    return SimpleNamespace(orms=orms, callbacks=callbacks_map)


class _Callback:
    """ms-swift's base class, which holds the trainer."""

    def __init__(self, args: Any, trainer: Any) -> None:
        self.args, self.trainer = args, trainer


def nemo_rl(package: Package) -> dict[str, str]:
    """NeMo-RL's interfaces and Ray, whose actors are plain objects here; returns the table of environments."""
    registered: dict[str, str] = {}
    package("nemo_rl.environments.utils", register_env=registered.__setitem__)
    package("nemo_rl.environments.interfaces", EnvironmentInterface=object, EnvironmentReturn=SimpleNamespace)
    package("ray", remote=_actors, get=list)
    return registered


def _actors(made: type) -> SimpleNamespace:
    def remote(cfg: Any = None) -> SimpleNamespace:
        held = made(cfg)
        return SimpleNamespace(
            **{name: SimpleNamespace(remote=getattr(held, name)) for name in ("step", "figures_taken")}
        )

    return SimpleNamespace(remote=remote)


def open_instruct(package: Package) -> type:
    """open-instruct's classes; returns the one that verifiers are found as subclasses of."""

    class VerifierFunction:
        def __init__(self, name: str, verifier_config: Any = None) -> None:
            self.name = name

    result = {"VerificationResult": SimpleNamespace, "VerifierFunction": VerifierFunction}
    package("open_instruct.ground_truth_utils", **result)
    return VerifierFunction
