"""Answers that are right although schemathesis objects to them, each with its reason."""

import json
import re
from dataclasses import dataclass
from typing import Any

__all__ = ["EXCEPTIONS", "Allowed", "is_allowed"]


@dataclass(frozen=True)
class Allowed:
    """A kind of answer that is right.

    Attributes
    ----------
    objection
        What schemathesis calls its objection: a class of `schemathesis.openapi.checks`.
    problem
        Code of the problem that is answered.
    reason
        Why the answer is right.
    where
        What its body has to match: a regular expression.
    """

    objection: str
    problem: str
    reason: str
    where: str = ""


def rejected(problem: str, reason: str, where: str = "") -> Allowed:
    """Allow that a request is refused although it fits its schema."""
    return Allowed("RejectedPositiveData", problem, reason, where)


EXCEPTIONS = (
    rejected("malformed-cursor", "A cursor is what the page before has given."),
    rejected("changed-meanwhile", "If-Match has to name what somebody has read."),
    rejected("if-match-required", "One of two headers is needed; no schema can say so."),
    rejected(
        "malformed-parameter",
        "Each weight names another criterion; no schema can say so.",
        where="not-a-weight",
    ),
    rejected(
        "malformed-body",
        "To a schema 2.0 is a whole number; to strict readers it is not.",
        where=r"Expected a whole number[^\"]*, got -?[0-9.e+]+\.",
    ),
    rejected(
        "malformed-body",
        "JSON allows NUL in texts and lone surrogates; the database does not.",
        where='"not-text"',
    ),
    rejected(
        "malformed-body",
        "Schemas know moments, and not that years end at 2200.",
        where="Expected a moment from 1900 to 2200",
    ),
    rejected(
        "malformed-parameter",
        "Schemas know moments, and not that years end at 2200.",
        where="Expected a moment from 1900 to 2200",
    ),
    rejected(
        "malformed-parameter",
        "One header holds one credential; no schema can say so.",
        where='"Authorization","code":"repeated"',
    ),
    rejected(
        "malformed-body",
        "The body repeats the address; no schema can say so.",
        where="not-the-address",
    ),
    rejected("idempotency-key-reused", "What was sent before is in no schema."),
    rejected("expiry-passed", "What has passed is in no schema."),
    rejected("channel-not-configured", "Channels are known to the installation alone."),
    rejected("file-rejected", "Files have rules of their own, beside their type."),
    rejected("rows-rejected", "Rows have to fit each other and the directory."),
    rejected("operating-models-invalid", "Models have to fit each other."),
    rejected("instrument-invalid", "Items, constructs and texts have to fit each other."),
    rejected("submission-rejected", "Answers have to fit the instrument of the campaign."),
    rejected("weights-invalid", "Criteria are known to the organisation alone."),
    rejected("unknown-scopes", "A key may give no more than it has."),
    rejected("field-invalid", "Units and models are known to the organisation alone.",
             where=r"/(unit|model|scores|deferrals)\""),
    rejected("field-invalid", "k is from 4 to 50, which is narrower than its column.",
             where=r"/minGroup\""),
    rejected("field-invalid", "An actor is of a kind, or a key by its id.", where=r"/actor\""),
    rejected("field-invalid", "A language has a form, beside its length.",
             where=r"/(defaultLocale|locale)\""),
    rejected("field-invalid", "Time zones are those of the IANA database.",
             where=r"/timeZone\""),
    rejected("field-invalid", "A channel's settings are those of its kind.",
             where=r"/(url|sender|password|bounceSecret|ratePerMinute)\""),
    rejected("malformed-body", "A form holds a file and nothing else; no schema can say so.",
             where="The form holds more than a file"),
    rejected("field-invalid", "A name has more than blanks.", where=r"/(name|title)\""),
    rejected("field-invalid", "Fields have to fit each other.",
             where=r"/(closesAt|opensAt|minComments|minDrivers|reason|expiresAt)\""),
    rejected("field-invalid", "A window ends after it starts, and words are given once each.",
             where=r"/(sendingWindow|messages)\""),
    rejected("field-invalid", "One of two fields is needed, or both; no schema here says so.",
             where=r"/(people|subject|text)\""),
)  # fmt: skip


def is_allowed(failure: Any, response: Any) -> bool:
    """Tell whether an exception allows what schemathesis objects to."""
    problem, text = _problem(response), response.text
    return any(
        type(failure).__name__ == one.objection
        and one.problem == problem
        and re.search(one.where, text)
        for one in EXCEPTIONS
    )


def _problem(response: Any) -> str | None:
    """Return the code of the problem that is answered, if it is one."""
    try:
        return str(json.loads(response.content)["type"]).removeprefix("/problems/")
    except (ValueError, KeyError, TypeError):
        return None
