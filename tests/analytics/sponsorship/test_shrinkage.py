import numpy as np
import pytest

from analytics.sponsorship.shrinkage import Normal, Prior, between_variance

MEANS = np.array([2.0, 2.6, 3.1, 3.5, 4.2, 2.9])


def groups(means: np.ndarray, errors: float | np.ndarray) -> dict[str, Normal]:
    errors = np.broadcast_to(errors, means.shape)
    pairs = zip(means, errors, strict=True)
    return {f"U{i}": Normal(float(m), float(v)) for i, (m, v) in enumerate(pairs)}


def shrunk(found: dict[str, Normal]) -> list[Normal]:
    prior = Prior.of(found)
    assert prior is not None
    return [prior.posterior(group) for group in found.values()]


def test_equal_errors_leave_the_variance_of_means_less_the_error() -> None:
    tau2 = between_variance(MEANS, np.full(6, 0.2))

    assert tau2 == pytest.approx(np.var(MEANS, ddof=1) - 0.2)


def test_unequal_errors_solve_the_equation_of_paule_and_mandel() -> None:
    errors = np.array([0.01, 0.1, 0.3, 0.05, 0.2, 0.4])

    tau2 = between_variance(MEANS, errors)

    weights = 1 / (errors + tau2)
    centre = np.average(MEANS, weights=weights)
    assert weights @ (MEANS - centre) ** 2 == pytest.approx(5.0)


def test_means_closer_than_their_errors_do_not_vary() -> None:
    assert between_variance(MEANS, np.full(6, 5.0)) == 0.0


def test_means_without_error_keep_all_their_variance() -> None:
    assert between_variance(MEANS, np.full(6, 1e-12)) == pytest.approx(np.var(MEANS, ddof=1))


def test_equal_errors_shrink_as_in_morris() -> None:
    pull = 0.2 / np.var(MEANS, ddof=1)
    deviation = MEANS - MEANS.mean()
    # Morris 1983: V (1 - (K - 1) / K B) + 2 B² / (K - 3) (x - mean)².
    variance = 0.2 * (1 - 5 / 6 * pull) + 2 * pull**2 / 3 * deviation**2

    found = shrunk(groups(MEANS, 0.2))

    assert [group.mean for group in found] == pytest.approx(
        MEANS.mean() + (1 - pull) * deviation
    )
    assert [group.variance for group in found] == pytest.approx(variance)


def test_four_groups_teach_nothing() -> None:
    assert Prior.of(groups(MEANS[:4], 0.2)) is None


def test_identical_means_without_error_stay() -> None:
    found = shrunk(groups(np.full(6, 3.0), 0.0))

    assert {group.mean for group in found} == {3.0}


def test_an_average_of_groups_is_drawn_as_if_units_differed_less() -> None:
    prior = Prior(mean=3.0, mean_error=0.01, between=0.4, groups=10)
    narrow = Prior(mean=3.0, mean_error=0.01, between=0.1, groups=10)

    average = prior.posterior(Normal(4.0, 0.2), concentration=0.25)

    assert average == narrow.posterior(Normal(4.0, 0.2))
