"""The files of a database, as a superuser can SELECT them: row versions and write-ahead log.

A row that was changed or removed stays in its page until something else needs the room, and
every change is in the log too. Both tell which transaction wrote it, and the log tells when.
"""

import itertools
import struct
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import asyncpg
import numpy as np
from numpy.typing import NDArray

__all__ = ["Place", "Source", "find", "heap_source", "log_source", "read_files"]

PAGE = 8192
_KEY = 8  # bytes of a pattern that are looked up before all of it is compared

_RELATIONS = """
    SELECT coalesce(o.relname, p.relname, h.relname, c.relname) AS title,
           c.relname AS name, c.relkind::text AS kind, c.relnatts::int AS columns,
           pg_read_binary_file(pg_relation_filepath(c.oid)) AS content
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_class h ON h.reltoastrelid = coalesce(i.indrelid, c.oid)
    LEFT JOIN pg_class o ON o.oid = (
        SELECT inhparent FROM pg_inherits
        WHERE inhrelid = coalesce(h.oid, i.indrelid, c.oid) LIMIT 1)
    LEFT JOIN pg_class p ON p.oid = i.indrelid
    WHERE c.relkind IN ('r', 'm', 't', 'i') AND pg_relation_size(c.oid) > 0
      AND (n.nspname NOT IN ('pg_catalog', 'information_schema')
           OR c.relname IN ('pg_statistic', 'pg_largeobject'))
    ORDER BY c.oid
"""

_LOG = """
    SELECT pg_read_binary_file('pg_wal/' || name) FROM pg_ls_waldir()
    WHERE name ~ '^[0-9A-F]{24}$'
      AND name BETWEEN pg_walfile_name($1::text::pg_lsn)
                   AND pg_walfile_name(pg_current_wal_lsn())
    ORDER BY name
"""


class Place(NamedTuple):
    """Where something was found in a file, and what the record around it says."""

    order: int
    """The transaction that wrote it; places are sorted by it first."""
    position: int
    facts: Mapping[str, int]


@dataclass(frozen=True)
class Source:
    """One file, cut into the records that lie in it.

    Attributes
    ----------
    name
        Table, index or log, the same for all partitions of a table.
    starts
        Where records begin, ascending.
    facts
        What each record says about itself; ``xid`` at least.
    """

    name: str
    content: bytes
    starts: list[int]
    facts: list[Mapping[str, int]]
    reach: int = PAGE
    """Nothing that lies further from the start of a record, in bytes, belongs to it."""

    def place(self, position: int) -> Place:
        """Return the place of something at a position of the file."""
        number = bisect_right(self.starts, position) - 1
        known = number >= 0 and position - self.starts[number] < self.reach
        facts = dict(self.facts[number]) if known else {}
        return Place(facts.get("xid", 0), position, facts | {"position": position})


