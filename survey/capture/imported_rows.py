"""Rows of a file of responses, and which of them a campaign has taken before.

Rows are recognised by keyed hashes, of which a campaign keeps two kinds: of respondent ids, and
of sheets without their ids. They are never kept together, so no hash says who gave which
answers, and a sheet's hash says nothing that the stored response does not say.
"""

import hmac
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

__all__ = ["ImportKey", "ImportedRow", "Recognised", "Remembered", "recognise"]

_DIGEST = "sha256"
_DIGEST_BYTES = 32

# People with other ids hardly ever give all of many different answers alike.
_TELLING_ANSWERS = 15
_TELLING_LEVELS = 3
_RENAMED_ROWS = 5
_RENAMED_SHARE = 0.1


class ImportedRow(NamedTuple):
    """One respondent of a file, as the response is stored."""

    line: int
    """The line in the file, or the row in a Parquet file."""
    respondent_id: str | None
    unit_code: str
    role: str
    function: str | None
    locale: str | None
    submitted_on: date | None
    """The day in UTC, within the time of the campaign."""
    duration_s: int | None
    """Whole seconds."""
    consent: bool | None
    answers: tuple[int | None, ...]
    """In the item order of the instrument version."""
    comments: tuple[tuple[str, str], ...]
    """Key and text of each."""

    @property
    def sheet(self) -> tuple[object, ...]:
        """Return what the stored response will hold, without whose it is.

        Comments are stored apart from the answers. Their texts are no part of it, since a hash
        over both would lead from the one to the other.
        """
        return self[2:-1]

    @property
    def is_telling(self) -> bool:
        """Whether nobody else is likely to have given the same answers."""
        given = [answer for answer in self.answers if answer is not None]
        return len(given) >= _TELLING_ANSWERS and len(set(given)) >= _TELLING_LEVELS


class ImportKey:
    """Derives the hashes of one campaign, which mean nothing without the key.

    Parameters
    ----------
    secret : bytes
        What only the servers know.
    campaign : UUID
        Whose rows they are: the same row has other hashes in another campaign.
    """

    def __init__(self, secret: bytes, campaign: UUID) -> None:
        self._key = hmac.digest(secret, b"imported rows of " + campaign.bytes, _DIGEST)

    def __repr__(self) -> str:
        return "ImportKey(...)"

    def of_file(self, data: bytes) -> str:
        """Return the hash of a file, in hexadecimal."""
        return self._hash(b"file", data).hex()

    def of_respondent(self, respondent_id: str) -> bytes:
        """Return the hash of a respondent id."""
        return self._hash(b"respondent", respondent_id.encode())

    def of_sheet(self, row: ImportedRow) -> bytes:
        """Return the hash of a row without its id, whatever the columns' order and spelling."""
        return self._hash(b"sheet", msgspec.json.encode(row.sheet))

    def _hash(self, kind: bytes, data: bytes) -> bytes:
        return hmac.digest(self._key, kind + b"\0" + data, _DIGEST)


class Remembered(NamedTuple):
    """What a campaign remembers of the rows that it has taken."""

    respondents: frozenset[bytes]
    """The hashes of their ids."""
    sheets: Counter[bytes]
    """The hashes of their sheets, and how often each was taken."""

    @classmethod
    def of(cls, respondents: bytes, sheets: bytes) -> "Remembered":
        """Read the hashes out of what is stored."""
        return cls(frozenset(_hashes(respondents)), Counter(_hashes(sheets)))

    def stored(self) -> tuple[bytes, bytes]:
        """Return the hashes of ids and those of sheets, each kind sorted and joined.

        Their order tells nothing about when or with which others they came.
        """
        return b"".join(sorted(self.respondents)), b"".join(sorted(self.sheets.elements()))

    def and_also(self, rows: Iterable[ImportedRow], key: ImportKey) -> "Remembered":
        """Return what is remembered once these rows are stored as well."""
        rows = list(rows)
        named = {key.of_respondent(row.respondent_id) for row in rows if row.respondent_id}
        return Remembered(
            self.respondents | named, self.sheets + Counter(map(key.of_sheet, rows))
        )


def _hashes(joined: bytes) -> list[bytes]:
    starts = range(0, len(joined), _DIGEST_BYTES)
    return [joined[start : start + _DIGEST_BYTES] for start in starts]


class Recognised(NamedTuple):
    """The rows of a file, divided into those that a campaign has and those that it lacks."""

    new: tuple[ImportedRow, ...]
    """In the file's order."""
    known: int
    """Rows whose respondent id came before; they are not stored again."""
    changed: int
    """Those of them whose sheet differs from every one that came before."""
    nameless: int
    """New rows without an id whose sheet came before."""
    renamed: int
    """New rows with an id whose sheet came before with another id, or without one.

    Zero unless there are more than chance explains.
    """


def recognise(
    rows: Sequence[ImportedRow], remembered: Remembered, key: ImportKey
) -> Recognised:
    """Find out which rows of a file a campaign has taken before.

    A row is known by its respondent id. One without an id is known by its whole sheet, as often
    as that sheet was taken. Sheets with new ids count only if they are unmistakable and many.
    """
    sheets = [key.of_sheet(row) for row in rows]
    is_known = [
        row.respondent_id is not None
        and key.of_respondent(row.respondent_id) in remembered.respondents
        for row in rows
    ]
    pairs = list(zip(rows, sheets, is_known, strict=True))
    new = [(row, sheet) for row, sheet, known in pairs if not known]
    known = [sheet for _, sheet, known in pairs if known]
    return Recognised(
        new=tuple(row for row, _ in new),
        known=len(known),
        changed=sum(sheet not in remembered.sheets for sheet in known),
        nameless=_nameless(new, remembered.sheets),
        renamed=_renamed(new, remembered.sheets),
    )


def _nameless(new: Iterable[tuple[ImportedRow, bytes]], taken: Counter[bytes]) -> int:
    """Count rows without an id whose sheets were taken, each as often as it was taken."""
    given = Counter(sheet for row, sheet in new if row.respondent_id is None)
    return (given & taken).total()


def _renamed(new: Sequence[tuple[ImportedRow, bytes]], taken: Counter[bytes]) -> int:
    """Count rows with new ids whose sheets were taken, unless chance may explain them.

    It cannot explain telling sheets that occur once here and were taken once, if they are many.
    """
    named = [(row, sheet) for row, sheet in new if row.respondent_id is not None]
    times = Counter(sheet for _, sheet in named)
    certain = sum(times[sheet] == taken[sheet] == 1 and row.is_telling for row, sheet in named)
    if certain < max(_RENAMED_ROWS, _RENAMED_SHARE * len(new)):
        return 0
    return (times & taken).total()
