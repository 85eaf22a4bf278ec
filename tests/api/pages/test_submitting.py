"""Review, submission and receipt: exactly once, and the receipt on one device alone."""

import asyncio
from base64 import urlsafe_b64encode
from datetime import timedelta

import msgspec
import pytest

from api.http.application import Application
from api.pages.screens import read_sheet
from api.pages.tickets import Ticket, sign_ticket
from survey.capture.errors import StorageUnavailable
from survey.capture.forms import SavedAnswers, save_answers
from survey.capture.queue import Capture
from tests.api.pages.browsing import Browser, Page
from tests.factories.campaigns import close_campaign
from tests.factories.open_campaign import OpenCampaign
from tests.factories.server import NOW, SEALS, SERVER_KEY

RECEIPT = "Thank you. Your answers have arrived."


@pytest.fixture
async def review(browser: Browser, token: str) -> Page:
    """Give the review of a form that is answered but for one page."""
    page = await browser.press(await browser.begin(token), "next")
    return await browser.answer_all(page)


async def test_the_review_says_what_is_open_and_leads_there(
    browser: Browser, review: Page
) -> None:
    page = await browser.open(next(link for link in review.links if "page=1&" in link))

    assert "4 statements have no answer yet." in review.text
    assert page.title.startswith("1 of 20")
    complete = await browser.press(
        await browser.press(page, "review", dict.fromkeys(page.choices, "2")), "send"
    )
    assert RECEIPT in complete.text


async def test_a_form_may_be_sent_with_open_statements(
    browser: Browser, opened: OpenCampaign, review: Page
) -> None:
    receipt = await browser.press(review, "send")

    assert RECEIPT in receipt.text
    assert await opened.answers() == [[None] * 4 + [3] * 58]


async def test_the_receipt_says_who_sees_what_and_nothing_of_the_answers(
    browser: Browser, review: Page
) -> None:
    receipt = await browser.press(review, "send")

    for said in (
        "nothing about what was answered",
        "Results come after the survey has closed.",
        "only groups of at least 5 people",
    ):
        assert said in receipt.text
    assert receipt.buttons == []


async def test_the_receipt_is_the_same_for_everybody(
    browser: Browser, elsewhere: Browser, opened: OpenCampaign, review: Page
) -> None:
    other = await elsewhere.answer_all(await elsewhere.begin(opened.tokens["P0001"]), "x")
    with_one = (
        await elsewhere.press(other, "previous") if "previous" in other.buttons else other
    )
    page = await elsewhere.open(next(link for link in with_one.links if "page=1&" in link))
    other = await elsewhere.press(page, "review", {"a-problem_definition_1": "5"})

    receipts = [await browser.press(review, "send"), await elsewhere.press(other, "send")]

    assert receipts[0].html == receipts[1].html


async def test_pressing_twice_at_once_stores_once_and_gives_the_receipt_twice(
    browser: Browser, opened: OpenCampaign, review: Page
) -> None:
    pages = await asyncio.gather(*(browser.press(review, "send") for _ in range(4)))

    assert {page.status for page in pages} == {200}
    assert all(RECEIPT in page.text for page in pages)
    assert await opened.sheets() == 1


async def test_a_repeat_gets_the_receipt_even_without_cookies(
    browser: Browser, elsewhere: Browser, review: Page
) -> None:
    await browser.press(review, "send")

    again = await elsewhere.press(review, "send")

    assert RECEIPT in again.text


async def test_the_link_shows_the_receipt_on_the_device_that_submitted_and_nowhere_else(
    browser: Browser, elsewhere: Browser, token: str, review: Page
) -> None:
    await browser.press(review, "send")

    assert RECEIPT in (await browser.open(f"/f/{token}")).text
    assert (await elsewhere.open(f"/f/{token}")).status == 404


async def test_no_other_cookie_brings_the_receipt(
    browser: Browser, elsewhere: Browser, token: str, opened: OpenCampaign, review: Page
) -> None:
    await browser.press(review, "send")
    other = await elsewhere.answer_all(await elsewhere.begin(opened.tokens["P0001"]))
    await elsewhere.press(other, "send")
    own = elsewhere.cookies["opmodel-receipt"]

    for forged in (own, "", "x" * 22):
        answer = await browser.get(
            f"/f/{token}", headers={"Cookie": f"opmodel-receipt={forged}"}
        )
        told = RECEIPT in answer.text
        assert told == (answer.status_code == 200)
        assert not told or "opmodel-receipt" in browser.cookies


async def test_the_cookie_is_kept_for_this_link_alone_and_from_scripts(
    browser: Browser, token: str, review: Page
) -> None:
    cookie = (await browser.press(review, "send")).headers["Set-Cookie"]

    assert cookie.startswith("opmodel-receipt=")
    for part in ("HttpOnly", f"Path=/f/{token}", "SameSite=lax"):
        assert part in cookie
    assert "Secure" not in cookie


