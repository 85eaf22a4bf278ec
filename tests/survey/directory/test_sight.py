"""A reader restricted to one unit sees that unit and those below it."""

from uuid import UUID

import pytest

from survey.directory.errors import PersonNotFound, UnitNotFound
from survey.directory.people import list_people, read_person, sync_people
from survey.directory.sight import subtree
from survey.directory.units import list_units, read_unit, sync_units
from survey.errors import FieldInvalid
from tests.factories.directory import people_file, person, unit, unit_file


@pytest.fixture
async def tree(organisation: UUID) -> UUID:
    """Give an organisation with two divisions of two units each."""
    await sync_units(
        organisation,
        unit_file(
            unit("C"),
            *(unit(division, "C") for division in ("D1", "D2")),
            *(unit(f"{division}{end}", division) for division in ("D1", "D2") for end in "ab"),
        ),
    )
    codes = ("C", "D1", "D1a", "D1b", "D2", "D2a")
    await sync_people(organisation, people_file(*(person(f"p-{code}", code) for code in codes)))
    return organisation


async def visible(organisation: UUID, within: str) -> list[str]:
    page = await list_units(organisation, within=within)
    return [unit.code for unit in page.items]


async def test_a_unit_and_those_below_it_are_visible(tree: UUID) -> None:
    assert await visible(tree, "D1") == ["D1", "D1a", "D1b"]
    assert await visible(tree, "D2b") == ["D2b"]


async def test_below_a_unit_that_does_not_exist_there_is_nothing(tree: UUID) -> None:
    assert await visible(tree, "X") == []


async def test_another_organisations_tree_is_out_of_sight(
    tree: UUID, other_organisation: UUID
) -> None:
    assert await visible(other_organisation, "D1") == []


async def test_lists_hold_what_is_visible_page_by_page(tree: UUID) -> None:
    first = await list_people(tree, within="D1", after=None, limit=2)
    rest = await list_people(tree, within="D1", after=first.next, limit=2)

    assert [one.external_id for one in first.items] == ["p-D1", "p-D1a"]
    assert [one.external_id for one in rest.items] == ["p-D1b"]
    assert rest.next is None


async def test_without_a_limit_of_sight_lists_hold_everything(tree: UUID) -> None:
    found = await list_units(tree, within=None, after=None, limit=100)

    assert len(found.items) == 7


async def test_what_is_out_of_sight_is_not_found(tree: UUID) -> None:
    with pytest.raises(UnitNotFound):
        await read_unit(tree, "D2", within="D1")
    with pytest.raises(PersonNotFound):
        await read_person(tree, "p-D2", within="D1")


async def test_what_is_in_sight_is_read(tree: UUID) -> None:
    assert (await read_unit(tree, "D1a", within="D1")).code == "D1a"
    assert (await read_person(tree, "p-D1a", within="D1")).unit_code == "D1a"


async def test_a_page_of_no_entries_is_refused(tree: UUID) -> None:
    with pytest.raises(FieldInvalid):
        await list_units(tree, within="D1", after=None, limit=0)


def test_a_tree_on_paper_is_cut_the_same_way() -> None:
    parents = {"C": None, "D1": "C", "D2": "C", "D1a": "D1"}

    assert subtree(parents, "D1") == {"D1", "D1a"}
    assert subtree(parents, "C") == set(parents)
    assert subtree(parents, "X") == frozenset()
