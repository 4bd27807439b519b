"""Our losses and gradients equal TRL's own through a real model, on the installed TRL rather than frozen numbers."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.trainers, pytest.mark.timeout(600)]


def test_loss_and_gradient_of_every_recipe_equal_trl(run_in: Callable[..., dict[str, Any]]) -> None:
    seen = run_in("trl", "grpo_loss.py")
    assert seen["cases"] == 15
    assert seen["loss"] < 1e-6
    assert seen["gradient"] < 1e-6
    assert seen["norm"] > 0.01, "gradients of nothing would be equal too"
