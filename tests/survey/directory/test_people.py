"""People: synchronised from files into units that exist."""

from typing import Any
from uuid import UUID

import pytest

from survey.directory.errors import (
    AddressesTaken,
    KeysAlike,
    ManagersUnknown,
    PersonNotFound,
    UnexpectedDeactivations,
    UnitsUnknown,
    ValueTooLong,
)
from survey.directory.people import (
    PersonView,
    known_people,
    list_people,
    read_person,
    sync_people,
)
from survey.directory.sync import SyncReport
from survey.directory.units import sync_units
from tests.factories.directory import people_file, person, unit, unit_file
from tests.survey.directory.stored import respell

pytestmark = pytest.mark.usefixtures("database")

ANN = person(
    "ann",
    "U1",
    role="manager",
    function="it",
    locale="de-CH",
    manager_external_id="bob",
    time_zone="Europe/Zurich",
)
BOB = person("bob", "ALL", role="sponsor")
CEM = person("cem", "U1")
DAN = person("dan", "U1")


@pytest.fixture
async def company(organisation: UUID) -> UUID:
    await sync_units(organisation, unit_file(unit("ALL"), unit("U1", "ALL"), unit("U2", "ALL")))
    return organisation


async def test_a_first_file_creates_everybody(company: UUID) -> None:
    report = await sync_people(company, people_file(ANN, BOB, CEM))

    assert report.created == ("ann", "bob", "cem")
    assert await read_person(company, "ann") == PersonView(
        external_id="ann",
        email="ann@example.com",
        display_name="Person ann",
        unit_code="U1",
        role="manager",
        function="it",
        locale="de-CH",
        manager_external_id="bob",
        time_zone="Europe/Zurich",
        active=True,
    )


async def test_the_same_file_again_changes_nothing(company: UUID) -> None:
    await sync_people(company, people_file(ANN, BOB, CEM))

    again = await sync_people(company, people_file(ANN, BOB, CEM))

    assert again == SyncReport(
        created=(), changed=(), missing=(), deactivated=(), unchanged=3, dry_run=False
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "new@example.com"),
        ("display_name", "Ann Other"),
        ("unit_code", "U2"),
        ("role", "contributor"),
        ("function", ""),
        ("locale", "en"),
        ("manager_external_id", "cem"),
    ],
)
async def test_every_field_follows_the_file(company: UUID, field: str, value: str) -> None:
    await sync_people(company, people_file(ANN, BOB, CEM))

    report = await sync_people(company, people_file(ANN | {field: value}, BOB, CEM))

    assert report.changed == ("ann",)
    assert getattr(await read_person(company, "ann"), field) == (value or None)


async def test_a_missing_person_is_reported_and_stays(company: UUID) -> None:
    await sync_people(company, people_file(BOB, CEM))

    report = await sync_people(company, people_file(BOB))

    assert (report.missing, report.deactivated) == (("cem",), ())
    assert (await read_person(company, "cem")).active


async def test_a_missing_person_is_deactivated_when_asked_and_may_come_back(
    company: UUID,
) -> None:
    await sync_people(company, people_file(BOB, CEM))

    gone = await sync_people(company, people_file(BOB), deactivate_missing=True)
    was_active = (await read_person(company, "cem")).active
    back = await sync_people(company, people_file(BOB, CEM))

    assert (gone.deactivated, was_active, back.changed) == (("cem",), False, ("cem",))


@pytest.mark.parametrize("gone", ["U9", "U2"])
async def test_nobody_is_put_into_a_unit_that_is_unknown_or_inactive(
    company: UUID, gone: str
) -> None:
    tree = unit_file(unit("ALL"), unit("U1", "ALL"))
    await sync_units(company, tree, deactivate_missing=True)

    with pytest.raises(UnitsUnknown) as caught:
        await sync_people(company, people_file(BOB, person("dan", gone)))

    assert caught.value.facts == {"units": [gone]}
    assert await known_people(company) == {}


async def test_a_manager_is_in_the_file_or_known_already(company: UUID) -> None:
    with pytest.raises(ManagersUnknown) as caught:
        await sync_people(company, people_file(ANN))

    assert caught.value.facts == {"managers": ["bob"]}
    assert await known_people(company) == {}


async def test_a_known_manager_need_not_be_in_the_file(company: UUID) -> None:
    await sync_people(company, people_file(BOB))

    report = await sync_people(company, people_file(ANN))

    assert report.created == ("ann",)


