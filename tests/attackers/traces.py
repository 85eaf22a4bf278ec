"""Traits of invitations, responses and comments in a dump: all values that could pair them."""

import hashlib
import hmac
import json
import re
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from survey.access.tokens import derive_token
from tests.attackers.database_dump import Dump
from tests.attackers.files import Place, find

__all__ = [
    "Request",
    "Thing",
    "as_text",
    "invited",
    "order_key",
    "shared_forms",
    "trace",
    "watch",
    "written",
]

Row = dict[str, Any]

_TOKEN = re.compile(r"[0-9A-Za-z_@.+-]{8,}|\[[\d\s,nul]{8,}\]")
_CONTENT = {"answers", "text"}
"""Columns with the answers themselves, whose owners the attacker does not know."""
_DIGESTS = (hashlib.sha256, hashlib.sha1, hashlib.md5)
_CELL = ("unit_code", "role", "function", "locale", "submitted_on", "duration_class")
_FEWEST_BYTES = 8
_FIRST, _LAST = 2, 4
"""How many of the oldest and newest versions of a row are looked at, in each file."""
_CLASSES_S = (300, 600, 1200, 2400)
"""Bounds of the classes of durations, which are no secret."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """How one person answered, as a proxy sees it, whose owner knows each person's link."""

    person: UUID
    opened: datetime
    """When the form was asked for."""
    posted: datetime
    """When the answers were sent."""
    size: int
    """Bytes of the answers as sent."""


@dataclass(frozen=True)
class Thing:
    """One invitation, response or comment.

    Attributes
    ----------
    owner
        Its true owner; only for scoring the attack.
    cell
        Openly stored values: unit, role, function, locale, day and class of duration, if the
        table has them; of people the latter two if a proxy has seen them.
    names
        Strings by which other rows and log lines could refer to it.
    prints
        Bytes that it leaves in files, in the order of their importance.
    traits
        Name to value, from its own row and from every row that refers to it.
    """

    owner: UUID | None
    cell: dict[str, Any]
    names: frozenset[str]
    prints: tuple[bytes, ...] = ()
    traits: dict[str, Any] = field(default_factory=dict)


def as_text(value: Any) -> str:
    """Return a value as text, as it could appear elsewhere; ids and hashes as plain hex."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list):
        return str(value).replace(" ", "").replace("None", "null")
    return str(value)


def _tokens(value: Any) -> Iterator[str]:
    """Yield the strings in a value that may refer to a thing, even inside texts and blobs."""
    if value is None or isinstance(value, bool | int | float | date):
        return
    yield as_text(value)
    content = value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value)
    for token in _TOKEN.findall(content):
        yield token
        yield re.sub(r"[-\s]", "", token)


def _cell(row: Row) -> dict[str, Any]:
    return {key: row[key] for key in _CELL if key in row}


def invited(dump: Dump, campaign: UUID, server_key: bytes | None = None) -> list[Thing]:
    """Return the completed invitations of a campaign, with their people as owners.

    With the server key their names include the token, and what could be derived from the key.
    """
    persons = {row["id"]: row for row in dump.tables.get("person", [])}
    found = []
    for row in dump.tables["invitation"]:
        if row["campaign"] == campaign and row["completed"]:
            person = persons.get(row["person"], {})
            values = [row["id"], row["token_hash"], row["person"]]
            values += [person.get("external_id"), person.get("email")]
            values += [] if server_key is None else _derived(server_key, row)
            names = frozenset(as_text(value) for value in values if value is not None)
            prints = tuple(map(_as_bytes, values))
            found.append(Thing(row["person"], _cell(row), names, prints))
    return found


def _derived(server_key: bytes, row: Row) -> Iterator[str | bytes]:
    token = derive_token(server_key, row["id"], row.get("generation", 1))
    yield token
    for value in (row["id"], row["person"], row["token_hash"], token):
        digest = hmac.digest(server_key, _as_bytes(value), "sha256")
        yield from (digest, digest[:16])


def written(
    dump: Dump, campaign: UUID, table: str, content: str, owners: dict[Any, UUID]
) -> list[Thing]:
    """Return the responses or comments of a campaign, with their authors as owners."""
    found = []
    for row in dump.tables.get(table, []):
        if row["campaign"] == campaign:
            said = tuple(row[content]) if isinstance(row[content], list) else row[content]
            names = frozenset({as_text(row["id"]), as_text(row[content])})
            prints = (_as_bytes(row["id"]), *_content_prints(row[content]))
            thing = Thing(owners.get(said), _cell(row), names, prints)
            thing.traits.update(_measures(row[content]))
            found.append(thing)
    return found


def _as_bytes(value: Any) -> bytes:
    if isinstance(value, UUID):
        return value.bytes
    return value if isinstance(value, bytes) else str(value or "").encode()


def _content_prints(content: Any) -> Iterator[bytes]:
    """Yield the forms in which answers or a comment may lie in a file."""
    if isinstance(content, str):
        yield content.encode()
        yield json.dumps(content)[1:-1].encode()
        return
    given = [answer for answer in content if answer is not None]
    yield struct.pack(f"<{len(given)}h", *given)
    yield bytes(0 if answer is None else answer for answer in content)
    yield json.dumps(content, separators=(",", ":")).encode()


def _measures(content: Any) -> dict[str, int]:
    """Return what the size of a request could be compared with."""
    if isinstance(content, str):
        return {"length": len(content), "bytes": len(json.dumps(content, ensure_ascii=False))}
    return {
        "answered": sum(answer is not None for answer in content),
        "bytes": len(json.dumps(content)),
    }


def watch(people: Iterable[Thing], requests: Iterable[Request]) -> None:
    """Add to people's traits what a proxy has seen of them."""
    seen = {request.person: request for request in requests}
    for thing in people:
        if thing.owner in seen:
            request = seen[thing.owner]
            lasted = (request.posted - request.opened).total_seconds()
            thing.traits["proxy.opened"] = request.opened
            thing.traits["proxy.posted"] = request.posted
            thing.traits["proxy.day"] = request.posted.date()
            thing.traits["proxy.duration"] = lasted
            thing.traits["proxy.class"] = sum(lasted > bound for bound in _CLASSES_S)
            thing.traits["proxy.size"] = request.size
            thing.cell["submitted_on"] = thing.traits["proxy.day"]
            thing.cell["duration_class"] = thing.traits["proxy.class"]


