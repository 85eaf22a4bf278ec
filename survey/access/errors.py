"""Why a key is refused; part of the tree in survey.errors.

SurveyError
├── Unauthenticated
│   └── KeyRefused              there is no key, or it is unknown, expired or revoked
├── Forbidden                   the caller is known and may not do this
│   ├── BeyondOwnRights         a key would grant more than its maker may do
│   └── OutlivesMaker           a key would last longer than its maker
├── NotFound
│   └── KeyNotFound             the organisation has no such key
├── Conflict
│   ├── KeyEnded                a key that has ended cannot be rotated
│   ├── KeyReplaced             a key is rotated once
│   └── LastKeyMaker            no key that can make keys would be left
├── Unavailable
│   └── TrailKeyDiffers         this process lacks the key of the audit trail
└── Invalid
    ├── UnknownScopes           there are no such scopes
    ├── ImportReadsResults      a key would import answers and read results
    ├── UnknownKeyUnit          there is no such business unit to restrict a key to
    └── ExpiryPassed            the key would have expired before it is made
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from survey.access.scopes import IMPORT
from survey.errors import (
    Conflict,
    Invalid,
    NotFound,
    SurveyError,
    Unauthenticated,
    Unavailable,
)

__all__ = [
    "BeyondOwnRights",
    "ExpiryPassed",
    "Forbidden",
    "ImportReadsResults",
    "KeyEnded",
    "KeyNotFound",
    "KeyRefused",
    "KeyReplaced",
    "LastKeyMaker",
    "OutlivesMaker",
    "TrailKeyDiffers",
    "UnknownKeyUnit",
    "UnknownScopes",
]


class KeyRefused(Unauthenticated):
    """There is no key, or it is unknown, expired or revoked; the answer does not say which."""

    code = "key-refused"

    def __init__(self) -> None:
        super().__init__("Send a valid API key: 'Authorization: Bearer omk_...'.")


class Forbidden(SurveyError):  # noqa: N818 - an error is named for what happened
    """The caller is known and may not do this."""

    code = "forbidden"


class BeyondOwnRights(Forbidden):
    """A key can grant its own scopes and its own part of the tree, and nothing more."""

    code = "beyond-own-rights"

    def __init__(self, *, scopes: Sequence[str] = (), unit: str | None = None) -> None:
        beyond = ", ".join(scopes) if scopes else "units outside its own"
        super().__init__(
            f"A key cannot grant what it does not hold: {beyond}.",
            scopes=list(scopes),
            unit=unit,
        )


class OutlivesMaker(Forbidden):
    """A key ends no later than the key that makes it."""

    code = "outlives-maker"

    def __init__(self, expires_at: datetime | None, *, maker: datetime) -> None:
        given = "null, which is never" if expires_at is None else expires_at.isoformat()
        expected = (
            f"a moment no later than {maker.isoformat()}, when the key that makes it ends"
        )
        super().__init__(
            f"expiresAt must be {expected}; got {given}.",
            errors=[
                {
                    "pointer": "/expiresAt",
                    "code": "outlives-maker",
                    "detail": f"Expected {expected}.",
                    "value": None if expires_at is None else expires_at.isoformat(),
                }
            ],
        )


class KeyNotFound(NotFound):
    """The organisation has no key with this id."""

    code = "key-not-found"

    def __init__(self, key: UUID) -> None:
        super().__init__(f"No API key {key}.", key=str(key))


class KeyEnded(Conflict):
    """A key that has expired or was revoked cannot be rotated; make a new one."""

    code = "key-ended"

    def __init__(self, key: UUID) -> None:
        super().__init__(f"API key {key} has ended. Make a new one.", key=str(key))


class KeyReplaced(Conflict):
    """A key is rotated once; rotate its successor."""

    code = "key-replaced"

    def __init__(self, key: UUID, *, successor: UUID) -> None:
        super().__init__(
            f"API key {key} was rotated before. Rotate its successor, {successor}.",
            key=str(key),
            successor=str(successor),
        )


class LastKeyMaker(Conflict):
    """The last key that can make keys is given up on the command line only."""

    code = "last-key-maker"

    def __init__(self, key: UUID, *, command: str) -> None:
        super().__init__(
            "No key that can make keys, and lasts, would be left in the organisation. An "
            f"operator can do this on the command line: opmodel key {command} {key}.",
            key=str(key),
        )


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


class ImportReadsResults(Invalid):
    """A key that imports responses reads no results: invented answers would show real ones."""

    code = "import-reads-results"

    def __init__(self, scopes: Sequence[str]) -> None:
        super().__init__(
            f"A key with {IMPORT} reads no results, so it cannot have {', '.join(scopes)}. "
            "Make two keys.",
            errors=[
                {
                    "pointer": "/scopes",
                    "code": "reads-results",
                    "detail": f"Expected no scope that reads results beside {IMPORT}.",
                    "value": scope,
                }
                for scope in scopes
            ],
        )


class UnknownKeyUnit(Invalid):
    """A key can only be restricted to a business unit that exists."""

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
    """The key would have expired before it is made."""

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


class TrailKeyDiffers(Unavailable):
    """The audit trail was kept with another server key than this process has.

    An entry under the wrong key would break the chain for good, so nothing is done.
    """

    code = "trail-key-differs"

    def __init__(self) -> None:
        super().__init__(
            "The audit trail was kept with another server key, so nothing can be changed. Give "
            "this process the server key of the installation (OPMODEL_SECRET_KEY), or run "
            "`opmodel audit new-key` if that is lost."
        )
