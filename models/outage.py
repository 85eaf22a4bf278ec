"""Outages of the database as this process sees them: a line at the beginning, one at the end.

A company that submits while the database is away would otherwise write a line per submission.
"""

import logging
import time
from collections.abc import Callable

from models.errors import is_outage

__all__ = ["OUTAGE", "Outage"]

QUIET_S = 3.0
"""An outage is over if something works and nothing has failed for so long, in seconds.

If only a part fails, such as a table that is locked, successes and failures alternate.
"""

_log = logging.getLogger(__name__)


class Outage:
    """Whether the database fails at the moment, and since when.

    Parameters
    ----------
    clock : callable
        Returns seconds; never goes back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: float | None = None
        self._last = 0.0
        self._failures = 0

    def failed(self, error: BaseException) -> None:
        """Note a failure; does nothing if the database is not to blame for it."""
        if not is_outage(error):
            return
        self._last = self._clock()
        self._failures += 1
        if self._began is None:
            self._began = self._last
            # Without its text, which may quote a row.
            _log.error("The database does not do its work: %s.", type(error).__name__)

    def worked(self) -> None:
        """Note that the database has done something."""
        if self._began is None or self._clock() - self._last < QUIET_S:
            return
        _log.warning(
            "The database does its work again. It failed %d times in %.1f seconds.",
            self._failures,
            self._last - self._began,
        )
        self._began, self._failures = None, 0


OUTAGE = Outage()
"""Of this process."""
