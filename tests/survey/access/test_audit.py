"""The audit trail: in its order, with its work or not at all, and one organisation's alone."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from models.engine import connection, operator_transaction, transaction
from models.enums import ActorKind, AuditAction
from survey.access import audit
from survey.access.actors import COMMAND_LINE, PLATFORM, Actor
from survey.access.audit import adopt_server_key, changes, listed, record_event, use_server_key
from survey.access.audit_reading import AuditFilter, list_events, verify_trail
from survey.access.errors import TrailKeyDiffers
from survey.directory.organisations import (
    OrganisationChange,
    change_organisation,
    record_for_all,
)
from survey.errors import FieldInvalid
from tests.factories.campaigns import make_open, rows_of, submit
from tests.factories.directory import make_organisation
from tests.factories.principals import make_principal
from tests.factories.server import SERVER_KEY


async def happen(organisation: UUID, *subjects: str, by: Actor = COMMAND_LINE) -> None:
    async with transaction(organisation):
        await record_event(
            organisation,
            AuditAction.USE_CASE_CREATED,
            *subjects,
            facts={"state": "candidate"},
            by=by,
        )


async def happened(organisation: UUID, times: int) -> UUID:
    for number in range(1, times + 1):
        await happen(organisation, f"/{number}")
    return organisation


async def as_owner(organisation: UUID, statement: str) -> None:
    """Run a statement as somebody who owns the database and switches the triggers off."""
    async with operator_transaction():
        await connection().execute("SET LOCAL session_replication_role = replica")
        await connection().execute(statement.format(f"organisation = '{organisation}'"))


async def head_of(organisation: UUID) -> str:
    return str((await list_events(organisation)).items[0].mac)


async def test_entries_come_newest_first_and_are_numbered(organisation: UUID) -> None:
    await happened(organisation, 3)

    first = await list_events(organisation, limit=2)
    rest = await list_events(organisation, after=first.next)

    assert [(event.number, event.subjects) for event in first.items] == [
        (3, ("/3",)),
        (2, ("/2",)),
    ]
    assert ([event.number for event in rest.items], rest.next) == ([1], None)


async def test_later_entries_have_later_times(organisation: UUID) -> None:
    await happened(organisation, 3)

    times = [event.at for event in (await list_events(organisation)).items]
    assert times == sorted(times, reverse=True)


async def test_an_entry_names_who_did_it(organisation: UUID) -> None:
    caller = await make_principal(organisation, name="Office")
    there = msgspec.structs.replace(caller, address="192.0.2.7")
    for by in (there.actor, COMMAND_LINE, PLATFORM):
        await happen(organisation, "/", by=by)

    platform, operator, key, _ = (await list_events(organisation)).items
    assert msgspec.structs.astuple(key.actor) == ("key", caller.key, "Office", "192.0.2.7")
    assert msgspec.structs.astuple(operator.actor) == ("command_line", None, None, None)
    assert msgspec.structs.astuple(platform.actor) == ("platform", None, None, None)


async def test_what_was_undone_left_no_entry_and_no_gap(organisation: UUID) -> None:
    async with transaction(organisation) as work:
        await happen(organisation, "/undone")
        await work.rollback()
    await happen(organisation, "/done")

    (event,) = (await list_events(organisation)).items
    assert (event.number, event.subjects) == (1, ("/done",))


async def test_an_organisation_sees_its_own_entries_alone(
    organisation: UUID, other_organisation: UUID
) -> None:
    await happen(organisation, "/")

    assert (await list_events(other_organisation)).items == ()


async def test_filters_find_what_they_name(organisation: UUID) -> None:
    caller = await make_principal(organisation)
    await happen(organisation, "/a", "/b", by=caller.actor)
    await happen(organisation, "/c")
    made, first, second = reversed((await list_events(organisation)).items)

    async def found(**wanted: object) -> list[int]:
        events = await list_events(organisation, AuditFilter(**wanted))  # type: ignore[arg-type]  # as given
        return [event.number for event in events.items]

    assert await found(action="key.created") == [made.number]
    assert await found(actor=str(caller.key)) == [first.number]
    assert await found(actor="command_line") == [second.number, made.number]
    assert await found(subject="/b") == [first.number]
    assert await found(since=first.at) == [second.number, first.number]
    assert await found(until=second.at) == [first.number, made.number]
    assert await found(since=second.at + timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    ("wanted", "named"), [({"action": "looked"}, "action"), ({"actor": "somebody"}, "actor")]
)
async def test_a_filter_that_finds_nothing_ever_is_refused(
    organisation: UUID, wanted: dict[str, str], named: str
) -> None:
    with pytest.raises(FieldInvalid, match=named):
        await list_events(organisation, AuditFilter(**wanted))  # type: ignore[arg-type]  # as given


@pytest.mark.parametrize(
    "given", [{"limit": 0}, {"limit": 1001}, {"after": "a"}, {"after": "9" * 30}]
)
async def test_a_page_that_cannot_be_is_refused(
    organisation: UUID, given: dict[str, object]
) -> None:
    with pytest.raises(FieldInvalid):
        await list_events(organisation, **given)  # type: ignore[arg-type]  # as given


async def test_a_trail_that_nobody_touched_is_in_order(organisation: UUID) -> None:
    await happened(organisation, 4)
    head = await head_of(organisation)

    found = await verify_trail(organisation, head=head)

    assert (found.problem, found.entries, found.head) == (None, 4, head)


async def test_an_empty_trail_is_in_order(organisation: UUID) -> None:
    found = await verify_trail(organisation)

    assert (found.problem, found.entries, found.head) == (None, 0, "")


async def test_an_earlier_head_is_found_in_a_longer_trail(organisation: UUID) -> None:
    await happened(organisation, 2)
    head = await head_of(organisation)
    await happened(organisation, 2)

    assert (await verify_trail(organisation, head=head)).problem is None


CHANGED = {
    "number": "UPDATE audit_event SET number = 9 WHERE number = 3 AND {}",
    "time": "UPDATE audit_event SET at = at + interval '1 microsecond' WHERE number = 3 AND {}",
    "actor": "UPDATE audit_event SET actor = 'platform' WHERE number = 3 AND {}",
    "address": "UPDATE audit_event SET address = '192.0.2.1' WHERE number = 3 AND {}",
    "action": "UPDATE audit_event SET action = 'key.created' WHERE number = 3 AND {}",
    "subjects": "UPDATE audit_event SET subjects = '{{/x}}' WHERE number = 3 AND {}",
    "facts": "UPDATE audit_event SET facts = '{{}}' WHERE number = 3 AND {}",
    "id": "UPDATE audit_event SET id = gen_random_uuid() WHERE number = 3 AND {}",
    "MAC": "UPDATE audit_event SET mac = sha256(mac) WHERE number = 3 AND {}",
    "no MAC": "UPDATE audit_event SET mac = NULL, key_mark = NULL WHERE number = 3 AND {}",
    "removed": "DELETE FROM audit_event WHERE number = 3 AND {}",
    "removed and closed up": (
        "DELETE FROM audit_event WHERE number = 3 AND {0};"
        "UPDATE audit_event SET number = number - 1 WHERE number > 3 AND {0}"
    ),
    "exchanged": (
        "UPDATE audit_event SET number = 9 WHERE number = 3 AND {0};"
        "UPDATE audit_event SET number = 3 WHERE number = 4 AND {0};"
        "UPDATE audit_event SET number = 4 WHERE number = 9 AND {0}"
    ),
}


@pytest.mark.parametrize("statement", CHANGED.values(), ids=CHANGED)
async def test_the_first_entry_that_was_touched_is_named(
    organisation: UUID, statement: str
) -> None:
    await happened(organisation, 5)

    await as_owner(organisation, statement)

    found = await verify_trail(organisation)
    assert (found.wrong, found.entries) == (3, 2)
    assert str(found.problem).startswith("Entry 3 ")


async def test_entries_that_lost_their_macs_are_not_taken_for_old_ones(
    organisation: UUID,
) -> None:
    await happened(organisation, 4)

    await as_owner(
        organisation,
        "UPDATE audit_event SET mac = NULL, key_mark = NULL WHERE number < 3 AND {}",
    )

    assert (await verify_trail(organisation)).wrong == 3


async def test_removed_last_entries_are_missed_with_a_head(organisation: UUID) -> None:
    await happened(organisation, 5)
    head = await head_of(organisation)

    await as_owner(organisation, "DELETE FROM audit_event WHERE number > 3 AND {}")

    found = await verify_trail(organisation, head=head)
    assert (await verify_trail(organisation)).problem is None
    assert (found.wrong, found.problem) == (
        4,
        "Entry 4 is missing: the trail ends before the head that was given, or that is the "
        "head of another trail.",
    )


async def test_entries_of_two_histories_do_not_mix(organisation: UUID) -> None:
    """A database that was restored goes on from an earlier entry, with the same key."""
    await happened(organisation, 4)
    aside = await make_organisation()
    move = (
        "UPDATE audit_event SET organisation = '{}' WHERE number = 4 AND organisation = '{}';"
    )
    await as_owner(
        organisation,
        move.format(aside, organisation) + "DELETE FROM audit_event WHERE number = 3 AND {}",  # noqa: S608 - ours
    )
    await happened(organisation, 2)
    assert (await verify_trail(organisation)).problem is None

    await as_owner(
        organisation,
        "DELETE FROM audit_event WHERE number = 4 AND {};" + move.format(organisation, aside),  # noqa: S608 - ours
    )

    assert (await verify_trail(organisation)).wrong == 4


async def test_an_entry_proves_nothing_in_another_organisation(organisation: UUID) -> None:
    await happened(organisation, 2)
    other = await make_organisation()

    await as_owner(organisation, f"UPDATE audit_event SET organisation = '{other}' WHERE {{}}")  # noqa: S608 - ours

    found = await verify_trail(other)
    assert found.wrong == 1
    assert "another trail" in str(found.problem)


async def test_entries_from_before_the_chain_are_counted_and_lead_into_it(
    organisation: UUID,
) -> None:
    async with transaction(organisation):
        await connection().execute(
            "INSERT INTO audit_event (id, organisation, number, at, actor, action, subjects, "
            "facts) VALUES ($1, $2, 1, now(), 'command_line', 'key.created', '{/}', '{}')",
            uuid4(),
            organisation,
        )
    await happened(organisation, 2)

    found = await verify_trail(organisation)

    assert (found.problem, found.entries, found.unproven) == (None, 3, 1)


@pytest.mark.parametrize("head", ["", "abc", "zz" * 32, "00" * 31])
async def test_a_head_that_is_no_mac_is_refused(organisation: UUID, head: str) -> None:
    with pytest.raises(FieldInvalid, match="64 hexadecimal digits"):
        await verify_trail(organisation, head=head)


@pytest.fixture
def another_key(database: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give what makes this process a machine with another server key."""
    return lambda: monkeypatch.setattr(audit, "_server_key", lambda: b"another key" * 4)


