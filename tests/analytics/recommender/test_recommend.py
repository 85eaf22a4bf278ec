"""Recommendations from unit means: what they say, and what must not change them."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import AnalyticsError
from analytics.recommender.anchors import Anchors
from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.recommend import RecommenderResult, recommend
from analytics.results import CompanyPattern, Recommendation
from analytics.study.unit_means import UnitMeans
from tests.analytics.recommender.unit_means import (
    ANCHORS,
    CENTRE,
    CONSTRUCTS,
    company,
    means,
    read,
)
from tests.factories.recommendations import MODELS

MIXED = (0, 1, 2, 3, None, 0, 2)


def alone(units: UnitMeans, anchors: Anchors = ANCHORS) -> RecommenderResult:
    return recommend(units, units, anchors)


def numbers(found: Recommendation) -> list[float]:
    """Return every figure of a recommendation, in an order of its own names."""
    figures = {f"p {name}": value for name, value in found.probabilities.items()}
    figures |= {f"c {name}": value for name, value in found.conditional.items()}
    figures |= {f"r {reason.construct}": reason.weight for reason in found.reasons}
    figures |= {
        f"o {name}": value for name, value in msgspec.structs.asdict(found.odds).items()
    }
    figures |= {"twice": found.with_more_answers.twice}
    return [value for _, value in sorted(figures.items())]


def require_same(one: RecommenderResult, other: RecommenderResult) -> None:
    """Compare two results: figures to 1e-9, everything else exactly."""
    assert one.recommendations.keys() == other.recommendations.keys()
    for unit, first in one.recommendations.items():
        second = other.recommendations[unit]
        assert numbers(second) == pytest.approx(numbers(first), abs=1e-9)
        # Where a construct may move to is bounded by the scale, which does not move with it.
        blank = {
            "probabilities": {}, "conditional": {}, "reasons": (), "odds": None,
            "with_more_answers": None, "would_change": None,
        }  # fmt: skip
        assert msgspec.structs.replace(first, **blank) == msgspec.structs.replace(
            second, **blank
        )
    assert other.pattern.reach == pytest.approx(one.pattern.reach, abs=1e-9)
    assert other.pattern.mix == pytest.approx(one.pattern.mix, abs=1e-9)


def test_every_recommendation_says_that_its_probabilities_rest_on_a_model() -> None:
    (found, *_) = alone(company(0, 1, 2, 3)).recommendations.values()

    assert msgspec.to_builtins(found)["basis"] == "model"


def test_the_mixture_and_the_partition_say_what_the_reference_says() -> None:
    given_ = read("baseline-5.json")
    units = means(given_["x"], covariance=np.array(given_["V"]), units=given_["units"])

    mixture = AnchoredUnitMixture(ANCHORS.matrix, defining=ANCHORS.mask)
    mixture.fit(units.means, unit_cov=units.covariance)
    posterior = mixture.expected_.posterior(units.means, units.covariance)
    found = alone(units).recommendations

    assert posterior.probabilities == pytest.approx(np.array(given_["plugIn"]), abs=1e-6)
    assert [each.second_opinion for each in found.values()] == given_["stageA"]


def test_planted_models_are_found() -> None:
    kinds = [0, 1, 2, 3] * 3

    found = alone(company(*kinds)).recommendations.values()

    assert [each.model for each in found] == [MODELS[kind] for kind in kinds]
    assert {each.status for each in found} <= {"firm", "lean"}


def test_runner_up_is_the_next_most_probable_model() -> None:
    for found in alone(company(*MIXED)).recommendations.values():
        ranked = sorted(MODELS, key=lambda model: -found.probabilities[model])
        assert [found.model, found.runner_up] == ranked[:2]


def test_probabilities_are_of_the_models_none_and_all_blends() -> None:
    for found in alone(company(*MIXED)).recommendations.values():
        assert tuple(found.probabilities) == (*MODELS, "none", "between")
        assert sum(found.probabilities.values()) == pytest.approx(1)


def test_conditional_is_shared_by_the_models_alone() -> None:
    for found in alone(company(*MIXED)).recommendations.values():
        pure = np.array([found.probabilities[model] for model in MODELS])
        assert tuple(found.conditional) == MODELS
        assert list(found.conditional.values()) == pytest.approx(pure / pure.sum())


def test_reasons_come_largest_first() -> None:
    for found in alone(company(*MIXED)).recommendations.values():
        weights = [reason.weight for reason in found.reasons]
        assert weights == sorted(weights, reverse=True)
        assert {reason.construct for reason in found.reasons} == set(CONSTRUCTS)


def test_a_parent_is_judged_and_enters_no_fit() -> None:
    units = company(*MIXED)
    parent = means(CENTRE + 0.6 * ANCHORS.directions[3], units=["division"], people=300)

    found = recommend(units, parent, ANCHORS)

    assert list(found.recommendations) == ["division"]
    assert found.recommendations["division"].model == "managed_service"
    assert found.recommendations["division"].second_opinion == "managed_service"
    assert found.pattern == alone(units).pattern


def test_a_parent_with_people_of_its_own_is_judged_by_all_its_people() -> None:
    units = company(0, 1, 2, 3)
    parent = means(CENTRE + 0.6 * ANCHORS.directions[3], units=["U000"], people=300)

    found = recommend(units, parent, ANCHORS).recommendations["U000"]

    assert found.second_opinion == "managed_service"


def test_suppressed_units_inform_but_are_not_answered() -> None:
    units = company(*MIXED)
    shown = replace(
        units,
        units=units.units[:2],
        n=units.n[:2],
        means=units.means[:2],
        covariance=units.covariance[:2],
    )

    found = recommend(units, shown, ANCHORS)

    assert tuple(found.recommendations) == units.units[:2]
    assert found.recommendations["U001"] == alone(units).recommendations["U001"]


def test_a_construct_that_may_not_be_shown_gives_no_reason() -> None:
    units = company(*MIXED)
    hidden = units.means.copy()
    hidden[0, 3] = np.nan

    found = recommend(units, replace(units, means=hidden), ANCHORS).recommendations

    assert CONSTRUCTS[3] not in {reason.construct for reason in found["U000"].reasons}
    assert found["U001"] == alone(units).recommendations["U001"]


def test_a_group_without_constructs_to_show_gets_no_recommendation() -> None:
    units = company(*MIXED)
    hidden = units.means.copy()
    hidden[0] = np.nan

    found = recommend(units, replace(units, means=hidden), ANCHORS)

    assert "U000" not in found.recommendations


def test_order_of_units_changes_nothing() -> None:
    units = company(*MIXED * 2)
    order = np.random.default_rng(3).permutation(14)
    shuffled = UnitMeans(
        tuple(units.units[i] for i in order),
        units.constructs,
        units.n[order],
        units.means[order],
        units.within,
        units.covariance[order],
    )

    require_same(alone(units), alone(shuffled))


@settings(max_examples=20, deadline=None)
@given(st.floats(-3, 3), st.integers(0, 1000))
def test_a_constant_added_to_anchors_and_answers_changes_nothing(
    constant: float, seed: int
) -> None:
    units = company(*MIXED, seed=seed)
    moved = replace(units, means=units.means + constant)
    values = tuple(tuple(cell + constant for cell in row) for row in ANCHORS.values)

    require_same(alone(units), alone(moved, msgspec.structs.replace(ANCHORS, values=values)))


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(4)), st.integers(0, 1000), st.sampled_from([1, 2]))
def test_order_of_models_changes_nothing(order: list[int], seed: int, times: int) -> None:
    units = company(*MIXED * times, seed=seed)
    relabelled = msgspec.structs.replace(
        ANCHORS,
        models=tuple(MODELS[k] for k in order),
        values=tuple(ANCHORS.values[k] for k in order),
        defining=tuple(ANCHORS.defining[k] for k in order),
    )

    require_same(alone(units), alone(units, relabelled))


def test_order_of_constructs_changes_nothing() -> None:
    units = company(*MIXED)
    order = np.arange(9)[::-1]
    turned = UnitMeans(
        units.units,
        tuple(CONSTRUCTS[j] for j in order),
        units.n[:, order],
        units.means[:, order],
        units.within[np.ix_(order, order)],
        units.covariance[:, order][:, :, order],
    )

    require_same(alone(units), alone(turned))


def test_constructs_outside_the_theory_change_nothing() -> None:
    units = company(*MIXED)
    wider = UnitMeans(
        units.units,
        ("data_readiness", *CONSTRUCTS),
        np.column_stack([np.full(7, 25), units.n]),
        np.column_stack([np.full(7, 1.0), units.means]),
        np.pad(units.within, ((1, 0), (1, 0))),
        np.pad(units.covariance, ((0, 0), (1, 0), (1, 0))),
    )

    require_same(alone(units), alone(wider))


@pytest.mark.parametrize("kinds", [(0,), (0, 1), MIXED])
def test_a_unit_without_context_answers_changes_nothing_below_eight(
    kinds: tuple[int, ...],
) -> None:
    units = company(*kinds)
    size = len(kinds)
    more = UnitMeans(
        (*units.units, "silent"),
        units.constructs,
        np.vstack([units.n, np.zeros((1, 9), np.int64)]),
        np.vstack([units.means, np.full((1, 9), np.nan)]),
        units.within,
        np.concatenate([units.covariance, units.within[None]]),
    )

    found = recommend(more, units, ANCHORS)

    assert len(found.recommendations) == size
    require_same(alone(units), found)
    require_same(alone(units), alone(more))


def test_one_unit_is_judged() -> None:
    found = alone(company(2)).recommendations["U000"]

    assert found.model == "hybrid_squad"
    assert "FEW_UNITS" in found.reason_codes


@pytest.mark.parametrize("kind", range(4))
def test_one_model_everywhere_is_found_everywhere(kind: int) -> None:
    found = alone(company(*[kind] * 16, noise=0.2)).recommendations.values()

    assert {each.model for each in found} == {MODELS[kind]}
    assert {each.second_opinion for each in found} == {MODELS[kind]}


def test_people_who_all_answer_the_same_are_no_trouble() -> None:
    units = company(0, 1, 2, 3, covariance=np.zeros((4, 9, 9)))

    found = alone(units).recommendations.values()

    assert [each.model for each in found] == list(MODELS)


def test_a_unit_with_one_construct_is_not_forced_into_a_model() -> None:
    units = company(*MIXED)
    rows = np.full((1, 9), np.nan)
    rows[0, 4] = 3.0

    found = recommend(units, means(rows), ANCHORS).recommendations["U000"]

    assert found.status == "no_clear_model"
    assert [reason.construct for reason in found.reasons] == [CONSTRUCTS[4]]


def test_an_instrument_with_some_of_the_constructs_uses_those() -> None:
    units = company(0, 1, 2, 3)
    kept = [0, 1, 2, 5]
    fewer = UnitMeans(
        units.units,
        tuple(CONSTRUCTS[j] for j in kept),
        units.n[:, kept],
        units.means[:, kept],
        units.within[np.ix_(kept, kept)],
        units.covariance[:, kept][:, :, kept],
    )

    found = alone(fewer).recommendations

    assert found["U000"].model == "coe"
    assert {reason.construct for reason in found["U000"].reasons} == set(fewer.constructs)


UNKNOWN = CompanyPattern(structure="cannot_tell", reach=None, mix=dict.fromkeys(MODELS, 0.25))
UNANSWERED = msgspec.structs.replace(UNKNOWN, no_choice="unanswered")
INDISTINCT = msgspec.structs.replace(UNKNOWN, no_choice="indistinct")


@pytest.mark.parametrize(
    ("units", "told"),
    [
        (means(np.full((2, 9), np.nan)), UNANSWERED),
        (means(np.empty((0, 9))), UNANSWERED),
        (means(np.empty((2, 0)), constructs=()), UNANSWERED),
        (means([[3.0], [4.0]], constructs=("data_readiness",)), UNANSWERED),
        # On live_service_need alone two of the models are the same.
        (means([[3.0], [4.0]], constructs=("live_service_need",)), INDISTINCT),
    ],
    ids=["no answers", "no units", "no constructs", "other constructs", "nothing to tell by"],
)
def test_nothing_is_recommended_if_there_is_nothing_to_go_by(
    units: UnitMeans, told: CompanyPattern
) -> None:
    assert alone(units) == RecommenderResult({}, told)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"covariance": np.full((3, 9, 9), np.nan)}, "'U000'.* is not finite"),
        ({"covariance": -np.repeat(np.eye(9)[None], 3, axis=0)}, "negative eigenvalue"),
        ({"covariance": np.repeat(np.tri(9)[None], 3, axis=0)}, "is not symmetric"),
        ({"means": np.full((3, 9), np.inf)}, "'U000'.* a mean is infinite"),
        ({"means": np.ones((2, 9))}, "one row per unit"),
        ({"covariance": np.zeros((3, 8, 8))}, "Covariances must have the shape"),
    ],
)
def test_refuses_means_that_cannot_be(change: dict[str, np.ndarray], complaint: str) -> None:
    with pytest.raises(AnalyticsError, match=complaint):
        alone(replace(company(0, 1, 2), **change))


def test_refuses_groups_on_other_constructs_than_the_units() -> None:
    shown = means([[3.0]], constructs=("data_literacy",))

    with pytest.raises(AnalyticsError, match="lack the constructs cross_function_breadth"):
        recommend(company(0, 1), shown, ANCHORS)


def test_errors_of_a_mean_that_is_missing_are_not_read() -> None:
    units = company(*MIXED)
    values, errors = units.means.copy(), units.covariance.copy()
    values[0, 2] = np.nan
    errors[0, 2], errors[0, :, 2] = np.nan, np.nan

    found = recommend(units, replace(units, means=values, covariance=errors), ANCHORS)

    assert np.isfinite(numbers(found.recommendations["U000"])).all()


def test_few_units_are_less_sure_than_a_theory_without_error_would_be() -> None:
    few = company(0, 1, 2)
    mixture = AnchoredUnitMixture(ANCHORS.matrix, defining=ANCHORS.mask)
    mixture.fit(few.means, unit_cov=few.covariance)
    certain = mixture.expected_.posterior(few.means, few.covariance).probabilities[:, :4]

    found = alone(few).recommendations

    for row, code in zip(certain, few.units, strict=True):
        assert found[code].probabilities[found[code].model] < row.max()
