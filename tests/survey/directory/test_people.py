"""People: synchronised from files into units that exist."""

from uuid import UUID

import pytest

from survey.directory.errors import ManagersUnknown, PersonNotFound, UnitsUnknown, ValueTooLong
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

pytestmark = pytest.mark.usefixtures("database")

ANN = person(
    "ann", "U1", role="manager", function="it", locale="de-CH", manager_external_id="bob"
)
BOB = person("bob", "ALL", role="sponsor")
CEM = person("cem", "U1")


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
    assert await known_people(company) == frozenset()


async def test_a_manager_is_in_the_file_or_known_already(company: UUID) -> None:
    with pytest.raises(ManagersUnknown) as caught:
        await sync_people(company, people_file(ANN))

    assert caught.value.facts == {"managers": ["bob"]}
    assert await known_people(company) == frozenset()


async def test_a_known_manager_need_not_be_in_the_file(company: UUID) -> None:
    await sync_people(company, people_file(BOB))

    report = await sync_people(company, people_file(ANN))

    assert report.created == ("ann",)


async def test_a_dry_run_reports_and_writes_nothing(company: UUID) -> None:
    await sync_people(company, people_file(BOB))

    report = await sync_people(company, people_file(CEM), dry_run=True, deactivate_missing=True)

    assert (report.created, report.deactivated, report.dry_run) == (("cem",), ("bob",), True)
    assert await known_people(company) == {"bob"}
    assert (await read_person(company, "bob")).active


async def test_an_id_that_does_not_fit_stops_the_whole_file(company: UUID) -> None:
    with pytest.raises(ValueTooLong) as caught:
        await sync_people(
            company, people_file(BOB, person("x" * 129, "U1", email="x@example.com"))
        )

    assert caught.value.facts["field"] == "external_id"
    assert await known_people(company) == frozenset()


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
    assert await known_people(other_organisation) == frozenset()


async def test_a_large_file_is_written_in_one_go(company: UUID) -> None:
    many = people_file(*(person(f"p{number}", "U1") for number in range(20_000)))

    report = await sync_people(company, many)

    assert len(report.created) == len(await known_people(company)) == 20_000
