"""What a reader restricted to one unit may see: that unit and those below it."""

from collections.abc import Mapping
from uuid import UUID

from models.engine import connection, transaction

__all__ = ["SEEN", "subtree", "visible_units"]

SEEN = """
WITH RECURSIVE seen AS (
    SELECT id, code FROM business_unit WHERE code = $1
    UNION
    SELECT u.id, u.code FROM business_unit u JOIN seen s ON u.parent = s.id)
"""
"""Statements begin with it; ``$1`` is the unit that the reader is restricted to, or NULL."""
_VISIBLE = SEEN + "SELECT code FROM seen"  # noqa: S608 - our own fragment


async def visible_units(organisation: UUID, within: str) -> frozenset[str]:
    """Return the codes of a unit and of those below it, in the tree as it stands today."""
    async with transaction(organisation):
        rows = await connection().fetch(_VISIBLE, within)
    return frozenset(row["code"] for row in rows)


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
