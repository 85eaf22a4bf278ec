"""Rows of a file of responses, and which of them a campaign has taken before.

Rows are recognised by keyed hashes, of which a campaign keeps two kinds: of respondent ids, and
of sheets without their ids. They are never kept together, so no hash says who gave which
answers, and a sheet's hash says nothing that the stored response does not say.
"""

import hmac
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from survey.files.keys import caseless
from survey.instruments.parts import Role

__all__ = ["ImportKey", "ImportedRow", "Recognised", "Remembered", "recognise"]

_DIGEST = "sha256"
_DIGEST_BYTES = 32

# Two people hardly ever give all of many different answers alike; five pairs never do.
_TELLING_ANSWERS = 15
_TELLING_LEVELS = 3
_BEYOND_CHANCE = 5

_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


class ImportedRow(NamedTuple):
    """One respondent of a file, as the response is stored."""

    line: int
    """The line in the file, or the row in a Parquet file."""
    respondent_id: str | None
    unit_code: str
    role: Role
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

    def of_bare(self, respondent_id: str) -> bytes:
        """Return the hash of what a spreadsheet leaves of an id: no zeros, any case."""
        bare = _LEADING_ZEROS.sub("", caseless(respondent_id)).removesuffix(".0")
        return self._hash(b"bare", bare.encode())

    def of_sheet(self, row: ImportedRow) -> bytes:
        """Return the hash of a row without its id, whatever the columns' order and spelling."""
        return self._hash(b"sheet", msgspec.json.encode(row.sheet))

    def of_nameless(self, sheet: bytes) -> bytes:
        """Return the hash of a sheet's hash, kept as well if the row had no id."""
        return self._hash(b"nameless", sheet)

    def _hash(self, kind: bytes, data: bytes) -> bytes:
        return hmac.digest(self._key, kind + b"\0" + data, _DIGEST)


class Remembered(NamedTuple):
    """What a campaign remembers of the rows that it has taken."""

    respondents: frozenset[bytes]
    """The hashes of their ids, and of what a spreadsheet would leave of these."""
    sheets: Counter[bytes]
    """The hashes of their sheets, and how often each was taken; of nameless ones, two each."""

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
        respondents = set(self.respondents)
        sheets = self.sheets.copy()
        for row in rows:
            sheet = key.of_sheet(row)
            sheets[sheet] += 1
            if row.respondent_id is None:
                sheets[key.of_nameless(sheet)] += 1
            else:
                respondents |= {
                    key.of_respondent(row.respondent_id),
                    key.of_bare(row.respondent_id),
                }
        return Remembered(frozenset(respondents), sheets)


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
    respelled: int
    """New rows whose sheet came before, and whose id a spreadsheet may have changed."""
    named_later: int
    """New rows with an id whose sheet came before without one; 0 if it may be chance."""
    alike: int
    """New rows whose sheet came before with quite another id; 0 if it may be chance."""


def recognise(
    rows: Sequence[ImportedRow], remembered: Remembered, key: ImportKey
) -> Recognised:
    """Find out which rows of a file a campaign has taken before.

    A row is known by its respondent id. One without an id is known by its whole sheet, as often
    as that sheet was taken.
    """
    known: list[bytes] = []
    new: list[tuple[ImportedRow, bytes]] = []
    for row in rows:
        sheet = key.of_sheet(row)
        if row.respondent_id and key.of_respondent(row.respondent_id) in remembered.respondents:
            known.append(sheet)
        else:
            new.append((row, sheet))
    return Recognised(
        new=tuple(row for row, _ in new),
        known=len(known),
        changed=sum(sheet not in remembered.sheets for sheet in known),
        nameless=_nameless(new, remembered.sheets),
        **_under_new_ids(new, remembered, key),
    )


def _nameless(new: Iterable[tuple[ImportedRow, bytes]], taken: Counter[bytes]) -> int:
    """Count rows without an id whose sheets were taken, each as often as it was taken."""
    given = Counter(sheet for row, sheet in new if row.respondent_id is None)
    return (given & taken).total()


def _under_new_ids(
    new: Iterable[tuple[ImportedRow, bytes]], remembered: Remembered, key: ImportKey
) -> dict[str, int]:
    """Count rows with an id whose sheets were taken before, by what may have happened."""
    named = [(row, sheet) for row, sheet in new if row.respondent_id is not None]
    times = Counter(sheet for _, sheet in named)
    found = Counter[str]()
    for row, sheet in named:
        if sheet not in remembered.sheets:
            continue
        is_certain = row.is_telling and times[sheet] == remembered.sheets[sheet] == 1
        if key.of_bare(str(row.respondent_id)) in remembered.respondents:
            found["respelled"] += 1
        elif is_certain and key.of_nameless(sheet) in remembered.sheets:
            found["named_later"] += 1
        elif is_certain:
            found["alike"] += 1
    chances = {
        kind: found[kind] * (found[kind] >= _BEYOND_CHANCE) for kind in ("named_later", "alike")
    }
    return {"respelled": found["respelled"], **chances}