async def test_another_server_key_records_nothing(
    organisation: UUID, another_key: Callable[[], None]
) -> None:
    await happen(organisation, "/")
    another_key()

    with pytest.raises(TrailKeyDiffers, match="OPMODEL_SECRET_KEY"):
        await happen(organisation, "/")

    assert len((await list_events(organisation)).items) == 1


async def test_another_server_key_proves_nothing(
    organisation: UUID, another_key: Callable[[], None]
) -> None:
    await happen(organisation, "/")
    another_key()

    found = await verify_trail(organisation)
    assert (found.wrong, "another server key" in str(found.problem)) == (1, True)


async def test_a_lost_server_key_is_replaced_and_the_trail_says_so(
    organisation: UUID, another_key: Callable[[], None]
) -> None:
    await happened(organisation, 2)
    head = await head_of(organisation)
    another_key()

    changed = await adopt_server_key(organisation, by=COMMAND_LINE)
    await happen(organisation, "/")

    _, told, *_ = (await list_events(organisation)).items
    found = await verify_trail(organisation, head=head)
    assert (told.action, told.facts) == ("audit.key_changed", {"headBefore": head})
    assert (changed, found.problem, found.entries, found.unproven) == (True, None, 4, 2)


async def test_the_same_server_key_is_not_replaced(organisation: UUID) -> None:
    await happen(organisation, "/")

    assert await adopt_server_key(organisation, by=COMMAND_LINE) is False


