"""Candidates ranked, with the readiness of their units beside them."""

from uuid import UUID

import polars as pl
import pytest

from analytics.results.use_cases import Candidate
from analytics.use_cases.ranking import rank_use_cases
from seed.content import use_case_criteria
from survey.access.keys import Principal
from survey.catalogue.errors import CatalogueNotFound
from survey.catalogue.store import load_catalogue
from survey.use_cases.errors import WeightsInvalid
from survey.use_cases.ranking import UseCaseRanking, rank_candidates
from survey.use_cases.rules import UseCaseChange
from survey.use_cases.store import change_use_case
from tests.factories.principals import make_principal
from tests.factories.releases import make_release, unit
from tests.factories.server import NOW
from tests.factories.use_cases import load_criteria, propose

DATA, OWNER = "data_accessible", "single_owner"


@pytest.fixture
async def board(organisation: UUID) -> Principal:
    """Give a caller who sees a company of the units A and B with the standard criteria."""
    await load_criteria(organisation)
    return await make_principal(organisation)


async def released(organisation: UUID, mean: float, status: str = "reported") -> UUID:
    """Store a release in which unit A has one score."""
    shown = status == "reported"
    figures = {"n": 20, "mean": mean, "low": mean - 5, "high": mean + 5, "level": 2}
    row = {"unit": "A", "construct": "data_readiness", "cut": "all", "status": status}
    row |= figures if shown else dict.fromkeys(figures)
    return await make_release(organisation, unit("A"), cuts=pl.DataFrame([row]))


def titles(view: UseCaseRanking) -> list[str]:
    return [view.titles[one.key] for one in view.ranking.candidates]


async def test_candidates_are_ranked_as_the_method_ranks_them(board: Principal) -> None:
    made = [
        await propose(board, "Low", scores={DATA: 0}),
        await propose(board, "High", scores={DATA: 4}),
        await propose(
            board, "Off", scores={DATA: 4}, deferrals={"open_ended_generation": True}
        ),
    ]

    view = await rank_candidates(by=board)

    assert titles(view) == ["High", "Low", "Off"]
    assert view.ranking == rank_use_cases(
        [
            Candidate(key=str(one.id), scores=one.scores, deferrals=one.deferrals)  # type: ignore[arg-type]  # settled: none is null
            for one in made
        ],
        use_case_criteria().measures(),
    )


async def test_other_weights_are_tried_and_not_kept(board: Principal) -> None:
    await propose(board, "Data", scores={DATA: 4, OWNER: 0})
    await propose(board, "Owner", scores={DATA: 0, OWNER: 4})

    tried = await rank_candidates(by=board, weights={DATA: 0.0})
    after = await rank_candidates(by=board)

    assert (titles(tried), titles(after)) == (["Owner", "Data"], ["Data", "Owner"])


@pytest.mark.parametrize(
    "weights",
    [{"speed": 1.0}, {DATA: -1.0}, {DATA: float("nan")}],
)
async def test_weights_that_cannot_be_are_refused(
    board: Principal, weights: dict[str, float]
) -> None:
    await propose(board, "One")

    with pytest.raises(WeightsInvalid):
        await rank_candidates(by=board, weights=weights)


async def test_weights_that_are_all_zero_are_refused(board: Principal) -> None:
    with pytest.raises(WeightsInvalid):
        await rank_candidates(
            by=board, weights=dict.fromkeys(use_case_criteria().measures().keys, 0.0)
        )


async def test_without_candidates_the_ranking_is_empty(board: Principal) -> None:
    assert (await rank_candidates(by=board)).ranking.candidates == ()


async def test_without_criteria_nothing_is_ranked(organisation: UUID) -> None:
    with pytest.raises(CatalogueNotFound):
        await rank_candidates(by=await make_principal(organisation))


async def test_what_was_chosen_or_dropped_is_no_candidate(board: Principal) -> None:
    for state in ("chosen", "dropped"):
        made = await propose(board, state)
        await change_use_case(
            made.id, UseCaseChange(state=state), revision=1, by=board, now=NOW
        )

    assert titles(await rank_candidates(by=board)) == []


async def test_ratings_by_other_criteria_do_not_count(board: Principal) -> None:
    standard = use_case_criteria()
    await propose(board, "One", scores={DATA: 4, OWNER: 4})
    fewer = {
        "version": "2",
        "criteria": [one for one in standard.criteria if one.key != DATA],
        "deferrals": standard.deferrals,
        "first_steps": standard.first_steps,
    }
    await load_catalogue(board.organisation, "use_case_criteria", "2", fewer)

    ranking = (await rank_candidates(by=board)).ranking

    assert ranking.criteria == "2"
    assert DATA not in {part.criterion for part in ranking.candidates[0].contributions}


async def test_a_low_score_of_the_owning_unit_is_a_caution(board: Principal) -> None:
    release = await released(board.organisation, 30.0)
    await propose(board, "One", unit="A", scores={DATA: 4})

    view = await rank_candidates(by=board)

    (caution,) = view.ranking.candidates[0].cautions
    assert (view.release, caution.construct, caution.mean) == (release, "data_readiness", 30.0)


async def test_readiness_is_that_of_the_latest_release(board: Principal) -> None:
    await released(board.organisation, 30.0)
    latest = await released(board.organisation, 90.0)
    await propose(board, "One", unit="A", scores={DATA: 4})

    view = await rank_candidates(by=board)

    assert (view.release, view.ranking.candidates[0].cautions) == (latest, ())


async def test_a_suppressed_score_is_no_caution(board: Principal) -> None:
    await released(board.organisation, 30.0, "suppressed")
    await propose(board, "One", unit="A")

    (candidate,) = (await rank_candidates(by=board)).ranking.candidates

    assert (candidate.readiness, candidate.cautions) == ("not_shown", ())


async def test_who_may_not_read_scores_sees_none_in_cautions(board: Principal) -> None:
    await released(board.organisation, 30.0)
    await propose(board, "One", unit="A", scores={DATA: 4})
    blind = Principal(
        organisation=board.organisation,
        key=board.key,
        scopes=board.scopes - {"analytics:read"},
        unit=None,
    )

    view = await rank_candidates(by=blind)

    (candidate,) = view.ranking.candidates
    assert (view.release, candidate.readiness, candidate.cautions) == (None, "not_shown", ())


async def test_who_is_kept_to_a_part_ranks_what_is_its_own(board: Principal) -> None:
    await propose(board, "Theirs", unit="B")
    await propose(board, "Own", unit="A")
    division = await make_principal(board.organisation, unit="A")

    assert titles(await rank_candidates(by=division)) == ["Own"]
