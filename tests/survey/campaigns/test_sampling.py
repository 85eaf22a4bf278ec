"""What PostgreSQL samples of the rows, which outlives them."""

from datetime import datetime
from uuid import UUID

import asyncpg
import pytest

from survey.capture.forms import SavedAnswers, save_answers
from tests.databases import select
from tests.factories.campaigns import close_campaign, make_open, rows_of, submit, token_of
from tests.factories.server import SEALS

pytestmark = pytest.mark.usefixtures("database")

WRITTEN_BY_PEOPLE = {
    ("invitation", "fingerprint"),
    ("invitation", "draft"),
    ("response", "answers"),
    ("comment", "text"),
}


async def test_nothing_that_people_wrote_is_sampled(
    organisation: UUID, database: str, now: datetime
) -> None:
    opened = await make_open(organisation, {"U1": 12})
    everybody = [row["id"] for row in await rows_of(organisation, "SELECT id FROM invitation")]
    await submit(organisation, everybody[:6], duration_s=300)
    for invitation in everybody[6:]:
        saved = SavedAnswers(answers={"pain_1": 3})
        await save_answers(token_of(invitation), saved, seals=SEALS, now=now)
    await select(database, "ANALYZE")
    await close_campaign(organisation, opened.id, now=now)

    await select(database, "ANALYZE")

    sampled = {
        (row["tablename"].partition("_")[0], row["attname"])
        for row in await statistics(database)
    }
    assert {("invitation", "completed"), ("response", "unit_code")} <= sampled
    assert sampled & WRITTEN_BY_PEOPLE == set()


async def statistics(database: str) -> list[asyncpg.Record]:
    return await select(
        database,
        "SELECT tablename, attname, concat(most_common_vals, histogram_bounds) AS values "
        "FROM pg_stats WHERE tablename ~ '^(invitation|response|comment)'",
    )
