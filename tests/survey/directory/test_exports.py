"""Files as HR tools and spreadsheets write them mean the same people."""

from uuid import UUID

import pytest

from survey.directory.people import known_people, read_person, sync_people
from survey.directory.sync import SyncReport
from survey.directory.units import active_unit_codes, sync_units
from survey.files.complaints import FileRejected
from survey.files.people import read_people
from survey.files.units import read_units
from tests.data import DATA

pytestmark = pytest.mark.usefixtures("database")

FILES = DATA / "directory"


@pytest.fixture
async def company(organisation: UUID) -> UUID:
    await sync_units(organisation, read_units(FILES / "units.csv", name="units.csv"))
    await load(organisation, "people.csv")
    return organisation


async def load(organisation: UUID, name: str) -> SyncReport:
    file = read_people(
        FILES / name,
        name=name,
        unit_codes=await active_unit_codes(organisation),
        known_people=await known_people(organisation),
    )
    return await sync_people(organisation, file)


async def test_ids_whose_zeros_a_spreadsheet_dropped_are_refused(company: UUID) -> None:
    with pytest.raises(FileRejected) as caught:
        await load(company, "people_zeros_lost.csv")

    (complaint,) = caught.value.complaints
    assert complaint.expected == (
        "an address of nobody else; the address belongs to 000001; did leading zeros get lost?"
    )
    assert complaint.count == 60
    assert len(await known_people(company)) == 60


@pytest.mark.parametrize(
    ("name", "person", "address"),
    [
        ("people_mail_00.csv", "M0", "p100@example.com"),
        ("people_mail_01.csv", "M1", "p101@example.com"),
        ("people_mail_02.csv", "M2", "p102@example.com"),
        ("people_mail_03.csv", "M3", "p103@example.com"),
        ("people_mail_04.csv", "M4", "p104@example.com"),
        ("people_mail_11.csv", "M11", "p110@example.com"),
        ("people_mail_12.csv", "M12", "p111@example.com"),
    ],
)
async def test_an_address_with_one_reading_is_cleaned(
    company: UUID, name: str, person: str, address: str
) -> None:
    report = await load(company, name)

    assert (await read_person(company, person)).email == address
    assert [notice.code for notice in report.notices] == ["address"]


async def test_an_address_with_two_points_in_a_row_is_refused(company: UUID) -> None:
    with pytest.raises(FileRejected, match="two periods in a row"):
        await load(company, "people_mail_10.csv")


async def test_a_leaver_in_a_column_of_states_is_not_created(company: UUID) -> None:
    report = await load(company, "people_status.csv")

    assert report.created == ()
    assert [notice.code for notice in report.notices] == ["names", "inactive_unknown"]


async def test_roles_and_functions_are_read_in_any_case(company: UUID) -> None:
    await load(company, "people_function_case.csv")

    person = await read_person(company, "L1")
    assert (person.role, person.function) == ("contributor", "it")


async def test_a_locale_is_read_with_an_underscore(company: UUID) -> None:
    await load(company, "people_locale_underscore.csv")

    assert (await read_person(company, "L1")).locale == "en-US"


async def test_a_contractor_needs_no_address(company: UUID) -> None:
    report = await load(company, "people_no_mail.csv")

    assert (report.created, report.notices) == (("C1",), ())


async def test_an_export_of_workday_is_read(company: UUID) -> None:
    await load(company, "people_workday.csv")

    person = await read_person(company, "21001")
    assert (person.email, person.unit_code, person.role, person.function) == (
        "w1@example.com",
        "U001",
        "contributor",
        "it",
    )


async def test_names_of_all_scripts_stay_as_they_are(company: UUID) -> None:
    await load(company, "people_names.csv")

    assert (await read_person(company, "N1")).display_name == "山田 太郎"
    assert (await read_person(company, "N3")).display_name == "=1+1"
