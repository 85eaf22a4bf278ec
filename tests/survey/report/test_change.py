"""Changes, drift and kept recommendations in sentences."""

from typing import Any

import msgspec
import pytest

from analytics.results.waves import (
    Change,
    CompanyChange,
    DistributionShift,
    Drift,
    KeptRecommendation,
    RecommenderDrift,
    RoleSplit,
    ShareShift,
    UnitChange,
    VerdictCount,
)
from survey.report.change import change_section, drift_section, kept_section
from survey.report.document import Count, Hidden, Points, Range, Share, Table
from tests.survey.report.findings import LEANING, unit
from tests.survey.report.reading import keys, part_of, said, spoken

ROSE = Change(
    verdict="changed", estimate=12.0, low=8.0, high=16.0, adjusted_p=0.001, test="welch"
)
COMPANY = CompanyChange(
    constructs={"governance": Change(verdict="no_change", estimate=-0.01, low=-3.0, high=3.0)},
    people_matched=False,
    units_compared=2,
    units={"governance": VerdictCount(rose=1, fell=0, no_change=3, inconclusive=0)},
)


def section(company: CompanyChange = COMPANY, **units: Change) -> Any:
    listed = [
        unit(code, change=UnitChange(constructs={"governance": one}))
        for code, one in units.items()
    ]
    return change_section(company, listed)


def test_the_companys_change_is_in_the_table_with_its_interval_and_counts() -> None:
    (row,) = part_of(section(), Table).rows
    low, high = (Points(figure, signed=True, digits=1) for figure in (-3.0, 3.0))

    assert row.cells[2] == Range(low, high)
    assert row.cells[3].key == "verdict.no_change"
    assert row.cells[4:] == (Count(1), Count(0), Count(3), Count(0))


def test_a_change_that_is_not_shown_is_hidden_and_not_empty() -> None:
    banded = msgspec.structs.replace(COMPANY, constructs={"governance": Change(band="higher")})
    (row,) = part_of(section(banded), Table).rows

    assert isinstance(row.cells[1], Hidden)
    assert row.cells[3].key == "band.higher"


def test_a_change_of_a_unit_is_told_with_its_interval() -> None:
    assert "Sales: governance rose by 12 points (8 to 16)." in spoken(section(A=ROSE))


def test_a_fall_is_called_one() -> None:
    fell = msgspec.structs.replace(ROSE, estimate=-12.0, low=-16.0, high=-8.0)

    assert "Sales: governance fell by 12 points (8 to 16)." in spoken(section(A=fell))


def test_a_band_is_told_without_a_figure() -> None:
    assert said(section(A=Change(band="higher")), "change_over.band")["verdict"].key == (
        "band.higher"
    )


def test_a_change_through_another_mix_of_roles_is_told() -> None:
    split = RoleSplit(composition=4.0, within_roles=8.0)

    assert said(section(A=msgspec.structs.replace(ROSE, split=split)), "change_over.mix") == {
        "points": Points(4.0, signed=True)
    }


def test_the_unit_at_the_top_is_not_told_twice() -> None:
    whole = msgspec.structs.replace(COMPANY, constructs={"governance": ROSE})

    assert "change_over.rose" not in keys(section(whole, A=ROSE))


def test_a_unit_with_a_band_is_told_beside_a_company_with_one() -> None:
    banded = Change(band="higher")
    whole = msgspec.structs.replace(COMPANY, constructs={"governance": banded})

    assert "change_over.band" in keys(section(whole, A=banded))


def test_drift_without_an_index_shows_none() -> None:
    moved = {"governance": DistributionShift(status="alert")}

    found = keys(drift_section(Drift(status="alert", constructs=moved)))

    assert "drift.scores" in found
    assert "drift.indexes" not in found


def test_a_construct_asked_otherwise_is_named() -> None:
    differing = msgspec.structs.replace(COMPANY, not_comparable=("data_readiness",))

    assert "so not compared: data readiness" in spoken(section(differing))


def test_drift_without_alerts_says_so() -> None:
    assert "drift.stable" in keys(drift_section(Drift(status="stable", constructs={})))


def test_everything_that_drifts_has_a_sentence() -> None:
    moved = DistributionShift(
        status="alert", psi=0.3, chance=0.1, current={"coe": 0.6}, earlier={"coe": 0.2}
    )
    drifting = Drift(
        status="alert",
        constructs={"governance": moved},
        missing=ShareShift(status="watch", current=0.2, earlier=0.1),
        flagged=ShareShift(status="watch"),
        recommender=RecommenderDrift(
            status="alert",
            units=9,
            bands=DistributionShift(
                status="watch",
                psi=0.2,
                chance=0.1,
                current={"firm": 0.2},
                earlier={"firm": 0.5},
            ),
            models=moved,
            confidence=ShareShift(status="stable"),
            agreement=0.5,
            agreement_status="watch",
        ),
    )

    text = spoken(drift_section(drifting))

    assert text.split("\n") == [
        "Not entirely: something differs from the last wave.",
        "The scores for these topics are spread differently than in the last wave, by more "
        "than chance: governance.",
        "The share of unanswered questions went from 10% to 20%.",
        "The share of careless answers left out moved; the figures are hidden, because they "
        "would tell about single people.",
        "The share of units given a clear model went from 50% to 20%.",
        "The share of units given centre of excellence went from 20% to 60%.",
        "Only 50% of the 9 units in both waves are given the same model as before.",
        "Stability index by topic, and what chance would explain: governance 0.30 (chance: "
        "0.10).",
    ]


@pytest.mark.parametrize(
    ("kept", "line"),
    [
        (
            KeptRecommendation(outcome="changed", displayed="coe"),
            "Sales: now centre of excellence.",
        ),
        (
            KeptRecommendation(
                outcome="kept", displayed="coe", moved_towards="federated", shift=0.25
            ),
            "Sales keeps centre of excellence, but the evidence is moving towards federated "
            "model (+25 percentage points).",
        ),
        (
            KeptRecommendation(
                outcome="kept", displayed="coe", moved_towards="federated", shift=-0.25
            ),
            "Sales keeps centre of excellence, but the evidence is moving towards federated "
            "model.",
        ),
    ],
)
def test_a_recommendation_over_the_waves_is_one_line(
    kept: KeptRecommendation, line: str
) -> None:
    found = msgspec.structs.replace(LEANING, since_last_wave=kept)

    assert spoken(kept_section([unit("A", recommendation=found)])) == line


def test_confirmed_recommendations_are_not_listed() -> None:
    confirmed = KeptRecommendation(outcome="confirmed", displayed="coe")
    found = msgspec.structs.replace(LEANING, since_last_wave=confirmed)

    assert kept_section([unit("A", recommendation=found)]) is None


def test_shares_are_counted_and_not_capped() -> None:
    drifting = Drift(
        status="watch",
        constructs={},
        missing=ShareShift(status="watch", current=0.02, earlier=0.01),
    )

    assert said(drift_section(drifting), "drift.from_to")["now"] == Share(0.02)