async def test_only_a_change_of_keys_vouches_for_entries_under_another_key(
    organisation: UUID,
) -> None:
    await happened(organisation, 4)

    await as_owner(
        organisation, "UPDATE audit_event SET key_mark = '\\x00' WHERE number < 3 AND {}"
    )

    assert (await verify_trail(organisation)).wrong == 1


async def test_without_a_server_key_nothing_is_recorded(
    organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_server_key", None)

    with pytest.raises(RuntimeError, match="use_server_key"):
        await happen(organisation, "/")


def test_the_server_key_is_asked_for_only_when_it_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit, "_server_key", None)
    asked = []

    use_server_key(lambda: asked.append(1) or SERVER_KEY)  # type: ignore[func-returns-value]  # it notes the call
    assert asked == []


async def test_writers_take_turns_and_leave_no_gap(organisation: UUID) -> None:
    await asyncio.gather(*(happen(organisation, f"/{number}") for number in range(20)))

    found = await verify_trail(organisation)
    assert (found.problem, found.entries) == (None, 20)


async def test_a_submission_does_not_wait_for_the_trail(organisation: UUID) -> None:
    await make_open(organisation, {"U1": 1})
    (row,) = await rows_of(organisation, "SELECT id FROM invitation")
    holds, over = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with transaction(organisation):
            await happen(organisation, "/")
            holds.set()
            await over.wait()

    holding = asyncio.create_task(hold())
    await holds.wait()
    async with asyncio.timeout(10):
        await submit(organisation, [row["id"]])
    over.set()
    await holding


