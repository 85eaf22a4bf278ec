"""Unit means and their sampling error, against a reference made before the project began."""

import json

import numpy as np
import polars as pl
import pytest

from analytics.study.scoring import score_people
from analytics.study.screening import screen
from analytics.study.unit_means import UnitMeans, unit_means
from tests.analytics.studies import construct, instrument
from tests.data import DATA

COMPANY = DATA / "recommender" / "low_icc-24"


@pytest.fixture(scope="module")
def reference() -> dict[str, object]:
    return json.loads((COMPANY / "unit_means.json").read_text())


@pytest.fixture(scope="module")
def computed(reference: dict[str, list[str]]) -> UnitMeans:
    keys = reference["constructs"]
    context = instrument(*(construct(key, reversed_items=1) for key in keys))
    people = pl.read_csv(COMPANY / "responses.csv").filter(pl.col("role") != "sponsor")
    shown = {item.key for item in context.items}
    kept = screen(people, tuple(name for name in people.columns if name in shown)).kept
    return unit_means(score_people(kept, context), keys, reference["units"])


def test_means_equal_the_reference(computed: UnitMeans, reference: dict[str, object]) -> None:
    np.testing.assert_allclose(computed.means, reference["x"], atol=1e-9)


def test_pooled_covariance_equals_the_reference(
    computed: UnitMeans, reference: dict[str, object]
) -> None:
    np.testing.assert_allclose(computed.within, reference["W"], atol=1e-9)


def test_error_covariances_equal_the_reference(
    computed: UnitMeans, reference: dict[str, object]
) -> None:
    np.testing.assert_allclose(computed.covariance, reference["V"], atol=1e-9)


def people(*rows: tuple[str, float | None, float | None]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"unit": pl.String, "a": pl.Float64, "b": pl.Float64}, orient="row"
    )


def test_whoever_skips_a_construct_does_not_shift_it() -> None:
    frame = people(("U", 2.0, 2.0), ("U", 4.0, 4.0), ("U", 4.5, None))

    means = unit_means(frame, ["a", "b"], ["U"])

    assert means.n.tolist() == [[3, 2]]
    assert means.means[0, 1] == pytest.approx(3.0 + (4.5 - 3.5) / 3)


def test_a_unit_without_answers_has_no_mean() -> None:
    means = unit_means(people(("U", 2.0, 2.0)), ["a", "b"], ["U", "V"])

    assert np.isnan(means.means[1]).all()
    assert np.isfinite(means.covariance).all()


def test_a_unit_of_identical_answers_keeps_the_pooled_error() -> None:
    frame = people(*[("U", 3.0, 3.0)] * 5, ("V", 1.0, 2.0), ("V", 5.0, 3.0), ("V", 3.0, 5.0))

    means = unit_means(frame, ["a", "b"], ["U", "V"])

    assert np.linalg.eigvalsh(means.covariance[0]).min() > 0


def test_companies_of_single_respondents_take_a_typical_error() -> None:
    means = unit_means(people(("U", 3.0, 3.0), ("V", 4.0, 2.0)), ["a", "b"], ["U", "V"])

    assert np.linalg.eigvalsh(means.covariance[0]).min() > 0