def heap_source(
    name: str, content: bytes, *, columns: int, next_xid: int, committed: Mapping[int, int]
) -> Source:
    """Return the file of a table with all versions of its rows, removed ones included.

    Line pointers are not followed, since a removed row has none: whatever looks like the
    header of a row of this table is one.
    """
    raw = np.frombuffer(content[: len(content) // PAGE * PAGE], dtype="<u8").reshape(-1)
    words = np.concatenate([raw, np.zeros(3, dtype="<u8")])
    first, third = words[:-3], words[2:-1]
    xmin, xmax = first & 0xFFFFFFFF, first >> 32
    attributes = (third >> 16) & 0x7FF
    nulls = (third >> 32) & 1
    begins = (third >> 48) & 0xFF
    expected = np.where(nulls == 1, (23 + (attributes + 7) // 8 + 7) // 8 * 8, 24)
    header = (
        (xmin > 2)
        & (xmin < next_xid)
        & (xmax < next_xid)
        & (attributes > 0)
        & (attributes <= columns)
        & (begins == expected)
    )
    places = np.flatnonzero(header)
    facts: list[Mapping[str, int]] = [
        {"xid": born, "xmax": gone, "committed": committed.get(born, 0)}
        for born, gone in zip(xmin[places].tolist(), xmax[places].tolist(), strict=True)
    ]
    return Source(name, content, (places * 8).tolist(), facts)


_PAGE_HEADER = struct.Struct("<HHIQI")
_RECORD = struct.Struct("<IIQBB")
_LONG, _SHORT = 40, 24
_EVERY_VERSION = 0xD1  # the mark of a page begins so
_FIRST_OF_SEGMENT = 2  # a flag of a page
_TRANSACTIONS, _OUTCOME, _COMMIT = 1, 0x70, 0


class _LogPage(NamedTuple):
    """A page of the log without its header."""

    address: int
    left: int
    """Bytes at the beginning that belong to a record of the page before."""
    content: bytes


def log_source(segments: Iterable[bytes]) -> Source:
    """Return the write-ahead log as one stretch, with the time at which each xid committed."""
    pages = sorted(page for segment in segments for page in _log_pages(segment))
    stretch = b"".join(page.content for page in pages)
    starts: list[int] = []
    facts: list[dict[str, int]] = []
    times: dict[int, int] = {}
    for start, (length, xid, _, info, manager) in _log_records(stretch, pages):
        starts.append(start)
        facts.append({"xid": xid, "length": length})
        if manager == _TRANSACTIONS and info & _OUTCOME == _COMMIT and xid:
            times[xid] = struct.unpack_from("<q", stretch, start + 26)[0]
    for each in facts:
        each["committed"] = times.get(each["xid"], 0)
    return Source("log", stretch, starts, [*facts], reach=1 << 20)


def _log_pages(segment: bytes) -> Iterator[_LogPage]:
    for start in range(0, len(segment) - PAGE + 1, PAGE):
        magic, info, _, address, left = _PAGE_HEADER.unpack_from(segment, start)
        if magic >> 8 == _EVERY_VERSION:
            skipped = _LONG if info & _FIRST_OF_SEGMENT else _SHORT
            yield _LogPage(address, left, segment[start + skipped : start + PAGE])


def _log_records(
    stretch: bytes, pages: Sequence[_LogPage]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield start and header of every record; begin anew wherever pages are missing."""
    begins = np.cumsum([0, *(len(page.content) for page in pages)]).tolist()
    missing = [
        number
        for number in range(1, len(pages))
        if pages[number].address != pages[number - 1].address + PAGE
    ]
    for first, end in itertools.pairwise([0, *missing, len(pages)]):
        at = begins[first] + _aligned(pages[first].left)
        while at + _RECORD.size <= begins[end]:
            record = _RECORD.unpack_from(stretch, at)
            if record[0] >= _SHORT:
                yield at, record
                at = begins[first] + _aligned(at + record[0] - begins[first])
                continue
            number = bisect_right(begins, at)
            if number >= end:
                break
            at = begins[number] + _aligned(pages[number].left)


def _aligned(position: int) -> int:
    return (position + 7) // 8 * 8


async def read_files(connection: asyncpg.Connection, *, since: str) -> list[Source]:
    """Read all files of tables and indexes, and the log since a position in it."""
    segments = [row[0] for row in await connection.fetch(_LOG, since, timeout=120)]
    await connection.execute("CHECKPOINT")
    next_xid = int(
        await connection.fetchval("SELECT txid_snapshot_xmax(txid_current_snapshot())")
    )
    sources = [log_source(segments)]
    committed = {each["xid"]: each["committed"] for each in sources[0].facts}
    for row in await connection.fetch(_RELATIONS, timeout=120):
        if row["kind"] == "i":
            name = f"index {row['title']} {_without_ids(row['name'])}"
            sources.append(Source(name, row["content"], [], []))
        else:
            name = f"file {row['title']}{' (toast)' if row['kind'] == 't' else ''}"
            sources.append(
                heap_source(
                    name,
                    row["content"],
                    columns=row["columns"],
                    next_xid=next_xid + 1,
                    committed=committed,
                )
            )
    return sources


def _without_ids(name: str) -> str:
    return "".join(letter for letter in name if not letter.isdigit())


def find(
    sources: Iterable[Source], patterns: Collection[bytes]
) -> Iterator[tuple[Source, bytes, Place]]:
    """Yield every occurrence of every pattern (at least eight bytes long) in the files."""
    by_key: dict[int, list[tuple[bytes, int]]] = defaultdict(list)
    shared = Counter(_key(pattern, at) for pattern in patterns for at in _ends(pattern))
    for pattern in patterns:
        offset = min(_ends(pattern), key=lambda at: shared[_key(pattern, at)])
        by_key[_key(pattern, offset)].append((pattern, offset))
    keys = np.array(sorted(by_key), dtype="<u8")
    for source in sources:
        for position in _hits(source.content, keys):
            for pattern, offset in by_key[_key(source.content, position)]:
                start = position - offset
                if source.content.startswith(pattern, start):
                    yield source, pattern, source.place(start)


def _ends(pattern: bytes) -> tuple[int, int]:
    return 0, len(pattern) - _KEY


def _key(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + _KEY], "little")


def _hits(content: bytes, keys: NDArray[np.uint64]) -> Iterator[int]:
    for shift in range(_KEY):
        length = (len(content) - shift) // _KEY
        if length > 0:
            words = np.frombuffer(content, dtype="<u8", count=length, offset=shift)
            places = np.searchsorted(keys, words).clip(max=len(keys) - 1)
            yield from (np.flatnonzero(keys[places] == words) * _KEY + shift).tolist()
