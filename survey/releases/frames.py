"""The one place where rows become Polars frames."""

from collections.abc import Sequence
from io import BytesIO
from uuid import UUID

import polars as pl

from models.engine import connection
from survey.campaigns.invited import INVITED
from survey.instruments.definition import InstrumentDefinition

__all__ = [
    "has_responses",
    "load_headcounts",
    "load_invited",
    "load_responses",
    "load_units",
    "overfull_unit",
]

_SHOWN = "campaign = $1 AND (role <> 'sponsor' OR consent)"

_OVERFULL = """
SELECT unit_code FROM (
    SELECT unit_code, role, count(*) AS answers FROM response
    WHERE campaign = $1 AND NOT imported GROUP BY unit_code, role
) answered
LEFT JOIN (
    SELECT unit_code, role, count(*) AS people FROM invitation
    WHERE campaign = $1 AND completed GROUP BY unit_code, role
) invited USING (unit_code, role)
WHERE answers > coalesce(people, 0) ORDER BY unit_code LIMIT 1
"""

# Whoever is invited late may not have been counted at the opening.
_HEADCOUNTS = f"""
SELECT unit, role, greatest(about.people, coalesce(asked.people, 0)),
       coalesce(asked.people, 0), about.people IS NOT NULL
FROM (SELECT unit_code AS unit, role, invited AS people FROM ({INVITED}) AS i) asked
FULL JOIN (
      SELECT u.code AS unit, of.role, of.people FROM campaign_unit u
      CROSS JOIN LATERAL (
          VALUES ('manager', u.managers), ('contributor', u.contributors)) of (role, people)
      WHERE u.campaign = $1 AND of.people > 0) about USING (unit, role)
ORDER BY unit, role
"""  # noqa: S608 - our own words

_FACTS = {
    "unit": pl.String,
    "role": pl.String,
    "too_fast": pl.Int8,
    "submitted_on": pl.Date,
    "person": pl.String,
    "imported": pl.Int8,
}


async def load_responses(campaign: UUID, definition: InstrumentDefinition) -> pl.DataFrame:
    """Read the responses of a campaign, inside the current transaction.

    Returns
    -------
    polars.DataFrame
        One row per response: ``unit``, ``role``, ``too_fast``, ``submitted_on`` (null if
        the day was taken out at close), ``person`` (a key that waves share; only if the
        campaign is confidential, else there is no such column), ``imported`` (Boolean) and
        one Int16 column per item in the order of the instrument, null if unanswered. An item
        that nobody answered has no column, as if it had not been asked: in a file it would not
        be there either.
        Sponsors who did not consent to being shown are left out, since everything a result
        says of a sponsor is attributed.
        Sorted by content, so that the order of storage changes nothing.
    """
    keys = definition.item_keys
    answers = ", ".join(f"answers[{place}]" for place in range(1, len(keys) + 1))
    schema = _FACTS | dict.fromkeys(keys, pl.Int16)
    buffer = BytesIO()
    await connection().copy_from_query(
        f"SELECT unit_code, role, too_fast::int, submitted_on, person, imported::int, "  # noqa: S608 - numbers only
        f"{answers} FROM response WHERE {_SHOWN}",
        campaign,
        output=buffer,
        format="csv",
    )
    if not buffer.tell():
        return pl.DataFrame(schema=schema | {"imported": pl.Boolean})
    buffer.seek(0)
    frame = pl.read_csv(buffer, has_header=False, schema=schema)
    frame = frame.with_columns(pl.col("too_fast", "imported").cast(pl.Boolean))
    frame = frame.drop(_empty(frame, ["person", *keys]))
    return frame.sort(pl.all(), nulls_last=True)


async def has_responses(campaign: UUID) -> bool:
    """Tell whether `load_responses` would find anything."""
    statement = f"SELECT EXISTS (SELECT FROM response WHERE {_SHOWN})"  # noqa: S608 - our own
    return bool(await connection().fetchval(statement, campaign))


async def overfull_unit(campaign: UUID) -> str | None:
    """Find a unit with more answers by invitation, in some role, than people who completed it.

    Who was invited answers once, so the surplus was written by something other than a form.
    """
    unit: str | None = await connection().fetchval(_OVERFULL, campaign)
    return unit


async def load_units(campaign: UUID) -> pl.DataFrame:
    """Read the tree as it was when the campaign opened, sorted by code.

    ``population`` counts the people of each unit itself whom the campaign is about, without
    sponsors; there is no such column if that is everybody.
    """
    rows = await connection().fetch(
        "SELECT code, name, parent_code, headcount, managers + contributors "
        "FROM campaign_unit WHERE campaign = $1 ORDER BY code",
        campaign,
    )
    schema = {
        "code": pl.String,
        "name": pl.String,
        "parent_code": pl.String,
        "headcount": pl.Int64,
        "population": pl.Int64,
    }
    frame = pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")
    return frame.drop(_empty(frame, ["population"]))


def _empty(frame: pl.DataFrame, columns: Sequence[str]) -> list[str]:
    """Return the columns in which nobody has a value."""
    return [name for name in columns if frame[name].null_count() == frame.height]


async def load_invited(campaign: UUID) -> pl.DataFrame:
    """List the people invited, sponsors left out, with ``person``, ``unit`` and ``role``.

    ``person`` is null once erased. Unit and role are as when the campaign opened; inside the
    current transaction.
    """
    rows = await connection().fetch(
        "SELECT person::text, unit_code, role FROM invitation "
        "WHERE campaign = $1 AND role <> 'sponsor'",
        campaign,
    )
    schema = {"person": pl.String, "unit": pl.String, "role": pl.String}
    return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")


async def load_headcounts(campaign: UUID) -> pl.DataFrame:
    """Count the people invited per unit and role, sponsors left out, sorted by both.

    Returns
    -------
    polars.DataFrame
        ``unit``, ``role``, ``headcount``: as participation counts them, inside the current
        transaction. If the campaign is about part of the company, ``headcount`` counts that
        part, and ``invited`` those of it who were invited.
    """
    rows = await connection().fetch(_HEADCOUNTS, campaign)
    schema = {
        "unit": pl.String,
        "role": pl.String,
        "headcount": pl.Int64,
        "invited": pl.Int64,
        "in_part": pl.Boolean,
    }
    frame = pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")
    return frame.drop("in_part") if frame["in_part"].any() else frame.drop("invited", "in_part")
