"""When to try again: soon at first, then less and less often, then no more."""

from datetime import timedelta

__all__ = ["MAX_ATTEMPTS", "delay_after", "is_last"]

MAX_ATTEMPTS = 8
"""So often a job is tried; the last time about two and a half hours after the first."""

_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(hours=1)
_GROWTH = 4


def delay_after(attempt: int) -> timedelta:
    """Return how long to wait after an attempt that failed.

    Parameters
    ----------
    attempt : int
        0 for the first one.
    """
    # Beyond this the longest wait is reached in any case.
    return min(_FIRST * int(_GROWTH ** min(attempt, MAX_ATTEMPTS)), _LONGEST)


def is_last(attempt: int) -> bool:
    """Tell whether no further attempt follows this one; the first is 0."""
    return attempt + 1 >= MAX_ATTEMPTS
