"""Nobody overwrites a draft that they have not seen."""

from datetime import datetime
from uuid import UUID

import pytest

from survey.errors import ChangedMeanwhile
from survey.instruments.drafts import (
    InstrumentExists,
    create_draft,
    replace_draft,
)
from survey.instruments.errors import InstrumentNotFound, InstrumentPublished
from survey.instruments.store import publish_instrument, read_definition
from tests.factories.definition import make_definition, texts

FIRST = make_definition()
SECOND = make_definition(title=texts("Second", "Zweiter"))


async def test_a_version_is_created_once(organisation: UUID) -> None:
    await create_draft(organisation, FIRST)

    with pytest.raises(InstrumentExists):
        await create_draft(organisation, SECOND)

    _, stored = await read_definition(organisation, key="small", version=1)
    assert stored == FIRST


async def test_a_draft_that_was_seen_is_replaced(organisation: UUID) -> None:
    seen = (await create_draft(organisation, FIRST)).checksum

    view = await replace_draft(organisation, SECOND, seen=seen)

    assert view.checksum != seen
    _, stored = await read_definition(organisation, key="small", version=1)
    assert stored == SECOND


async def test_a_draft_that_changed_meanwhile_is_not_replaced(organisation: UUID) -> None:
    seen = (await create_draft(organisation, FIRST)).checksum
    await replace_draft(organisation, SECOND, seen=seen)

    with pytest.raises(ChangedMeanwhile):
        await replace_draft(organisation, FIRST, seen=seen)


async def test_what_does_not_exist_cannot_be_replaced(organisation: UUID) -> None:
    with pytest.raises(InstrumentNotFound):
        await replace_draft(organisation, FIRST, seen="")


async def test_what_is_published_cannot_be_replaced(organisation: UUID, now: datetime) -> None:
    seen = (await create_draft(organisation, FIRST)).checksum
    await publish_instrument(organisation, key="small", version=1, now=now)

    with pytest.raises(InstrumentPublished):
        await replace_draft(organisation, SECOND, seen=seen)
