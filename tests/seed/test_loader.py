from datetime import datetime

import pytest

from models.engine import connection, transaction
from seed.demo.people import demo_people
from seed.loader import load_demo, load_standard_content
from survey.catalogue.operating_models import OperatingModels
from survey.catalogue.store import read_catalogue
from survey.instruments.store import read_instrument

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


async def test_the_stored_operating_models_contain_the_anchors(
    organisation: object, now: datetime
) -> None:
    await load_standard_content(organisation, now=now)

    models = await read_catalogue(organisation, "operating_models", OperatingModels)
    assert models.anchors().models == ("coe", "federated", "hybrid_squad", "managed_service")
