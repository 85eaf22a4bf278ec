"""The chain that the audit trail is: every entry carries a MAC over itself and the one before.

Whoever changes, moves or removes an entry would have to make all later MACs anew, and lacks the
key. Only the last entries can be cut off unseen, unless somebody has kept the MAC of one of
them elsewhere: that MAC is the head of the trail at its time. Pure.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from models.enums import AuditAction
from survey.access.actors import Actor

__all__ = ["Check", "Entry", "Fact", "Facts", "TrailKey", "Verdict"]

Fact: TypeAlias = "str | int | bool | Sequence[Fact] | Mapping[str, Fact] | None"
"""What JSON can hold, without fractions: these have more than one spelling."""
Facts: TypeAlias = Mapping[str, Fact]

_DIGEST = "sha256"
_MARK_BYTES = 8
_FORMAT = 1
_NOTHING_BEFORE = bytes(32)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is stored."""

    id: UUID
    number: int
    """1, 2, 3, ... in its organisation."""
    at: datetime
    """UTC."""
    actor: Actor
    name: str | None
    """The name of the key at that time."""
    action: str
    subjects: tuple[str, ...]
    facts: Facts
    mac: bytes | None = None
    """None in entries that are older than the chain."""
    key_mark: bytes | None = None


class TrailKey:
    """Makes the MACs of one organisation's entries.

    Parameters
    ----------
    server_key : bytes
        From which the key is derived, so that the database alone cannot forge an entry.
    organisation : UUID
        An entry of one organisation proves nothing in another.
    """

    def __init__(self, server_key: bytes, organisation: UUID) -> None:
        label = b"audit trail\0"
        self._key = hmac.digest(server_key, label + organisation.bytes, _DIGEST)
        self.mark = hmac.digest(self._key, b"mark", _DIGEST)[:_MARK_BYTES]
        """Tells this key from others, and says nothing about it."""

    def __repr__(self) -> str:
        return "TrailKey(...)"

    def mac(self, entry: Entry, before: bytes | None) -> bytes:
        """Return the MAC of an entry.

        Parameters
        ----------
        entry : Entry
            Everything of it is covered, except its own MAC.
        before : bytes or None
            The MAC of the entry before; None if it has none.
        """
        covered = (
            _FORMAT,
            entry.number,
            str(entry.id),
            entry.at.isoformat(),
            (entry.actor.kind, entry.actor.key, entry.actor.address),
            entry.name,
            entry.action,
            entry.subjects,
            entry.facts,
            (before or _NOTHING_BEFORE).hex(),
        )
        return hmac.digest(self._key, msgspec.json.encode(covered, order="sorted"), _DIGEST)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a trail after its entries have been checked, oldest first."""

    entries: int
    """How many are in order."""
    head: str
    """MAC of the last of them, in hexadecimal; empty if there is none."""
    unproven: int
    """How many of them are older than the chain, or were made with an earlier server key: their
    number is proven, and their content is not."""
    wrong: int | None = None
    """Number of the first entry that is not in order, or that is missing."""
    problem: str | None = None
    """What is wrong with it, as a sentence."""


class _Wrong(NamedTuple):
    """The first entry that is not in order, or that is missing."""

    number: int
    problem: str


class Check:
    """Checks the entries of a trail one by one, oldest first, in constant memory.

    Parameters
    ----------
    key : TrailKey
        Of the organisation.
    head : bytes or None
        The MAC of an entry, which was kept elsewhere and must be found.
    """

    def __init__(self, key: TrailKey, *, head: bytes | None = None) -> None:
        self._key = key
        self._wanted = head
        self._last: bytes | None = None
        self._count = 0
        self._unproven = 0
        self._is_proven = False
        self._of_another_key: _Wrong | None = None

    def problem_with(self, entries: Iterable[Entry]) -> Verdict | None:
        """Take the next entries; return what is known if one of them is not in order."""
        for entry in entries:
            wrong = self._wrong(entry)
            if wrong is not None:
                return self._verdict(wrong)
            self._count += 1
            self._unproven += not self._is_proven
            self._last = entry.mac
            if self._wanted is not None and entry.mac == self._wanted:
                self._wanted = None
        return None

    def ended(self) -> Verdict:
        """Return what is known when there are no more entries."""
        if self._of_another_key is not None:
            return self._verdict(self._of_another_key)
        if self._wanted is None:
            return self._verdict(None)
        missing = self._count + 1
        sentence = (
            f"Entry {missing} is missing: the trail ends before the head that was given, or "
            "that is the head of another trail."
        )
        return self._verdict(_Wrong(missing, sentence))

    def _wrong(self, entry: Entry) -> _Wrong | None:
        number = self._count + 1
        if entry.number != number:
            sentence = f"Entry {number} is missing: entry {entry.number} follows instead."
            return _Wrong(number, sentence)
        if entry.key_mark != self._key.mark:
            return self._wrong_without_key(entry)
        if self._of_another_key and entry.action != AuditAction.AUDIT_KEY_CHANGED:
            return self._of_another_key
        if not hmac.compare_digest(self._key.mac(entry, self._last), entry.mac or b""):
            sentence = f"Entry {number} is not what was recorded, or not what follows here."
            return _Wrong(number, sentence)
        self._is_proven, self._of_another_key = True, None
        return None

    def _wrong_without_key(self, entry: Entry) -> _Wrong | None:
        """Let an entry pass that may be older than this key; a later one must vouch for it."""
        number = entry.number
        if entry.mac is None:
            sentence = f"Entry {number} has no MAC, although the entry before has one."
            return None if self._last is None else _Wrong(number, sentence)
        sentence = f"Entry {number} was made with another server key, or in another trail."
        if self._is_proven:
            return _Wrong(number, sentence)
        self._of_another_key = self._of_another_key or _Wrong(number, sentence)
        return None

    def _verdict(self, wrong: _Wrong | None) -> Verdict:
        return Verdict(
            entries=self._count if wrong is None else wrong.number - 1,
            head="" if self._last is None else self._last.hex(),
            unproven=self._unproven,
            wrong=None if wrong is None else wrong.number,
            problem=None if wrong is None else wrong.problem,
        )
