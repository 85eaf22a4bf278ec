"""The documents that a release makes: a summary, the whole report, and one of a unit."""

from collections.abc import Sequence

import msgspec

from analytics.results import Analysis
from survey.files.notices import Notice
from survey.report.change import change_section, drift_section, kept_section
from survey.report.constraint import constraint_section
from survey.report.document import (
    Count,
    Document,
    Section,
    Sentence,
    Statement,
    UnitName,
    say,
    sources_of,
)
from survey.report.drivers import drivers_section
from survey.report.maturity import maturity_section
from survey.report.notices import notices_section
from survey.report.overview import findings_section, next_steps_section, why_section
from survey.report.participation import participation_section
from survey.report.pattern import pattern_section
from survey.report.portfolio import portfolio_section
from survey.report.quality import quality_section, unreliable
from survey.report.sponsorship import sponsorship_section
from survey.report.trust import limits_section, sources_section, trust_section
from survey.report.unit import unit_sections
from survey.report.units import choosing, no_model, units_below, units_section
from survey.report.vocabulary import Vocabulary

__all__ = ["summary", "unit_report", "whole_report"]

_TITLE = say("report.title")


def summary(
    analysis: Analysis,
    *,
    title: Sentence = _TITLE,
    remarks: Sequence[Sentence] = (),
    notices: Sequence[Notice] = (),
) -> Document:
    """Return what a director needs: what was found, why, how sure that is, what next.

    Parameters
    ----------
    analysis : Analysis
        What a release holds; nothing else is said.
    title : Sentence
        The headline.
    remarks : sequence of Sentence
        What else has to be known of this analysis, for the end.
    notices : sequence of Notice
        How the files behind it were read, if not as they literally stand.
    """
    sections = (
        findings_section(analysis),
        units_section(analysis, whole=False),
        why_section(analysis),
        notices_section(notices),
        trust_section(analysis, tuple(remarks)),
        next_steps_section(analysis),
    )
    plain = tuple(_without_sources(section) for section in sections if section)
    return Document(title, _about(analysis), plain)


def whole_report(
    analysis: Analysis,
    vocabulary: Vocabulary,
    *,
    title: Sentence = _TITLE,
    remarks: Sequence[Sentence] = (),
    notices: Sequence[Notice] = (),
) -> Document:
    """Return everything that a release says of the company, one section per question.

    Parameters
    ----------
    analysis, title, remarks, notices
        As in ``summary``.
    vocabulary : Vocabulary
        The content that the release was made with.
    """
    shown = [unit for unit in analysis.units if unit.status == "reported"]
    k = analysis.lineage.thresholds.scores
    found = analysis
    sections = (
        findings_section(found),
        next_steps_section(found),
        units_section(found, whole=True),
        why_section(found),
        constraint_section(found.constraint, found.units, unreliable(found.quality))
        if found.constraint
        else None,
        maturity_section(found.units, vocabulary),
        sponsorship_section(found.sponsorship, shown, vocabulary)
        if found.sponsorship
        else None,
        portfolio_section(found.portfolio, shown) if found.portfolio else None,
        pattern_section(found),
        drivers_section(found.drivers) if found.drivers else None,
        change_section(found.change, shown) if found.change else None,
        kept_section(choosing(found.units)),
        drift_section(found.drift) if found.drift else None,
        participation_section(found.participation, shown) if found.participation else None,
        quality_section(found.quality, shown, k=k) if found.quality else None,
        notices_section(notices),
        limits_section(found, tuple(remarks)),
    )
    return _with_sources(title, found, sections, vocabulary)


def unit_report(
    analysis: Analysis,
    code: str,
    vocabulary: Vocabulary,
    *,
    notices: Sequence[Notice] = (),
) -> Document:
    """Return everything that a release says of one unit.

    Parameters
    ----------
    analysis, vocabulary, notices
        As in ``whole_report``.
    code : str
        The unit.

    Raises
    ------
    KeyError
        There is no such unit.
    """
    unit = {one.unit: one for one in analysis.units}[code]
    title = say("unit.report", unit=UnitName(code))
    below = units_below(analysis.units).get(code, ())
    missing = no_model(analysis).reason
    sections = (
        *unit_sections(
            unit,
            vocabulary,
            below=below,
            no_model=missing,
            unreliable=unreliable(analysis.quality),
        ),
        notices_section(notices),
    )
    return _with_sources(title, analysis, sections, vocabulary)


def _with_sources(
    title: Sentence,
    analysis: Analysis,
    sections: Sequence[Section | None],
    vocabulary: Vocabulary,
) -> Document:
    known = tuple(section for section in sections if section)
    sources = sources_of(known)
    listed = sources_section(sources, vocabulary)
    return Document(title, _about(analysis), (*known, *([listed] if listed else [])), sources)


def _about(analysis: Analysis) -> Sentence:
    lineage = analysis.lineage
    return say(
        "report.about",
        used=Count(lineage.responses_used),
        read=Count(lineage.responses_read),
        sponsors=Count(lineage.sponsors),
    )


def _without_sources(section: Section) -> Section:
    """Leave out references to published figures, which a summary does not list."""
    parts = tuple(
        msgspec.structs.replace(part, sources=()) if isinstance(part, Statement) else part
        for part in section.parts
    )
    return msgspec.structs.replace(section, parts=parts)
