"""What a reader restricted to one unit may see: that unit and those below it."""

from collections.abc import Mapping

__all__ = ["SEES", "in_sight", "subtree"]

SEES = "($1::text IS NULL OR u.id IN (SELECT id FROM seen))"
"""Whether the reader sees the business unit ``u``; for statements made by `in_sight`."""

_WALK = """
WITH RECURSIVE seen (id) AS (
    SELECT id FROM business_unit WHERE code = $1
    UNION
    SELECT b.id FROM business_unit b JOIN seen s ON b.parent = s.id)
"""
_NO_WALK = "WITH seen (id) AS (SELECT NULL::uuid)"


def in_sight(statement: str, within: str | None) -> str:
    """Let a statement know which units the reader sees; walk the tree only if it has to.

    Parameters
    ----------
    statement : str
        Holds `SEES`. Its ``$1`` is ``within``.
    within : str or None
        Code of the unit that the reader is restricted to; None sees the whole tree.
    """
    return (_NO_WALK if within is None else _WALK) + statement


def subtree(parents: Mapping[str, str | None], within: str) -> frozenset[str]:
    """Return a unit and those below it, in a tree of code to code of the parent."""
    children: dict[str | None, list[str]] = {}
    for code, parent in parents.items():
        children.setdefault(parent, []).append(code)
    found: set[str] = set()
    waiting = [within] if within in parents else []
    while waiting:
        code = waiting.pop()
        found.add(code)
        waiting.extend(children.get(code, ()))
    return frozenset(found)
