"""The linking attacker on a campaign that really took place: no better than chance."""

import asyncio
import random
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from models.embedded import EmbeddedPostgres
from models.engine import connection, transaction
from survey.capture.forms import SavedAnswers, open_form, save_answers
from survey.capture.queue import Capture
from survey.decisions.rules import Choice
from survey.decisions.store import decide
from survey.use_cases.rules import UseCasePlan
from survey.use_cases.store import create_use_case
from tests.attackers.database_dump import dump_database
from tests.attackers.linking import Linking, link_campaign
from tests.databases import query
from tests.factories.campaigns import close_campaign, release_campaign
from tests.factories.open_campaign import (
    ITEMS,
    OpenCampaign,
    answer_sheet,
    open_standard_campaign,
)
from tests.factories.principals import make_principal
from tests.factories.server import SEALS

PEOPLE = 200


class Clock:
    """Goes on by some minutes with every look."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        self.moment += timedelta(minutes=7)
        return self.moment


async def answered(opened: OpenCampaign, now: datetime, rng: random.Random) -> dict[str, int]:
    """Let everybody answer over two days, in random order; some save first, some comment."""
    numbers = rng.sample(range(5**8), PEOPLE)
    given = dict(
        zip(sorted(key for key in opened.tokens if key[0] == "P"), numbers, strict=True)
    )
    clock = Clock(now)
    capture = Capture(clock, SEALS)
    await capture.start()
    people = list(given)
    rng.shuffle(people)
    for start in range(0, PEOPLE, 20):
        await asyncio.gather(
            *(
                one_answers(opened, capture, key, given[key], clock)
                for key in people[start:][:20]
            )
        )
    await capture.stop()
    return given


async def one_answers(
    opened: OpenCampaign, capture: Capture, person: str, number: int, clock: Clock
) -> None:
    token = opened.tokens[person]
    await open_form(token, locale=None, seals=SEALS, now=clock())
    if number % 3 == 0:
        await save_answers(token, SavedAnswers(answers={ITEMS[0]: 1}), seals=SEALS, now=clock())
    comments = {"comment_help": f"Comment {number}"} if number % 4 == 0 else {}
    await capture.submit(
        token, answer_sheet(number, comments=comments, duration_s=300 + number % 97)
    )


async def released(opened: OpenCampaign, now: datetime) -> None:
    """Fill what comes after the answers: results, a decision on them, a use case, the audit."""
    release = await release_campaign(opened.organisation, opened.campaign, seed=0, now=now)
    by = await make_principal(opened.organisation)
    await decide(release, "U0", Choice(verdict="accepted"), seen=0, by=by, now=now)
    await create_use_case(UseCasePlan(title="Forecast", unit="U0"), by=by, now=now)


async def attacked(
    server: EmbeddedPostgres,
    database: str,
    since: str,
    opened: OpenCampaign,
    given: dict[str, int],
) -> dict[str, Linking]:
    async with transaction(opened.organisation):
        rows = await connection().fetch("SELECT id, external_id FROM person")
    numbers = {row["id"]: given[row["external_id"]] for row in rows if row[1] in given}
    answers = {
        person: tuple(answer_sheet(number).answers[key] for key in ITEMS)
        for person, number in numbers.items()
    }
    comments = {
        person: f"Comment {number}" for person, number in numbers.items() if number % 4 == 0
    }
    superuser = await asyncpg.connect(database)
    try:
        dump = await dump_database(
            superuser, logs=server.folder.log.read_text().splitlines(), since=since
        )
    finally:
        await superuser.close()
    return link_campaign(dump, opened.campaign, answers=answers, comments=comments)


@pytest.fixture
async def since(database: str) -> str:
    """Give the position in the write-ahead log before the campaign opens."""
    return str(await query(database, "SELECT pg_current_wal_insert_lsn()::text"))


@pytest.fixture
async def opened(organisation: UUID, since: str, now: datetime) -> OpenCampaign:
    return await open_standard_campaign(
        organisation, now=now, people=PEOPLE, units=4, sponsors=2
    )


async def test_after_close_nobody_is_matched_better_than_by_chance(
    server: EmbeddedPostgres, database: str, since: str, opened: OpenCampaign, now: datetime
) -> None:
    given = await answered(opened, now, random.Random(11))

    await close_campaign(opened.organisation, opened.campaign, now=now + timedelta(days=3))

    for name, found in (await attacked(server, database, since, opened, given)).items():
        assert not found.better_than_chance, f"{name}: {found}"


@pytest.mark.slow
async def test_what_comes_after_the_answers_links_nobody_either(
    server: EmbeddedPostgres, database: str, since: str, opened: OpenCampaign, now: datetime
) -> None:
    given = await answered(opened, now, random.Random(11))
    await close_campaign(opened.organisation, opened.campaign, now=now + timedelta(days=3))
    await released(opened, now + timedelta(days=4))

    for name, found in (await attacked(server, database, since, opened, given)).items():
        assert not found.better_than_chance, f"{name}: {found}"


async def test_results_decisions_and_use_cases_are_in_what_the_attacker_holds(
    database: str, opened: OpenCampaign, now: datetime
) -> None:
    await answered(opened, now, random.Random(11))
    await close_campaign(opened.organisation, opened.campaign, now=now + timedelta(days=3))
    await released(opened, now + timedelta(days=4))

    superuser = await asyncpg.connect(database)
    try:
        tables = (await dump_database(superuser)).tables
    finally:
        await superuser.close()

    assert all(tables[name] for name in ("finding", "decision", "use_case", "audit_event"))


async def test_while_the_campaign_is_open_the_attacker_knows_envelopes_and_no_answers(
    database: str, opened: OpenCampaign, now: datetime
) -> None:
    await answered(opened, now, random.Random(11))

    superuser = await asyncpg.connect(database)
    try:
        tables = (await dump_database(superuser)).tables
    finally:
        await superuser.close()

    of_campaign = {
        name: [row for row in rows if row.get("campaign") == opened.campaign]
        for name, rows in tables.items()
    }
    spent = [row["xmin"] for row in of_campaign["invitation"] if row["completed"]]
    assert len(spent) == PEOPLE
    assert set(spent) <= {row["xmin"] for row in of_campaign["envelope"]}
    assert of_campaign["response"] == of_campaign["comment"] == []
