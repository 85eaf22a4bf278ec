"""What would change a recommendation, against a scan that knows no shortcut."""

import numpy as np
import pytest

from analytics.recommender.moves import smallest_moves
from analytics.recommender.parameters import without_learning
from analytics.recommender.predictive import Predictive, leave_one_out, plug_in
from tests.analytics.recommender.reference import COMPONENTS, PRIOR, reference_set
from tests.analytics.recommender.unit_means import ANCHORS, CENTRE

GIVEN = reference_set("long_tail-24")
EXPECTED = leave_one_out(GIVEN.X, GIVEN.V, COMPONENTS, GIVEN.learned().parameters, PRIOR)


def scanned(unit: int, construct: int, predictive: Predictive) -> float | None:
    """Return the nearest place of a construct that changes the model, trying each in turn."""
    places = np.round(np.arange(1, 5.0001, 0.05), 2)
    rows = np.repeat(GIVEN.X[unit][None], len(places) + 1, axis=0)
    rows[1:, construct] = places
    errors = np.repeat(GIVEN.V[unit][None], len(rows), axis=0)
    found = predictive.repeated(len(rows)).posterior(rows, errors).probabilities[:, :4]
    leads = found.argmax(axis=1)
    others = places[leads[1:] != leads[0]]
    if not len(others):
        return None
    return float(others[np.abs(others - GIVEN.X[unit, construct]).argmin()])


@pytest.mark.parametrize("unit", [0, 3, 7, 11, 19])
def test_moves_are_those_of_a_plain_scan(unit: int) -> None:
    predictive = EXPECTED.of(unit)
    expected = {j: place for j in range(9) if (place := scanned(unit, j, predictive))}

    found = smallest_moves(GIVEN.X[unit], GIVEN.V[unit], predictive, models=4)

    assert {move.construct: move.to for move in found} == pytest.approx(expected)


def test_a_move_is_measured_in_standard_errors_of_the_mean() -> None:
    found = smallest_moves(GIVEN.X[0], GIVEN.V[0], EXPECTED.of(0), models=4)

    first = found[0]
    error = np.sqrt(GIVEN.V[0, first.construct, first.construct])
    expected = abs(first.to - GIVEN.X[0, first.construct]) / error
    assert first.standard_errors == pytest.approx(expected)


def test_the_likeliest_change_comes_first() -> None:
    found = smallest_moves(GIVEN.X[5], GIVEN.V[5], EXPECTED.of(5), models=4)

    sizes = [move.standard_errors for move in found]
    assert sizes == sorted(sizes)


def test_a_missing_construct_cannot_be_moved() -> None:
    row = GIVEN.X[0].copy()
    row[2] = np.nan

    found = smallest_moves(row, GIVEN.V[0], EXPECTED.of(0), models=4)

    assert 2 not in {move.construct for move in found}


def test_nothing_on_its_own_moves_a_unit_at_the_heart_of_a_model() -> None:
    parameters = without_learning(CENTRE[None], ANCHORS.matrix, COMPONENTS)
    heart = CENTRE + 2 * ANCHORS.directions[1]

    found = smallest_moves(
        heart, 0.01 * np.eye(9), plug_in(1, COMPONENTS, parameters), models=4
    )

    assert found == []
