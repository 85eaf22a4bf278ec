"""Exactly-once capture: submissions that wait together are written in one transaction.

A caller gets a receipt after the commit and never before. A group that fails is retried one by
one, so that a bad submission never fails its neighbours; a commit of unknown outcome ends in an
error, and the caller's repeat finds out what happened.

Both groups and callers have a deadline here, because a server that is stopped keeps none: the
group's connections are cut off, and those behind it are not held up once the server goes on.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from models.errors import DatabaseUnreachable, is_outage
from models.outage import OUTAGE
from survey.access.tokens import token_hash
from survey.capture.errors import CaptureOverloaded, StorageUnavailable
from survey.capture.submission import Submission
from survey.capture.writing import Entry, write_group
from survey.database import database_is_lost
from survey.errors import SurveyError
from survey.sealing.seals import Seals

__all__ = ["Capture", "Receipt"]

MAX_GROUP = 256
"""Most submissions in one transaction."""
MAX_WAITING = 10_000
"""Submissions that may wait; further callers are asked to come back."""
GATHER_S = 0.002
"""How long a group waits for more, in seconds: it costs as much as twenty submissions."""
GROUP_S = 2.5
"""How long a group may take to be stored, in seconds; usually it takes some milliseconds."""
CALLER_S = 3.5
"""After how long a caller is asked to come back, in seconds; the promise is 5."""
LOOK_S = 0.25
"""How often callers who have waited too long are looked for, in seconds."""


class Receipt(msgspec.Struct, frozen=True, rename="camel"):
    """The answers are stored. The same for everybody: it proves nothing about them."""

    campaign: UUID
    """Id of the campaign."""
    status: Literal["stored"] = "stored"
    """Always ``stored``."""


@dataclass(slots=True)
class _Waiting:
    entry: Entry
    since: float
    """The moment on the loop's clock."""
    done: asyncio.Future[Receipt]

    def has_gone(self) -> bool:
        """Tell whether the caller no longer waits: it will come back."""
        return self.done.done()

    def settle(self, result: Receipt | Exception) -> None:
        """Answer the caller, unless it has gone."""
        if self.has_gone():
            return
        if isinstance(result, Exception):
            self.done.set_exception(result)
        else:
            self.done.set_result(result)


class Capture:
    """Collects submissions while the group before them is being written.

    One group at a time, and not before others could join it: fewer and larger groups are worth
    more than what a second one at the same time would save.

    Parameters
    ----------
    clock : callable
        Returns the current moment, UTC.
    seals : Seals
        Seal the answers.
    """

    def __init__(self, clock: Callable[[], datetime], seals: Seals) -> None:
        self._clock = clock
        self._seals = seals
        self._waiting: list[_Waiting] = []
        self._group: Sequence[_Waiting] = ()
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._looking: asyncio.TimerHandle | None = None
        self._stopping = False

    async def start(self) -> None:
        """Begin to write."""
        self._stopping = False
        self._writer = asyncio.create_task(self._run(), name="capture")
        self._look_for_the_late()

    async def stop(self) -> None:
        """Write what is waiting, then end."""
        self._stopping = True
        self._wake.set()
        if self._writer is not None:
            await self._writer
        if self._looking is not None:
            self._looking.cancel()

    async def submit(self, token: str, submission: Submission) -> Receipt:
        """Store one submission under its token, exactly once.

        Parameters
        ----------
        token : str
            The invitation's token.
        submission : Submission
            What was answered.

        Returns
        -------
        Receipt
            After the commit; a repeat of the same body gets the same one.

        Raises
        ------
        InvitationUnknown
            No invitation has this token, or it was revoked.
        SubmissionRejected
            The answers break the rules of the instrument; one entry per field.
        CampaignNotOpen
            The campaign does not take answers yet, or no longer takes them; `CampaignClosing`
            while it is being closed.
        AlreadySubmitted
            The token is spent, for another body.
        KeysMissing
            The keys of the campaign are not on this server; repeat the call later.
        StorageUnavailable
            The database did not confirm the commit, or not in time. Nothing is promised;
            repeat the call.
        CaptureOverloaded
            Too many submissions are waiting; repeat the call later.
        """
        if self._stopping or len(self._waiting) >= MAX_WAITING:
            raise CaptureOverloaded
        entry = Entry(
            token=token,
            token_hash=token_hash(token),
            body=submission.canonical(),
            submission=submission,
        )
        loop = asyncio.get_running_loop()
        waiting = _Waiting(entry, loop.time(), loop.create_future())
        self._waiting.append(waiting)
        self._wake.set()
        return await waiting.done

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            while self._waiting:
                await asyncio.sleep(GATHER_S)
                group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
                self._group = [waiting for waiting in group if not waiting.has_gone()]
                await self._settle(self._group)
            if self._stopping:
                return
            self._wake.clear()

    def _look_for_the_late(self) -> None:
        """Ask those to come back who have waited too long; look again later.

        One look at all of them: a timer for each would cost more than finding its answers does.
        """
        loop = asyncio.get_running_loop()
        too_long_ago = loop.time() - CALLER_S
        for waiting in (*self._group, *self._waiting):
            if waiting.since <= too_long_ago:
                waiting.settle(StorageUnavailable())
        self._looking = loop.call_later(LOOK_S, self._look_for_the_late)

    async def _settle(self, group: Sequence[_Waiting]) -> None:
        """Answer every member of the group, whatever happens."""
        failure = await self._stored(group) if group else None
        if failure is None:
            return
        if len(group) == 1 or isinstance(failure, DatabaseUnreachable):
            _refuse(group, failure)
            return
        for place, waiting in enumerate(group):
            alone = await self._stored([waiting])
            if alone is not None and is_outage(alone):
                # The others would fail as well, and each would take its time.
                _refuse(group[place:], alone)
                return
            if alone is not None:
                _refuse([waiting], alone)

    async def _stored(self, group: Sequence[_Waiting]) -> Exception | None:
        """Store a group and answer its members; if that fails, return why and answer nobody."""
        entries = [waiting.entry for waiting in group]
        try:
            async with asyncio.timeout(GROUP_S):
                results = await write_group(entries, seals=self._seals, now=self._clock())
        except TimeoutError as error:
            silent = DatabaseUnreachable.because(error)
            OUTAGE.failed(silent)
            return silent
        except Exception as failure:  # noqa: BLE001 - whatever it is, each caller gets an answer
            return failure
        for waiting, result in zip(group, results, strict=True):
            waiting.settle(result if isinstance(result, SurveyError) else Receipt(result))
        return None


def _refuse(group: Sequence[_Waiting], failure: Exception) -> None:
    for waiting in group:
        waiting.settle(_for_caller(failure))


def _for_caller(failure: Exception) -> Exception:
    """Ask to come back if the database was lost; anything else would fail again."""
    if database_is_lost(failure):
        return StorageUnavailable.because(failure)
    return failure
