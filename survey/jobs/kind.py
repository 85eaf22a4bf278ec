"""What a topic declares of its jobs: their name, what they are about, when they are retried."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Generic, TypeVar

import msgspec

__all__ = ["Attempt", "JobHeld", "JobKind", "Retry", "TryAgain", "Work"]

P = TypeVar("P", bound=msgspec.Struct)


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """When a job that failed is tried again, and when it is given up."""

    attempts: int = 8
    """So often a job is tried; with these waits the last time is two and a half hours later."""
    first: timedelta = timedelta(seconds=5)
    """The wait after the first attempt."""
    growth: int = 4
    """By how much each wait is longer than the one before."""
    longest: timedelta = timedelta(hours=1)

    def delay_after(self, attempt: int) -> timedelta:
        """Return how long to wait after an attempt that failed.

        Parameters
        ----------
        attempt : int
            0 for the first one.
        """
        # Beyond the last attempt the longest wait is reached in any case.
        return min(self.first * int(self.growth ** min(attempt, self.attempts)), self.longest)

    def is_last(self, attempt: int) -> bool:
        """Tell whether no further attempt follows this one; the first is 0."""
        return attempt + 1 >= self.attempts


class JobKind(msgspec.Struct, Generic[P], frozen=True, kw_only=True):
    """What jobs of one name have in common; declared beside their topic."""

    name: str
    """In the queue, where waiting jobs are found by it; so it never changes."""
    payload: type[P]
    """What a job is about: ids of rows, and never what a person wrote."""
    retry: Retry = Retry()
    scope: str | None = None
    """What a key needs to start such a job and to see it; None if nobody is shown one."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one job."""

    number: int
    """0 for the first."""
    last: bool
    """Whether the job is given up if this run fails."""


class Work(msgspec.Struct, Generic[P], frozen=True, kw_only=True):
    """What a worker does with the jobs of one kind."""

    kind: JobKind[P]
    run: Callable[[P, Attempt], Awaitable[None]]
    """Does the job. Any exception is a failure.

    It may be called again with the same payload, also while another call is still running: a
    worker that was silent for too long counts as dead. So it must be safe to repeat.
    """


class TryAgain(Exception):  # noqa: N818 - it asks for something, nothing went wrong
    """The job is not done yet, as its work knows."""


class JobHeld(Exception):  # noqa: N818 - named for what happened
    """The job failed as often as it may; it stays in the queue until an operator acts."""
