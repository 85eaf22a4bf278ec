"""The audit trail: in its order, with its work or not at all, and one organisation's alone."""

from uuid import UUID

import pytest

from models.engine import transaction
from models.enums import AuditAction
from survey.access.audit import list_events, record_event
from survey.access.keys import Principal
from survey.errors import FieldInvalid
from tests.factories.server import NOW


async def happen(organisation: UUID, subject: str, by: Principal | None = None) -> None:
    async with transaction(organisation):
        await record_event(
            organisation,
            AuditAction.USE_CASE_CREATED,
            subject=subject,
            facts={"state": "candidate"},
            by=by,
            now=NOW,
        )


async def test_events_come_in_the_order_in_which_they_happened(organisation: UUID) -> None:
    for subject in "cab":
        await happen(organisation, subject)

    first = await list_events(organisation, limit=2)
    rest = await list_events(organisation, after=first.next)

    assert [event.subject for event in first.items] == ["c", "a"]
    assert ([event.subject for event in rest.items], rest.next) == (["b"], None)


async def test_what_the_operator_did_names_no_key(organisation: UUID) -> None:
    await happen(organisation, "a")

    (event,) = (await list_events(organisation)).items
    assert (event.principal, event.principal_name) == (None, None)


async def test_what_was_undone_left_no_event(organisation: UUID) -> None:
    async with transaction(organisation) as work:
        await happen(organisation, "a")
        await work.rollback()

    assert (await list_events(organisation)).items == ()


async def test_an_organisation_sees_its_own_events_alone(
    organisation: UUID, other_organisation: UUID
) -> None:
    await happen(organisation, "a")

    assert (await list_events(other_organisation)).items == ()


@pytest.mark.parametrize("given", [{"limit": 0}, {"limit": 1001}, {"after": "a"}])
async def test_a_page_that_cannot_be_is_refused(
    organisation: UUID, given: dict[str, object]
) -> None:
    with pytest.raises(FieldInvalid):
        await list_events(organisation, **given)  # type: ignore[arg-type]  # as given