async def test_changed_settings_show_before_and_after(organisation: UUID) -> None:
    await change_organisation(organisation, OrganisationChange(min_group=9))
    await change_organisation(organisation, OrganisationChange(min_group=9))

    (event,) = (await list_events(organisation)).items
    assert (event.action, event.facts) == (
        "organisation.changed",
        {"changes": {"minGroup": {"before": 5, "after": 9}}},
    )


def test_what_is_equal_is_no_change() -> None:
    actor = Actor(kind=ActorKind.KEY)

    assert changes(actor, actor) == {}


def test_many_ids_are_counted_and_listed_within_bounds() -> None:
    many = [f"{number:05}" for number in range(audit.MOST_LISTED + 1)]

    assert listed(gone=many, came=[]) == {
        "gone": {"count": len(many), "ids": many[: audit.MOST_LISTED]}
    }


async def test_one_trail_of_another_key_keeps_no_entry_from_the_others(
    organisation: UUID, other_organisation: UUID
) -> None:
    try:
        use_server_key(lambda: b"another key" * 4)
        await adopt_server_key(organisation, by=COMMAND_LINE)
    finally:
        use_server_key(lambda: SERVER_KEY)

    with pytest.raises(TrailKeyDiffers):
        await record_for_all(AuditAction.BACKUP_MADE, facts={})

    assert (await list_events(other_organisation)).items[0].action == AuditAction.BACKUP_MADE
