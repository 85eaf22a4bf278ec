"""When a probability is enough to say yes or no; in between nothing is said."""

from typing import Literal

__all__ = ["LIKELY_FROM", "UNLIKELY_TO", "answer"]

LIKELY_FROM = 0.80
"""Probability from which something counts as so: that of a root cause that is named."""
UNLIKELY_TO = 0.20
"""Probability up to which it counts as not so: its mirror image."""

_ROUNDING = 1e-12


def answer(probability: float) -> Literal["yes", "no", "unsure"]:
    """Turn the probability of something into what may be said about it.

    Own choice: a yes is wrong at most one time in five, as with the hidden constraint, and a
    no is held to the same standard.
    """
    if probability >= LIKELY_FROM - _ROUNDING:
        return "yes"
    return "no" if probability <= UNLIKELY_TO + _ROUNDING else "unsure"
