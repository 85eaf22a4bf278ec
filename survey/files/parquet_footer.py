"""What the footer of a Parquet file says of its size, before anything is unpacked.

The footer is a record in Thrift's compact protocol. Only its counts are of interest here; they
come from a stranger, so that what is unpacked is bounded again (``unpack_parquet``).
"""

from collections.abc import Iterator
from typing import Any

import msgspec

__all__ = ["Damaged", "Footer", "read_footer"]

_MAGIC = b"PAR1"
_ENCRYPTED = b"PARE"
_TAIL = 8  # bytes: the length of the footer, and the magic number
_LONGEST = 4_000_000  # bytes; of a table of 2000 columns in two parts it takes 800 000
_DEEPEST = 8  # records and lists within each other; the format itself has six
_FEW_BITS = 70  # of a number of 64

# The fields of the records by their numbers in the format's definition (parquet.thrift).
_ROWS, _PARTS, _SCHEMA = 3, 4, 2
_PART_COLUMNS, _PART_BYTES, _PART_ROWS = 1, 2, 3
_COLUMN_FACTS = 3
_VALUES, _UNPACKED = 5, 6
_CHILDREN = 5
_Record = dict[int, Any]


class Damaged(ValueError):  # noqa: N818 - an error is named for what happened
    """The bytes are no footer; the message says why."""


class Footer(msgspec.Struct, frozen=True, kw_only=True):
    """How large a file says that it is; if it contradicts itself, the largest count."""

    rows: int
    columns: int
    """Those that hold values; a record within a column has several."""
    values: int
    """Of all columns together, nulls included."""
    unpacked_bytes: int
    """Of the pages once they are decompressed; a table may take much more."""


def read_footer(data: bytes) -> Footer:
    """Return what the footer of a file says.

    Raises
    ------
    Damaged
        There is no footer, or it is encrypted, cut off, nested or longer than it should be.
    """
    try:
        return _footer(_Compact(_bytes_of_footer(data)).record(0))
    except (IndexError, KeyError, TypeError, AttributeError, OverflowError):
        msg = "its footer is cut off or holds something else"
        raise Damaged(msg) from None


def _bytes_of_footer(data: bytes) -> bytes:
    if data[-4:] == _ENCRYPTED:
        msg = "it is encrypted"
        raise Damaged(msg)
    length = int.from_bytes(data[-_TAIL:-4], "little")
    if data[-4:] != _MAGIC or not 0 < length <= len(data) - _TAIL - len(_MAGIC):
        msg = "it has no footer, so it is not whole"
        raise Damaged(msg)
    if length > _LONGEST:
        msg = f"its footer has {length} bytes, more than {_LONGEST}"
        raise Damaged(msg)
    return data[-_TAIL - length : -_TAIL]


def _footer(said: _Record) -> Footer:
    parts: list[_Record] = said.get(_PARTS, [])
    chunks = [[one[_COLUMN_FACTS] for one in part[_PART_COLUMNS]] for part in parts]
    facts = [fact for chunk in chunks for fact in chunk]
    counts = [said[_ROWS], *(part[_PART_ROWS] for part in parts)]
    counts += [number for fact in facts for number in (fact[_VALUES], fact[_UNPACKED])]
    if min(counts) < 0:
        msg = "its footer holds a negative size"
        raise Damaged(msg)
    leaves = sum(not element.get(_CHILDREN) for element in said[_SCHEMA])
    return Footer(
        rows=max(said[_ROWS], sum(part[_PART_ROWS] for part in parts)),
        columns=max(leaves, *map(len, chunks), 0),
        values=sum(fact[_VALUES] for fact in facts),
        unpacked_bytes=max(
            sum(fact[_UNPACKED] for fact in facts), sum(part[_PART_BYTES] for part in parts)
        ),
    )


class _Compact:
    """Reads Thrift's compact protocol; each step takes a byte, so that it ends."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def record(self, depth: int) -> _Record:
        """Return the fields of a record by their numbers."""
        return dict(self._fields(depth))

    def _fields(self, depth: int) -> Iterator[tuple[int, Any]]:
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._signed()
            yield number, self._value(head & 15, depth)

    def _value(self, kind: int, depth: int) -> Any:
        if kind in {1, 2}:  # a field that is true or false has no more than its kind
            return kind == 1
        if kind in {4, 5, 6}:
            return self._signed()
        return self._composed(kind, depth)

    def _composed(self, kind: int, depth: int) -> Any:
        if depth > _DEEPEST:
            msg = f"its footer is nested more than {_DEEPEST} deep"
            raise Damaged(msg)
        if kind in {3, 7, 8}:
            return self._raw({3: 1, 7: 8}.get(kind) or self._unsigned())
        if kind in {9, 10}:
            return self._list(depth + 1)
        if kind == 12:
            return self.record(depth + 1)
        msg = "its footer holds something of an unknown kind"  # maps are not in the format
        raise Damaged(msg)

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count = head >> 4 if head >> 4 < 15 else self._unsigned()
        kind = head & 15
        if kind in {1, 2}:
            return [self._byte() == 1 for _ in range(count)]
        return [self._value(kind, depth) for _ in range(count)]

    def _raw(self, length: int) -> bytes:
        start, self._at = self._at, self._at + length
        if self._at > len(self._data):
            raise IndexError
        return self._data[start : self._at]

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _unsigned(self) -> int:
        number = 0
        for shift in range(0, _FEW_BITS, 7):
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
        msg = "its footer holds a number that is too long"
        raise Damaged(msg)

    def _signed(self) -> int:
        number = self._unsigned()
        return (number >> 1) ^ -(number & 1)
