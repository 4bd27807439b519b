"""Figures of plugs that live in Ray actors, asked for by the program that logs."""

from collections.abc import Iterable
from typing import Any

from trainer_client.client.figures import together


def figures_of(actors: Iterable[Any]) -> dict[str, float]:
    """Return the means of the figures of those actors that have any, since they were last asked."""
    import ray  # noqa: PLC0415 - whoever has actors has it

    asked = [actor.figures_taken.remote() for actor in actors if hasattr(actor, "figures_taken")]
    return together(ray.get(asked))
