"""What holds of any company: names, levels and scales of answers are only names and scales."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.sponsorship import (
    SponsorshipFindings,
    SponsorshipQuestions,
    sponsorship_findings,
)
from tests.analytics.sponsorship.survey import BEHAVIOURS, COMPOSITE, scored
from tests.analytics.studies import unit_tree

UNITS = ("A", "B", "C")
RENAMED = {"A": "Z", "B": "Y", "C": "X"}
PAIRS = st.tuples(st.integers(2, 10), st.integers(2, 10)).map(lambda at: (at[0] / 2, at[1] / 2))


@st.composite
def companies(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw three units with both roles and one or two sponsors each."""

    def group(unit: str, role: str, low: int, high: int) -> tuple[str, str, list]:
        return unit, role, draw(st.lists(PAIRS, min_size=low, max_size=high))

    people = [group(unit, "contributor", 5, 12) for unit in UNITS]
    people += [group(unit, "manager", 5, 7) for unit in UNITS]
    return scored(*people), scored(*(group(unit, "sponsor", 1, 2) for unit in UNITS))


def read(
    company: tuple[pl.DataFrame, pl.DataFrame], units: tuple[str, ...] = UNITS
) -> SponsorshipFindings:
    found = sponsorship_findings(
        *company,
        unit_tree(dict.fromkeys(units)),
        dict.fromkeys(units, "roles"),
        questions=SponsorshipQuestions(COMPOSITE, BEHAVIOURS),
        k=5,
    )
    assert found is not None
    return found


@settings(max_examples=25, deadline=None)
@given(companies())
def test_names_of_units_are_only_names(company: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    people, sponsors = (
        frame.with_columns(pl.col("unit").replace_strict(RENAMED)) for frame in company
    )

    before, after = read(company), read((people, sponsors), ("X", "Y", "Z"))

    for old, new in RENAMED.items():
        one, other = before.units[old], after.units[new]
        assert one.gap is not None
        assert other.gap is not None
        assert one.gap.adjusted_p == pytest.approx(other.gap.adjusted_p)
        assert one.quadrant_probabilities == pytest.approx(other.quadrant_probabilities)


@settings(max_examples=25, deadline=None)
@given(companies())
def test_steps_add_up_to_the_gap_in_every_unit(
    company: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    for found in read(company).units.values():
        assert found.gap is not None
        assert found.cascade is not None
        steps = found.cascade.sponsors_to_managers, found.cascade.managers_to_contributors
        assert sum(step.estimate for step in steps) == pytest.approx(found.gap.estimate)


@settings(max_examples=25, deadline=None)
@given(companies())
def test_a_constant_in_every_answer_changes_no_test_and_no_effect(
    company: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    raised = tuple(frame.with_columns(pl.col(pl.Float64) + 0.25) for frame in company)

    before, after = read(company), read(raised)

    for code in UNITS:
        one, other = before.units[code], after.units[code]
        assert one.gap is not None
        assert other.gap is not None
        assert one.gap.adjusted_p == pytest.approx(other.gap.adjusted_p)
        assert one.alignment == other.alignment
        assert one.dominance == other.dominance


@settings(max_examples=25, deadline=None)
@given(companies())
def test_what_is_claimed_less_the_gap_is_what_is_perceived(
    company: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    for found in read(company).units.values():
        assert found.gap is not None
        assert found.claimed is not None
        assert found.claimed - found.gap.estimate == pytest.approx(found.contributors, abs=1e-9)