def _rows(dump: Dump) -> Iterator[tuple[str, int, Row]]:
    for table, rows in dump.tables.items():
        for place, row in enumerate(rows):
            yield table, place, row
    for place, line in enumerate(dump.logs):
        yield "log", place, {"line": line}


def trace(dump: Dump, things: Iterable[Thing]) -> None:
    """Fill in the traits from the first and last row of each table that refers to a thing.

    The position of a row is a trait too, so that a row which refers to things on both sides
    pairs them, whatever else it contains.
    """
    known = list(things)
    _trace_files(dump, known)
    by_name: dict[str, list[Thing]] = {}
    for thing in known:
        for name in thing.names:
            by_name.setdefault(name, []).append(thing)
    for table, place, row in _rows(dump):
        tokens = {token for value in row.values() for token in _tokens(value)}
        mentioned = {id(t): t for token in tokens for t in by_name.get(token, ())}
        values = {key: value for key, value in row.items() if key not in _CONTENT}
        for thing in mentioned.values():
            for key, value in (values | {"#": place}).items():
                thing.traits.setdefault(f"{table}.{key}", value)
                thing.traits[f"{table}.{key} (last)"] = value


def _trace_files(dump: Dump, things: Sequence[Thing]) -> None:
    """Fill in the traits from the oldest and newest places of each thing in each file."""
    owners: dict[bytes, list[tuple[Thing, int]]] = defaultdict(list)
    for thing in things:
        for kind, pattern in enumerate(thing.prints):
            if len(pattern) >= _FEWEST_BYTES:
                owners[pattern].append((thing, kind))
    places: dict[tuple[str, int], dict[int, list[Place]]] = defaultdict(
        lambda: defaultdict(list)
    )
    by_id = {id(thing): thing for thing in things}
    for source, pattern, place in find(dump.files, owners):
        for thing, kind in owners[pattern]:
            places[source.name, kind][id(thing)].append(place)
    for (name, kind), found in places.items():
        for key, versions in found.items():
            versions.sort(key=lambda place: place[:2])
            for number, place in _outer(versions):
                traits = {f"{name} {kind} {number:+} {k}": v for k, v in place.facts.items()}
                by_id[key].traits.update(traits)


def _outer(versions: Sequence[Place]) -> Iterator[tuple[int, Place]]:
    yield from enumerate(versions[:_FIRST])
    for number in range(1, min(_LAST, len(versions)) + 1):
        yield -number, versions[-number]


def order_key(value: Any) -> tuple[int, Any]:
    """Return a sort key for values of any kind; unknown kinds come first."""
    if value is None:
        return (0, 0)
    if isinstance(value, bool | int | float):
        return (1, value)
    if isinstance(value, datetime):
        return (2, value.astimezone(UTC).timestamp())
    if isinstance(value, date):
        return (2, datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp())
    return (3, as_text(value))


def shared_forms(value: Any) -> list[str]:
    """Return a value as text, then hashes of it that could have been stored instead."""
    if value is None or isinstance(value, bool):
        return []
    text = as_text(value)
    raw = [text.encode(), str(value).encode()]
    raw += [value.bytes] if isinstance(value, UUID) else []
    raw += [value] if isinstance(value, bytes) else []
    return [text, *(digest(each).hexdigest() for each in raw for digest in _DIGESTS)]
