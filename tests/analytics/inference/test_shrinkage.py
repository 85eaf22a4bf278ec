import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.inference.anova import Groups
from analytics.inference.shrinkage import (
    MeanPrior,
    Normal,
    differences,
    shrink,
    shrink_measures,
)
from analytics.inference.variance_components import Components, variance_components
from tests.analytics.quality.groups import groups_of

MEANS = np.array([2.0, 2.6, 3.1, 3.5, 4.2, 2.9])
COMPONENTS = Components(between=0.3, within=0.8)


def groups(n: float | list[float] = 8.0, means: np.ndarray = MEANS) -> Groups:
    sizes = np.broadcast_to(np.array(n, dtype=float), means.shape).copy()
    return Groups(sizes, means, COMPONENTS.within * (sizes - 1))


def test_equal_units_are_pulled_to_their_mean_by_their_unreliability() -> None:
    reliability = 0.3 / (0.3 + 0.1)

    found = shrink(groups(), COMPONENTS)

    assert found.mean == pytest.approx(MEANS.mean() + reliability * (MEANS - MEANS.mean()))


def test_each_of_several_measures_is_shrunk_by_itself() -> None:
    errors = np.linspace(0.05, 0.2, 6)
    means = np.column_stack([MEANS, MEANS[::-1]])
    covariance = errors[:, None, None] * np.array([[1.0, 0.5], [0.5, 1.0]])
    prior = MeanPrior.of_means(means[:, 1], errors)
    assert prior is not None
    mean, variance = prior.posterior(means[:, 1], errors)

    found = shrink_measures(means, covariance, np.full(6, True), np.ones(6))

    assert found[0][:, 1] == pytest.approx(mean)
    assert found[1][:, 1, 1] == pytest.approx(variance)
    deviations = np.sqrt(np.einsum("ujj->uj", found[1]))
    assert found[1][:, 0, 1] == pytest.approx(0.5 * deviations.prod(axis=1))


def test_a_group_that_is_no_unit_teaches_nothing_about_units() -> None:
    means, errors = np.append(MEANS, 5.0)[:, None], np.full((7, 1, 1), 0.1)
    units = np.array([True] * 6 + [False])

    alone = shrink_measures(means[:6], errors[:6], units[:6], np.ones(6))
    among = shrink_measures(means, errors, units, np.append(np.ones(6), 0.3))

    assert among[0][:6].tolist() == alone[0].tolist()
    assert among[0][6, 0] < 5.0


def test_the_interval_pays_for_not_knowing_the_variance_between() -> None:
    pull, error = 3 / 5 * 0.25, 0.1
    deviation = MEANS - MEANS.mean()
    # Morris 1983, B times (K - 3) / (K - 1):
    # (1 - B) V + B² (V + tau²) / K + 2 B² / (K - 3) deviation².
    variance = (1 - pull) * error + pull**2 * 0.4 / 6 + 2 * pull**2 / 3 * deviation**2

    found = shrink(groups(), COMPONENTS)

    assert (found.high - found.mean) / 1.959964 == pytest.approx(np.sqrt(variance), rel=1e-6)


def test_the_smaller_unit_is_pulled_further() -> None:
    found = shrink(groups([4.0, 40.0, 8, 8, 8, 4]), COMPONENTS)

    kept = (found.mean - MEANS)[[0, 1]] / MEANS[[0, 1]]
    assert kept[0] > kept[1]


def test_four_units_stay_where_they_are() -> None:
    found = shrink(groups(means=MEANS[:4]), COMPONENTS)

    assert found.mean.tolist() == MEANS[:4].tolist()


def test_four_units_have_t_intervals_of_the_pooled_variance() -> None:
    found = shrink(groups(means=MEANS[:4]), COMPONENTS)

    # 28 degrees of freedom: t = 2.048407.
    assert found.high - found.mean == pytest.approx(2.048407 * np.sqrt(0.1), rel=1e-6)


def test_units_without_any_variance_stay_together() -> None:
    same = groups_of([[3.0, 3.0]] * 6)

    found = shrink(same, Components(0.0, 0.0))

    assert found.mean == pytest.approx(3.0)


def test_shrunk_means_are_closer_to_the_truth_than_raw_ones() -> None:
    rng = np.random.default_rng(2)
    truth = 3 + 0.3 * rng.normal(size=200)
    units = groups_of([mean + rng.normal(size=6) for mean in truth])
    components = variance_components(units)
    assert components is not None

    found = shrink(units, components)

    assert np.mean((found.mean - truth) ** 2) < 0.8 * np.mean((units.mean - truth) ** 2)


def test_a_unit_far_above_is_told_from_the_company() -> None:
    found = differences(groups(20.0, np.array([3.0, 3.1, 2.9, 3.0, 4.5])))

    assert found == ("not_shown", "not_shown", "not_shown", "not_shown", "above")


