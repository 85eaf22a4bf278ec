"""Closed vocabularies that several parts of an analysis share, each defined here once.

Words of a single record stand beside it in ``analytics.results``. The database stores some of
these as text; ``tests/architecture/test_vocabularies.py`` compares its words with them.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

__all__ = [
    "CUTS",
    "RATERS",
    "ROLES",
    "ROLE_OF",
    "Cut",
    "Rater",
    "ReportStatus",
    "Role",
    "RolesShown",
]

Role: TypeAlias = Literal["sponsor", "manager", "contributor"]
"""What a person is in their unit: ``sponsor``, ``manager`` or ``contributor``."""
ROLES: tuple[Role, ...] = get_args(Role)

Rater: TypeAlias = Literal["manager", "contributor"]
"""Roles whose answers enter the scores of a unit; sponsors answer about themselves."""
RATERS: tuple[Rater, ...] = get_args(Rater)

Cut: TypeAlias = Literal["all", "managers", "contributors"]
"""Whose answers a figure rests on: those of ``all``, of ``managers`` or of ``contributors``."""
CUTS: tuple[Cut, ...] = get_args(Cut)
ROLE_OF: Mapping[Cut, Rater | None] = {
    "all": None,
    "managers": "manager",
    "contributors": "contributor",
}
"""The role of the people in each cut; None for all roles."""

ReportStatus: TypeAlias = Literal["reported", "suppressed"]
"""Whether a figure may be shown: ``reported``, or ``suppressed`` because of too few people."""

RolesShown: TypeAlias = Literal["roles", "all", "hidden"]
"""Whether a figure may be shown by role, merged over roles, or not at all."""
