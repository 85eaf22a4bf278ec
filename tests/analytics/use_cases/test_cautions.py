"""The owning unit's maturity beside the ranking, never in it."""

import pytest

from analytics.results.record import Score
from analytics.results.use_cases import Candidate, Caution
from analytics.use_cases.criteria import Criteria, Criterion
from analytics.use_cases.ranking import rank_use_cases
from tests.analytics.use_cases.rated import score

CRITERIA = Criteria(
    version="test",
    scored=(
        Criterion(key="data", weight=1.0, constructs=("data_readiness",)),
        Criterion(key="handoff", weight=1.0, constructs=("governance", "data_readiness")),
    ),
)


def cautions(
    scores: dict[str, Score], *, unit: str | None = "U1", **given: int
) -> tuple[Caution, ...]:
    ranking = rank_use_cases(
        [Candidate(key="a", unit=unit, scores=given)], CRITERIA, unit_scores={"U1": scores}
    )
    return ranking.candidates[0].cautions


def test_a_low_score_of_the_unit_is_a_caution() -> None:
    found = cautions({"data_readiness": score(38.0)})

    assert found == (
        Caution(
            criterion="data",
            construct="data_readiness",
            mean=38.0,
            low=33.0,
            high=43.0,
            sure=False,
            contradicts=False,
        ),
    )


def test_a_score_from_forty_on_is_none() -> None:
    assert cautions({"data_readiness": score(40.0)}) == ()


def test_a_caution_is_sure_if_the_whole_interval_lies_below_forty() -> None:
    assert cautions({"data_readiness": score(34.9)})[0].sure


def test_a_caution_contradicts_people_who_rate_the_criterion_high() -> None:
    assert cautions({"data_readiness": score(38.0)}, data=3)[0].contradicts


def test_a_caution_agrees_with_people_who_rate_the_criterion_low() -> None:
    assert not cautions({"data_readiness": score(38.0)}, data=2)[0].contradicts


def test_a_construct_behind_two_criteria_cautions_once() -> None:
    found = cautions({"data_readiness": score(30.0)})

    assert [one.criterion for one in found] == ["data"]


def test_the_lowest_score_comes_first() -> None:
    found = cautions({"data_readiness": score(35.0), "governance": score(20.0)})

    assert [one.construct for one in found] == ["governance", "data_readiness"]


@pytest.mark.parametrize(
    ("unit", "scores", "readiness"),
    [
        ("U1", {"data_readiness": score(70.0)}, "shown"),
        ("U1", {}, "not_shown"),
        ("U2", {"data_readiness": score(70.0)}, "not_shown"),
        (None, {"data_readiness": score(70.0)}, "no_unit"),
    ],
)
def test_no_caution_says_whether_anything_is_known(
    unit: str | None, scores: dict[str, Score], readiness: str
) -> None:
    ranking = rank_use_cases(
        [Candidate(key="a", unit=unit)], CRITERIA, unit_scores={"U1": scores}
    )

    found = ranking.candidates[0]
    assert (found.readiness, found.cautions) == (readiness, ())


def test_a_caution_moves_nobody_down() -> None:
    rivals = [
        Candidate(key="a", unit="U1", scores={"data": 4, "handoff": 4}),
        Candidate(key="b", unit="U2", scores={"data": 3, "handoff": 4}),
    ]
    readiness = {"U1": {"data_readiness": score(5.0)}, "U2": {"data_readiness": score(95.0)}}

    ranking = rank_use_cases(rivals, CRITERIA, unit_scores=readiness)

    assert [one.key for one in ranking.candidates] == ["a", "b"]