@pytest.mark.parametrize("seed", range(40))
def test_two_units_differ_if_welchs_statistic_between_them_says_so(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = [rng.normal(0.7, size=9), 2 * rng.normal(size=14)]
    statistic = abs(stats.ttest_ind(*people, equal_var=False).statistic)
    freedom = (1 / 9 + 1 / 14) ** 2 / (1 / 9**2 / 8 + 1 / 14**2 / 13)

    found = differences(groups_of(people))

    assert ("not_shown" not in found) == (2 * stats.t.sf(statistic, freedom) <= 0.05)


def test_a_unit_far_below_is_told_from_the_company() -> None:
    found = differences(groups(20.0, np.array([3.0, 3.1, 2.9, 3.0, 1.5])))

    assert found[4] == "below"


@pytest.mark.slow
@pytest.mark.parametrize("smallest", [True, False], ids=["5 to 9 people", "5 to 100 people"])
@pytest.mark.parametrize("log_sd", [0.0, 0.1, 0.2, 0.4])
@pytest.mark.parametrize("count", [12, 60])
def test_units_alike_are_not_told_apart_more_often_than_agreed(
    count: int, log_sd: float, smallest: bool
) -> None:
    """A shorter run of the table "Units that differ" in tests/benchmarks/README.md."""
    rng = np.random.default_rng(3)

    def alarm() -> bool:
        sizes = np.clip(25 * np.exp(0.6 * rng.normal(size=count)), 5, 100).astype(int)
        sizes = rng.integers(5, 10, size=count) if smallest else sizes
        spreads = np.exp(log_sd * rng.normal(size=count))
        people = zip(spreads, sizes, strict=True)
        units = groups_of([spread * rng.normal(size=size) for spread, size in people])
        return set(differences(units)) != {"not_shown"}

    # With nothing to find, the false discovery rate is the chance of any finding.
    assert np.mean([alarm() for _ in range(400)]) <= 0.05 + 2.5 * 0.011


def test_few_people_who_agree_completely_do_not_differ_for_that_alone() -> None:
    rng = np.random.default_rng(4)
    others = [rng.normal(size=400) for _ in range(4)]

    found = differences(groups_of([np.full(5, 0.4), *others]))

    assert found[0] == "not_shown"


def test_without_spread_in_units_every_difference_is_certain() -> None:
    units = groups_of([[3.0, 3.0], [3.0, 3.0], [3.5, 3.5], [2.5, 2.5]])

    found = differences(units)

    assert found == ("not_shown", "not_shown", "above", "below")


@pytest.mark.parametrize("spread", [0.1, 0.4])
@pytest.mark.parametrize("count", [8, 24])
def test_intervals_hold_the_true_means_as_often_as_they_say(count: int, spread: float) -> None:
    rng = np.random.default_rng(1)

    def covered() -> float:
        truth = 3 + spread * rng.normal(size=count)
        people = [mean + rng.normal(size=rng.integers(5, 30)) for mean in truth]
        units = groups_of(people)
        components = variance_components(units)
        assert components is not None
        found = shrink(units, components)
        return float(np.mean((found.low < truth) & (truth < found.high)))

    assert 0.93 < np.mean([covered() for _ in range(150)]) < 0.995


def observed(means: np.ndarray, error: float) -> dict[str, Normal]:
    return {f"U{place}": Normal(float(mean), error) for place, mean in enumerate(means)}


def test_a_prior_of_known_errors_shrinks_as_in_morris() -> None:
    pull = 0.2 / np.var(MEANS, ddof=1)
    morris = pull * 3 / 5
    deviation = MEANS - MEANS.mean()
    common = np.var(MEANS, ddof=1) / 6
    prior = MeanPrior.learned(observed(MEANS, 0.2))
    assert prior is not None

    mean, variance = prior.posterior(MEANS, np.full(6, 0.2))

    assert mean == pytest.approx(MEANS.mean() + (1 - pull) * deviation)
    assert variance == pytest.approx(
        (1 - morris) * 0.2 + morris**2 * (common + 2 / 3 * deviation**2)
    )


def test_four_units_teach_no_prior() -> None:
    assert MeanPrior.learned(observed(MEANS[:4], 0.2)) is None


def test_identical_means_without_error_stay() -> None:
    prior = MeanPrior.learned(observed(np.full(6, 3.0), 0.0))
    assert prior is not None

    assert float(prior.posterior(3.0, 0.0)[0]) == 3.0


def test_an_average_of_units_is_shrunk_as_if_units_differed_less() -> None:
    prior = MeanPrior(mean=3.0, mean_error=0.01, between=0.4, units=10)
    narrow = MeanPrior(mean=3.0, mean_error=0.01, between=0.1, units=10)

    average = prior.posterior(4.0, 0.2, concentration=0.25)

    assert average == narrow.posterior(4.0, 0.2)


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.1, 0.2, 0.4])
@pytest.mark.parametrize("count", [10, 15, 20, 40])
def test_a_prior_of_known_errors_covers_the_true_means(count: int, spread: float) -> None:
    """The table "Shrunk means" in tests/benchmarks/README.md is this simulation, longer."""
    rng = np.random.default_rng(7)

    def covered() -> float:
        truth = 3 + spread * rng.normal(size=count)
        errors = 0.8 / rng.integers(5, 30, size=count)
        means = truth + np.sqrt(errors) * rng.normal(size=count)
        pairs = zip(means.tolist(), errors.tolist(), strict=True)
        prior = MeanPrior.learned({f"U{i:02}": Normal(*pair) for i, pair in enumerate(pairs)})
        assert prior is not None
        mean, variance = prior.posterior(means, errors)
        return float(np.mean(np.abs(truth - mean) <= 1.959964 * np.sqrt(variance)))

    # The Monte-Carlo error of 1 500 companies is at most .003.
    assert 0.93 < np.mean([covered() for _ in range(1500)]) < 0.99


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_units_does_not_matter(order: list[int]) -> None:
    there = differences(groups([4.0, 40, 8, 8, 8, 4]))
    sizes = np.array([4.0, 40, 8, 8, 8, 4])[order]

    again = differences(groups(sizes.tolist(), MEANS[order]))

    assert again == tuple(there[place] for place in order)