async def test_a_dry_run_reports_and_writes_nothing(company: UUID) -> None:
    await sync_people(company, people_file(BOB))

    report = await sync_people(company, people_file(CEM), dry_run=True, deactivate_missing=True)

    assert (report.created, report.deactivated, report.dry_run) == (("cem",), ("bob",), True)
    assert await known_people(company) == {"bob": "bob@example.com"}
    assert (await read_person(company, "bob")).active


async def test_an_id_that_does_not_fit_stops_the_whole_file(company: UUID) -> None:
    with pytest.raises(ValueTooLong) as caught:
        await sync_people(
            company, people_file(BOB, person("x" * 129, "U1", email="x@example.com"))
        )

    assert caught.value.facts["field"] == "external_id"
    assert await known_people(company) == {}


async def test_pages_follow_each_other_by_external_id(company: UUID) -> None:
    await sync_people(company, people_file(ANN, BOB, CEM))

    first = await list_people(company, limit=2)
    second = await list_people(company, after=first.next, limit=2)

    assert [found.external_id for page in (first, second) for found in page.items] == [
        "ann",
        "bob",
        "cem",
    ]


async def test_a_person_of_another_organisation_is_not_found(
    company: UUID, other_organisation: UUID
) -> None:
    await sync_people(company, people_file(BOB))

    with pytest.raises(PersonNotFound):
        await read_person(other_organisation, "bob")
    assert await known_people(other_organisation) == {}


async def test_a_large_file_is_written_in_one_go(company: UUID) -> None:
    many = people_file(*(person(f"p{number}", "U1") for number in range(20_000)))

    report = await sync_people(company, many)

    assert len(report.created) == len(await known_people(company)) == 20_000


async def test_a_person_needs_no_address(company: UUID) -> None:
    await sync_people(company, people_file(BOB | {"email": ""}))

    assert (await read_person(company, "bob")).email is None


async def test_an_address_that_a_file_takes_away_is_told(company: UUID) -> None:
    await sync_people(company, people_file(BOB, CEM))

    report = await sync_people(company, people_file(BOB | {"email": ""}, CEM))

    assert [notice.code for notice in report.notices] == ["address_removed"]


async def test_people_exchange_their_addresses_in_one_file(company: UUID) -> None:
    await sync_people(company, people_file(BOB, CEM))
    exchanged = (BOB | {"email": CEM["email"]}, CEM | {"email": BOB["email"]})

    report = await sync_people(company, people_file(*exchanged))

    assert report.changed == ("bob", "cem")
    assert (await read_person(company, "bob")).email == "cem@example.com"


@pytest.mark.parametrize("email", ["bob@example.com", "BOB@Example.COM", "<bob@example.com>"])
async def test_nobody_gets_the_address_of_somebody_whom_the_file_does_not_name(
    company: UUID, email: str
) -> None:
    await sync_people(company, people_file(BOB))

    with pytest.raises(AddressesTaken, match="the address belongs to bob"):
        await sync_people(company, people_file(CEM | {"email": email}))

    assert await known_people(company) == {"bob": "bob@example.com"}


async def test_a_request_to_deactivate_the_owner_does_not_free_their_address(
    company: UUID,
) -> None:
    await sync_people(company, people_file(BOB))
    taken = people_file(CEM | {"email": BOB["email"]})

    with pytest.raises(AddressesTaken):
        await sync_people(company, taken, deactivate_missing=True)


async def test_an_address_of_somebody_who_has_left_is_free(company: UUID) -> None:
    await sync_people(company, people_file(BOB, CEM))
    await sync_people(company, people_file(BOB), deactivate_missing=True)

    report = await sync_people(company, people_file(BOB, DAN | {"email": CEM["email"]}))

    assert report.created == ("dan",)


async def test_whoever_comes_back_does_not_get_an_address_that_was_passed_on(
    company: UUID,
) -> None:
    await sync_people(company, people_file(CEM))
    await sync_people(company, people_file(CEM | {"active": "no"}))
    await sync_people(company, people_file(DAN | {"email": CEM["email"]}))

    with pytest.raises(AddressesTaken, match="belongs to dan"):
        await sync_people(company, people_file(CEM))


async def test_lost_zeros_are_named(company: UUID) -> None:
    await sync_people(company, people_file(person("007", "U1")))

    with pytest.raises(AddressesTaken, match="belongs to 007; did leading zeros get lost"):
        await sync_people(company, people_file(person("7", "U1", email="007@example.com")))


