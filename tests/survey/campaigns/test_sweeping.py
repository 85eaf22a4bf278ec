"""What PostgreSQL samples of the rows, which outlives them."""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from survey.campaigns.close import sweep
from survey.capture.forms import SavedAnswers, save_answers
from tests.databases import select
from tests.factories.campaigns import close_campaign, make_open, rows_of, submit, token_of

pytestmark = pytest.mark.usefixtures("database")

WRITTEN_BY_PEOPLE = {
    ("invitation", "fingerprint"),
    ("invitation", "draft"),
    ("response", "answers"),
    ("response", "duration_s"),
    ("comment", "text"),
}
LATE = datetime(2031, 1, 1, tzinfo=UTC)


async def test_nothing_that_people_wrote_is_sampled(
    organisation: UUID, database: str, now: datetime
) -> None:
    await make_open(organisation, {"U1": 12})
    everybody = [row["id"] for row in await rows_of(organisation, "SELECT id FROM invitation")]
    await submit(organisation, everybody[:6], duration_s=300)
    for invitation in everybody[6:]:
        saved = SavedAnswers(answers={"pain_1": 3})
        await save_answers(token_of(invitation), saved, now=now)

    await select(database, "ANALYZE")

    sampled = {(row["tablename"], row["attname"]) for row in await statistics(database)}
    assert ("invitation", "completed") in sampled
    assert sampled & WRITTEN_BY_PEOPLE == set()


async def test_a_day_that_closing_takes_away_leaves_the_statistics_too(
    organisation: UUID, database: str
) -> None:
    opened = await make_open(organisation, {"U1": 12})
    everybody = [row["id"] for row in await rows_of(organisation, "SELECT id FROM invitation")]
    await submit(organisation, everybody[:10])
    await submit(organisation, everybody[10:], now=LATE)
    await select(database, "ANALYZE")
    assert any("2031-01-01" in row["values"] for row in await statistics(database))

    await close_campaign(organisation, opened.id, now=LATE)
    await sweep()

    assert not any("2031-01-01" in row["values"] for row in await statistics(database))


async def statistics(database: str) -> list[asyncpg.Record]:
    return await select(
        database,
        "SELECT tablename, attname, concat(most_common_vals, histogram_bounds) AS values "
        "FROM pg_stats WHERE tablename IN ('invitation', 'response', 'comment')",
    )
