"""An instrument from a file: a draft, published on request, never changed after that."""

from datetime import datetime
from uuid import UUID

import msgspec
import pytest

from seed.content import standard_instrument
from survey.access.audit_reading import list_events
from survey.instruments.definition import InstrumentDefinition, checksum
from survey.instruments.errors import (
    InstrumentIncomplete,
    InstrumentNotFound,
    InstrumentPublished,
)
from survey.instruments.importing import import_definition
from survey.instruments.store import InstrumentView, definition_of, read_instrument
from tests.factories.languages import in_languages

DEFINITION = standard_instrument()
EARLY = in_languages(DEFINITION, "en", "de")
OTHER = in_languages(DEFINITION, *DEFINITION.locales, title="Another")
INCOMPLETE = msgspec.structs.replace(DEFINITION, title={"en": "English alone"})


async def stored(organisation: UUID, definition: InstrumentDefinition) -> InstrumentView:
    return await read_instrument(organisation, key=definition.key, version=definition.version)


async def test_stores_a_draft(organisation: UUID, now: datetime) -> None:
    report = await import_definition(organisation, DEFINITION, now=now)

    assert (report.outcome, report.published, report.problems) == ("created", False, ())
    assert (await stored(organisation, DEFINITION)).state == "draft"


async def test_a_draft_is_replaced_by_another(organisation: UUID, now: datetime) -> None:
    await import_definition(organisation, DEFINITION, now=now)

    report = await import_definition(organisation, OTHER, now=now)

    assert report.outcome == "replaced"
    assert (await stored(organisation, OTHER)).checksum == checksum(OTHER)


async def test_publishes_on_request(organisation: UUID, now: datetime) -> None:
    report = await import_definition(organisation, DEFINITION, publish=True, now=now)

    assert report.published
    assert (await stored(organisation, DEFINITION)).state == "published"


async def test_the_same_published_again_changes_nothing(
    organisation: UUID, now: datetime
) -> None:
    await import_definition(organisation, DEFINITION, publish=True, now=now)
    before = await stored(organisation, DEFINITION)

    report = await import_definition(organisation, DEFINITION, publish=True, now=now)

    assert (report.outcome, report.published) == ("unchanged", True)
    assert await stored(organisation, DEFINITION) == before


async def test_a_published_version_takes_no_other_content(
    organisation: UUID, now: datetime
) -> None:
    await import_definition(organisation, DEFINITION, publish=True, now=now)

    with pytest.raises(InstrumentPublished):
        await import_definition(organisation, OTHER, now=now)


async def test_a_published_version_gets_languages(organisation: UUID, now: datetime) -> None:
    await import_definition(organisation, EARLY, publish=True, now=now)
    before = await stored(organisation, EARLY)
    await definition_of(organisation, before.id)

    report = await import_definition(organisation, DEFINITION, now=now)

    assert (report.outcome, report.published) == ("languages added", True)
    assert await definition_of(organisation, before.id) == DEFINITION
    after = await stored(organisation, DEFINITION)
    assert (after.id, after.published_at) == (before.id, before.published_at)


@pytest.mark.parametrize(
    "offered",
    [
        in_languages(DEFINITION, "en", "de", "fr", title="Reworded"),
        msgspec.structs.replace(DEFINITION, items=DEFINITION.items[::-1]),
        msgspec.structs.replace(DEFINITION, comments=DEFINITION.comments[:1]),
        in_languages(DEFINITION, "en", "fr"),
        in_languages(DEFINITION, "de", "en", "fr"),
    ],
    ids=["other words", "another order", "a comment less", "a language less", "another first"],
)
async def test_with_languages_nothing_else_may_come(
    organisation: UUID, now: datetime, offered: InstrumentDefinition
) -> None:
    await import_definition(organisation, EARLY, publish=True, now=now)

    with pytest.raises(InstrumentPublished):
        await import_definition(organisation, offered, now=now)


async def test_a_language_is_added_whole_or_not_at_all(
    organisation: UUID, now: datetime
) -> None:
    await import_definition(organisation, EARLY, publish=True, now=now)
    partly = msgspec.structs.replace(DEFINITION, title=DEFINITION.title | {"fr": " "})

    with pytest.raises(InstrumentIncomplete, match="title has no text in fr"):
        await import_definition(organisation, partly, now=now)


async def test_the_trail_tells_of_added_languages(organisation: UUID, now: datetime) -> None:
    await import_definition(organisation, EARLY, publish=True, now=now)
    await import_definition(organisation, DEFINITION, now=now)

    events = (await list_events(organisation, limit=10)).items
    assert "instrument.languages_added" in {event.action for event in events}


async def test_names_what_stands_against_publishing(organisation: UUID, now: datetime) -> None:
    report = await import_definition(organisation, INCOMPLETE, now=now)

    assert (report.published, len(report.problems) > 0) == (False, True)


async def test_what_cannot_be_published_is_not_stored_either(
    organisation: UUID, now: datetime
) -> None:
    with pytest.raises(InstrumentIncomplete):
        await import_definition(organisation, INCOMPLETE, publish=True, now=now)

    with pytest.raises(InstrumentNotFound):
        await stored(organisation, INCOMPLETE)


async def test_a_dry_run_stores_nothing(organisation: UUID, now: datetime) -> None:
    report = await import_definition(
        organisation, DEFINITION, publish=True, dry_run=True, now=now
    )

    assert (report.outcome, report.published) == ("created", True)
    with pytest.raises(InstrumentNotFound):
        await stored(organisation, DEFINITION)
