"""Links that the office has: what was begun with them resumes on one device, or with a code."""

import re
from uuid import UUID

import pytest

from models.engine import connection, operator_transaction
from tests.api.callers import as_key
from tests.api.pages.browsing import Browser
from tests.factories.open_campaign import OpenCampaign

FIRST = "a-problem_definition_1"
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}")


async def hand_out(organisation: UUID) -> None:
    async with operator_transaction():
        await connection().execute(
            "UPDATE invitation SET link_exported = true WHERE organisation = $1", organisation
        )


@pytest.fixture
async def handed_out(opened: OpenCampaign) -> None:
    """Give the office the links."""
    await hand_out(opened.organisation)


async def test_a_link_that_only_its_owner_has_needs_no_code(
    browser: Browser, token: str
) -> None:
    assert CODE.search((await browser.begin(token)).text) is None


@pytest.mark.usefixtures("handed_out")
async def test_the_device_that_began_goes_on_with_the_link_alone(
    browser: Browser, token: str
) -> None:
    await browser.answer(await browser.begin(token))

    resumed = await browser.begin(token)

    assert resumed.title.startswith("2 of 20")


@pytest.mark.usefixtures("handed_out")
async def test_another_device_sees_nothing_without_the_code_and_everything_with_it(
    browser: Browser, elsewhere: Browser, token: str
) -> None:
    begun = await browser.begin(token)
    await browser.answer(begun)
    code = CODE.search(begun.text)
    assert code is not None

    asked = await elsewhere.begin(token)
    wrong = await elsewhere.press(asked, "begin", {"code": "2222-2222-2222"})
    resumed = await elsewhere.press(wrong, "begin", {"code": code[0].lower()})

    assert "This form was begun on another device" in asked.text
    assert not asked.choices
    assert wrong.status == 422
    assert "This code does not open the saved answers." in wrong.text
    assert resumed.title.startswith("2 of 20")


@pytest.mark.usefixtures("handed_out")
async def test_who_starts_afresh_does_not_see_what_was_saved(
    browser: Browser, elsewhere: Browser, token: str
) -> None:
    page = await browser.answer(await browser.begin(token))

    afresh = await elsewhere.press(await elsewhere.begin(token), "afresh")
    first = await elsewhere.press(afresh, "next", {FIRST: "1"})
    late = await browser.press(page, "next", {"a-data_readiness_1": "2"})

    assert afresh.title.startswith("1 of 20")
    assert afresh.chosen == {}
    assert first.title.startswith("2 of 20")
    assert late.status == 422
    assert "This form was started afresh on another device" in late.text
    assert late.chosen == {"a-data_readiness_1": "2"}


async def test_a_draft_begun_before_the_link_was_handed_out_stays_with_its_device(
    browser: Browser, elsewhere: Browser, opened: OpenCampaign, token: str
) -> None:
    await browser.answer(await browser.begin(token))
    await hand_out(opened.organisation)

    assert "begun on another device" in (await elsewhere.begin(token)).text
    assert (await browser.begin(token)).title.startswith("2 of 20")


@pytest.mark.usefixtures("handed_out")
async def test_the_pages_go_on_without_cookies_as_in_a_frame(
    browser: Browser, token: str
) -> None:
    page = await browser.begin(token)
    while "send" not in page.buttons:
        browser.cookies.clear()
        page = await browser.answer(page)

    assert (await browser.press(page, "send")).status == 200


@pytest.mark.usefixtures("handed_out")
async def test_the_api_neither_shows_nor_overwrites_such_a_draft_and_still_submits(
    browser: Browser, opened: OpenCampaign, token: str
) -> None:
    await browser.answer(await browser.begin(token))
    answers = {"answers": {"problem_definition_1": 5}}

    shown = await browser.get("/v1/form", headers=as_key(token))
    saved = await browser.put("/v1/form", json=answers, headers=as_key(token))
    submitted = await browser.post("/v1/form", json=answers, headers=as_key(token))

    assert shown.json()["saved"]["answers"] == {}
    assert (saved.status_code, saved.json()["type"]) == (409, "/problems/draft-elsewhere")
    assert submitted.status_code == 200
