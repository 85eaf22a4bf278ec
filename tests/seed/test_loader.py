from datetime import datetime
from uuid import UUID

import msgspec
import pytest

from models.engine import connection, transaction
from seed.content import standard_instrument
from seed.demo.people import demo_people
from seed.loader import load_demo, load_standard_content
from survey.catalogue.operating_models import OperatingModels
from survey.catalogue.store import read_catalogue
from survey.instruments.importing import import_definition
from survey.instruments.store import read_definition, read_instrument
from tests.factories.languages import in_languages

TABLES = ("business_unit", "person", "instrument", "catalogue")


async def snapshot(organisation: object) -> dict[str, list[tuple[object, ...]]]:
    async with transaction(organisation):
        return {
            table: [
                tuple(row) for row in await connection().fetch(f"TABLE {table} ORDER BY id")
            ]
            for table in TABLES
        }


@pytest.fixture
async def demo(database: str, now: datetime) -> object:
    return (await load_demo(now=now)).id


async def test_the_demo_organisation_has_its_units_and_people(demo: object) -> None:
    stored = await snapshot(demo)

    assert len(stored["business_unit"]) == 30
    assert len(stored["person"]) == len(demo_people())


async def test_loading_twice_changes_nothing(demo: object, now: datetime) -> None:
    before = await snapshot(demo)

    await load_demo(now=now.replace(year=2030))

    assert await snapshot(demo) == before


async def test_the_standard_instrument_is_published(
    organisation: object, now: datetime
) -> None:
    await load_standard_content(organisation, now=now)

    found = await read_instrument(organisation, key="ai-scaling-conditions", version=1)
    assert (found.state, found.published_at) == ("published", now)


async def test_an_instrument_that_is_there_gets_the_languages_that_it_lacks(
    organisation: UUID, now: datetime
) -> None:
    early = in_languages(standard_instrument(), "en", "de", title="As it was worded then")
    await import_definition(organisation, early, publish=True, now=now)

    await load_standard_content(organisation, now=now)

    _, found = await read_definition(organisation, key=early.key, version=early.version)
    assert found.locales == ("en", "de", "fr", "es")
    assert found.title["en"] == "As it was worded then"
    assert found.title["fr"] == standard_instrument().title["fr"]


async def test_an_instrument_of_ones_own_is_left_alone(
    organisation: UUID, now: datetime
) -> None:
    own = in_languages(standard_instrument(), "en", "de")
    own = msgspec.structs.replace(own, comments=own.comments[:1])
    await import_definition(organisation, own, publish=True, now=now)

    await load_standard_content(organisation, now=now)

    assert (await read_definition(organisation, key=own.key, version=1))[1] == own


async def test_the_stored_operating_models_contain_the_anchors(
    organisation: object, now: datetime
) -> None:
    await load_standard_content(organisation, now=now)

    models = await read_catalogue(organisation, "operating_models", OperatingModels)
    assert models.anchors().models == ("coe", "federated", "hybrid_squad", "managed_service")
