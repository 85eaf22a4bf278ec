"""How names and lists of keys read in the terminal."""

from collections.abc import Iterable

__all__ = ["NO_BREAK", "first_few", "printable"]

NO_BREAK = "\N{NO-BREAK SPACE}"


def printable(text: str) -> str:
    """Keep a name from steering the terminal; a space that must not break is no such sign."""
    return "".join(sign if sign.isprintable() or sign == NO_BREAK else "�" for sign in text)


def first_few(names: Iterable[str], most: int) -> str:
    """List the first names, and count the others."""
    known = list(names)
    more = len(known) - most
    listed = ", ".join(known[:most])
    return f"{listed} and {more:,} more" if more > 0 else listed
