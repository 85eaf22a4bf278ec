"""How sure is this, and what does it rest on? Limits of the theory, and published figures."""

from analytics.results import Analysis
from survey.report.document import (
    Argument,
    Count,
    Fold,
    Section,
    Sentence,
    Statement,
    Term,
    Verbatim,
    say,
)
from survey.report.participation import answered
from survey.report.phrases import finding
from survey.report.quality import measured_well
from survey.report.vocabulary import Vocabulary

__all__ = ["limits_section", "sources_section", "trust_section"]

_STRUCTURE = {
    "clear": "structure.clear",
    "weak": "structure.weak",
    "none": "structure.none",
    "cannot_tell": "structure.cannot_tell",
}


def trust_section(analysis: Analysis, remarks: tuple[Sentence, ...]) -> Section:
    """Return how far all of it can be trusted, in the fewest sentences.

    Parameters
    ----------
    analysis : Analysis
        What was found.
    remarks : tuple of Sentence
        What else has to be known of this analysis.
    """
    people = analysis.participation
    said = [*(answered(people, analysis.units) if people else ())]
    if analysis.quality:
        said.extend(measured_well(analysis.quality))
    structure = say(_STRUCTURE[analysis.organisation.structure])
    return Section("trust", say("trust.title"), (finding(*said, structure), *_limits(remarks)))


def limits_section(analysis: Analysis, remarks: tuple[Sentence, ...]) -> Section:
    """Return the limits alone, and how the analysis can be made again."""
    lineage = analysis.lineage
    made = say(
        "trust.lineage",
        instrument=Verbatim(lineage.instrument),
        method=Verbatim(lineage.method),
        anchors=Verbatim(lineage.anchors),
        seed=Verbatim(str(lineage.seed)),
    )
    fold = Fold(say("fold.title"), (finding(made),))
    structure = finding(say(_STRUCTURE[analysis.organisation.structure]))
    return Section("trust", say("trust.title"), (structure, *_limits(remarks), fold))


def _limits(remarks: tuple[Sentence, ...]) -> tuple[Statement, ...]:
    return (finding(say("trust.theory")), finding(say("trust.ranges"), *remarks))


def sources_section(sources: tuple[str, ...], vocabulary: Vocabulary) -> Section | None:
    """Return the published figures referred to, with source, year and standing beside each.

    Parameters
    ----------
    sources : tuple of str
        Keys of the figures; the first is number 1.
    vocabulary : Vocabulary
        Knows the figures.

    Raises
    ------
    KeyError
        A figure is not in the evidence.
    """
    said = tuple(
        finding(_source(number, key, vocabulary)) for number, key in enumerate(sources, 1)
    )
    return Section("sources", say("sources.title"), said) if said else None


def _source(number: int, key: str, vocabulary: Vocabulary) -> Sentence:
    figure = vocabulary.figure(key)
    named: dict[str, Argument] = {
        "number": Count(number),
        "statement": Term("evidence", key),
        "source": Term("source", key),
    }
    if figure.year is None:
        return say("sources.undated", **named)
    if str(figure.year) in figure.source:
        return say("sources.dated", **named)
    return say("sources.year", year=Verbatim(str(figure.year)), **named)
