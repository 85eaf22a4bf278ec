"""The tree of units: synchronised from files, never taken apart in silence."""

import asyncio
from uuid import UUID, uuid4

import pytest

from survey.directory.errors import (
    KeysAlike,
    OrganisationNotFound,
    UnitNotFound,
    UnitsInUse,
    ValueTooLong,
)
from survey.directory.people import sync_people
from survey.directory.sync import SyncReport
from survey.directory.units import (
    UnitView,
    active_unit_codes,
    list_units,
    read_unit,
    sync_units,
)
from survey.errors import FieldInvalid
from survey.files.complaints import FileRejected
from tests.factories.directory import people_file, person, unit, unit_file
from tests.survey.directory.stored import respell

pytestmark = pytest.mark.usefixtures("database")

TREE = (unit("ALL"), unit("D1", "ALL"), unit("U1", "D1"), unit("U2", "D1"))


async def tree_of(organisation: UUID) -> dict[str, str | None]:
    page = await list_units(organisation, limit=1000)
    return {found.code: found.parent_code for found in page.items}


async def test_a_first_file_creates_the_tree(organisation: UUID) -> None:
    report = await sync_units(organisation, unit_file(*TREE))

    assert report.created == ("ALL", "D1", "U1", "U2")
    assert await tree_of(organisation) == {"ALL": None, "D1": "ALL", "U1": "D1", "U2": "D1"}


async def test_parents_may_stand_below_their_children(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(*reversed(TREE)))

    assert (await tree_of(organisation))["U2"] == "D1"


async def test_the_same_file_again_changes_nothing(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(*TREE))

    again = await sync_units(organisation, unit_file(*TREE))

    assert again == SyncReport(
        created=(), changed=(), missing=(), deactivated=(), unchanged=4, dry_run=False
    )


async def test_a_unit_takes_name_parent_and_headcount_of_the_file(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(*TREE))
    moved = unit("U2", "ALL", name="Sales", headcount=3)

    report = await sync_units(organisation, unit_file(*TREE[:3], moved))

    assert report.changed == ("U2",)
    assert await read_unit(organisation, "U2") == UnitView(
        code="U2", name="Sales", parent_code="ALL", headcount=3, active=True
    )


async def test_a_unit_may_move_below_one_that_is_new(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(*TREE))

    await sync_units(organisation, unit_file(*TREE[:3], unit("D2", "ALL"), unit("U2", "D2")))

    assert (await tree_of(organisation))["U2"] == "D2"


async def test_a_missing_unit_is_reported_and_stays(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(*TREE))

    report = await sync_units(organisation, unit_file(*TREE[:3]))

    assert (report.missing, report.deactivated) == (("U2",), ())
    assert (await read_unit(organisation, "U2")).active


async def test_a_missing_unit_is_deactivated_when_asked(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(*TREE))

    report = await sync_units(organisation, unit_file(*TREE[:3]), deactivate_missing=True)

    assert (report.missing, report.deactivated) == (("U2",), ("U2",))
    assert not (await read_unit(organisation, "U2")).active
    assert await active_unit_codes(organisation) == {"ALL", "D1", "U1"}


async def test_an_inactive_unit_comes_back_with_the_file(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(*TREE))
    await sync_units(organisation, unit_file(*TREE[:3]), deactivate_missing=True)

    report = await sync_units(organisation, unit_file(*TREE))

    assert report.changed == ("U2",)
    assert (await read_unit(organisation, "U2")).active


async def test_a_unit_that_holds_people_is_not_deactivated(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(*TREE))
    await sync_people(organisation, people_file(person("ann", "U2")))
    cut = unit_file(unit("ALL", name="Renamed"), *TREE[1:3])

    with pytest.raises(UnitsInUse) as caught:
        await sync_units(organisation, cut, deactivate_missing=True)

    assert caught.value.facts == {"units": ["U2"]}
    assert (await read_unit(organisation, "ALL")).name == "Unit ALL"


async def test_a_dry_run_reports_and_writes_nothing(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(*TREE[:3]))

    report = await sync_units(
        organisation, unit_file(*TREE[:2], TREE[3]), dry_run=True, deactivate_missing=True
    )

    assert report == SyncReport(
        created=("U2",),
        changed=(),
        missing=("U1",),
        deactivated=("U1",),
        unchanged=2,
        dry_run=True,
    )
    assert await tree_of(organisation) == {"ALL": None, "D1": "ALL", "U1": "D1"}
    assert (await read_unit(organisation, "U1")).active


async def test_a_code_that_does_not_fit_stops_the_whole_file(organisation: UUID) -> None:
    with pytest.raises(ValueTooLong) as caught:
        await sync_units(organisation, unit_file(unit("ALL"), unit("c" * 65, "ALL")))

    assert caught.value.facts["field"] == "code"
    assert await tree_of(organisation) == {}


