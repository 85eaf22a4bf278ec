"""What is uncertain about groups because of who answered, and whose answers it looks at."""

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from analytics.diagnosis.sampling import concentration, sampling_covariance
from analytics.study.group_scores import group_scores
from analytics.study.roll_up import roll_up
from analytics.study.tree import UnitTree
from analytics.study.unit_means import unit_means

KEYS = ("one", "two")
TREE = UnitTree(
    {"C": None, "A": "C", "B": "C", "H": "C", "I": "C"},
    {"C": 0, "A": 20, "B": 30, "H": 6, "I": 8},
)
SHARES = {"C": 0.0, "A": 20.0, "B": 30.0, "H": 6.0, "I": 8.0}
SIZES = {"A": 8, "B": 12, "H": 3, "I": 4}
RNG = np.random.default_rng(5)
SCORES = {unit: RNG.uniform(1, 5, (size, 2)) for unit, size in SIZES.items()}


def covariance(
    scores: dict[str, NDArray[np.float64]], shown: dict[str, tuple[bool, bool]]
) -> NDArray[np.float64]:
    people = frame(scores)
    seen = group_scores(people, KEYS, TREE, SHARES)["all"]
    may = np.array([shown.get(code, (True, True)) for code in TREE.codes])
    return sampling_covariance(people, seen, may, TREE, SHARES)


def frame(scores: dict[str, NDArray[np.float64]]) -> pl.DataFrame:
    rows = [(unit, "contributor", *row) for unit, values in scores.items() for row in values]
    schema = {"unit": pl.String, "role": pl.String} | dict.fromkeys(KEYS, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


HIDDEN = dict.fromkeys(("H", "I"), (False, False))
TOP = TREE.codes.index("C")


def test_if_all_units_are_shown_it_is_that_of_the_units_rolled_up() -> None:
    own = unit_means(frame(SCORES), KEYS, TREE.codes)

    found = covariance(SCORES, {})

    assert found == pytest.approx(roll_up(own, TREE, SHARES).covariance)


def test_hidden_units_together_borrow_the_covariance_pooled_over_shown_ones() -> None:
    shown = {unit: SCORES[unit] for unit in ("A", "B")}
    own = unit_means(frame(shown), KEYS, TREE.codes)
    a, b = (own.covariance[TREE.codes.index(unit)] for unit in ("A", "B"))
    expected = (
        (20 / 64) ** 2 * a + (30 / 64) ** 2 * b + (14 / 64) ** 2 * own.within * (1 + 1 / 7) / 7
    )

    assert covariance(SCORES, HIDDEN)[TOP] == pytest.approx(expected)


def test_how_hidden_people_are_spread_moves_nothing() -> None:
    calm = SCORES | {unit: np.full_like(SCORES[unit], 3.0) for unit in ("H", "I")}

    assert covariance(calm, HIDDEN) == pytest.approx(covariance(SCORES, HIDDEN))


def test_a_unit_that_hides_a_measure_borrows_for_the_others_too() -> None:
    """A missing score is filled from the other ones, so that they hang together."""
    other = SCORES | {"B": SCORES["B"][:, ::-1] * [1.0, 0.5]}
    hides = {"B": (True, False)}

    found = [covariance(scores, hides)[:, 0, 0] for scores in (SCORES, other)]

    assert found[1] == pytest.approx(found[0])


def test_if_nothing_is_shown_it_is_the_covariance_of_everybody() -> None:
    everybody = np.vstack(list(SCORES.values()))
    closed = dict.fromkeys(TREE.codes, (False, False)) | {"C": (True, True)}

    found = covariance(SCORES, closed)[TOP]

    assert found == pytest.approx(np.cov(everybody, rowvar=False) * (1 + 3 / 27) / 27)


def test_hidden_units_enter_the_concentration_with_equal_shares() -> None:
    seen = group_scores(frame(SCORES), KEYS, TREE, SHARES)["all"]
    may = np.array([HIDDEN.get(code, (True, True)) for code in TREE.codes])

    found = concentration(seen, may, TREE, SHARES)

    assert found[TOP] == pytest.approx((20**2 + 30**2 + 14**2 / 2) / 64**2)
    assert found[TREE.codes.index("A")] == 1.0
