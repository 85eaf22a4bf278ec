"""The keys of open campaigns leave the key folder only with a record of it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from survey.campaigns.key_exports import export_keys
from survey.campaigns.privacy import privacy_facts
from tests.factories.campaigns import close_campaign
from tests.factories.open_campaign import open_standard_campaign
from tests.factories.server import KEYS

LATER = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)


async def key_exports(organisation: UUID, campaign: UUID) -> tuple[date, ...]:
    """Return what the privacy statement says of them."""
    return (await privacy_facts(organisation, campaign, locale="en")).key_exports


async def test_an_export_holds_the_keys_and_is_recorded(
    organisation: UUID, now: datetime
) -> None:
    opened = await open_standard_campaign(organisation, now=now)

    export = await export_keys(KEYS, now=now)

    assert export.keys[opened.campaign] == KEYS.both(opened.campaign)
    assert await key_exports(organisation, opened.campaign) == (now.date(),)


async def test_each_export_is_listed_by_its_day(organisation: UUID, now: datetime) -> None:
    opened = await open_standard_campaign(organisation, now=now)

    await export_keys(KEYS, now=LATER)
    await export_keys(KEYS, now=now)

    days = await key_exports(organisation, opened.campaign)
    assert days == (date(2026, 11, 23), date(2026, 11, 30))


async def test_open_campaigns_of_all_organisations_are_exported(
    organisation: UUID, other_organisation: UUID, now: datetime
) -> None:
    both = [
        (await open_standard_campaign(owner, now=now)).campaign
        for owner in (organisation, other_organisation)
    ]

    assert set(both) <= (await export_keys(KEYS, now=now)).keys.keys()


async def test_a_closed_campaign_keeps_the_record_and_gets_no_other(
    organisation: UUID, now: datetime
) -> None:
    opened = await open_standard_campaign(organisation, now=now)
    await export_keys(KEYS, now=now)
    await close_campaign(organisation, opened.campaign, now=now)

    export = await export_keys(KEYS, now=LATER)

    assert opened.campaign not in export.keys
    assert await key_exports(organisation, opened.campaign) == (now.date(),)


async def test_what_cannot_be_exported_is_named_and_not_recorded(
    organisation: UUID, now: datetime
) -> None:
    opened = await open_standard_campaign(organisation, now=now)
    file = KEYS.folder / f"{opened.campaign}.key"
    content = file.read_bytes()
    file.write_bytes(b"")

    export = await export_keys(KEYS, now=now + timedelta(days=1))
    file.write_bytes(content)

    assert opened.campaign in {missing.campaign for missing in export.missing}
    assert opened.campaign not in export.keys
    assert await key_exports(organisation, opened.campaign) == ()
