"""Mails as Chromium shows them: nothing cut off, nothing fetched, in four languages."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from survey.messages.mail import html_of
from survey.messages.message import Message
from survey.messages.wording import LOCALES, composed
from tests.browser import visiting

PHONE, DESKTOP = 360, 1_000
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NOTHING = "#none"


def message(locale: str, kind: str) -> Message:
    return Message(
        key="1",
        kind=kind,
        name="Zoë O'Brien",
        email="zoe@example.com",
        locale=locale,
        title="KI & Ähnliches <im Einsatz>",
        campaign="AI at work",
        closes_at=datetime(2026, 12, 14, 18, tzinfo=UTC),
        link="https://survey.example.com/f/" + "A" * 43,
        on_record=kind == "reminder",
        opt_out="https://survey.example.com/o/" + "B" * 64,
    )


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["invitation", "reminder"])
@pytest.mark.parametrize("locale", LOCALES)
async def test_a_mail_is_whole_accessible_and_fetches_nothing(
    tmp_path: Path, locale: str, kind: str
) -> None:
    file = tmp_path / "mail.html"
    file.write_text(html_of(composed(message(locale, kind))), encoding="utf-8")

    async with visiting(file.as_uri()) as visit:
        too_wide = []
        for width in (PHONE, DESKTOP):
            await visit.page.set_viewport_size({"width": width, "height": 800})
            too_wide.append(await visit.page.evaluate(OVERFLOW))
        broken = await visit.axe(beside=NOTHING)
        button = await visit.page.locator(".button").bounding_box()

    assert too_wide == [0, 0]
    # A mail program gives the page its landmarks and its heading.
    assert broken.keys() <= {"landmark-one-main", "page-has-heading-one", "region"}
    assert button is not None
    assert button["height"] >= 44
    assert visit.requested == [file.as_uri()]
