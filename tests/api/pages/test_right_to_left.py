"""A form in Arabic, of which the pages themselves have no words."""

import re
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

import api.pages
from survey.campaigns.draft import draft_campaign
from survey.campaigns.open import open_campaign
from survey.instruments.definition import InstrumentDefinition, canonical
from survey.instruments.store import import_instrument, publish_instrument
from tests.api.pages.browsing import Browser
from tests.factories.campaigns import plan, rows_of, token_of
from tests.factories.definition import make_definition
from tests.factories.directory import load_company
from tests.factories.server import CHANNELS, KEYS, NOW, SERVER_KEY

TITLE = "كيف نعمل"


@pytest.fixture
async def link(organisation: UUID) -> str:
    """Give a link to a form that exists in English and Arabic."""
    await load_company(organisation, {"U1": 1})
    plain = canonical(make_definition()).replace(b'"de"', b'"ar"')
    plain = plain.replace(b'"Titel"', f'"{TITLE}"'.encode())
    await import_instrument(organisation, msgspec.json.decode(plain, type=InstrumentDefinition))
    await publish_instrument(organisation, key="small", version=1, now=NOW)
    draft = await draft_campaign(organisation, plan(), now=NOW)
    await open_campaign(
        organisation,
        draft.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="console",
        channels=CHANNELS,
        now=NOW,
    )
    (invited,) = await rows_of(organisation, "SELECT id FROM invitation")
    return f"/f/{token_of(invited['id'])}?lang=ar-EG"


async def test_the_page_runs_from_right_to_left_and_our_own_words_do_not(
    browser: Browser, link: str
) -> None:
    opening = await browser.open(link)
    pages = [opening, await browser.press(opening, "begin")]
    while "send" not in pages[-1].buttons:
        pages.append(await browser.answer(pages[-1], "2"))
    pages.append(await browser.press(pages[-1], "send"))

    assert {(page.language, page.direction) for page in pages} == {("ar", "rtl")}
    assert opening.title == TITLE
    assert '<span lang="en" dir="ltr">Begin</span>' in opening.html
    assert '<a href="' in opening.html
    assert ">English</a>" in opening.html
    assert ">العربية</span>" in opening.html


async def test_names_of_the_other_direction_are_kept_apart(browser: Browser, link: str) -> None:
    assert "A survey by <bdi>Example</bdi>" in (await browser.open(link)).html


def test_the_style_sheet_knows_no_left_and_no_right() -> None:
    style = (Path(api.pages.__file__).parent / "assets" / "form.css").read_text()

    physical = r"(?:margin|padding|border|inset)?-?(?:left|right)\b|text-align: (?:left|right)"
    assert re.findall(physical, style) == []
    assert re.findall(r"[^-](?:width|height):", style.replace("max-width: 44rem", "")) == []
