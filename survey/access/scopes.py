"""What an API key may be allowed to do, and who may grant it; pure."""

from collections.abc import Collection, Mapping

__all__ = ["SCOPES", "not_grantable", "unknown_scopes"]

SCOPES: Mapping[str, str] = {
    "org:read": "Read the organisation, its units, the operating models and the evidence.",
    "org:write": "Change the organisation, its units and its API keys.",
    "people:read": "Read people.",
    "people:write": "Change people.",
    "campaigns:read": "Read instruments, campaigns and participation.",
    "campaigns:write": "Change instruments and campaigns, and read the one to change; open, "
    "close and release.",
    "responses:write": "Submit responses and files of responses.",
    "analytics:read": "Read releases, scores, sponsorship gaps and all other findings.",
    "comments:read": "Read the comments that may be shown.",
    "recommendations:read": "Read recommendations, what was decided on them, and use cases.",
    "decisions:write": "Accept or override recommendations; propose and change use cases; read "
    "the one to change.",
    "webhooks:write": "Change webhooks.",
    "audit:read": "Read the audit trail.",
}
"""Name of each scope to what it allows."""


def unknown_scopes(wanted: Collection[str]) -> list[str]:
    """Return what is not a scope, sorted."""
    return sorted(set(wanted) - set(SCOPES))


def not_grantable(wanted: Collection[str], *, held: Collection[str]) -> list[str]:
    """Return the scopes that a holder of ``held`` may not grant, sorted.

    Nobody grants more than they hold: a key that could would be worth all scopes.
    """
    return sorted(set(wanted) - set(held))