async def test_over_https_it_is_sent_over_nothing_else(browser: Browser, review: Page) -> None:
    browser.headers["Origin"] = "https://test"

    assert "Secure" in (await browser.press(review, "send")).headers["Set-Cookie"]


async def test_other_answers_under_a_spent_link_learn_nothing_whatever_they_break(
    browser: Browser, elsewhere: Browser, opened: OpenCampaign, token: str, review: Page
) -> None:
    await browser.press(review, "send")
    sheets = [
        {"answers": {"problem_definition_1": 1}},
        {"answers": {"problem_definition_1": 9}},
        {"answers": {}},
    ]

    answers = [
        await elsewhere.press(
            Page(0, "", review.headers, "", action=review.action, buttons=["send"]),
            "send",
            {"s": review.fields["s"], "sheet": sheet_of(one)},
        )
        for one in sheets
    ]

    assert [answer.status for answer in answers] == [404, 404, 404]
    assert {answer.html for answer in answers} == {(await elsewhere.open(f"/f/{token}")).html}
    assert await opened.sheets() == 1


def sheet_of(body: object) -> str:
    return urlsafe_b64encode(msgspec.json.encode(body)).decode()


async def test_what_breaks_the_rules_is_told_on_the_review(
    browser: Browser, opened: OpenCampaign, token: str
) -> None:
    page = await browser.press(await browser.begin(token), "review")

    refused = await browser.press(page, "send")

    assert refused.status == 422
    assert refused.title.startswith("Error: ")
    assert "Answer at least one statement before you send." in refused.text
    assert await opened.sheets() == 0


async def test_a_sponsor_who_has_not_decided_is_led_to_the_question(
    browser: Browser, opened: OpenCampaign
) -> None:
    consent = await browser.begin(opened.tokens["S0000"])
    statements = await browser.press(consent, "next", {"consent": "yes"})
    await save_answers(
        opened.tokens["S0000"],
        SavedAnswers(answers={"executive_sponsorship_1": 3}),
        seals=SEALS,
        now=NOW,
    )
    review = await browser.press(statements, "review")

    refused = await browser.press(review, "send")

    assert refused.status == 422
    assert "Choose one of the two answers." in refused.text
    assert any("page=consent" in link and link.endswith("#consent") for link in refused.links)


async def test_answers_changed_in_another_tab_are_shown_before_they_are_sent(
    browser: Browser, opened: OpenCampaign, token: str, review: Page
) -> None:
    first = await browser.open(next(link for link in review.links if "page=1&" in link))
    await browser.press(first, "next", dict.fromkeys(first.choices, "1"))

    stale = await browser.press(review, "send")
    receipt = await browser.press(stale, "send")

    assert stale.status == 409
    assert "Your answers were changed in another tab" in stale.text
    assert RECEIPT in receipt.text
    assert await opened.answers() == [[1] * 4 + [3] * 58]


async def test_every_review_sends_as_many_bytes(browser: Browser, token: str) -> None:
    empty = await browser.press(await browser.begin(token), "review")
    page = await browser.begin(token)
    full = await browser.answer_all(page)

    assert len(empty.fields["sheet"]) == len(full.fields["sheet"])


async def test_the_time_spent_is_measured_from_the_start_and_over_sittings(
    browser: Browser, token: str
) -> None:
    now_s = int(NOW.timestamp())
    ticket = Ticket(since_s=now_s - 200, before_s=100, device="")
    signed = sign_ticket(SERVER_KEY, token, ticket)
    page = await browser.open(f"/f/{token}?page=1&s={signed}")
    await browser.press(page, "next", {"a-problem_definition_1": "3"})

    resumed = await browser.begin(token)
    review = await browser.press(resumed, "review")

    sheet = read_sheet(review.fields["sheet"])
    assert sheet is not None
    assert sheet.duration_s == 300


async def test_if_the_database_does_not_confirm_the_same_answers_can_be_sent_again(
    app: Application,
    browser: Browser,
    opened: OpenCampaign,
    review: Page,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    capture: Capture = app.state["services"].capture
    submit = capture.submit

    async def unsure(*given: object) -> None:
        await submit(*given)  # type: ignore[arg-type]  # handed on as given
        raise StorageUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(capture, "submit", unsure)
        failed = await browser.press(review, "send")
    again = await browser.press(failed, "send")

    assert failed.status == 503
    assert "Nothing is lost: send them again in a moment." in failed.text
    assert RECEIPT in again.text
    assert await opened.sheets() == 1


async def test_a_closed_survey_still_shows_the_receipt_to_the_device(
    browser: Browser, opened: OpenCampaign, token: str, review: Page
) -> None:
    await browser.press(review, "send")
    await close_campaign(opened.organisation, opened.campaign, now=NOW + timedelta(days=1))

    assert RECEIPT in (await browser.open(f"/f/{token}")).text
