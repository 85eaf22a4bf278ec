"""Every figure of the reference, through the code that an analysis runs.

R 4.2.2 with psych 2.2.9, lavaan 0.6.14 and multilevel 2.7; see reference/README.md.
"""

from functools import cache

import numpy as np
import pytest

from analytics.inference.anova import Anova, anova
from analytics.instrument import Construct
from analytics.quality.agreement import chance_agreement
from analytics.quality.reliability import standardised_alpha
from analytics.quality.scales import scale_quality
from analytics.quality.shown_units import ShownUnits, shown_units
from analytics.quality.unit_agreement import complete_steps, unit_agreement
from analytics.results.quality import Agreement, ScaleQuality
from tests.analytics.quality.likert import NULL_POINTS, SCALES, STUDY, UNITS
from tests.analytics.studies import planned

CLOSED_FORM, FACTOR_MODEL, MONTE_CARLO = 1e-8, 1e-3, 0.02

each_scale = pytest.mark.parametrize("scale", SCALES)


def construct(scale: str) -> Construct:
    return next(one for one in STUDY.constructs if one.key == scale)


@cache
def units(scale: str) -> ShownUnits:
    return shown_units(STUDY, planned(STUDY))[scale]


@cache
def quality(scale: str) -> ScaleQuality:
    return scale_quality(STUDY, construct(scale), units(scale).groups, k=5, seed=0)


@cache
def agreement(scale: str) -> dict[str, Agreement]:
    return unit_agreement(STUDY, planned(STUDY), construct(scale), k=5)


def by_unit(figures: dict[str, float]) -> list[float]:
    return [figures[unit] for unit in UNITS]


def close(expected: object) -> object:
    return pytest.approx(expected, abs=CLOSED_FORM)


@each_scale
def test_people_with_complete_answers_are_those_of_psych(scale: str) -> None:
    assert complete_steps(STUDY, construct(scale)).height == SCALES[scale]["n_complete"]


@each_scale
def test_alpha_is_that_of_psych(scale: str) -> None:
    assert quality(scale).reliability.alpha == close(SCALES[scale]["alpha_raw"])


@each_scale
def test_standardised_alpha_is_that_of_psych(scale: str) -> None:
    answers = complete_steps(STUDY, construct(scale)).drop("unit", "role").to_numpy()

    found = standardised_alpha(np.cov(answers, rowvar=False))

    assert float(found) == close(SCALES[scale]["alpha_std"])


@each_scale
def test_alpha_without_an_item_is_that_of_psych(scale: str) -> None:
    items = quality(scale).reliability.items

    found = {item: one.alpha_if_dropped for item, one in items.items()}

    assert found == close(SCALES[scale]["alpha_if_dropped"])


@each_scale
def test_correlation_of_an_item_with_the_others_is_that_of_psych(scale: str) -> None:
    items = quality(scale).reliability.items

    found = {item: one.item_total for item, one in items.items()}

    assert found == close(SCALES[scale]["item_total_corrected"])


@each_scale
def test_omega_is_that_of_lavaan(scale: str) -> None:
    expected = SCALES[scale]["omega_total_ml_cov"]

    assert quality(scale).reliability.omega == pytest.approx(expected, abs=FACTOR_MODEL)


@each_scale
def test_agreement_against_chance_is_that_of_multilevel(scale: str) -> None:
    found = [agreement(scale)[unit].rwg for unit in UNITS]

    assert found == close(by_unit(SCALES[scale]["rwg_j"]))


@each_scale
def test_agreement_of_lindell_is_that_of_multilevel(scale: str) -> None:
    found = [agreement(scale)[unit].lindell for unit in UNITS]

    assert found == close(by_unit(SCALES[scale]["rwg_j_lindell"]))


@each_scale
def test_average_deviation_is_that_of_multilevel_times_25(scale: str) -> None:
    found = [agreement(scale)[unit].average_deviation for unit in UNITS]

    assert found == close([25 * points for points in by_unit(SCALES[scale]["ad_mean"])])


@each_scale
def test_means_of_units_are_those_of_r(scale: str) -> None:
    assert units(scale).groups.mean == close(by_unit(SCALES[scale]["unit_mean"]))


@each_scale
def test_people_of_units_are_those_of_r(scale: str) -> None:
    assert units(scale).groups.n.tolist() == by_unit(SCALES[scale]["unit_n"])


@each_scale
def test_spread_in_units_is_that_of_r(scale: str) -> None:
    groups = units(scale).groups

    assert np.sqrt(groups.squares / (groups.n - 1)) == close(by_unit(SCALES[scale]["unit_sd"]))


@each_scale
def test_numbers_of_units_and_people_are_those_of_r(scale: str) -> None:
    groups, expected = units(scale).groups, SCALES[scale]["icc"]

    assert (groups.units, groups.people) == (expected["k"], expected["N"])


@each_scale
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("between", "MSB"),
        ("within", "MSW"),
        ("n0", "n0"),
        ("F", "F"),
        ("icc1", "icc1_n0"),
        ("icc1_mean_n", "icc1_mean_n"),
        ("icc2", "icc2"),
    ],
)
def test_analysis_of_variance_is_that_of_r(scale: str, ours: str, theirs: str) -> None:
    found = anova(units(scale).groups)

    assert isinstance(found, Anova)
    assert getattr(found, ours) == close(SCALES[scale]["icc"][theirs])


@each_scale
def test_the_test_between_units_is_that_of_r(scale: str) -> None:
    found = anova(units(scale).groups)

    assert found is not None
    assert found.p == pytest.approx(SCALES[scale]["icc"]["p"], rel=1e-8)


@pytest.mark.parametrize("case", NULL_POINTS)
def test_chance_agreement_is_near_the_simulated_one(case: str) -> None:
    people, items = (int(part) for part in case.removeprefix("n").split("_J"))

    found = chance_agreement(people, items)

    assert found == pytest.approx(NULL_POINTS[case], abs=MONTE_CARLO)
