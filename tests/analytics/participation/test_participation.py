"""Participation of whole companies: who gets which figures, and that hidden people get none."""

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analytics.disclosure.figures import cut_table
from analytics.participation import participation
from analytics.results.participation import CompanyParticipation, UnitParticipation
from analytics.study.group_scores import group_scores
from analytics.study.study import Study
from tests.analytics.participation.companies import headcounts, study_of
from tests.analytics.studies import K, planned

ANSWERS = {
    ("a", "manager"): [3, 4, 4, 4, 5],
    ("a", "contributor"): [1, 2, 2, 2, 3],
    ("b", "contributor"): [2, 3, 3, 3, 3, 4],
}
ROLES = headcounts(
    {
        ("a", "manager"): 10,
        ("a", "contributor"): 30,
        ("b", "manager"): 2,
        ("b", "contributor"): 8,
    }
)
HIDDEN = {
    "top": (None, 0),
    "a": ("top", 40),
    "b": ("top", 20),
    "c": ("top", 9),
    "d": ("top", 9),
}


def of(
    study: Study, roles: pl.DataFrame | None = None
) -> tuple[CompanyParticipation, dict[str, UnitParticipation]]:
    return participation(study, planned(study), headcounts_by_role=roles, k=K)


def test_a_rate_counts_the_people_behind_the_figures() -> None:
    _, units = of(study_of(ANSWERS))

    assert units["a"].everyone is not None
    assert units["a"].everyone.rate == pytest.approx(10 / 40)


def test_a_unit_that_is_hidden_is_absent() -> None:
    study = study_of(ANSWERS | {("b", "contributor"): [3] * 3})

    assert "b" not in of(study)[1]


def test_roles_have_rates_if_they_may_be_apart() -> None:
    _, units = of(study_of(ANSWERS), ROLES)

    assert units["a"].managers is not None
    assert units["a"].managers.rate == pytest.approx(5 / 10)


def test_roles_have_no_rates_if_one_is_too_small() -> None:
    answers = ANSWERS | {("a", "manager"): [4] * 4, ("b", "manager"): [4] * 5}
    _, units = of(study_of(answers), ROLES)

    assert units["a"].managers is None


def test_roles_have_no_rates_without_their_headcounts() -> None:
    assert of(study_of(ANSWERS))[1]["a"].managers is None


def test_a_parent_weights_the_units_below_it() -> None:
    _, units = of(study_of(ANSWERS))

    assert units["top"].weighted is not None
    assert units["top"].weighted["trust"].weighted == pytest.approx((40 * 50 + 10 * 50) / 50)


def test_the_roles_of_a_unit_are_weighted_to_its_staff() -> None:
    _, units = of(study_of(ANSWERS), ROLES)

    assert units["a"].weighted is not None
    assert units["a"].weighted["trust"].weighted == pytest.approx((10 * 75 + 30 * 25) / 40)


def test_a_file_without_units_has_no_rates() -> None:
    company, _ = of(study_of(ANSWERS, tree=None))

    assert company.status == "no_headcounts"


def test_fewer_than_k_people_give_no_company() -> None:
    company, _ = of(study_of({("a", "contributor"): [3] * 4}))

    assert company.status == "suppressed"


def test_units_with_warnings_are_counted() -> None:
    company, _ = of(study_of(ANSWERS))

    assert company.units_with_warnings == 1


def test_weighted_figures_follow_from_the_published_ones() -> None:
    study = study_of(ANSWERS)
    scores = group_scores(study.people, study.keys, study.tree, study.weights)
    shown = cut_table(scores, planned(study), study.tree).filter(
        (pl.col("cut") == "all") & pl.col("unit").is_in(["a", "b"])
    )
    company, _ = of(study)

    plain = (shown["n"] * shown["mean"]).sum() / shown["n"].sum()
    assert company.weighted is not None
    assert company.weighted["trust"].unweighted == pytest.approx(plain)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=7, max_size=7))
def test_the_answers_of_people_who_are_hidden_move_nothing(given_answers: list[int]) -> None:
    """Unless they all agree: then there are more hidden groups."""
    assume(len(set(given_answers)) > 1)
    answers = {("a", "contributor"): [2] * 10, ("b", "contributor"): [4] * 10}
    base = answers | {("c", "contributor"): [3] * 3, ("d", "contributor"): [3, 3, 3, 4]}
    other = answers | {
        ("c", "contributor"): given_answers[:3],
        ("d", "contributor"): given_answers[3:],
    }

    assert of(study_of(base, HIDDEN)) == of(study_of(other, HIDDEN))
