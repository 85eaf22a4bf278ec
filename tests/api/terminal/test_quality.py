"""The part of the report on how well a company was measured."""

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
from api.terminal.quality import quality_lines

NOBODY = Screening(status="none")


def reliability(omega: float, verdict: str) -> Reliability:
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


def lines(
    *,
    screening: Screening = NOBODY,
    units: dict[str, UnitQuality] | None = None,
    **scales: ScaleQuality,
) -> str:
    company = CompanyQuality(scales=scales, screening=screening)
    return "\n".join(quality_lines(company, units or {}, {"U1": "Sales"}, k=5))


def scale(omega: float, verdict: str) -> ScaleQuality:
    return ScaleQuality(
        status="reported", reliability=reliability(omega, verdict), invariance="intercepts"
    )


def judged(found: Aggregation) -> ScaleQuality:
    return ScaleQuality(status="single_item", invariance="not_tested", aggregation=found)


def views(*seen: str) -> dict[str, UnitQuality]:
    scores = {f"c{place}": ScoreQuality(view=view) for place, view in enumerate(seen)}
    return {"U1": UnitQuality(scores=scores)}


def test_what_is_reliable_is_named() -> None:
    assert "(0.70 to 1): Governance." in lines(governance=scale(0.8, "reliable"))


def test_caution_comes_with_the_coefficient_and_its_interval() -> None:
    assert r"Governance 0.65 [dim]\[0.60, 0.70]" in lines(governance=scale(0.65, "caution"))


def test_a_coefficient_just_below_a_limit_does_not_read_as_if_it_had_reached_it() -> None:
    assert "Governance 0.69" in lines(governance=scale(0.698, "caution"))


def test_what_is_too_unreliable_is_said_to_be() -> None:
    assert "Do not decide on these[/] (below 0.60): Governance" in lines(
        governance=scale(0.4, "do_not_use")
    )


def test_headings_with_nothing_below_them_are_left_out() -> None:
    assert lines() == "Nobody's answers had to be left out as careless."


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("single_item", "One question alone"),
        ("too_few_people", "Too few people"),
        ("no_variance", "Everybody answered alike"),
    ],
)
def test_why_there_is_no_reliability_is_said(status: str, sentence: str) -> None:
    assert sentence in lines(governance=ScaleQuality(status=status, invariance="not_tested"))


def test_units_that_do_not_differ_are_not_to_be_read_apart() -> None:
    alike = judged(aggregation(defended=False))

    assert "do not show that units differ on Governance" in lines(governance=alike)


def test_units_that_differ_without_reliable_means_are_not_to_be_ranked() -> None:
    vague = aggregation(defended=True, ranking=False)

    assert "Do not put units in order by Governance" in lines(governance=judged(vague))


@pytest.mark.parametrize("shared", ["none", "loadings"])
def test_roles_that_read_items_differently_are_not_to_be_compared(shared: str) -> None:
    found = lines(governance=ScaleQuality(status="reported", invariance=shared))

    assert "read the questions on Governance differently" in found


def test_a_unit_whose_people_see_much_differently_goes_by_its_name() -> None:
    assert "Sales (2 of 4 scores)" in lines(
        units=views("varied", "divided", "shared", "shared")
    )


def test_a_unit_whose_people_see_little_differently_is_not_named() -> None:
    assert "Sales" not in lines(units=views("varied", *["shared"] * 9))


def test_careless_answers_that_stayed_in_are_told() -> None:
    found = lines(screening=Screening(status="none", some_stayed=True))

    assert found.startswith("Nobody's answers were left out as careless. Some that look ")


def test_fewer_than_k_left_out_are_not_counted() -> None:
    found = lines(screening=Screening(status="fewer_than_k"))

    assert found == "Fewer than 5 people's answers were left out as careless."


def test_the_greatest_move_is_rounded_up() -> None:
    effect = ScreeningEffect(screened=50.0, unscreened=50.41, level_changes=False)
    found = lines(
        screening=Screening(status="reported", people=9, effects={"governance": effect})
    )

    assert "more than 0.5 of 100 points, and no maturity level" in found


def test_a_level_that_would_change_is_named() -> None:
    effect = ScreeningEffect(screened=50.0, unscreened=61.0, level_changes=True)
    found = lines(
        screening=Screening(status="reported", people=9, effects={"governance": effect})
    )

    assert "the maturity level of Governance would change" in found
