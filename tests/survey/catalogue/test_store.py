"""The catalogue: loaded by version, loaded twice without effect."""

from uuid import UUID

import msgspec
import pytest

from models.catalogue import Catalogue
from models.engine import transaction
from survey.catalogue.errors import CatalogueNotFound, CatalogueVersionTaken
from survey.catalogue.store import load_catalogue, read_catalogue
from survey.errors import FieldInvalid

pytestmark = pytest.mark.usefixtures("database")


class Levels(msgspec.Struct, frozen=True):
    version: str
    names: tuple[str, ...]


CONTENT = Levels(version="1", names=("first", "second"))


async def count(organisation: UUID) -> int:
    async with transaction(organisation):
        return await Catalogue.count()


async def test_content_comes_back_in_its_shape(organisation: UUID) -> None:
    await load_catalogue(organisation, "maturity_levels", "1", CONTENT)

    assert await read_catalogue(organisation, "maturity_levels", Levels) == CONTENT


async def test_content_comes_back_as_a_mapping_if_no_shape_is_given(
    organisation: UUID,
) -> None:
    await load_catalogue(organisation, "maturity_levels", "1", {"version": "1"})

    assert await read_catalogue(organisation, "maturity_levels") == {"version": "1"}


async def test_loading_twice_changes_nothing(organisation: UUID) -> None:
    first = await load_catalogue(organisation, "maturity_levels", "1", CONTENT)

    second = await load_catalogue(organisation, "maturity_levels", "1", CONTENT)

    assert (first, second, await count(organisation)) == (True, False, 1)


async def test_another_content_is_another_version(organisation: UUID) -> None:
    await load_catalogue(organisation, "maturity_levels", "1", CONTENT)

    with pytest.raises(CatalogueVersionTaken):
        await load_catalogue(organisation, "maturity_levels", "1", {"version": "1"})

    assert await read_catalogue(organisation, "maturity_levels", Levels) == CONTENT


async def test_the_version_loaded_last_is_the_one_read(organisation: UUID) -> None:
    for version in ("10", "9"):
        await load_catalogue(organisation, "phases", version, {"version": version})

    assert await read_catalogue(organisation, "phases") == {"version": "9"}
    assert await read_catalogue(organisation, "phases", version="10") == {"version": "10"}


async def test_what_was_not_loaded_is_not_found(organisation: UUID) -> None:
    await load_catalogue(organisation, "phases", "1", {})

    with pytest.raises(CatalogueNotFound):
        await read_catalogue(organisation, "evidence")
    with pytest.raises(CatalogueNotFound):
        await read_catalogue(organisation, "phases", version="2")


@pytest.mark.parametrize(
    ("kind", "version"), [("recipes", "1"), ("phases", ""), ("phases", "v" * 33)]
)
async def test_a_kind_or_version_that_cannot_be_is_refused(
    organisation: UUID, kind: str, version: str
) -> None:
    with pytest.raises(FieldInvalid):
        await load_catalogue(organisation, kind, version, {})

    assert await count(organisation) == 0


async def test_a_catalogue_stays_with_its_organisation(
    organisation: UUID, other_organisation: UUID
) -> None:
    await load_catalogue(organisation, "phases", "1", {})

    with pytest.raises(CatalogueNotFound):
        await read_catalogue(other_organisation, "phases")
