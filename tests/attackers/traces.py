"""Traits of invitations, responses and comments in a dump: all values that could pair them."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tests.attackers.database_dump import Dump

__all__ = ["Thing", "as_text", "invited", "order_key", "shared_forms", "trace", "written"]

Row = dict[str, Any]

_TOKEN = re.compile(r"[0-9A-Za-z_@.+-]{8,}|\[[\d\s,nul]{8,}\]")
_CONTENT = {"answers", "text"}
"""Columns with the answers themselves, whose owners the attacker does not know."""
_DIGESTS = (hashlib.sha256, hashlib.sha1, hashlib.md5)
_CELL = ("unit_code", "role", "function", "locale")


@dataclass(frozen=True)
class Thing:
    """One invitation, response or comment.

    Attributes
    ----------
    owner
        Its true owner; only for scoring the attack.
    cell
        Openly stored values: unit, role, function and locale, if the table has them.
    names
        Strings by which other rows and log lines could refer to it.
    traits
        Name to value, from its own row and from every row that refers to it.
    """

    owner: UUID | None
    cell: dict[str, str | None]
    names: frozenset[str]
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


def _cell(row: Row) -> dict[str, str | None]:
    return {key: row[key] for key in _CELL if key in row}


def invited(dump: Dump, campaign: UUID) -> list[Thing]:
    """Return the completed invitations of a campaign, with their people as owners."""
    persons = {row["id"]: row for row in dump.tables.get("person", [])}
    found = []
    for row in dump.tables["invitation"]:
        if row["campaign"] == campaign and row["completed"]:
            person = persons.get(row["person"], {})
            values = [row["id"], row["token_hash"], row["person"]]
            values += [person.get("external_id"), person.get("email")]
            names = frozenset(as_text(value) for value in values if value is not None)
            found.append(Thing(row["person"], _cell(row), names))
    return found


def written(
    dump: Dump, campaign: UUID, table: str, content: str, owners: dict[Any, UUID]
) -> list[Thing]:
    """Return the responses or comments of a campaign, with their authors as owners."""
    found = []
    for row in dump.tables.get(table, []):
        if row["campaign"] == campaign:
            said = tuple(row[content]) if isinstance(row[content], list) else row[content]
            names = frozenset({as_text(row["id"]), as_text(row[content])})
            found.append(Thing(owners.get(said), _cell(row), names))
    return found


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
    by_name: dict[str, list[Thing]] = {}
    for thing in things:
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
