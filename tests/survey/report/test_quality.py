"""The part of the report on how well a company was measured."""

from typing import Any

import pytest

from analytics.results.quality import (
    Aggregation,
    CompanyQuality,
    Reliability,
    ScaleQuality,
    ScoreQuality,
    Screening,
    ScreeningEffect,
    UnitQuality,
)
from survey.report.document import Count, Points, UnitName
from survey.report.quality import measured_well, quality_section
from tests.survey.report.findings import unit
from tests.survey.report.reading import keys, said, spoken

NOBODY = Screening(status="none")


def reliability(omega: float, verdict: Any) -> Reliability:
    return Reliability(
        coefficient="omega",
        verdict=verdict,
        omega=omega,
        omega_low=omega - 0.05,
        omega_high=omega + 0.05,
        alpha=omega,
        alpha_low=omega - 0.05,
        alpha_high=omega + 0.05,
        items={},
    )


def aggregation(*, defended: bool, ranking: bool = True) -> Aggregation:
    return Aggregation(
        estimator="anova_n0",
        icc1=0.1,
        icc1_low=0.0,
        icc1_high=0.3,
        icc1_mean_n=0.1,
        icc1_reml=0.1,
        icc2=0.8,
        p=0.01,
        units=9,
        verdict="defended" if defended else "not_defended",
        ranking=ranking,
    )


def section(
    *,
    screening: Screening = NOBODY,
    quality: UnitQuality | None = None,
    **scales: ScaleQuality,
) -> Any:
    company = CompanyQuality(scales=scales, screening=screening)
    return quality_section(company, [unit("A", quality=quality)], k=5)


def scale(omega: float, verdict: str) -> ScaleQuality:
    return ScaleQuality(
        status="reported", reliability=reliability(omega, verdict), invariance="intercepts"
    )


def judged(found: Aggregation) -> ScaleQuality:
    return ScaleQuality(status="single_item", invariance="not_tested", aggregation=found)


def views(*seen: Any) -> UnitQuality:
    return UnitQuality(
        scores={f"c{place}": ScoreQuality(view=view) for place, view in enumerate(seen)}
    )


def test_what_is_reliable_is_named() -> None:
    assert "Measured reliably: governance." in spoken(
        section(governance=scale(0.8, "reliable"))
    )


def test_caution_comes_with_the_coefficient_and_its_interval() -> None:
    assert "governance 0.65 (0.60 to 0.70)" in spoken(
        section(governance=scale(0.65, "caution"))
    )


def test_a_coefficient_just_below_a_limit_does_not_read_as_if_it_had_reached_it() -> None:
    assert "governance 0.69 " in spoken(section(governance=scale(0.698, "caution")))


def test_what_is_too_unreliable_is_said_to_be() -> None:
    poor = section(governance=scale(0.4, "do_not_use"))

    assert "Too unreliable to decide on (reliability below 0.60): governance" in spoken(poor)


def test_a_summary_counts_what_is_reliable_and_names_only_what_is_not() -> None:
    company = CompanyQuality(
        scales={"governance": scale(0.8, "reliable"), "data_first": scale(0.4, "do_not_use")},
        screening=NOBODY,
    )

    sentences = list(measured_well(company))

    assert said(sentences, "quality.counted") == {"count": Count(1), "of": Count(2)}
    assert "quality.do_not_use" in keys(sentences)


def test_nothing_is_said_of_what_there_is_none_of() -> None:
    assert keys(section()) == {"quality.title", "screening.none"}


@pytest.mark.parametrize("status", ["single_item", "too_few_people", "no_variance"])
def test_why_there_is_no_reliability_is_said(status: Any) -> None:
    unknown = section(governance=ScaleQuality(status=status, invariance="not_tested"))

    assert f"quality.{status}" in keys(unknown)


def test_units_that_do_not_differ_are_not_to_be_read_apart() -> None:
    alike = section(governance=judged(aggregation(defended=False)))

    assert "quality.units_alike" in keys(alike)


def test_units_that_differ_without_reliable_means_are_not_to_be_ranked() -> None:
    vague = section(governance=judged(aggregation(defended=True, ranking=False)))

    assert {"quality.units_differ", "quality.no_ranking"} <= keys(vague)


@pytest.mark.parametrize("shared", ["none", "loadings"])
def test_roles_that_read_items_differently_are_not_to_be_compared(shared: Any) -> None:
    unlike = section(governance=ScaleQuality(status="reported", invariance=shared))

    assert "read the questions on governance differently" in spoken(unlike)


def test_a_unit_whose_people_see_much_differently_is_named() -> None:
    found = section(quality=views("varied", "divided", "shared", "shared"))

    assert said(found, "quality.view") == {
        "unit": UnitName("A"),
        "views": Count(2),
        "of": Count(4),
    }


def test_a_unit_whose_people_see_little_differently_is_not_named() -> None:
    assert "quality.views" not in keys(section(quality=views("varied", *["shared"] * 9)))


def test_careless_answers_that_stayed_in_are_told() -> None:
    stayed = section(screening=Screening(status="none", some_stayed=True))

    assert {"screening.none", "screening.stayed"} <= keys(stayed)


def test_fewer_than_k_left_out_are_not_counted() -> None:
    few = section(screening=Screening(status="fewer_than_k"))

    assert said(few, "screening.few") == {"k": Count(5)}


def test_the_greatest_move_is_rounded_up() -> None:
    effect = ScreeningEffect(screened=50.0, unscreened=50.41, level_changes=False)
    found = section(
        screening=Screening(status="reported", people=9, effects={"governance": effect})
    )

    assert said(found, "screening.effect")["points"] == Points(0.5, digits=1)
    assert "screening.levels" not in keys(found)


def test_a_level_that_would_change_is_named() -> None:
    effect = ScreeningEffect(screened=50.0, unscreened=61.0, level_changes=True)
    found = section(
        screening=Screening(status="reported", people=9, effects={"governance": effect})
    )

    assert "the level would change for governance" in spoken(found)