@pytest.mark.parametrize("spelled", ["7", "00007"])
async def test_lost_zeros_of_people_without_an_address_are_noticed(
    company: UUID, spelled: str
) -> None:
    await sync_people(company, people_file(person("007", "U1", email="")))

    with pytest.raises(KeysAlike, match="did leading zeros get lost"):
        await sync_people(company, people_file(person(spelled, "U1", email="")))


async def test_an_id_in_another_case_is_noticed(company: UUID) -> None:
    await sync_people(company, people_file(BOB))

    with pytest.raises(KeysAlike, match="'BOB' and 'bob'"):
        await sync_people(company, people_file(person("BOB", "U1", email="")))


async def test_a_file_that_names_both_spellings_means_two_people(company: UUID) -> None:
    await sync_people(company, people_file(person("007", "U1")))

    report = await sync_people(company, people_file(person("007", "U1"), person("7", "U1")))

    assert report.created == ("7",)


async def test_a_stored_id_gets_its_canonical_form(company: UUID) -> None:
    await sync_people(company, people_file(BOB))
    await respell(company, "person.external_id", "bob", "bob\u200b")

    report = await sync_people(company, people_file(BOB))

    assert (report.created, report.unchanged) == ((), 1)
    assert await known_people(company) == {"bob": "bob@example.com"}


async def test_a_person_is_found_in_any_spelling(company: UUID) -> None:
    await sync_people(company, people_file(BOB))

    assert (await read_person(company, "\u00a0bob\u200b")).external_id == "bob"


async def test_somebody_whom_the_file_marks_as_inactive_is_deactivated(company: UUID) -> None:
    await sync_people(company, people_file(BOB, CEM))

    report = await sync_people(company, people_file(BOB, CEM | {"active": "Terminated"}))
    again = await sync_people(company, people_file(BOB, CEM | {"active": "no"}))

    assert (report.deactivated, report.missing, report.unchanged) == (("cem",), (), 1)
    assert not (await read_person(company, "cem")).active
    assert (again.deactivated, again.unchanged) == ((), 2)


async def test_somebody_inactive_who_is_not_known_is_not_created(company: UUID) -> None:
    report = await sync_people(company, people_file(BOB, CEM | {"active": "no"}))

    assert (report.created, [notice.code for notice in report.notices]) == (
        ("bob",),
        ["inactive_unknown"],
    )
    assert set(await known_people(company)) == {"bob"}


def staff(count: int, **fields: str) -> list[dict[str, Any]]:
    return [person(f"p{number:03}", "U1", **fields) for number in range(count)]


async def test_up_to_twenty_people_are_deactivated_without_a_number(company: UUID) -> None:
    await sync_people(company, people_file(*staff(30)))

    report = await sync_people(company, people_file(*staff(10)), deactivate_missing=True)

    assert len(report.deactivated) == 20


async def test_up_to_a_tenth_is_deactivated_without_a_number(company: UUID) -> None:
    await sync_people(company, people_file(*staff(300)))

    report = await sync_people(company, people_file(*staff(270)), deactivate_missing=True)

    assert len(report.deactivated) == 30


@pytest.mark.parametrize("marked", [True, False])
async def test_more_people_are_deactivated_only_if_their_number_is_stated(
    company: UUID, *, marked: bool
) -> None:
    await sync_people(company, people_file(*staff(100)))
    gone = [row | {"active": "no"} for row in staff(100)[79:]] if marked else []
    shorter = people_file(*staff(79), *gone)

    with pytest.raises(UnexpectedDeactivations, match="21 of 100 active people") as caught:
        await sync_people(company, shorter, deactivate_missing=True)
    assert caught.value.facts == {"deactivated": 21, "active": 100, "expected": None}
    assert (await read_person(company, "p099")).active

    report = await sync_people(company, shorter, deactivate_missing=True, expect_deactivated=21)
    assert len(report.deactivated) == 21


@pytest.mark.parametrize("stated", [0, 1, 3])
async def test_a_number_that_was_stated_is_right(company: UUID, stated: int) -> None:
    await sync_people(company, people_file(BOB, CEM, DAN))

    with pytest.raises(UnexpectedDeactivations, match=f"2 of 3 active people, not {stated}"):
        await sync_people(
            company, people_file(BOB), deactivate_missing=True, expect_deactivated=stated
        )


async def test_a_dry_run_tells_the_number_to_state(company: UUID) -> None:
    await sync_people(company, people_file(*staff(30)))

    report = await sync_people(
        company, people_file(*staff(9)), deactivate_missing=True, dry_run=True
    )

    assert [notice.message for notice in report.notices] == [
        "So many people are deactivated only if the request states the number: 21."
    ]
