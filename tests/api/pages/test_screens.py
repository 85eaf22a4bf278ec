"""One construct per screen: answered, left, resumed, and answered in two tabs at once."""

from typing import Any
from uuid import UUID

import pytest

from api.pages.tickets import Ticket, sign_ticket
from survey.capture.forms import open_form
from survey.capture.queue import Capture
from tests.api.pages.browsing import Browser
from tests.factories.open_campaign import OpenCampaign, answer_sheet
from tests.factories.server import NOW, SEALS, SERVER_KEY

FIRST = "a-problem_definition_1"


async def saved(token: str) -> Any:
    return (await open_form(token, locale=None, seals=SEALS, now=NOW)).saved


async def test_every_screen_asks_one_construct_and_says_how_far_one_is(
    browser: Browser, token: str
) -> None:
    page = await browser.begin(token)

    assert page.title.startswith("1 of 20 - ")
    assert list(page.choices) == [f"a-problem_definition_{number}" for number in range(1, 5)]
    assert page.choices[FIRST] == ["1", "2", "3", "4", "5", "x"]
    assert page.html.count("Strongly disagree") == 4


async def test_next_is_the_first_button_so_that_enter_goes_forward(
    browser: Browser, token: str
) -> None:
    assert (await browser.begin(token)).buttons[:2] == ["next", "previous"]


async def test_a_single_answer_is_saved_and_shown_again(browser: Browser, token: str) -> None:
    second = await browser.press(await browser.begin(token), "next", {FIRST: "4"})

    first = await browser.press(second, "previous")

    assert first.chosen == {FIRST: "4"}
    assert (await saved(token)).answers == {"problem_definition_1": 4}


async def test_cant_say_is_an_answer(browser: Browser, token: str) -> None:
    second = await browser.press(await browser.begin(token), "next", {FIRST: "x"})

    assert (await browser.press(second, "previous")).chosen == {FIRST: "x"}
    assert (await saved(token)).answers == {"problem_definition_1": None}


async def test_what_was_saved_is_there_on_another_device_which_goes_on_where_it_is_open(
    browser: Browser, elsewhere: Browser, token: str
) -> None:
    await browser.answer(await browser.answer(await browser.begin(token)))

    opening = await elsewhere.open(f"/f/{token}")
    resumed = await elsewhere.press(opening, "begin")

    assert "The answers you have saved are still here." in opening.text
    assert resumed.title.startswith("3 of 20")


async def test_an_answer_that_is_none_is_refused_at_its_field_and_on_top(
    browser: Browser, token: str
) -> None:
    page = await browser.press(
        await browser.begin(token), "next", {FIRST: "9", "a-problem_definition_2": "2"}
    )

    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert f'href="#{FIRST}"' in page.html
    assert f'id="{FIRST}-problem"' in page.html
    assert page.text.count("Choose one of the answers shown.") == 2
    assert page.chosen == {"a-problem_definition_2": "2"}
    assert (await saved(token)).answers == {}


async def comments_page(browser: Browser, token: str) -> Any:
    page = await browser.begin(token)
    while not any(name.startswith("c-") for name in page.fields):
        page = await browser.answer(page)
    return page


async def test_comments_warn_and_keep_their_lines(browser: Browser, token: str) -> None:
    page = await comments_page(browser, token)
    text = "a" * 498 + "\r\n" + "b" * 501

    review = await browser.press(page, "next", {"c-comment_help": text})

    assert "Do not name people" in page.text
    assert review.status == 200, review.text
    assert (await saved(token)).comments == {"comment_help": text.replace("\r\n", "\n")}


async def test_a_comment_that_is_too_long_is_given_back_whole(
    browser: Browser, token: str
) -> None:
    page = await comments_page(browser, token)

    again = await browser.press(page, "next", {"c-comment_help": "x" * 1_001})

    assert again.status == 422
    assert again.fields["c-comment_help"] == "x" * 1_001
    assert "Shorten this comment to 1,000 characters." in again.text


async def test_what_somebody_writes_is_never_markup(browser: Browser, token: str) -> None:
    page = await comments_page(browser, token)
    review = await browser.press(page, "next", {"c-comment_help": "</textarea><script>x"})

    again = await browser.press(page, "next", {"c-comment_help": "</textarea><b>" + "x" * 999})
    shown = await browser.open(next(link for link in review.links if "comments" in link))

    for one in (again, shown):
        assert "<script>x" not in one.html
        assert "<b>" not in one.html
    assert shown.fields["c-comment_help"] == "</textarea><script>x"


