from datetime import datetime, timedelta
from uuid import UUID

import pytest

from models.engine import connection, transaction
from survey.access.tokens import token_hash
from survey.capture.errors import (
    AlreadySubmitted,
    CampaignNotOpen,
    InvitationUnknown,
    SubmissionRejected,
)
from survey.capture.forms import SavedAnswers, open_form, save_answers
from survey.capture.queue import Capture
from tests.factories.open_campaign import (
    ITEMS,
    OpenCampaign,
    answer_sheet,
    open_standard_campaign,
)
from tests.factories.server import SEALS

DRAFT = SavedAnswers(
    answers={"governance_1": 4}, comments={"comment_help": "Zeitpunkt unbekannt"}
)


@pytest.fixture
async def opened(organisation: UUID, now: datetime) -> OpenCampaign:
    return await open_standard_campaign(organisation, now=now)


async def submitted(opened: OpenCampaign, person: str, now: datetime) -> None:
    capture = Capture(lambda: now, SEALS)
    await capture.start()
    await capture.submit(opened.tokens[person], answer_sheet(1))
    await capture.stop()


async def test_the_form_asks_what_the_role_is_asked(
    opened: OpenCampaign, now: datetime
) -> None:
    employee = await open_form(opened.tokens["P0000"], locale=None, seals=SEALS, now=now)
    sponsor = await open_form(opened.tokens["S0000"], locale=None, seals=SEALS, now=now)

    asked = [
        sum(len(section.items) for section in form.text.sections)
        for form in (employee, sponsor)
    ]
    assert asked == [62, 8]
    assert employee.text.consent is None
    assert sponsor.text.consent is not None


async def test_the_form_speaks_the_language_asked_for(
    opened: OpenCampaign, now: datetime
) -> None:
    form = await open_form(opened.tokens["P0000"], locale="de-AT", seals=SEALS, now=now)

    assert form.text.locale == "de"
    assert form.text.scale.labels[4] == "Stimme voll zu"


async def test_the_form_names_its_mode_and_thresholds(
    opened: OpenCampaign, now: datetime
) -> None:
    form = await open_form(opened.tokens["P0000"], locale="en", seals=SEALS, now=now)

    assert form.mode == "anonymous"
    assert "5" in form.text.privacy
    assert "{" not in form.text.privacy


async def test_saved_answers_come_back(opened: OpenCampaign, now: datetime) -> None:
    await save_answers(opened.tokens["P0000"], DRAFT, seals=SEALS, now=now)

    form = await open_form(opened.tokens["P0000"], locale=None, seals=SEALS, now=now)
    assert form.saved == DRAFT


async def test_saved_answers_cannot_be_read_without_the_token(
    opened: OpenCampaign, now: datetime
) -> None:
    await save_answers(opened.tokens["P0000"], DRAFT, seals=SEALS, now=now)

    async with transaction(opened.organisation):
        drafts = await connection().fetch(
            "SELECT draft FROM invitation WHERE draft IS NOT NULL"
        )
    assert len(drafts) == 1
    assert b"governance" not in drafts[0]["draft"]


async def test_saving_a_wrong_answer_saves_nothing(opened: OpenCampaign, now: datetime) -> None:
    with pytest.raises(SubmissionRejected):
        await save_answers(
            opened.tokens["P0000"],
            SavedAnswers(answers={"governance_1": 9}),
            seals=SEALS,
            now=now,
        )

    assert (
        await open_form(opened.tokens["P0000"], locale=None, seals=SEALS, now=now)
    ).saved == SavedAnswers()


async def test_submitting_deletes_what_was_saved(opened: OpenCampaign, now: datetime) -> None:
    await save_answers(opened.tokens["P0000"], DRAFT, seals=SEALS, now=now)

    await submitted(opened, "P0000", now)

    form = await open_form(opened.tokens["P0000"], locale=None, seals=SEALS, now=now)
    assert (form.state, form.saved) == ("completed", SavedAnswers())


async def test_a_submitted_form_takes_no_more_drafts(
    opened: OpenCampaign, now: datetime
) -> None:
    await submitted(opened, "P0000", now)

    with pytest.raises(AlreadySubmitted):
        await save_answers(opened.tokens["P0000"], DRAFT, seals=SEALS, now=now)


async def test_an_unknown_token_opens_nothing(opened: OpenCampaign, now: datetime) -> None:
    with pytest.raises(InvitationUnknown):
        await open_form("x" * 43, locale=None, seals=SEALS, now=now)


async def test_past_the_end_the_form_says_that_the_campaign_is_closing(
    organisation: UUID, now: datetime
) -> None:
    end = now + timedelta(hours=1)
    opened = await open_standard_campaign(organisation, now=now, closes_at=end)

    form = await open_form(opened.tokens["P0000"], locale=None, seals=SEALS, now=end)

    assert form.state == "closing"
    with pytest.raises(CampaignNotOpen):
        await save_answers(opened.tokens["P0000"], DRAFT, seals=SEALS, now=end)


async def draft_bytes(opened: OpenCampaign, token: str) -> int:
    async with transaction(opened.organisation):
        return int(
            await connection().fetchval(
                "SELECT octet_length(draft) FROM invitation WHERE token_hash = $1",
                token_hash(token),
            )
        )


async def test_the_length_of_a_draft_tells_nothing(opened: OpenCampaign, now: datetime) -> None:
    one, other = opened.tokens["P0001"], opened.tokens["P0002"]
    full = answer_sheet(1, comments={"comment_help": "More time, and less of it."})
    long = SavedAnswers(answers=full.answers, comments=full.comments)

    await save_answers(one, SavedAnswers(answers={ITEMS[0]: None}), seals=SEALS, now=now)
    await save_answers(other, long, seals=SEALS, now=now)

    assert await draft_bytes(opened, one) == await draft_bytes(opened, other)
    assert (await open_form(other, locale=None, seals=SEALS, now=now)).saved == long
