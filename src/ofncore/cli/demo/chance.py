"""Chance with a seed: each topic has its own, so that a change in one leaves the others as they were."""

from random import Random


def chance(seed: int, *topic: object) -> Random:
    """Return a source of choices for *topic*; the same seed and topic always choose the same."""
    return Random(":".join(map(str, (seed, *topic))))  # noqa: S311 - invented shoppers keep no secrets
