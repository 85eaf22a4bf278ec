from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tests.benchmarks.oracle import oracle_posterior
from tests.benchmarks.oracle.answers import answer_curves, expected_answers
from tests.benchmarks.oracle.posterior import people_covariance
from tests.benchmarks.simulator import DISTURBANCES, SCENARIOS, simulate
from tests.benchmarks.simulator.archetypes import MODELS
from tests.benchmarks.simulator.people import MANAGER_SHARE, REVERSED_NOISE

GIVEN = [f"oracle_{model}" for model in MODELS]
STYLE = SCENARIOS["style_heavy"]


def judged(scenario: str, *, companies: int, units: int) -> pl.DataFrame:
    parameters = (SCENARIOS | DISTURBANCES)[scenario]
    drawn = [simulate(parameters, units=units, seed=seed) for seed in range(companies)]
    return pl.concat(
        [
            company.truth.join(oracle_posterior(company, parameters), on="unit")
            for company in drawn
        ]
    )


def drawn_answers(theta: float, *, turned: bool, avoiders: float = 0.0) -> float:
    """Simulate the mean answer person by person, as the page on the simulator specifies."""
    rng = np.random.default_rng(7)
    people = 400_000
    noise = STYLE.item_sd * (REVERSED_NOISE if turned else 1.0)
    points = theta + STYLE.manager_bias * (rng.random(people) < MANAGER_SHARE)
    points += rng.normal(0, STYLE.person_halo, people) + rng.normal(0, STYLE.person_sd, people)
    points += rng.normal(0, noise, people)
    points = 6 - points if turned else points
    styled = 3 + np.exp(rng.normal(0, STYLE.ext_sd, people)) * (points - 3)
    styled += rng.normal(STYLE.acq_mean, STYLE.acq_sd, people)
    given = np.clip(np.rint(styled), 1, 5)
    avoids = rng.random(people) < avoiders
    given[avoids] = np.clip(given[avoids], 2, 4)
    return float((6 - given if turned else given).mean())


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("theta", [1.5, 3.0, 4.4])
@pytest.mark.parametrize("avoiders", [0.0, 0.5])
def test_the_expected_answer_is_the_mean_of_many_drawn_ones(
    theta: float, turned: bool, avoiders: float
) -> None:
    parameters = replace(STYLE, end_avoiders=avoiders)

    expected = expected_answers(np.array([theta]), parameters, turned=turned)

    drawn = drawn_answers(theta, turned=turned, avoiders=avoiders)
    assert expected[0] == pytest.approx(drawn, abs=0.008)  # five standard errors


def test_slopes_give_the_effect_of_a_unit_s_own_style() -> None:
    making = simulate(STYLE, units=4, seed=1).making
    curves = answer_curves(making, STYLE)
    latent = np.full((1, 9), 3.2)

    _, by_acquiescence, _ = curves.slopes(latent)

    # Acquiescence raises two items and lowers one, all slightly damped by the end points.
    assert ((by_acquiescence > 0.25) & (by_acquiescence < 1 / 3)).all()


def test_latent_means_are_recovered_from_expected_answers() -> None:
    curves = answer_curves(simulate(STYLE, units=4, seed=1).making, STYLE)

    assert curves.latent(curves.answered.T) == pytest.approx(np.tile(curves.truth, (9, 1)).T)


def test_a_posterior_sums_to_one() -> None:
    rows = judged("heavy_tails", companies=2, units=12)

    assert rows.select(pl.sum_horizontal(GIVEN)).to_series().to_numpy() == pytest.approx(1)


@pytest.mark.parametrize(
    "scenario", ["weak_separation", "style_heavy", "noisy_units", "heavy_tails", "avoided_ends"]
)
def test_the_oracle_is_calibrated(scenario: str) -> None:
    rows = judged(scenario, companies=10, units=60)
    given = rows.select(GIVEN).to_numpy()
    right = np.array(MODELS)[given.argmax(axis=1)] == rows["model"].to_numpy()

    difference = right - given.max(axis=1)

    assert abs(difference.mean()) < 4 * difference.std() / np.sqrt(len(difference))


def test_the_oracle_is_right_even_if_the_theory_is_wrong() -> None:
    rows = judged("profile_half_wrong", companies=10, units=24)
    named = np.array(MODELS)[rows.select(GIVEN).to_numpy().argmax(axis=1)]

    assert (named == rows["model"].to_numpy()).mean() > 0.94


def test_without_careful_people_the_oracle_is_uniform() -> None:
    parameters = replace(SCENARIOS["baseline"], careless=1.0)
    company = simulate(parameters, units=4, seed=1)

    given = oracle_posterior(company, parameters).select(GIVEN).to_numpy()

    assert given == pytest.approx(0.25)


def test_the_covariance_of_people_follows_from_the_parameters() -> None:
    quiet = replace(
        SCENARIOS["baseline"],
        ext_sd=0.0,
        unit_ext_sd=0.0,
        acq_sd=0.0,
        acq_mean=0.0,
        org_shift=0.0,
        sep=0.0,
        tau_primary=0.0,
        tau_other=0.0,
        item_sd=0.4,
        person_sd=0.4,
        missing=0.0,
        careless=0.0,
    )

    covariance = people_covariance(quiet)

    # Away from the ends rounding adds 1/12 per item; leniency p (1 - p) b^2 and halo are
    # common.
    common = 0.35**2 + 0.14 * 0.86 * 0.15**2
    own = 0.4**2 + (2 * 0.4**2 + (1.15 * 0.4) ** 2 + 3 / 12) / 9
    assert np.diag(covariance).mean() == pytest.approx(common + own, rel=0.03)
    assert covariance[np.triu_indices(9, 1)].mean() == pytest.approx(common, rel=0.06)
