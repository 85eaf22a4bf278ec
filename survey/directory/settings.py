"""What the settings of an organisation and the thresholds of a campaign may be."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated
from zoneinfo import available_timezones

import msgspec

from models.constraints import length_of
from models.edges import (
    GREATEST_SMALLINT,
    MAX_LOCALE,
    MAX_NAME,
    MOST_LISTED,
    Count,
    Prose,
    Word,
)
from models.organisation import Organisation
from survey.errors import FieldInvalid

__all__ = [
    "CampaignThresholds",
    "EmbedOrigins",
    "Language",
    "MinGroup",
    "OrganisationName",
    "TimeZone",
    "known_time_zones",
    "require_locale",
    "require_min_group",
    "require_name",
    "require_origins",
    "require_slug",
    "require_time_zone",
]

LEAST_GROUP, GREATEST_GROUP = 4, 50
MAX_KEY = length_of(Organisation.key)
MAX_TIME_ZONE = length_of(Organisation.time_zone)

_LANGUAGE = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"
# What no column holds is refused where it comes in; the rules below, which answer in words, are
# narrower, and the schemas say them.
MinGroup = Annotated[
    Count, msgspec.Meta(extra_json_schema={"minimum": LEAST_GROUP, "maximum": GREATEST_GROUP})
]
"""From 4 to 50 people."""
Language = Annotated[
    Word, msgspec.Meta(extra_json_schema={"pattern": f"^{_LANGUAGE}$", "maxLength": MAX_LOCALE})
]
"""BCP 47, such as de or de-CH."""
TimeZone = Annotated[
    Word, msgspec.Meta(extra_json_schema={"minLength": 1, "maxLength": MAX_TIME_ZONE})
]
"""A time zone of the IANA database, such as Europe/Berlin."""
OrganisationName = Annotated[
    Prose,
    msgspec.Meta(extra_json_schema={"minLength": 1, "maxLength": MAX_NAME, "pattern": r"\S"}),
]

_HOST = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
_ORIGIN = rf"(https://{_HOST}|http://(localhost|127\.0\.0\.1))(:[0-9]{{1,5}})?"
MOST_ORIGINS, MAX_ORIGIN = 20, 255
EmbedOrigins = Annotated[
    list[
        Annotated[
            Word,
            msgspec.Meta(
                extra_json_schema={"pattern": f"^{_ORIGIN}$", "maxLength": MAX_ORIGIN}
            ),
        ]
    ],
    msgspec.Meta(max_length=MOST_LISTED, extra_json_schema={"maxItems": MOST_ORIGINS}),
]
"""Scheme, host and port of other pages, in lower case and without a path."""

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_LOCALE = re.compile(_LANGUAGE)


class CampaignThresholds(msgspec.Struct, frozen=True, kw_only=True):
    """How many respondents stand behind what is shown; locked when a campaign opens."""

    min_group: int = 5
    """k: respondents behind any score, share or count."""
    min_comments: int = 10
    """Respondents of a unit whose comments are shown."""
    min_drivers: int = 100
    """Respondents behind a claim about what moves outcomes."""

    def require(self) -> None:
        """Check the thresholds one by one and against each other.

        Raises
        ------
        FieldInvalid
            ``min_group`` is not from 4 to 50, or another one is below it.
        """
        require_min_group(self.min_group)
        for field in ("min_comments", "min_drivers"):
            value = getattr(self, field)
            if not self.min_group <= value <= GREATEST_SMALLINT:
                expected = f"from min_group, {self.min_group}, to {GREATEST_SMALLINT}"
                raise FieldInvalid(field, value, expected=expected)


def require_min_group(min_group: int) -> None:
    """Check k.

    Raises
    ------
    FieldInvalid
        It is not from 4 to 50.
    """
    if not LEAST_GROUP <= min_group <= GREATEST_GROUP:
        expected = f"from {LEAST_GROUP} to {GREATEST_GROUP}"
        raise FieldInvalid("min_group", min_group, expected=expected)


def require_slug(key: str) -> None:
    """Check a short name.

    Raises
    ------
    FieldInvalid
        It is not made of lower-case letters, digits and inner hyphens, or it is too long.
    """
    if len(key) > MAX_KEY or not _SLUG.fullmatch(key):
        expected = f"at most {MAX_KEY} lower-case letters, digits and hyphens between them"
        raise FieldInvalid("key", key, expected=expected)


def require_name(name: str) -> None:
    """Check a name for people.

    Raises
    ------
    FieldInvalid
        It is empty, too long or holds a NUL.
    """
    if not name.strip() or len(name) > MAX_NAME or "\0" in name:
        raise FieldInvalid("name", name, expected=f"1 to {MAX_NAME} characters")


def require_origins(origins: Sequence[str]) -> None:
    """Check whose pages may show the form inside them.

    Raises
    ------
    FieldInvalid
        There are more than 20, or one is no origin with https (on this machine also http).
    """
    if len(origins) > MOST_ORIGINS:
        expected = f"at most {MOST_ORIGINS} origins"
        raise FieldInvalid("embed_origins", f"{len(origins)} origins", expected=expected)
    for origin in origins:
        if len(origin) > MAX_ORIGIN or not re.fullmatch(_ORIGIN, origin):
            expected = "origins such as https://intranet.example, in lower case, without a path"
            raise FieldInvalid("embed_origins", origin, expected=expected)


def require_locale(locale: str) -> None:
    """Check a language.

    Raises
    ------
    FieldInvalid
        It is not a language tag (BCP 47), or it is too long.
    """
    if len(locale) > MAX_LOCALE or not _LOCALE.fullmatch(locale):
        raise FieldInvalid("default_locale", locale, expected="a language such as de or de-CH")


def require_time_zone(time_zone: str) -> None:
    """Check the name of a time zone.

    Raises
    ------
    FieldInvalid
        The IANA database has no such zone.
    """
    if time_zone not in known_time_zones():
        expected = "a time zone of the IANA database, such as Europe/Berlin"
        raise FieldInvalid("time_zone", time_zone, expected=expected)


@lru_cache(maxsize=1)
def known_time_zones() -> frozenset[str]:
    """Return the names of the zones that this machine knows."""
    return frozenset(available_timezones())
