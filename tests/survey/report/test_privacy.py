"""The privacy statement promises what holds in the campaign, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from survey.instruments.parts import Mode
from survey.report.document import Count, Document, Section
from survey.report.privacy import PrivacyFacts, office_has_link, privacy_statement
from survey.report.wording import SPOKEN, Wording
from tests.survey.report.reading import keys, said, sentences, spoken

FACTS = PrivacyFacts(
    organisation="Nordwind",
    campaign="Baseline",
    wave=1,
    state="open",
    mode="anonymous",
    instrument="pulse@1",
    questions=9,
    comments=2,
    min_group=6,
    min_comments=12,
    min_drivers=100,
    told=("Your answers are anonymous.", "Results come later."),
    key_exports=(),
    links_handed_out=False,
)

DAY = date(2026, 11, 3)


def section(document: Document, key: str) -> Section:
    return next(one for one in document.sections if one.key == key)


def test_it_answers_what_a_works_council_asks() -> None:
    assert [one.key for one in privacy_statement(FACTS).sections] == [
        "purpose",
        "mode",
        "readers",
        "thresholds",
        "operators",
        "exports",
        "retention",
        "told",
    ]


def test_an_anonymous_campaign_promises_no_link_and_no_erasure() -> None:
    found = keys(privacy_statement(FACTS))

    assert {"privacy.mode.anonymous", "privacy.rights.anonymous", "privacy.kept"} <= found
    assert not found & {"privacy.linked", "privacy.rights.confidential"}


def test_a_confidential_campaign_says_that_the_link_stays() -> None:
    found = keys(privacy_statement(replace(FACTS, mode="confidential")))

    assert {"privacy.linked", "privacy.destroyed.confidential"} <= found
    assert not found & {"privacy.kept", "privacy.destroyed.anonymous"}


@pytest.mark.parametrize(
    ("shown", "people"),
    [("any", 6), ("alike", 12), ("rest", 6), ("remarks", 12), ("drivers", 100)],
)
def test_thresholds_are_those_of_the_campaign(shown: str, people: int) -> None:
    table = section(privacy_statement(FACTS), "thresholds").parts[0]

    least = {
        keys(row.cells[0]).pop(): said(row.cells[1], "privacy.people") for row in table.rows
    }  # type: ignore[union-attr]  # the first part is the table
    assert least[f"privacy.shown.{shown}"] == {"count": Count(people)}


def test_comments_name_both_of_their_thresholds() -> None:
    readers = section(privacy_statement(FACTS), "readers")

    assert said(readers, "privacy.sees.remarks") == {"n": Count(12), "k": Count(6)}


def test_every_export_of_keys_is_listed_with_its_day() -> None:
    exported = replace(FACTS, key_exports=(date(2026, 11, 3), date(2026, 11, 5)))

    text = spoken(section(privacy_statement(exported), "exports"), topic="privacy")

    assert "2 times" in text
    assert "2026-11-03 and 2026-11-05" in text


def test_without_an_export_it_says_so() -> None:
    assert keys(section(privacy_statement(FACTS), "exports")) >= {"privacy.no_exports"}


def test_it_ends_with_the_words_of_the_form() -> None:
    assert spoken(section(privacy_statement(FACTS), "told"), topic="privacy").split("\n") == [
        *FACTS.told
    ]


@pytest.mark.parametrize("state", ["draft", "open", "closing", "closed", "abandoned"])
@pytest.mark.parametrize("locale", SPOKEN["privacy"])
def test_every_state_can_be_said(state: str, locale: str) -> None:
    about = privacy_statement(replace(FACTS, state=state)).about

    assert Wording(locale, None, {}, topic="privacy").text(about).startswith("Nordwind")


def test_it_says_whether_the_office_has_links() -> None:
    handed_out = keys(privacy_statement(replace(FACTS, links_handed_out=True)))

    assert "privacy.sees.office.links" in handed_out - keys(privacy_statement(FACTS))


@pytest.mark.parametrize("locale", SPOKEN["privacy"])
def test_the_form_can_say_in_every_language_that_the_office_has_the_link(locale: str) -> None:
    assert len({office_has_link(one) for one in (locale, "it", "en")}) == (
        1 if locale == "en" else 2
    )


@pytest.mark.parametrize("links", [False, True])
@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
@pytest.mark.parametrize("exports", [(), (DAY,), (DAY, DAY)])
@pytest.mark.parametrize("locale", SPOKEN["privacy"])
def test_every_language_says_the_whole_statement(
    locale: str, exports: tuple[date, ...], mode: Mode, *, links: bool
) -> None:
    facts = replace(FACTS, mode=mode, key_exports=exports, links_handed_out=links)
    statement = privacy_statement(facts)
    wording = Wording(locale, None, {}, topic="privacy")

    texts = list(map(wording.text, sentences(statement)))

    assert [text for text in texts if not text.strip() or "{" in text] == []