async def test_a_sponsor_decides_before_the_first_statement(
    browser: Browser, opened: OpenCampaign
) -> None:
    consent = await browser.begin(opened.tokens["S0000"])

    undecided = await browser.press(consent, "next")
    decided = await browser.press(undecided, "next", {"consent": "no"})

    assert consent.choices == {"consent": ["yes", "no"]}
    for explained in ("Readers of the results see three figures", "No gap is shown as yours."):
        assert explained in consent.text
    assert undecided.status == 422
    assert undecided.title.startswith("Error: ")
    assert "Choose one of the two answers." in undecided.text
    assert decided.title.startswith("2 of 2")
    assert (await saved(opened.tokens["S0000"])).consent is False


async def test_changing_the_language_halfway_saves_the_screen_first(
    browser: Browser, token: str
) -> None:
    second = await browser.answer(await browser.begin(token))

    german = await browser.press(second, "lang-de", {"a-data_readiness_1": "5"})
    third = await browser.press(german, "next")

    assert (german.language, third.language) == ("de", "de")
    assert german.chosen == {"a-data_readiness_1": "5"}
    assert "Stimme voll zu" in german.text
    assert len((await saved(token)).answers) == 5


async def test_a_second_tab_does_not_overwrite_newer_answers_and_says_so(
    browser: Browser, token: str
) -> None:
    stale = await browser.begin(token)
    fresh = await browser.begin(token)
    await browser.press(fresh, "next", {FIRST: "1"})

    page = await browser.press(stale, "next", {FIRST: "5"})

    assert "This page was answered elsewhere meanwhile" in page.text
    assert page.chosen == {FIRST: "1"}
    changed = await browser.press(page, "next", {FIRST: "5"})
    assert changed.title.startswith("2 of 20")
    assert (await saved(token)).answers == {"problem_definition_1": 5}


async def test_the_same_page_sent_twice_goes_on_twice(browser: Browser, token: str) -> None:
    page = await browser.begin(token)

    for value in ("2", "3"):
        assert (await browser.press(page, "next", {FIRST: value})).title.startswith("2 of 20")
    assert (await saved(token)).answers == {"problem_definition_1": 3}


async def test_a_page_that_lay_open_for_too_long_keeps_what_was_typed(
    browser: Browser, token: str
) -> None:
    page = await browser.begin(token)
    week_ago = Ticket(since_s=int(NOW.timestamp()) - 8 * 24 * 3600, device="")
    page.fields["s"] = sign_ticket(SERVER_KEY, token, week_ago)

    again = await browser.press(page, "next", {FIRST: "4"})
    onward = await browser.press(again, "next")

    assert again.status == 403
    assert "Nothing is lost: press the button again." in again.text
    assert again.chosen == {FIRST: "4"}
    assert onward.title.startswith("2 of 20")
    assert (await saved(token)).answers == {"problem_definition_1": 4}


@pytest.mark.parametrize("ticket", ["", "x", "W10.AAAA", "é.é"])
async def test_a_form_of_another_site_begins_and_saves_nothing(
    browser: Browser, opened: OpenCampaign, token: str, ticket: str
) -> None:
    for fields in ({"do": "begin"}, {"do": "next", "page": "1", FIRST: "5"}):
        answer = await browser.post(f"/f/{token}", data=fields | {"s": ticket})
        assert answer.status_code == 403

    assert (await saved(token)).answers == {}


async def test_a_ticket_of_one_link_is_none_of_another(
    browser: Browser, opened: OpenCampaign, token: str
) -> None:
    page = await browser.begin(opened.tokens["P0001"])

    answer = await browser.post(f"/f/{token}", data={"do": "begin", "s": page.fields["s"]})

    assert answer.status_code == 403


async def test_a_frame_without_origin_and_cookies_can_send_the_form(
    browser: Browser, opened: OpenCampaign, token: str
) -> None:
    browser.headers.update({"Origin": "null", "Sec-Fetch-Site": "cross-site"})
    page = await browser.begin(token)
    while "send" not in page.buttons:
        browser.cookies.clear()
        page = await browser.answer(page)

    assert (await browser.press(page, "send")).status == 200
    assert await opened.sheets() == 1


async def test_a_page_left_open_saves_nothing_once_the_form_is_sent(
    browser: Browser, elsewhere: Browser, opened: OpenCampaign, token: str
) -> None:
    page = await elsewhere.begin(token)
    capture = Capture(lambda: NOW, SEALS)
    await capture.start()
    await capture.submit(token, answer_sheet(1))
    await capture.stop()

    late = await elsewhere.press(page, "next", {FIRST: "1"})

    assert (late.status, late.buttons) == (404, [])
    assert await opened.sheets() == 1


async def test_the_length_of_a_page_does_not_tell_how_much_is_answered(
    browser: Browser, organisation: UUID, token: str
) -> None:
    empty = await browser.begin(token)
    second = await browser.answer(empty)
    full = await browser.press(second, "previous")

    assert len(empty.html.encode()) == len(full.html.encode())
    assert len(full.html.encode()) % 4_096 == 0