async def test_a_code_as_long_as_its_field_is_stored(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(unit("c" * 64, name="n" * 200)))

    assert await tree_of(organisation) == {"c" * 64: None}


async def test_two_files_at_once_end_as_one_after_the_other(organisation: UUID) -> None:
    reports = await asyncio.gather(
        sync_units(organisation, unit_file(*TREE)), sync_units(organisation, unit_file(*TREE))
    )

    assert sorted(len(report.created) for report in reports) == [0, 4]


@pytest.mark.parametrize(("known", "given"), [("U1", "u1"), ("0100", "100")])
async def test_a_code_that_differs_from_a_known_one_in_case_or_zeros_is_refused(
    organisation: UUID, known: str, given: str
) -> None:
    await sync_units(organisation, unit_file(unit("ALL"), unit(known, "ALL")))

    with pytest.raises(KeysAlike, match=f"'{given}' and '{known}'"):
        await sync_units(organisation, unit_file(unit("ALL"), unit(given, "ALL")))

    assert await tree_of(organisation) == {"ALL": None, known: "ALL"}


async def test_a_code_is_stored_and_found_in_its_canonical_form(organisation: UUID) -> None:
    report = await sync_units(organisation, unit_file(unit("\u200bZu\u0308rich\u00a0")))

    assert report.created == ("Zürich",)
    assert [notice.code for notice in report.notices] == ["spelling"]
    assert (await read_unit(organisation, "Zu\u0308rich\u200b")).code == "Zürich"


async def test_a_stored_code_gets_its_canonical_form(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(*TREE))
    await respell(organisation, "business_unit.code", "D1", "D1\u200b")

    report = await sync_units(organisation, unit_file(*TREE))

    assert (report.created, report.unchanged) == ((), 4)
    assert set(await tree_of(organisation)) == {"ALL", "D1", "U1", "U2"}


async def test_stored_codes_with_the_same_canonical_form_are_both_named(
    organisation: UUID,
) -> None:
    await sync_units(organisation, unit_file(*TREE))
    await respell(organisation, "business_unit.code", "U2", "U1\u200b")

    with pytest.raises(KeysAlike) as caught:
        await sync_units(organisation, unit_file(*TREE))

    assert r"U1\u200b" in str(caught.value)


async def test_a_unit_that_the_file_marks_as_inactive_is_deactivated_or_not_created(
    organisation: UUID,
) -> None:
    await sync_units(organisation, unit_file(*TREE))
    closed = unit("U2", "GONE", headcount="", active="no")

    report = await sync_units(
        organisation, unit_file(*TREE[:3], closed, unit("U3", active="no"))
    )

    assert (report.created, report.deactivated, report.missing) == ((), ("U2",), ())
    assert [(notice.code) for notice in report.notices] == ["inactive_unknown"]
    assert not (await read_unit(organisation, "U2")).active


async def test_an_active_unit_is_not_below_an_inactive_one(organisation: UUID) -> None:
    with pytest.raises(FileRejected, match="the code of a unit in this file"):
        unit_file(unit("ALL"), unit("D1", "ALL", active="no"), unit("U1", "D1"))


async def test_a_root_that_is_its_own_parent_is_a_root(organisation: UUID) -> None:
    report = await sync_units(organisation, unit_file(unit("ALL", "ALL"), unit("U1", "ALL")))

    assert [notice.code for notice in report.notices] == ["own_parent"]
    assert await tree_of(organisation) == {"ALL": None, "U1": "ALL"}


async def test_pages_follow_each_other_by_code(organisation: UUID) -> None:
    await sync_units(organisation, unit_file(*TREE))

    first = await list_units(organisation, limit=3)
    second = await list_units(organisation, after=first.next, limit=3)

    assert [[found.code for found in page.items] for page in (first, second)] == [
        ["ALL", "D1", "U1"],
        ["U2"],
    ]
    assert (first.next, second.next) == ("U1", None)


async def test_a_page_has_a_size(organisation: UUID) -> None:
    with pytest.raises(FieldInvalid):
        await list_units(organisation, limit=0)


async def test_a_unit_of_another_organisation_is_not_found(
    organisation: UUID, other_organisation: UUID
) -> None:
    await sync_units(other_organisation, unit_file(*TREE))

    with pytest.raises(UnitNotFound):
        await read_unit(organisation, "U1")
    assert await tree_of(organisation) == {}


async def test_an_organisation_that_does_not_exist_has_no_tree(database: str) -> None:
    with pytest.raises(OrganisationNotFound):
        await sync_units(uuid4(), unit_file(*TREE))
