"""The log-odds of one model against another, split without rest."""

import numpy as np
import pytest

from analytics.recommender.moves import explain
from analytics.recommender.parameters import components_of, without_learning
from analytics.recommender.posterior import plug_in_posterior
from tests.analytics.recommender.unit_means import ANCHORS, read
from tests.factories.recommendations import MODELS

COMPONENTS = components_of(MODELS, ANCHORS.mask)
BASELINE = read("baseline-5.json")
X, V = np.array(BASELINE["x"]), np.array(BASELINE["V"])
PARAMETERS = without_learning(X, ANCHORS.matrix, COMPONENTS)


@pytest.mark.parametrize("unit", range(5))
@pytest.mark.parametrize(("winner", "rival"), [(0, 1), (2, 3), (3, 4), (1, 9)])
@pytest.mark.parametrize("missing", [(), (3,), (0, 8)])
def test_parts_sum_to_the_log_odds(
    unit: int, winner: int, rival: int, missing: tuple[int, ...]
) -> None:
    x = X[unit].copy()
    x[list(missing)] = np.nan
    found = plug_in_posterior(x[None], V[unit][None], COMPONENTS, PARAMETERS).probabilities[0]

    why = explain(x, V[unit], COMPONENTS, PARAMETERS, winner=winner, rival=rival)

    total = why.constructs.sum() + why.company_pattern + why.spread
    assert total == pytest.approx(np.log(found[winner] / found[rival]), abs=1e-9)


def test_a_missing_construct_says_nothing() -> None:
    x = X[0].copy()
    x[4] = np.nan

    why = explain(x, V[0], COMPONENTS, PARAMETERS, winner=0, rival=1)

    assert why.constructs[4] == 0


def test_models_of_the_same_prior_differ_by_constructs_and_spread_alone() -> None:
    why = explain(X[0], V[0], COMPONENTS, PARAMETERS, winner=0, rival=1)

    assert why.company_pattern == 0


def test_domain_specificity_speaks_for_federated_if_it_is_high() -> None:
    unit = PARAMETERS.centroids[1]

    why = explain(unit, V[0], COMPONENTS, PARAMETERS, winner=1, rival=0)

    assert why.constructs[2] > 1
