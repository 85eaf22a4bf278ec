"""What limits a finding, and what published figures it rests on."""

from typing import Any

import msgspec
import pytest

from analytics.results import CompanyPattern
from seed.content import vocabulary
from survey.report.document import Fold, Section, Statement, say, sources_of
from survey.report.trust import limits_section, sources_section, trust_section
from tests.survey.report.findings import analysis
from tests.survey.report.reading import keys, part_of, said, spoken


@pytest.mark.parametrize("structure", ["clear", "weak", "none", "cannot_tell"])
def test_how_well_the_models_describe_the_company_has_a_sentence(structure: Any) -> None:
    organisation = CompanyPattern(structure=structure, reach=None, mix={})

    assert f"structure.{structure}" in keys(
        trust_section(analysis(organisation=organisation), ())
    )


def test_that_the_profiles_are_a_theory_is_always_said() -> None:
    assert "trust.theory" in keys(trust_section(analysis(), ()))
    assert "trust.theory" in keys(limits_section(analysis(), ()))


def test_remarks_are_said_last() -> None:
    *_, last = trust_section(analysis(), (say("remark.consent"),)).parts

    assert last.sentences[-1].key == "remark.consent"


def test_how_to_make_it_again_is_told_in_the_fold() -> None:
    fold = part_of(limits_section(analysis(), ()), Fold)

    assert said(fold, "trust.lineage")["instrument"].text == "test@1"


@pytest.mark.parametrize(
    ("key", "note"),
    [
        ("workflow_first", "(McKinsey, 2025, secondary)"),
        ("chief_executive_sponsors", "(McKinsey, no year given, secondary)"),
        ("time_to_scale", "(Practitioner article, naming no source, 2026, secondary)"),
    ],
)
def test_a_note_names_source_year_and_standing(key: str, note: str) -> None:
    assert spoken(sources_section((key,), vocabulary())).endswith(note)


def test_a_figures_own_remark_stands_with_it_in_every_language() -> None:
    section = sources_section(("abandoned_for_data",), vocabulary())

    assert "A prediction. (Gartner" in spoken(section)
    assert "Eine Vorhersage. (Gartner" in spoken(section, locale="de")


def test_a_figure_is_numbered_once_however_often_it_is_referred_to() -> None:
    statements = (
        Statement((), sources=("six_months", "air_india")),
        Statement((), sources=("six_months",)),
    )

    assert sources_of((Section("a", say("why.title"), statements),)) == (
        "six_months",
        "air_india",
    )


def test_a_report_without_published_figures_lists_none() -> None:
    assert sources_section((), vocabulary()) is None


def test_a_figure_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="invented"):
        sources_section(("invented",), vocabulary())


def test_every_published_figure_is_told_in_german_too() -> None:
    figures = vocabulary().evidence.figures

    assert [one.key for one in figures if "de" not in one.translations] == []
    assert "Fachartikel" in spoken(sources_section(("six_months",), vocabulary()), locale="de")
    assert [one.key for one in figures if one.note and "de" not in one.notes] == []


def test_a_statement_without_sentences_would_be_an_empty_line() -> None:
    found = trust_section(analysis(), ())

    assert all(part.sentences for part in found.parts if isinstance(part, Statement))
    assert msgspec.json.encode(found)
