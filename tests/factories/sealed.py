"""What lies sealed in an open campaign, opened with the keys of the tests."""

from uuid import UUID

import asyncpg
import polars as pl

from models.engine import connection, transaction
from seed.content import standard_instrument
from survey.campaigns.unsealing import response_rows
from survey.sealing.seal import Envelope, Seal
from survey.sealing.seals import layout_of
from survey.sealing.sheets import Comment, Contents
from tests.factories.server import KEYS, SEALS

__all__ = ["answers_outside", "sealed_comments", "sealed_sheets"]


async def sealed_sheets(organisation: UUID, campaign: UUID) -> pl.DataFrame:
    """Return the sheets of an open campaign as a confidential close would store them."""
    seal = await SEALS.of(organisation, campaign)
    sheets = b"".join([opened.sheets for opened in await _opened(organisation, campaign)])
    return response_rows(sheets, seal.layout, anonymous=False, k=1)


async def sealed_comments(organisation: UUID, campaign: UUID) -> list[Comment]:
    """Return the comments of an open campaign."""
    return [
        comment
        for opened in await _opened(organisation, campaign)
        for comment in opened.comments
    ]


async def answers_outside(connection: asyncpg.Connection) -> list[tuple[int | None, ...]]:
    """Return the sealed answers to the only campaign of a database, sorted.

    For databases that this process has no engine for; the campaign's instrument is the standard
    one.
    """
    campaign = await connection.fetchrow("SELECT * FROM campaign")
    units = await connection.fetch("SELECT code FROM campaign_unit")
    definition = standard_instrument()
    seal = Seal.of(
        campaign["organisation"],
        campaign["id"],
        secret=KEYS.secret(campaign["id"]),
        public_key=campaign["public_key"],
        mark=campaign["public_key_mark"],
        layout=layout_of(definition, [unit["code"] for unit in units]),
    )
    rows = await connection.fetch("SELECT id, sealed, mark FROM envelope")
    private_key = KEYS.private_key(campaign["id"])
    sheets = b"".join([seal.open(Envelope(*row), private_key).sheets for row in rows])
    found = response_rows(sheets, seal.layout, anonymous=True, k=1)
    return sorted(tuple(answers) for answers in found["answers"].to_list())


async def _opened(organisation: UUID, campaign: UUID) -> list[Contents]:
    seal = await SEALS.of(organisation, campaign)
    private_key = KEYS.private_key(campaign)
    async with transaction(organisation):
        rows = await connection().fetch(
            "SELECT id, sealed, mark FROM envelope WHERE campaign = $1", campaign
        )
    return [seal.open(Envelope(*row), private_key) for row in rows]
