"""Constraints that Piccolo's own helpers do not cover."""

from enum import StrEnum

from piccolo.constraints import Check

__all__ = ["bytes_long", "one_of"]


def one_of(column: str, values: type[StrEnum]) -> Check:
    """Keep ``column`` inside a closed vocabulary; Piccolo's ``choices`` alone does not."""
    listed = ", ".join(f"'{value}'" for value in values)
    return Check(f'"{column}" IN ({listed})')


def bytes_long(column: str, length: int) -> Check:
    """Keep ``column`` at exactly ``length`` bytes, as a SHA-256 digest has 32."""
    return Check(f'octet_length("{column}") = {length}')
