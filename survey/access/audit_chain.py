"""The chain that the audit trail is: every entry carries a MAC over itself and the one before.

Whoever changes, moves or removes an entry would have to make all later MACs anew, and lacks the
key. Only the last entries can be cut off unseen, unless somebody has kept the MAC of one of
them elsewhere: that MAC is the head of the trail at its time. Pure.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec

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
    objects: tuple[str, ...]
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
            entry.objects,
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
    unchained: int
    """How many of them are older than the chain: their number is proven, not their content."""
    wrong: int | None = None
    """Number of the first entry that is not in order, or that is missing."""
    problem: str | None = None
    """What is wrong with it, as a sentence."""


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
        self._unchained = 0

    def problem_with(self, entries: Iterable[Entry]) -> Verdict | None:
        """Take the next entries; return what is known if one of them is not in order."""
        for entry in entries:
            problem = self._problem(entry)
            if problem is not None:
                return self._verdict(problem)
            self._count += 1
            self._unchained += entry.mac is None
            self._last = entry.mac
            if self._wanted is not None and entry.mac == self._wanted:
                self._wanted = None
        return None

    def ended(self) -> Verdict:
        """Return what is known when there are no more entries."""
        if self._wanted is None:
            return self._verdict(None)
        return self._verdict(
            f"Entry {self._count + 1} is missing: the trail ends before the head that was "
            "given, or that is the head of another trail."
        )

    def _problem(self, entry: Entry) -> str | None:
        expected = self._count + 1
        if entry.number != expected:
            return f"Entry {expected} is missing: entry {entry.number} follows instead."
        if entry.mac is None:
            if self._last is None:
                return None
            return f"Entry {expected} has no MAC, although the entry before has one."
        if entry.key_mark != self._key.mark:
            return f"Entry {expected} was made with another server key, or in another trail."
        if not hmac.compare_digest(self._key.mac(entry, self._last), entry.mac):
            return (
                f"Entry {expected} is not what was recorded, or does not follow the entry "
                "before it."
            )
        return None

    def _verdict(self, problem: str | None) -> Verdict:
        return Verdict(
            entries=self._count,
            head="" if self._last is None else self._last.hex(),
            unchained=self._unchained,
            wrong=None if problem is None else self._count + 1,
            problem=problem,
        )
