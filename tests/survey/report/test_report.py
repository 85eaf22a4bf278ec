"""Whole documents of whole companies: every word is there, and none of them is a key."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from seed.content import standard_instrument, vocabulary
from survey.files.notices import Notice
from survey.report.document import (
    Argument,
    Choice,
    Count,
    Document,
    Fold,
    Hidden,
    Listing,
    Needs,
    Statement,
    Table,
    say,
)
from survey.report.phrases import model
from survey.report.report import summary, unit_report, whole_report
from survey.report.units import in_words
from survey.report.wording import LOCALES, Wording
from tests.data.companies import COMPANIES, analysed
from tests.survey.report.findings import LEANING, analysis, unit
from tests.survey.report.reading import keys

KEYS = {construct.key for construct in standard_instrument().constructs if "_" in construct.key}


def documents(company: str) -> Iterator[Document]:
    found = analysed(company).analysis
    yield summary(found)
    yield whole_report(found, vocabulary())
    for one in found.units:
        yield unit_report(found, one.unit, vocabulary())


def arguments(document: Document) -> Iterator[Argument]:
    """Yield whatever a renderer has to put into words."""
    yield from (document.title, document.about)
    for section in document.sections:
        yield section.title
        for part in section.parts:
            yield from in_part(part)


def in_part(part: Any) -> Iterator[Argument]:
    match part:
        case Fold(title, statements):
            yield title
            yield from (sentence for one in statements for sentence in one.sentences)
        case Statement(sentences):
            yield from sentences
        case Table(_, columns, rows):
            yield from (column.heading for column in columns)
            yield from (in_cell(cell) for row in rows for cell in row.cells)


def in_cell(cell: Any) -> Argument:
    match cell:
        case Hidden(reason):
            return reason
        case Choice():
            return in_words(cell, model)
        case Needs(models, open_):
            counted = say("needs.open", number=Count(open_))
            return Listing((*(model(key) for key, _ in models), counted))
        case _:
            return cell


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("company", COMPANIES)
def test_everything_has_words_in_every_language_and_none_is_a_key(
    company: str, locale: str
) -> None:
    found = analysed(company)
    wording = Wording(locale, vocabulary(), found.unit_names)

    texts = [
        wording.text(argument)
        for document in documents(company)
        for argument in arguments(document)
    ]

    assert all(text.strip() for text in texts)
    assert [text for text in texts if KEYS & set(re.findall(r"\w+", text))] == []
    assert [text for text in texts if "{" in text] == []


@pytest.mark.parametrize("company", COMPANIES)
def test_no_statement_is_empty(company: str) -> None:
    empty = [
        section.key
        for document in documents(company)
        for section in document.sections
        for part in section.parts
        if isinstance(part, Statement) and not part.sentences
    ]

    assert empty == []


@pytest.mark.parametrize("company", COMPANIES)
def test_a_document_can_be_written_as_json(company: str) -> None:
    for document in documents(company):
        assert msgspec.json.decode(msgspec.json.encode(document))["sections"]


@pytest.mark.parametrize("company", COMPANIES)
def test_the_same_analysis_gives_the_same_documents(company: str) -> None:
    assert list(documents(company)) == list(documents(company))


def test_a_summary_says_what_why_how_sure_and_what_next() -> None:
    sections = summary(analysed("company-north").analysis).sections

    assert [section.key for section in sections] == [
        "overview",
        "units",
        "why",
        "trust",
        "next_steps",
    ]


def test_a_summary_refers_to_no_published_figure_that_it_does_not_list() -> None:
    document = summary(analysed("company-north").analysis)

    assert document.sources == ()
    assert all(
        not part.sources
        for section in document.sections
        for part in section.parts
        if isinstance(part, Statement)
    )


def test_a_whole_report_numbers_its_published_figures() -> None:
    document = whole_report(analysed("company-north").analysis, vocabulary())

    assert document.sections[-1].key == "sources"
    assert len(document.sections[-1].parts) == len(document.sources) > 0


def test_no_first_level_sentence_speaks_in_jargon() -> None:
    found = analysed("company-north")
    wording = Wording("en", vocabulary(), found.unit_names)
    said = " ".join(
        wording.statement(part).lower()
        for document in documents("company-north")
        for section in document.sections
        for part in section.parts
        if isinstance(part, Statement)
    )

    for word in (
        "log-odds",
        "posterior",
        "shrinkage",
        "adjusted p",
        "units reach",
        "standard error",
    ):
        assert word not in said


def test_an_analysis_that_holds_next_to_nothing_has_a_report_too() -> None:
    bare = analysis(unit("A"), unit("B", recommendation=LEANING))

    assert "overview.none_clear" in keys(summary(bare))
    assert "units.title" in keys(whole_report(bare, vocabulary()))


def test_a_title_and_remarks_are_taken_over() -> None:
    titled = summary(analysis(), title=say("why.title"), remarks=(say("remark.invented"),))

    assert titled.title == say("why.title")
    assert "remark.invented" in keys(titled)


def test_a_report_of_a_unit_says_how_the_files_were_read() -> None:
    found = analysis(unit("A"))
    notice = Notice(code="minutes", file="a.csv", columns=("duration_s",), count=3)

    told = unit_report(found, "A", vocabulary(), notices=(notice,))

    assert "notice.minutes" in keys(told)


def test_a_unit_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="U999"):
        unit_report(analysis(), "U999", vocabulary())
