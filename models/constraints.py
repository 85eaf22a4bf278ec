"""Constraints that Piccolo's own helpers do not cover, and how long a text may be."""

from collections.abc import Iterable
from enum import StrEnum

from piccolo.columns import Varchar
from piccolo.constraints import Check
from piccolo.table import Table

__all__ = ["bytes_long", "length_of", "lengths_of", "one_of"]


def one_of(column: str, values: type[StrEnum]) -> Check:
    """Restrict ``column`` to a closed vocabulary; Piccolo's ``choices`` does not enforce it."""
    listed = ", ".join(f"'{value}'" for value in values)
    return Check(f'"{column}" IN ({listed})')


def bytes_long(column: str, length: int) -> Check:
    """Require exactly ``length`` bytes in ``column``; a SHA-256 digest has 32."""
    return Check(f'octet_length("{column}") = {length}')


def length_of(column: Varchar) -> int:
    """Return how many characters fit into a column."""
    return int(column.length or 0)


def lengths_of(table: type[Table], columns: Iterable[str]) -> dict[str, int]:
    """Return how many characters fit into columns of a table; no limit, no entry."""
    found = {name: getattr(table, name, None) for name in columns}
    return {
        name: length_of(column) for name, column in found.items() if isinstance(column, Varchar)
    }
