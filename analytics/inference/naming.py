"""What a probability allows one to say: yes, no or unsure, and which candidates may be named.

All families apply the same probabilities, and no rounding error decides.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

__all__ = ["LIKELY_FROM", "TIED_FROM", "UNLIKELY_TO", "answer", "most_probable"]

LIKELY_FROM = 0.80
"""Probability from which a statement counts as true and a single candidate is named."""
UNLIKELY_TO = 0.20
"""Probability up to which a statement counts as false: the mirror image."""
TIED_FROM = 0.85
"""Probability from which two candidates are named together."""

_ROUNDING = 1e-12
"""A share of draws, or a sum of shares, may miss a bound by this much."""


def answer(probability: float) -> Literal["yes", "no", "unsure"]:
    """Turn the probability of a statement into what may be said about it.

    Own choice: a yes is wrong at most one time in five, as with the hidden constraint, and so
    is a no.
    """
    if probability >= LIKELY_FROM - _ROUNDING:
        return "yes"
    return "no" if probability <= UNLIKELY_TO + _ROUNDING else "unsure"


def most_probable(
    probabilities: Mapping[str, float], *, among: Sequence[str] | None = None
) -> tuple[str, ...]:
    """Return the candidates that may be named: one, two that are tied, or none.

    Parameters
    ----------
    probabilities : mapping of str to float
        Probability of each candidate, such as being the lowest; they sum to 1.
    among : sequence of str, optional
        Candidates that may be named, in order; all of them by default. At least one.

    Returns
    -------
    tuple of str
        The most probable candidate if it reaches .80; the two most probable ones if they
        reach .85 together; otherwise empty. Of two equally probable candidates the earlier
        comes first. Two candidates always reach 1 together, so with no third one a tie is no
        finding.

    References
    ----------
    .. [1] method.md, introduction and "Hidden constraint".
    """
    ranked = sorted(
        probabilities if among is None else among, key=lambda key: -probabilities[key]
    )
    if answer(probabilities[ranked[0]]) == "yes":
        return tuple(ranked[:1])
    together = sum(probabilities[key] for key in ranked[:2])
    if len(probabilities) > 2 and len(ranked) > 1 and together >= TIED_FROM - _ROUNDING:
        return tuple(ranked[:2])
    return ()
