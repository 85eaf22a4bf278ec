"""What an API key may be allowed to do, and who may grant it; pure."""

from collections.abc import Collection, Mapping
from datetime import datetime

__all__ = [
    "GENERAL_SCOPES",
    "IMPORT",
    "KEYS",
    "LINKS",
    "SCOPES",
    "not_grantable",
    "outlives",
    "results_beside_import",
    "unknown_scopes",
]

IMPORT = "responses:import"
LINKS = "invitations:export"
KEYS = "keys:write"

SCOPES: Mapping[str, str] = {
    "org:read": "Read the organisation, its units, the operating models and the evidence.",
    "org:write": "Change the organisation and its units.",
    "people:read": "Read people.",
    "people:write": "Change people.",
    "campaigns:read": "Read instruments, campaigns and participation.",
    "campaigns:write": "Change instruments and campaigns, and read the one to change; open, "
    "close and release.",
    "responses:submit": "Submit the response of a person who was invited, by an integration.",
    IMPORT: "Import files of responses; no key has it with a scope that reads results.",
    "responses:export": "Export responses.",
    LINKS: "Export the personal links of the people invited, with which anybody could answer.",
    "analytics:read": "Read releases, scores, sponsorship gaps and all other findings.",
    "comments:read": "Read the comments that may be shown.",
    "recommendations:read": "Read recommendations, what was decided on them, and use cases.",
    "decisions:write": "Accept or override recommendations; propose and change use cases; read "
    "the one to change.",
    "webhooks:write": "Change webhooks.",
    "channels:write": "Set up, see, try out and remove the channels that messages take.",
    KEYS: "Make, rotate and revoke API keys; none that it makes may do more or last longer.",
    "audit:read": "Read the audit trail and the list of API keys.",
}
"""Name of each scope to what it allows."""

READS_RESULTS = frozenset(
    {"analytics:read", "comments:read", "recommendations:read", "responses:export"}
)
"""Whoever could invent answers and see what they do to a result could single people out."""

GENERAL_SCOPES = tuple(
    scope for scope in SCOPES if scope not in {IMPORT, "responses:export", LINKS}
)
"""What a key for general use may do: everything but to bring in answers, to carry them off, or
to carry off what they are given with."""


def unknown_scopes(wanted: Collection[str]) -> list[str]:
    """Return what is not a scope, sorted."""
    return sorted(set(wanted) - set(SCOPES))


def results_beside_import(wanted: Collection[str]) -> list[str]:
    """Return the scopes that read results and stand beside ``responses:import``, sorted."""
    return sorted(READS_RESULTS & set(wanted)) if IMPORT in wanted else []


def not_grantable(wanted: Collection[str], *, held: Collection[str]) -> list[str]:
    """Return the scopes that a holder of ``held`` may not grant, sorted.

    Nobody grants more than they hold: a key that could would be worth all scopes.
    """
    return sorted(set(wanted) - set(held))


def outlives(end: datetime | None, *, maker: datetime | None) -> bool:
    """Tell whether a key would last longer than the key that makes it; None lasts forever."""
    return maker is not None and (end is None or end > maker)
