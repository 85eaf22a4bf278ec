"""Use cases: proposed, rated, changed and ranked, within sight, in the audit trail."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from seed.content import use_case_criteria
from survey.access.audit_reading import AuditFilter, list_events
from survey.access.keys import Principal
from survey.catalogue.errors import CatalogueNotFound
from survey.catalogue.store import load_catalogue
from survey.errors import ChangedMeanwhile, FieldInvalid
from survey.use_cases.errors import UseCaseNotFound
from survey.use_cases.rules import UseCaseChange
from survey.use_cases.store import (
    UseCaseView,
    change_use_case,
    list_use_cases,
    read_use_case,
)
from tests.factories.principals import make_principal
from tests.factories.server import NOW
from tests.factories.use_cases import load_criteria, propose

DATA, OWNER = "data_accessible", "single_owner"


@pytest.fixture
async def board(organisation: UUID) -> Principal:
    """Give a caller who sees a company of the units A and B with the standard criteria."""
    await load_criteria(organisation)
    return await make_principal(organisation, name="Board")


@pytest.fixture
async def division(board: Principal) -> Principal:
    """Give a caller who is restricted to unit A."""
    return await make_principal(board.organisation, unit="A")


async def test_a_use_case_is_read_as_it_was_proposed(board: Principal) -> None:
    made = await propose(
        board,
        description="By hand today.",
        unit="A",
        scores={DATA: 3, OWNER: None},
        deferrals={"open_ended_generation": False},
    )

    assert made == await read_use_case(made.id, by=board)
    assert made == UseCaseView(
        id=made.id,
        title="Sort invoices",
        description="By hand today.",
        unit="A",
        scores={DATA: 3},
        deferrals={"open_ended_generation": False},
        state="candidate",
        revision=1,
        created_at=NOW,
        changed_at=NOW,
    )


async def test_a_change_is_a_new_revision(board: Principal) -> None:
    made = await propose(board, unit="A", scores={DATA: 3})
    later = NOW + timedelta(days=1)

    after = await change_use_case(
        made.id,
        UseCaseChange(state="chosen", unit=None, scores={OWNER: 4}),
        revision=1,
        by=board,
        now=later,
    )

    assert (after.state, after.unit, after.scores) == ("chosen", None, {DATA: 3, OWNER: 4})
    assert (after.revision, after.created_at, after.changed_at) == (2, NOW, later)


async def test_a_rating_is_taken_back(board: Principal) -> None:
    made = await propose(board, scores={DATA: 3})

    after = await change_use_case(
        made.id, UseCaseChange(scores={DATA: None}), revision=1, by=board, now=NOW
    )

    assert after.scores == {}


async def test_ratings_by_earlier_criteria_stay(board: Principal) -> None:
    made = await propose(board, scores={DATA: 3})
    await load_catalogue(board.organisation, "use_case_criteria", "2", fewer_criteria(DATA))

    after = await change_use_case(
        made.id, UseCaseChange(title="Read invoices"), revision=1, by=board, now=NOW
    )

    assert after.scores == {DATA: 3}


def fewer_criteria(without: str) -> Mapping[str, object]:
    """Return the standard criteria without one of them, as another version."""
    standard = use_case_criteria()
    return {
        "version": "2",
        "criteria": [one for one in standard.criteria if one.key != without],
        "deferrals": standard.deferrals,
        "first_steps": standard.first_steps,
    }


async def test_nobody_overwrites_what_they_have_not_seen(board: Principal) -> None:
    made = await propose(board)

    results = await asyncio.gather(
        *(
            change_use_case(made.id, UseCaseChange(title=title), revision=1, by=board, now=NOW)
            for title in ("One", "Two")
        ),
        return_exceptions=True,
    )

    assert sorted(type(one).__name__ for one in results) == [
        "ChangedMeanwhile",
        "UseCaseView",
    ]
    with pytest.raises(ChangedMeanwhile):
        await change_use_case(made.id, UseCaseChange(), revision=7, by=board, now=NOW)


@pytest.mark.parametrize("unit", ["Z", ""])
async def test_a_unit_that_is_not_there_owns_nothing(board: Principal, unit: str) -> None:
    with pytest.raises(FieldInvalid, match="unit"):
        await propose(board, unit=unit)


async def test_what_breaks_a_rule_leaves_nothing_behind(board: Principal) -> None:
    with pytest.raises(FieldInvalid):
        await propose(board, scores={"speed": 1})

    assert (await list_use_cases(by=board)).items == ()
    told = (await list_events(board.organisation, AuditFilter(action="use_case.created"))).items
    assert told == ()


async def test_without_criteria_nothing_is_rated(organisation: UUID) -> None:
    with pytest.raises(CatalogueNotFound):
        await propose(await make_principal(organisation))


async def test_use_cases_come_in_the_order_in_which_they_were_proposed(
    board: Principal,
) -> None:
    for title in "cab":
        await propose(board, title)

    first = await list_use_cases(by=board, limit=2)
    rest = await list_use_cases(by=board, after=first.next)

    assert [one.title for one in first.items] == ["c", "a"]
    assert ([one.title for one in rest.items], rest.next) == (["b"], None)


async def test_who_is_kept_to_a_part_sees_and_changes_what_is_its_own(
    board: Principal, division: Principal
) -> None:
    theirs = await propose(board, unit="B")
    shared = await propose(board)
    own = await propose(division, unit="A")

    assert [one.id for one in (await list_use_cases(by=division)).items] == [own.id]
    for other in (theirs, shared):
        with pytest.raises(UseCaseNotFound):
            await read_use_case(other.id, by=division)
        with pytest.raises(UseCaseNotFound):
            await change_use_case(other.id, UseCaseChange(), revision=1, by=division, now=NOW)


@pytest.mark.parametrize("unit", [None, "B"])
async def test_who_is_kept_to_a_part_proposes_nothing_for_others(
    division: Principal, unit: str | None
) -> None:
    own = await propose(division, unit="A")

    with pytest.raises(FieldInvalid, match="unit"):
        await propose(division, unit=unit)
    with pytest.raises(FieldInvalid, match="unit"):
        await change_use_case(
            own.id, UseCaseChange(unit=unit), revision=1, by=division, now=NOW
        )


async def test_another_organisation_sees_none(
    board: Principal, other_organisation: UUID
) -> None:
    made = await propose(board)
    stranger = await make_principal(other_organisation)

    assert (await list_use_cases(by=stranger)).items == ()
    for use_case in (made.id, uuid4()):
        with pytest.raises(UseCaseNotFound):
            await read_use_case(use_case, by=stranger)


async def test_the_trail_names_fields_and_nothing_that_somebody_wrote(
    board: Principal,
) -> None:
    made = await propose(board, "Ann's idea", unit="A")
    await change_use_case(
        made.id, UseCaseChange(state="dropped"), revision=1, by=board, now=NOW
    )

    changed, proposed, *_ = (await list_events(board.organisation)).items
    assert [(one.action, one.subjects, one.facts) for one in (proposed, changed)] == [
        (
            "use_case.created",
            (f"/v1/use-cases/{made.id}",),
            {"fields": ["state", "title", "unit"], "state": "candidate", "revision": 1},
        ),
        (
            "use_case.changed",
            (f"/v1/use-cases/{made.id}",),
            {"fields": ["state"], "state": "dropped", "revision": 2},
        ),
    ]
