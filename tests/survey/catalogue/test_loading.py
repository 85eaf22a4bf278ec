"""Operating models of an organisation's own: loaded whole or not at all, by version."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from seed.content import operating_models
from seed.loader import load_standard_content
from survey.access.actors import COMMAND_LINE
from survey.access.audit_reading import list_events
from survey.catalogue.errors import CatalogueVersionTaken
from survey.catalogue.loading import (
    OperatingModelsInvalid,
    OperatingModelsReplaced,
    load_operating_models,
)
from survey.catalogue.operating_models import OperatingModels
from survey.catalogue.store import read_catalogue
from survey.errors import FieldInvalid
from tests.factories.server import NOW


@pytest.fixture(autouse=True)
async def standard(organisation: UUID) -> None:
    """Give the organisation the standard instrument and the standard models."""
    await load_standard_content(organisation, now=NOW)


def own(version: str = "acme-1", **fields: Any) -> OperatingModels:
    """Return the standard models with another name of the first, as a version of one's own."""
    first, *others = operating_models().models
    renamed = {"name": {"en": "Acme centre"}} | fields
    return OperatingModels(
        version=version, models=(msgspec.structs.replace(first, **renamed), *others)
    )


async def load(organisation: UUID, models: OperatingModels) -> bool:
    return await load_operating_models(organisation, models, by=COMMAND_LINE)


async def held(organisation: UUID) -> OperatingModels:
    return await read_catalogue(organisation, "operating_models", OperatingModels)


async def test_what_was_loaded_holds(organisation: UUID) -> None:
    assert await load(organisation, own()) is True
    assert await held(organisation) == own()


async def test_loading_again_changes_nothing(organisation: UUID) -> None:
    await load(organisation, own())
    told = (await list_events(organisation)).items

    assert await load(organisation, own()) is False
    assert (await list_events(organisation)).items == told


async def test_standard_content_does_not_replace_what_is_ones_own(organisation: UUID) -> None:
    await load(organisation, own())

    await load_standard_content(organisation, now=NOW)

    assert (await held(organisation)).version == "acme-1"


async def test_a_version_never_changes(organisation: UUID) -> None:
    await load(organisation, own())

    with pytest.raises(CatalogueVersionTaken):
        await load(organisation, own(name={"en": "Other"}))
    assert await held(organisation) == own()


async def test_returning_to_a_version_takes_a_new_name(organisation: UUID) -> None:
    await load(organisation, own())
    await load(organisation, own("acme-2", name={"en": "Other"}))

    with pytest.raises(OperatingModelsReplaced, match="acme-2"):
        await load(organisation, own())

    assert await load(organisation, own("acme-3")) is True


async def test_what_is_wrong_is_all_named_and_nothing_stored(organisation: UUID) -> None:
    with pytest.raises(OperatingModelsInvalid, match="And 1 more") as refusal:
        await load(organisation, own("7", name={}, anchors={}))

    assert len(refusal.value.facts["problems"]) == 11
    assert (await held(organisation)).version == operating_models().version


async def test_a_version_fits_its_field(organisation: UUID) -> None:
    with pytest.raises(FieldInvalid, match="version"):
        await load(organisation, own("a" * 33))


async def test_it_stays_with_its_organisation(
    organisation: UUID, other_organisation: UUID
) -> None:
    await load_standard_content(other_organisation, now=NOW)
    await load(organisation, own())

    assert (await held(other_organisation)).version == operating_models().version


async def test_the_trail_names_the_version(organisation: UUID) -> None:
    await load(organisation, own())

    event = (await list_events(organisation)).items[0]
    assert (event.action, event.subjects) == ("catalogue.loaded", ("/v1/operating-models",))
    assert event.facts == {"kind": "operating_models", "version": "acme-1"}
