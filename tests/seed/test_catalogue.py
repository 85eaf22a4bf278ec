"""The catalogue agrees with the pages it was taken from."""

import re
from itertools import pairwise

import pytest

from seed.content import (
    evidence,
    maturity_levels,
    operating_models,
    phases,
    standard_instrument,
)
from survey.catalogue.evidence import Figure
from survey.catalogue.operating_models import OperatingModel
from tests.analytics.recommender.unit_means import CONSTRUCTS

# The table of the method, section 1.1; a trailing asterisk marks a defining cell.
ANCHORS = {
    "coe": "4.4* 4.4* 2.3 2.8 2.5 3.0 3.0 3.2 3.2",
    "federated": "2.4 2.4 4.4* 4.3* 4.3* 3.2 3.0 3.2 3.3",
    "hybrid_squad": "3.2 3.2 3.2 3.4 3.6 4.4* 4.4* 3.9 3.7",
    "managed_service": "2.8 3.0 2.7 2.3 2.4 3.3 3.5 4.4* 1.7*",
}
LOCALES = {"en", "de"}


def figure_ids(figure: Figure) -> str:
    return figure.key


def test_the_anchors_agree_with_the_method() -> None:
    anchors = operating_models().anchors()

    cells = {key: row.split() for key, row in ANCHORS.items()}
    assert anchors.version == "1"
    assert anchors.models == tuple(ANCHORS)
    assert anchors.constructs == CONSTRUCTS
    assert anchors.values == tuple(
        tuple(float(cell.rstrip("*")) for cell in row) for row in cells.values()
    )
    assert anchors.defining == tuple(
        tuple(cell.endswith("*") for cell in row) for row in cells.values()
    )


def test_the_anchors_cover_the_context_constructs_of_the_instrument() -> None:
    context = standard_instrument().measures().block("context")

    assert operating_models().anchors().constructs == tuple(part.key for part in context)


def test_every_anchor_has_a_reason_of_its_own() -> None:
    reasons = [
        anchor.reason
        for model in operating_models().models
        for anchor in model.anchors.values()
    ]

    assert len(set(reasons)) == 36
    assert all(reason.endswith(".") and len(reason.split()) > 5 for reason in reasons)


@pytest.mark.parametrize("model", operating_models().models, ids=lambda model: model.key)
def test_a_model_is_described_in_every_language(model: OperatingModel) -> None:
    assert set(model.name) == set(model.strength) == set(model.conditions) == LOCALES
    assert len(model.conditions["en"]) == len(model.conditions["de"]) > 1


def test_levels_have_the_bounds_of_the_method() -> None:
    levels = maturity_levels().levels

    assert [level.level for level in levels] == [1, 2, 3, 4, 5]
    assert [level.below for level in levels] == [1.8, 2.6, 3.4, 4.2, None]
    assert all(set(level.name) == set(level.description) == LOCALES for level in levels)


def test_phases_follow_each_other_week_by_week() -> None:
    spans = [(phase.weeks.first, phase.weeks.last) for phase in phases().phases]

    assert spans == [(1, 6), (7, 16), (17, 28), (29, None)]
    assert [phase.number for phase in phases().phases] == [1, 2, 3, 4]
    assert all(last == following - 1 for (_, last), (following, _) in pairwise(spans))


def test_every_gate_is_named_once_and_in_every_language() -> None:
    gates = [gate for phase in phases().phases for gate in phase.gates]

    assert len({gate.key for gate in gates}) == len(gates) == 13
    assert all(set(gate.text) == LOCALES for gate in gates)


@pytest.mark.parametrize("figure", evidence().figures, ids=figure_ids)
def test_a_figure_has_a_source_and_says_that_it_is_secondary(figure: Figure) -> None:
    assert figure.source.strip()
    assert figure.standing == "secondary"


@pytest.mark.parametrize("figure", evidence().figures, ids=figure_ids)
def test_a_figure_has_a_year_exactly_if_its_source_is_dated(figure: Figure) -> None:
    dated = re.search(r"\b20\d\d\b", figure.source)
    quoted_alone = figure.source.startswith("Practitioner article")

    assert figure.year == (int(dated[0]) if dated else 2026 if quoted_alone else None)


@pytest.mark.parametrize(
    "number",
    [
        "88 %",
        "two thirds",
        "39 %",
        "60 % of companies",
        "5 % of",
        "1.7x",
        "3.6x",
        "120 %",
        "64 %",
        "63 %",
        "60 % of AI projects",
        "50 % of generative",
        "30 %",
        "2.5x",
        "twice as likely",
        "60 % of high",
        "3x",
        "most common root cause",
        "Structural causes",
        "not slower",
        "rose 50 %",
        "40 % or more",
        "4 million",
        "97 %",
        "+9.4 %",
        "+20 %",
        "12 to 24",
        "2 to 4 years",
        "six months",
    ],
)
def test_the_figures_of_the_mission_are_there(number: str) -> None:
    assert any(number in figure.statement for figure in evidence().figures)


def test_no_figure_is_named_twice() -> None:
    keys = [figure.key for figure in evidence().figures]

    assert len(set(keys)) == len(keys)
