"""What a link shows before anything has begun, and what it shows instead of a form."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from models.engine import connection, operator_transaction, transaction
from survey.access.actors import COMMAND_LINE
from survey.campaigns import close
from survey.jobs.worker import drain_queue
from tests.api.pages.browsing import Browser
from tests.factories.campaigns import rows_of
from tests.factories.open_campaign import OpenCampaign, open_standard_campaign
from tests.factories.server import SEALS

UNKNOWN = "u" * 43


async def test_it_says_whose_survey_it_is_how_long_it_takes_and_what_happens_to_the_answers(
    browser: Browser, token: str
) -> None:
    page = await browser.open(f"/f/{token}")

    assert page.title == "How our unit works with AI"
    for said in (
        "A survey by Example",
        "It takes about 8 minutes.",
        "Open now; no closing date has been set.",
        "Your answers are anonymous: once the survey has closed, nothing in the system",
        "only for groups of at least 5 people",
        "at least 10 people of a unit took part",
        "The keys are destroyed when the survey closes.",
    ):
        assert said in page.text
    assert page.buttons == ["begin"]


async def test_it_says_until_when_it_is_open(
    browser: Browser, organisation: UUID, now: datetime
) -> None:
    opened = await open_standard_campaign(
        organisation, now=now, closes_at=now + timedelta(days=14)
    )

    page = await browser.open(f"/f/{opened.tokens['P0000']}")

    assert "Open until 7 December 2026, 09:00 (UTC)." in page.text


async def test_a_moment_is_shown_in_the_time_zone_of_the_reader(
    browser: Browser, organisation: UUID, now: datetime
) -> None:
    opened = await open_standard_campaign(
        organisation, now=now, closes_at=now + timedelta(days=14)
    )
    async with transaction(organisation):
        await connection().execute("UPDATE organisation SET time_zone = 'Europe/Berlin'")
        await connection().execute(
            "UPDATE person SET time_zone = 'Asia/Tokyo' WHERE external_id = 'P0001'"
        )

    office = await browser.open(f"/f/{opened.tokens['P0000']}")
    afar = await browser.open(f"/f/{opened.tokens['P0001']}")

    assert "Open until 7 December 2026, 10:00 (CET)." in office.text
    assert "Open until 7 December 2026, 18:00 (JST)." in afar.text


@pytest.mark.parametrize(
    ("person", "plan", "said"),
    [
        ("P0000", {"mode": "confidential"}, "confidential, not anonymous"),
        ("S0000", {}, "You answer as a sponsor and on the record"),
    ],
)
async def test_the_mode_is_the_one_that_holds_for_the_reader(
    browser: Browser,
    organisation: UUID,
    now: datetime,
    person: str,
    plan: dict[str, str],
    said: str,
) -> None:
    opened = await open_standard_campaign(organisation, now=now, **plan)

    page = await browser.open(f"/f/{opened.tokens[person]}")

    assert said in page.text
    assert "Your answers are anonymous" not in page.text


@pytest.mark.parametrize("query", ["", "?lang=de", "?page=3&s=x", "?page=review"])
async def test_who_only_looks_starts_and_spends_nothing(
    browser: Browser, opened: OpenCampaign, token: str, query: str
) -> None:
    for _ in range(3):
        page = await browser.open(f"/f/{token}{query}")

    assert page.buttons == ["begin"]
    assert "set-cookie" not in page.headers
    found = await rows_of(
        opened.organisation, "SELECT DISTINCT started, completed, draft FROM invitation"
    )
    assert found == [{"started": False, "completed": False, "draft": None}]


async def test_beginning_is_noted(browser: Browser, opened: OpenCampaign, token: str) -> None:
    await browser.begin(token)

    found = await rows_of(opened.organisation, "SELECT id FROM invitation WHERE started")
    assert len(found) == 1


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("de-AT,de;q=0.9,en;q=0.5", "de"), ("nl, de;q=0.3", "de"), ("nl", "en"), ("x;q=y", "en")],
)
async def test_the_language_is_one_that_the_browser_accepts(
    browser: Browser, token: str, accepted: str, language: str
) -> None:
    browser.headers["Accept-Language"] = accepted

    page = await browser.open(f"/f/{token}")

    assert page.language == language


async def test_the_persons_own_language_comes_before_the_browsers_and_a_choice_before_both(
    browser: Browser, opened: OpenCampaign, token: str
) -> None:
    async with operator_transaction():
        await connection().execute(
            "UPDATE person SET locale = 'de' WHERE organisation = $1", opened.organisation
        )

    own = await browser.open(f"/f/{token}")
    chosen = await browser.open(next(link for link in own.links if "lang=en" in link))

    assert (own.language, chosen.language) == ("de", "en")
    assert "Was mit den Antworten geschieht" in own.text


async def test_a_spent_a_revoked_and_an_unknown_link_show_the_same_page(
    browser: Browser, elsewhere: Browser, opened: OpenCampaign, token: str
) -> None:
    spent, revoked = token, opened.tokens["P0001"]
    await browser.press(await browser.answer_all(await browser.begin(spent)), "send")
    async with operator_transaction():
        await connection().execute(
            "UPDATE invitation SET token_hash = sha256('new'), generation = 2 "
            "WHERE token_hash = sha256($1::bytea)",
            revoked.encode(),
        )

    gone = [
        await elsewhere.get(f"/f/{one}{query}")
        for one in (spent, revoked, UNKNOWN, "short", f"{UNKNOWN}x")
        for query in ("", "?page=review&s=x", "?embed=1")
    ]
    gone += [
        await elsewhere.post(f"/f/{one}", data=fields)
        for one in (spent, revoked, UNKNOWN)
        for fields in ({}, {"do": "begin"}, {"do": "send", "sheet": "e30="}, {"do": "afresh"})
    ]

    assert {answer.status_code for answer in gone} == {404}
    assert len({answer.content for answer in gone}) == 1
    volatile = {"x-request-id", "ratelimit"}
    kept = {tuple(h for h in answer.headers.items() if h[0] not in volatile) for answer in gone}
    # A link that cannot be one is not counted.
    assert len({tuple(h for h in one if h[0] != "ratelimit-policy") for one in kept}) == 1


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        ("de", "Dieser Link öffnet kein Formular"),
        ("fr-CA", "Ce lien n’ouvre aucun questionnaire"),
        ("es-MX", "Este enlace no abre ningún cuestionario"),
        ("nl", "This link does not open a form"),
    ],
)
async def test_even_without_a_form_the_browsers_language_is_spoken(
    browser: Browser, accepted: str, said: str
) -> None:
    browser.headers["Accept-Language"] = accepted

    assert said in (await browser.open(f"/f/{UNKNOWN}")).text


async def test_a_survey_that_is_not_open_yet_says_when_it_opens(
    browser: Browser, opened: OpenCampaign, token: str
) -> None:
    async with operator_transaction():
        await connection().execute("SET LOCAL session_replication_role = replica")
        await connection().execute(
            "UPDATE campaign SET state = 'draft', opened_at = NULL, public_key = NULL, "
            "public_key_mark = NULL, opens_at = '2026-12-01T08:00:00Z' WHERE id = $1",
            opened.campaign,
        )

    page = await browser.open(f"/f/{token}")

    assert page.status == 200
    assert "This survey is not open yet" in page.text
    assert "It opens on 1 December 2026, 08:00 (UTC)." in page.text
    assert page.buttons == []


async def test_a_survey_that_is_closing_or_closed_says_so_whoever_has_answered(
    browser: Browser,
    elsewhere: Browser,
    opened: OpenCampaign,
    token: str,
    now: datetime,
) -> None:
    await browser.press(await browser.answer_all(await browser.begin(token)), "send")
    links = [f"/f/{token}", f"/f/{opened.tokens['P0001']}"]
    await close.start_closing(opened.organisation, opened.campaign, by=COMMAND_LINE, now=now)
    closing = [(await elsewhere.get(link)).text for link in links]
    await drain_queue([close.closing(seals=SEALS, clock=lambda: now)])
    closed = [(await elsewhere.get(link)).text for link in links]

    assert "This survey is just closing" in closing[0]
    assert "This survey has closed" in closed[0]
    assert closing[0] == closing[1]
    assert closed[0] == closed[1]


async def test_a_page_is_protected_by_its_headers(browser: Browser, token: str) -> None:
    headers = (await browser.begin(token)).headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_nothing_on_a_page_is_inline_or_comes_from_elsewhere(
    browser: Browser, token: str
) -> None:
    page = await browser.begin(token)

    for inline in ("<style", "style=", "<script>", "onclick", "http:", "https:", "//"):
        assert inline not in page.html.removeprefix("<!doctype html>")


async def test_style_and_script_are_kept_by_the_browser_until_they_change(
    browser: Browser, token: str
) -> None:
    page = await browser.begin(token)
    files = re.findall(r'"(/form-assets/[^"]+)"', page.html)

    answers = [await browser.get(file) for file in files]

    assert [answer.headers["Content-Type"] for answer in answers] == [
        "text/css; charset=utf-8",
        "text/javascript; charset=utf-8",
    ]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (await browser.get("/form-assets/form.css")).status_code == 404
