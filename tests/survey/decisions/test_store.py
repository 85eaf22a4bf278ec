"""Decisions on recommendations: who decided what, and that nothing of it is ever lost."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from survey.access.audit_reading import list_events
from survey.access.keys import Principal
from survey.decisions.errors import DecisionNotFound, NothingRecommended
from survey.decisions.rules import Choice
from survey.decisions.store import (
    DecisionView,
    decide,
    decisions_of,
    latest_decision,
    read_recommendation,
)
from survey.directory.errors import UnitNotFound
from survey.errors import ChangedMeanwhile, FieldInvalid
from survey.releases.errors import ReleaseNotFound
from survey.releases.store import read_analysis
from tests.factories.principals import make_principal
from tests.factories.recommendations import recommendation
from tests.factories.releases import make_release, unit
from tests.factories.server import NOW

ACCEPT = Choice(verdict="accepted")
OVERRIDE = Choice(verdict="overridden", model="federated", reason="Ann knows the market.")


@pytest.fixture
async def release(organisation: UUID) -> UUID:
    """Give a release with a firm unit, one below it, an unclear one and a suppressed one."""
    return await make_release(
        organisation,
        unit("A", recommendation=recommendation("coe")),
        unit("A1", "A", recommendation=recommendation("coe")),
        unit("B", recommendation=recommendation("coe", status="no_clear_model")),
        unit("C", status="suppressed"),
    )


@pytest.fixture
async def board(organisation: UUID) -> Principal:
    """Give the caller who decides."""
    return await make_principal(organisation, name="Board")


async def decided(
    board: Principal,
    release: UUID,
    choice: Choice = ACCEPT,
    *,
    code: str = "A",
    seen: int = 0,
    now: datetime = NOW,
) -> DecisionView:
    return await decide(release, code, choice, seen=seen, by=board, now=now)


async def test_a_decision_says_what_who_and_when(board: Principal, release: UUID) -> None:
    assert await decided(board, release, OVERRIDE) == DecisionView(
        release=release,
        unit="A",
        revision=1,
        verdict="overridden",
        model="federated",
        recommended="coe",
        reason="Ann knows the market.",
        decided_at=NOW,
        decided_by=board.key,
        decided_by_name="Board",
    )


async def test_a_later_decision_holds_and_the_earlier_one_stays(
    board: Principal, release: UUID
) -> None:
    first = await decided(board, release, OVERRIDE)
    second = await decided(board, release, seen=1, now=NOW + timedelta(days=1))

    assert await latest_decision(board.organisation, release, "A", within=None) == second
    assert await decisions_of(board.organisation, release, "A", within=None) == [first, second]


async def test_a_decision_never_touches_the_release(board: Principal, release: UUID) -> None:
    before = await read_analysis(board.organisation, release)

    await decided(board, release, OVERRIDE)

    assert await read_analysis(board.organisation, release) == before


async def test_that_no_model_is_clear_can_be_accepted(board: Principal, release: UUID) -> None:
    accepted = await decided(board, release, code="B")

    assert (accepted.model, accepted.recommended) == (None, None)


@pytest.mark.parametrize("seen", [1, 7])
async def test_who_has_not_seen_the_latest_decision_decides_nothing(
    board: Principal, release: UUID, seen: int
) -> None:
    with pytest.raises(ChangedMeanwhile):
        await decided(board, release, seen=seen)

    _, held = await read_recommendation(board.organisation, release, "A", within=None)
    assert held is None


async def test_one_of_two_decisions_at_once_wins(board: Principal, release: UUID) -> None:
    results = await asyncio.gather(
        decided(board, release), decided(board, release, OVERRIDE), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in results) == ["ChangedMeanwhile", "DecisionView"]
    assert len(await decisions_of(board.organisation, release, "A", within=None)) == 1
    told = (await list_events(board.organisation)).items
    assert [event.action.partition(".")[0] for event in told] == ["recommendation", "key"]


async def test_what_is_suppressed_can_be_neither_accepted_nor_overridden(
    board: Principal, release: UUID
) -> None:
    for choice in (ACCEPT, OVERRIDE):
        with pytest.raises(NothingRecommended):
            await decided(board, release, choice, code="C")


async def test_a_choice_that_breaks_a_rule_leaves_nothing_behind(
    board: Principal, release: UUID
) -> None:
    with pytest.raises(FieldInvalid):
        await decided(board, release, Choice(verdict="overridden", model="guild", reason="?"))

    assert await decisions_of(board.organisation, release, "A", within=None) == []
    (made,) = (await list_events(board.organisation)).items
    assert made.action == "key.created"


async def test_if_nobody_has_decided_that_is_said(board: Principal, release: UUID) -> None:
    with pytest.raises(DecisionNotFound):
        await latest_decision(board.organisation, release, "A", within=None)


async def test_who_is_kept_to_a_part_decides_there_and_nowhere_else(
    organisation: UUID, release: UUID
) -> None:
    division = await make_principal(organisation, unit="A")

    await decided(division, release, code="A1")

    with pytest.raises(UnitNotFound):
        await decided(division, release, code="B")
    with pytest.raises(UnitNotFound):
        await latest_decision(organisation, release, "B", within="A")
    with pytest.raises(UnitNotFound):
        await decisions_of(organisation, release, "B", within="A")


async def test_another_organisation_decides_and_reads_nothing(
    other_organisation: UUID, board: Principal, release: UUID
) -> None:
    stranger = await make_principal(other_organisation)
    await decided(board, release)

    with pytest.raises(ReleaseNotFound):
        await decided(stranger, release)
    with pytest.raises(ReleaseNotFound):
        await decisions_of(other_organisation, release, "A", within=None)


async def test_a_release_or_unit_that_is_not_there_is_named(
    board: Principal, release: UUID
) -> None:
    with pytest.raises(ReleaseNotFound):
        await decided(board, uuid4())
    with pytest.raises(UnitNotFound):
        await decided(board, release, code="Z")


async def test_the_trail_tells_of_a_decision_without_what_somebody_wrote(
    board: Principal, release: UUID
) -> None:
    await decided(board, release, OVERRIDE)

    event = (await list_events(board.organisation)).items[0]
    assert (event.action, event.actor.key, event.actor.name) == (
        "recommendation.overridden",
        board.key,
        "Board",
    )
    assert event.subjects[:2] == (
        f"/v1/releases/{release}/recommendations/A/decision",
        f"/v1/releases/{release}",
    )
    assert event.subjects[2].startswith("/v1/campaigns/")
    assert event.facts == {"revision": 1, "model": "federated", "recommended": "coe"}
