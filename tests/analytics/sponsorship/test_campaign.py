"""The gaps of a whole study: company north, and companies drawn with an outcome."""

import numpy as np
import polars as pl
import pytest

from analytics.disclosure.plan import plan_disclosure
from analytics.instrument import Construct, Instrument, Item
from analytics.sponsorship import SponsorshipFindings, study_sponsorship
from analytics.study.study import Study
from analytics.yardsticks import EvidenceLinks
from seed.content import standard_instrument
from tests.data import DATA

NORTH = DATA / "company-north"
COMPONENTS = ("speaks", "uses")
QUESTIONS = Instrument(
    key="small",
    version=1,
    constructs=(
        Construct(
            key="executive_sponsorship",
            block="root_cause",
            items=tuple(
                Item(key=f"executive_sponsorship_{n + 1}", component=COMPONENTS[n // 2])
                for n in range(4)
            ),
        ),
        Construct(key="value_realised", block="outcome", items=(Item(key="value_realised_1"),)),
    ),
)
ITEMS = [item.key for item in QUESTIONS.items]


@pytest.fixture(scope="module")
def north() -> SponsorshipFindings:
    responses = pl.read_csv(NORTH / "responses.csv", infer_schema_length=None)
    units = pl.read_csv(NORTH / "units.csv")
    study = Study.of(responses, standard_instrument().measures(), units)
    found = study_sponsorship(study, plan_disclosure(study, k=5), k=5)
    assert found is not None
    return found


def drawn(units: int, *, outcome: bool = True) -> Study:
    """Draw units of eight people and a sponsor; value follows what is felt."""
    rng = np.random.default_rng(4)
    rows = []
    for place in range(units):
        unit, felt = f"U{place:02}", rng.normal(3, 0.8)
        for role, level in [*[("contributor", felt)] * 8, ("sponsor", rng.normal(4, 0.6))]:
            scores = np.clip(np.rint(rng.normal(level, 0.7, 4)), 1, 5).astype(int).tolist()
            value = int(np.clip(np.rint(rng.normal(felt, 0.5)), 1, 5))
            rows.append((unit, role, *scores, None if role == "sponsor" else value))
    frame = pl.DataFrame(rows, schema=["unit", "role", *ITEMS], orient="row")
    return Study.of(frame if outcome else frame.drop("value_realised_1"), QUESTIONS, None)


def findings(study: Study) -> SponsorshipFindings:
    found = study_sponsorship(study, plan_disclosure(study, k=5), k=5)
    assert found is not None
    return found


def test_every_unit_of_the_tree_is_read(north: SponsorshipFindings) -> None:
    assert len(north.units) == pl.read_csv(NORTH / "units.csv").height


def test_only_units_without_others_below_them_are_tested(north: SponsorshipFindings) -> None:
    tested = [
        code for code, one in north.units.items() if one.gap and one.gap.adjusted_p is not None
    ]

    assert len(tested) == north.company.units == 24


def test_counts_of_the_company_add_up_to_its_units(north: SponsorshipFindings) -> None:
    company = north.company

    for counts in (company.quadrants, company.agreements, company.alignments):
        assert sum((counts or {}).values()) == company.units


def test_chances_of_quadrants_sum_to_one(north: SponsorshipFindings) -> None:
    sums = [
        sum(one.quadrant_probabilities.values())
        for one in north.units.values()
        if one.quadrant_probabilities
    ]

    assert sums == pytest.approx([1.0] * len(sums))


def test_fifty_units_with_an_outcome_have_a_surface() -> None:
    """Of 52 units one agrees wholly on the outcome: it and another are hidden."""
    surface = findings(drawn(52)).company.surface

    assert surface is not None
    assert surface.units == 50
    assert surface.a1.low > 0


@pytest.mark.parametrize(("units", "outcome"), [(49, True), (52, False)])
def test_without_fifty_units_or_an_outcome_there_is_no_surface(
    units: int, outcome: bool
) -> None:
    assert findings(drawn(units, outcome=outcome)).company.surface is None


def test_a_study_that_does_not_ask_about_behaviours_finds_nothing() -> None:
    frame = pl.DataFrame(
        {"unit": ["A"] * 5, "role": ["contributor"] * 5, "value_realised_1": [3] * 5}
    )
    study = Study.of(frame, QUESTIONS, None)

    assert study_sponsorship(study, plan_disclosure(study, k=5), k=5) is None


@pytest.mark.parametrize(("k", "linked"), [(5, ("felt",)), (500, ())])
def test_a_reported_gap_is_linked_to_the_published_figures_about_it(
    k: int, linked: tuple[str, ...]
) -> None:
    study = drawn(6)
    links = EvidenceLinks(findings={"sponsorship_gap": ("felt",)})

    found = study_sponsorship(study, plan_disclosure(study, k=k), k=k, evidence=links)

    assert found is not None
    assert found.company.evidence == linked
