"""The privacy statement of a campaign: what works councils and respondents are promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.instruments.parts import Mode
from survey.report.document import (
    Column,
    Count,
    Document,
    Listing,
    Row,
    Section,
    Sentence,
    Table,
    Verbatim,
    say,
)
from survey.report.phrases import finding
from survey.report.wording import Wording, nearest_locale

__all__ = ["PrivacyFacts", "office_has_link", "privacy_statement"]


@dataclass(frozen=True, kw_only=True)
class PrivacyFacts:
    """What a privacy statement says of one campaign, and of no person.

    Attributes
    ----------
    organisation, campaign : str
        Their names.
    wave : int
        Number of the wave, from 1.
    state : {"draft", "scheduled", "open", "closing", "closed", "abandoned"}
        State of the campaign.
    mode : {"anonymous", "confidential"}
        What happens to the answers of managers and contributors.
    instrument : str
        Key and version of the instrument.
    questions, comments : int
        How many statements are rated, and how many open questions asked, in all roles.
    min_group, min_comments, min_drivers : int
        Thresholds, in respondents.
    told : tuple of str
        The paragraphs that the form shows before the first question.
    key_exports : tuple of date
        Days (UTC) on which the keys of the campaign were copied into a backup.
    links_handed_out : bool
        Whether the office has downloaded personal links.
    """

    organisation: str
    campaign: str
    wave: int
    state: str
    mode: Mode
    instrument: str
    questions: int
    comments: int
    min_group: int
    min_comments: int
    min_drivers: int
    told: tuple[str, ...]
    key_exports: tuple[date, ...]
    links_handed_out: bool


_STATES = {
    "draft": "privacy.state.draft",
    "scheduled": "privacy.state.draft",
    "open": "privacy.state.open",
    "closing": "privacy.state.closing",
    "closed": "privacy.state.closed",
    "abandoned": "privacy.state.abandoned",
}
_MODES = {"anonymous": "privacy.mode.anonymous", "confidential": "privacy.mode.confidential"}
_AT_CLOSE = {
    "anonymous": "privacy.destroyed.anonymous",
    "confidential": "privacy.destroyed.confidential",
}
_RIGHTS = {
    "anonymous": "privacy.rights.anonymous",
    "confidential": "privacy.rights.confidential",
}


def privacy_statement(facts: PrivacyFacts) -> Document:
    """Return the statement: purpose, mode, readers, thresholds, operators, retention.

    Parameters
    ----------
    facts : PrivacyFacts
        Of the campaign; nothing else is said.
    """
    about = say(
        "privacy.about",
        organisation=Verbatim(facts.organisation),
        wave=Count(facts.wave),
        state=say(_STATES[facts.state]),
    )
    sections = (
        _purpose(facts),
        _mode(facts),
        _readers(facts),
        _thresholds(facts),
        _operators(facts),
        _key_exports(facts.key_exports),
        _retention(facts),
        _section(
            "privacy.told", *(say("privacy.text", text=Verbatim(part)) for part in facts.told)
        ),
    )
    title = say("privacy.title", campaign=Verbatim(facts.campaign))
    return Document(title, about, sections)


def office_has_link(locale: str) -> str:
    """Return what the form adds to its privacy text for somebody whose link was handed out.

    Parameters
    ----------
    locale : str
        Language of the form, BCP 47; English if there is no such text.
    """
    wording = Wording(nearest_locale(locale, "privacy")[0], None, {}, topic="privacy")
    return wording.text(say("privacy.office_has_link"))


def _section(heading: str, *said: Sentence) -> Section:
    """Return a section with a paragraph per sentence."""
    return Section(heading.partition(".")[2], say(heading), tuple(map(finding, said)))


def _purpose(facts: PrivacyFacts) -> Section:
    asked = say(
        "privacy.asked",
        instrument=Verbatim(facts.instrument),
        questions=Count(facts.questions),
        comments=Count(facts.comments),
    )
    aim, limit = say("privacy.aim"), say("privacy.no_judgement")
    return _section("privacy.purpose", aim, asked, limit)


def _mode(facts: PrivacyFacts) -> Section:
    k = Count(facts.min_group)
    kept = (
        (say("privacy.kept", k=k), say("privacy.small_team"))
        if facts.mode == "anonymous"
        else (say("privacy.linked"),)
    )
    sponsors = say("privacy.sponsors", k=k)
    return _section("privacy.mode", say(_MODES[facts.mode]), *kept, sponsors)


def _readers(facts: PrivacyFacts) -> Section:
    k, n = Count(facts.min_group), Count(facts.min_comments)
    office = "privacy.sees.office.links" if facts.links_handed_out else "privacy.sees.office"
    rows = [
        (say("privacy.reader.everybody"), say("privacy.sees.everybody")),
        (say("privacy.reader.office"), say(office)),
        (say("privacy.reader.results"), say("privacy.sees.results", k=k)),
        (say("privacy.reader.remarks"), say("privacy.sees.remarks", n=n, k=k)),
        (say("privacy.reader.channel"), say("privacy.sees.channel")),
    ]
    table = _table("readers", ("privacy.reader", "privacy.sees"), rows)
    return Section("readers", say("privacy.readers"), (table,))


def _thresholds(facts: PrivacyFacts) -> Section:
    least = {
        "privacy.shown.any": facts.min_group,
        "privacy.shown.alike": 2 * facts.min_group,
        "privacy.shown.rest": facts.min_group,
        "privacy.shown.remarks": facts.min_comments,
        "privacy.shown.drivers": facts.min_drivers,
    }
    rows = [
        (say(shown), say("privacy.people", count=Count(people)))
        for shown, people in least.items()
    ]
    table = _table("thresholds", ("privacy.what", "privacy.least"), rows)
    locked = finding(say("privacy.locked"))
    return Section("thresholds", say("privacy.thresholds"), (table, locked))


def _table(
    key: str, headings: tuple[str, str], rows: Sequence[tuple[Sentence, Sentence]]
) -> Table:
    columns = tuple(Column(say(heading)) for heading in headings)
    return Table(key, columns, tuple(map(Row, rows)))


def _operators(facts: PrivacyFacts) -> Section:
    said = ("privacy.sealed", "privacy.trusted", _AT_CLOSE[facts.mode], "privacy.copies")
    return _section("privacy.operators", *map(say, said))


def _key_exports(days: Sequence[date]) -> Section:
    if not days:
        return _section("privacy.exports", say("privacy.no_exports"))
    listed = Listing(tuple(Verbatim(day.isoformat()) for day in days), "and")
    exported = say("privacy.exported", count=Count(len(days)), days=listed)
    return _section("privacy.exports", exported)


def _retention(facts: PrivacyFacts) -> Section:
    said = ("privacy.removed", "privacy.stays", _RIGHTS[facts.mode])
    return _section("privacy.retention", *map(say, said))
