"""What is sealed: sheets of one fixed size, and comments in an area of their own."""

import struct
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple, get_args
from uuid import UUID

import msgspec

from survey.instruments.parts import Role

__all__ = [
    "FUNCTIONS",
    "LOCALE_BYTES",
    "NOBODY",
    "ROLES",
    "UNKNOWN",
    "Comment",
    "Contents",
    "Layout",
    "Sheet",
]

FUNCTIONS = ("business", "it", "data", "risk", "other")
LEAST_COMMENT_AREA = 4_096
"""Bytes. The area of comments is padded to a power of two, and never smaller than this."""

LOCALE_BYTES = 35  # bytes, which is the longest language tag that the tables hold
_EPOCH = date(1970, 1, 1)
ROLES: tuple[Role, ...] = get_args(Role)
NOBODY = bytes(16)
UNKNOWN = -1  # of a day, a duration or consent
_FACTS = "<IBB35siib?16s"
_LENGTH = struct.Struct("<I")
_COMMENTS = msgspec.msgpack.Decoder(list[tuple[int, int, str | None, str]])


class Sheet(NamedTuple):
    """What one person answered, and what is kept with it."""

    unit: str
    role: Role
    function: str | None
    locale: str | None
    day: date | None
    duration_s: int | None
    consent: bool | None
    imported: bool
    """From a file; False is from an invitation."""
    person: UUID | None
    """Only in confidential campaigns."""
    answers: Sequence[int | None]
    """In the item order of the instrument."""


class Comment(NamedTuple):
    """A free text, with no link to the sheet that it came with."""

    unit: str
    item: str
    locale: str | None
    text: str


class Contents(NamedTuple):
    """What was in one or more envelopes."""

    sheets: bytes
    """One after the other, all of the same size; `survey.campaigns.unsealing` reads them."""
    comments: list[Comment]


class Layout(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """How the sheets of one campaign are laid out; every sheet has the same size.

    Units and questions are written as positions, so that the length of a code tells nothing.
    """

    units: tuple[str, ...]
    """Codes of the frozen tree, sorted."""
    items: tuple[str, ...]
    """Keys of the items, in the order of the instrument."""
    questions: tuple[str, ...]
    """Keys of the open questions, in the order of the instrument."""
    low: int
    """The lowest answer; an answer is stored as its distance from it, plus one."""

    @cached_property
    def fingerprint(self) -> bytes:
        """Return what every envelope is bound to: other units or items open none."""
        return msgspec.json.encode(self, order="sorted")

    def pack(self, sheets: Iterable[Sheet], comments: Iterable[Comment]) -> bytes:
        """Return the content of an envelope: the number of sheets, the sheets, the comments."""
        packed = [self._packed(sheet) for sheet in sheets]
        return b"".join((_LENGTH.pack(len(packed)), *packed, self._area(comments)))

    def unpack(self, content: bytes) -> Contents:
        """Return what `pack` was given."""
        (count,) = _LENGTH.unpack_from(content)
        end = _LENGTH.size + count * self._struct.size
        (length,) = _LENGTH.unpack_from(content, end)
        start = end + _LENGTH.size
        comments = [
            Comment(self.units[unit], self.questions[question], locale, text)
            for unit, question, locale, text in _COMMENTS.decode(
                content[start : start + length]
            )
        ]
        return Contents(content[_LENGTH.size : end], comments)

    def _packed(self, sheet: Sheet) -> bytes:
        return self._struct.pack(
            self._unit_places[sheet.unit],
            ROLES.index(sheet.role),
            0 if sheet.function is None else 1 + FUNCTIONS.index(sheet.function),
            (sheet.locale or "").encode("ascii"),
            UNKNOWN if sheet.day is None else (sheet.day - _EPOCH) // timedelta(days=1),
            UNKNOWN if sheet.duration_s is None else sheet.duration_s,
            UNKNOWN if sheet.consent is None else int(sheet.consent),
            sheet.imported,
            NOBODY if sheet.person is None else sheet.person.bytes,
            bytes(map(self._codes.__getitem__, sheet.answers)),
        )

    def _area(self, comments: Iterable[Comment]) -> bytes:
        places = [
            (
                self._unit_places[comment.unit],
                self.questions.index(comment.item),
                comment.locale,
                comment.text,
            )
            for comment in comments
        ]
        written = msgspec.msgpack.encode(places)
        room = max(LEAST_COMMENT_AREA, 1 << (_LENGTH.size + len(written) - 1).bit_length())
        return (_LENGTH.pack(len(written)) + written).ljust(room, b"\0")

    @cached_property
    def _struct(self) -> struct.Struct:
        return struct.Struct(f"{_FACTS}{len(self.items)}s")

    @cached_property
    def _codes(self) -> dict[int | None, int]:
        """Return the byte of every answer that fits into one."""
        return {None: 0} | {self.low + step: 1 + step for step in range(255)}

    @cached_property
    def _unit_places(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.units)}
