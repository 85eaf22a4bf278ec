"""Instruments: drafts may change, published versions never."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from models.engine import transaction
from models.instrument import Instrument
from survey.errors import FieldInvalid
from survey.instruments.definition import checksum
from survey.instruments.errors import (
    InstrumentIncomplete,
    InstrumentNotFound,
    InstrumentPublished,
)
from survey.instruments.store import (
    InstrumentView,
    definition_of,
    import_instrument,
    list_instruments,
    publish_instrument,
    read_definition,
    read_instrument,
)
from tests.factories.definition import make_definition, texts

pytestmark = pytest.mark.usefixtures("database")

RENAMED = make_definition(title=texts("Renamed", "Umbenannt"))


async def count(organisation: UUID) -> int:
    async with transaction(organisation):
        return await Instrument.count()


async def test_an_import_makes_a_draft(organisation: UUID) -> None:
    made = await import_instrument(organisation, make_definition())

    assert made == InstrumentView(
        id=made.id,
        key="small",
        version=1,
        state="draft",
        checksum=checksum(make_definition()),
        published_at=None,
    )
    _, stored = await read_definition(organisation, key="small", version=1)
    assert stored == make_definition()


async def test_an_import_replaces_the_draft_of_the_same_version(organisation: UUID) -> None:
    first = await import_instrument(organisation, make_definition())

    second = await import_instrument(organisation, RENAMED)

    assert (second.id, await definition_of(organisation, first.id)) == (first.id, RENAMED)
    assert await count(organisation) == 1


async def test_versions_stand_side_by_side(organisation: UUID) -> None:
    await import_instrument(organisation, make_definition())
    await import_instrument(organisation, make_definition(version=2))

    page = await list_instruments(organisation)

    assert [(found.key, found.version) for found in page.items] == [("small", 1), ("small", 2)]


async def test_pages_follow_each_other(organisation: UUID) -> None:
    for version in (1, 2, 3):
        await import_instrument(organisation, make_definition(version=version))

    first = await list_instruments(organisation, limit=2)
    second = await list_instruments(organisation, after=first.next, limit=2)

    assert [found.version for page in (first, second) for found in page.items] == [1, 2, 3]
    assert second.next is None


async def test_publishing_is_recorded_with_its_time(organisation: UUID, now: datetime) -> None:
    await import_instrument(organisation, make_definition())

    published = await publish_instrument(organisation, key="small", version=1, now=now)

    assert (published.state, published.published_at) == ("published", now)
    assert await read_instrument(organisation, key="small", version=1) == published


async def test_a_published_version_is_not_imported_over(
    organisation: UUID, now: datetime
) -> None:
    made = await import_instrument(organisation, make_definition())
    await publish_instrument(organisation, key="small", version=1, now=now)

    with pytest.raises(InstrumentPublished):
        await import_instrument(organisation, RENAMED)

    assert await definition_of(organisation, made.id) == make_definition()


async def test_a_version_is_published_once(organisation: UUID, now: datetime) -> None:
    await import_instrument(organisation, make_definition())
    await publish_instrument(organisation, key="small", version=1, now=now)

    with pytest.raises(InstrumentPublished):
        await publish_instrument(organisation, key="small", version=1, now=now)


async def test_an_incomplete_definition_is_not_published(
    organisation: UUID, now: datetime
) -> None:
    await import_instrument(organisation, make_definition(title={"en": "Title"}))

    with pytest.raises(InstrumentIncomplete) as caught:
        await publish_instrument(organisation, key="small", version=1, now=now)

    assert caught.value.facts["problems"] == ["The title has no text in de."]
    assert (await read_instrument(organisation, key="small", version=1)).state == "draft"


async def test_what_was_never_imported_is_not_found(organisation: UUID, now: datetime) -> None:
    with pytest.raises(InstrumentNotFound):
        await publish_instrument(organisation, key="small", version=1, now=now)
    with pytest.raises(InstrumentNotFound):
        await read_instrument(organisation, key="small", version=1)
    with pytest.raises(InstrumentNotFound):
        await definition_of(organisation, uuid4())


@pytest.mark.parametrize(
    ("field", "value"), [("key", "k" * 65), ("key", ""), ("version", 0), ("version", 2**31)]
)
async def test_an_identity_that_does_not_fit_is_refused(
    organisation: UUID, field: str, value: object
) -> None:
    with pytest.raises(FieldInvalid) as caught:
        await import_instrument(organisation, make_definition(**{field: value}))

    assert caught.value.facts["field"] == field
    assert await count(organisation) == 0


async def test_a_draft_is_read_anew_each_time(organisation: UUID) -> None:
    made = await import_instrument(organisation, make_definition())
    await definition_of(organisation, made.id)
    await import_instrument(organisation, RENAMED)

    assert await definition_of(organisation, made.id) == RENAMED


async def test_a_published_definition_is_read_once(organisation: UUID, now: datetime) -> None:
    made = await import_instrument(organisation, make_definition())
    await publish_instrument(organisation, key="small", version=1, now=now)

    first = await definition_of(organisation, made.id)

    assert await definition_of(organisation, made.id) is first


async def test_what_is_remembered_stays_with_its_organisation(
    organisation: UUID, other_organisation: UUID, now: datetime
) -> None:
    made = await import_instrument(organisation, make_definition())
    await publish_instrument(organisation, key="small", version=1, now=now)
    await definition_of(organisation, made.id)

    with pytest.raises(InstrumentNotFound):
        await definition_of(other_organisation, made.id)


async def test_organisations_do_not_share_versions(
    organisation: UUID, other_organisation: UUID, now: datetime
) -> None:
    await import_instrument(other_organisation, RENAMED)
    await publish_instrument(other_organisation, key="small", version=1, now=now)

    await import_instrument(organisation, make_definition())

    _, stored = await read_definition(organisation, key="small", version=1)
    assert stored == make_definition()
