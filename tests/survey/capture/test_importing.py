"""Files of responses beside the form: whoever is named answers once."""

from datetime import datetime
from uuid import UUID

import pytest

from survey.capture.errors import AlreadySubmitted
from survey.capture.importing import import_responses
from survey.capture.queue import Capture
from survey.files.complaints import FileRejected
from tests.factories.open_campaign import (
    ITEMS,
    OpenCampaign,
    answer_sheet,
    open_standard_campaign,
)


@pytest.fixture
async def opened(organisation: UUID, now: datetime) -> OpenCampaign:
    return await open_standard_campaign(organisation, now=now, mode="confidential")


def file(*people: str) -> bytes:
    rows = [f"{person},U0,contributor,3" for person in people]
    return "\n".join([f"respondent_id,unit,role,{ITEMS[0]}", *rows]).encode()


async def test_a_file_brings_nobody_who_has_answered_by_form(
    opened: OpenCampaign, capture: Capture, now: datetime
) -> None:
    await capture.submit(opened.tokens["P0000"], answer_sheet(1))

    with pytest.raises(FileRejected, match="respondent_id: found 'P0000'"):
        await import_responses(
            opened.organisation, opened.campaign, file("P0000", "P0001"), name="a", now=now
        )

    assert await opened.count("response") == 1
    assert await opened.count("imported_file") == 0


async def test_a_second_file_brings_nobody_of_the_first(
    opened: OpenCampaign, now: datetime
) -> None:
    await import_responses(
        opened.organisation, opened.campaign, file("P0000", "P0001"), name="a", now=now
    )

    with pytest.raises(FileRejected, match="2 times, among them"):
        await import_responses(
            opened.organisation, opened.campaign, file("P0001", "P0000"), name="b", now=now
        )

    assert await opened.count("response") == 2


async def test_whoever_came_in_a_file_cannot_answer_by_form(
    opened: OpenCampaign, capture: Capture, now: datetime
) -> None:
    await import_responses(
        opened.organisation, opened.campaign, file("P0000"), name="a", now=now
    )

    with pytest.raises(AlreadySubmitted):
        await capture.submit(opened.tokens["P0000"], answer_sheet(1))

    assert await opened.count("response") == 1


async def test_an_anonymous_import_spends_no_invitation(
    organisation: UUID, capture: Capture, now: datetime
) -> None:
    opened = await open_standard_campaign(organisation, now=now)
    await import_responses(organisation, opened.campaign, file("P0000"), name="a", now=now)

    await capture.submit(opened.tokens["P0000"], answer_sheet(1))

    assert await opened.count("response") == 2
