"""What keys may be refused for; part of the tree in survey.errors.

SurveyError
├── Unauthenticated
│   └── KeyRefused              no key, an unknown, expired or revoked one
├── Forbidden                   known, and not allowed to do this
│   └── BeyondOwnRights         nobody hands on more than they hold
├── NotFound
│   └── KeyNotFound             no such key in this organisation
└── Invalid
    ├── UnknownScopes           there are no such scopes
    ├── UnknownKeyUnit          there is no such business unit to keep a key to
    └── ExpiryPassed            a key that would be born expired
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from survey.errors import Invalid, NotFound, SurveyError, Unauthenticated

__all__ = [
    "BeyondOwnRights",
    "ExpiryPassed",
    "Forbidden",
    "KeyNotFound",
    "KeyRefused",
    "UnknownKeyUnit",
    "UnknownScopes",
]


class KeyRefused(Unauthenticated):
    """No key was given, or one that is unknown, expired or revoked; which is not told."""

    code = "key-refused"

    def __init__(self) -> None:
        super().__init__("Send a valid API key: 'Authorization: Bearer omk_...'.")


class Forbidden(SurveyError):  # noqa: N818 - an error is named for what happened
    """The caller is known and may not do this."""

    code = "forbidden"


class BeyondOwnRights(Forbidden):
    """A key can hand on its own scopes and its own part of the tree, and no more."""

    code = "beyond-own-rights"

    def __init__(self, *, scopes: Sequence[str] = (), unit: str | None = None) -> None:
        beyond = ", ".join(scopes) if scopes else "units outside its own"
        super().__init__(
            f"A key cannot hand on what it does not hold: {beyond}.",
            scopes=list(scopes),
            unit=unit,
        )


class KeyNotFound(NotFound):
    """The organisation has no key with this id."""

    code = "key-not-found"

    def __init__(self, key: UUID) -> None:
        super().__init__(f"No API key {key}.", key=str(key))


class UnknownScopes(Invalid):
    """Some of the scopes asked for do not exist."""

    code = "unknown-scopes"

    def __init__(self, scopes: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(
            f"No such scopes: {', '.join(scopes)}. Known are {', '.join(known)}.",
            errors=[
                {
                    "pointer": "/scopes",
                    "code": "unknown-scope",
                    "detail": "Expected a known scope.",
                    "value": scope,
                }
                for scope in scopes
            ],
        )


class UnknownKeyUnit(Invalid):
    """A key can only be kept to a business unit that exists."""

    code = "unknown-key-unit"

    def __init__(self, unit: str) -> None:
        super().__init__(
            f"No business unit '{unit}'.",
            errors=[
                {
                    "pointer": "/unit",
                    "code": "unknown-unit",
                    "detail": "Expected the code of a business unit.",
                    "value": unit,
                }
            ],
        )


class ExpiryPassed(Invalid):
    """The key would have expired before it was made."""

    code = "expiry-passed"

    def __init__(self, expires_at: datetime) -> None:
        super().__init__(
            "A key cannot expire in the past.",
            errors=[
                {
                    "pointer": "/expiresAt",
                    "code": "in-the-past",
                    "detail": "Expected a moment in the future.",
                    "value": expires_at.isoformat(),
                }
            ],
        )
