import pytest

from analytics.diagnosis.unit_constraints import importance_of, with_importance
from analytics.results.constraint import Constraint, Importance
from analytics.results.drivers import Driver, DriverAnalysis, Drivers
from analytics.results.record import Estimate

NONE = Estimate(estimate=0.0, low=0.0, high=0.0)
SHARE = Estimate(estimate=0.3, low=0.2, high=0.4)
FOUND = Constraint(status="identified", dimensions=("governance",))


def drivers(*constructs: str, place: str = "raise_first", status: str = "reported") -> Drivers:
    driver = Driver(
        constructs=constructs,
        importance=NONE,
        share=SHARE,
        relative_weight=0.0,
        correlation=NONE,
        rank=1,
        rank_low=1,
        rank_high=2,
        rank_share=0.9,
        first_share=0.9,
        place=place,
    )
    nothing = DriverAnalysis(status="insufficient")
    within = DriverAnalysis(status=status, drivers=(driver,))
    return Drivers(
        outcome="value_realised", levels={}, within=within, between=nothing, resamples=9
    )


def test_the_importance_is_the_share_between_colleagues() -> None:
    found = importance_of(drivers("governance"))

    assert found == {"governance": Importance(share=0.3, low=0.2, high=0.4)}


def test_merged_constructs_share_a_figure_and_name_each_other() -> None:
    found = importance_of(drivers("governance", "data_readiness"))

    assert found["governance"].merged_with == ("data_readiness",)
    assert found["data_readiness"].merged_with == ("governance",)


def test_a_construct_that_goes_against_value_is_left_out() -> None:
    assert importance_of(drivers("governance", place="goes_against")) == {}


@pytest.mark.parametrize("known", [None, drivers("governance", status="insufficient")])
def test_without_a_reported_analysis_nothing_is_important(known: Drivers | None) -> None:
    assert importance_of(known) == {}


def test_importance_stands_beside_the_named_root_causes_only() -> None:
    known = Importance(share=0.3, low=0.2, high=0.4)

    result = with_importance(FOUND, {"governance": known, "data_readiness": known})

    assert result.importance == {"governance": known}


def test_without_driver_claims_no_importance_is_stated() -> None:
    assert with_importance(FOUND, {}) == FOUND
