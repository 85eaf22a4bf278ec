"""Organisations and their settings."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from survey.directory.errors import DuplicateOrganisation, OrganisationNotFound
from survey.directory.organisations import (
    OrganisationChange,
    OrganisationView,
    change_organisation,
    create_organisation,
    list_organisations,
    organisation_by_key,
    read_organisation,
)
from survey.errors import FieldInvalid

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def key() -> str:
    return f"north-{uuid4()}"


async def test_an_organisation_is_made_as_asked(key: str, now: datetime) -> None:
    made = await create_organisation(
        key=key,
        name="North",
        default_locale="de",
        min_group=7,
        time_zone="Asia/Tokyo",
        now=now,
    )

    assert await read_organisation(made.id) == OrganisationView(
        id=made.id,
        key=key,
        name="North",
        default_locale="de",
        min_group=7,
        time_zone="Asia/Tokyo",
        embed_origins=[],
        created_at=now,
    )


async def test_a_key_is_taken_once(key: str, now: datetime) -> None:
    first = await create_organisation(key=key, name="North", now=now)

    with pytest.raises(DuplicateOrganisation):
        await create_organisation(key=key, name="Another", now=now)

    assert await organisation_by_key(key) == first


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "North"),
        ("key", "-north"),
        ("key", "n" * 64),
        ("name", " "),
        ("name", "n" * 201),
        ("default_locale", "German please"),
        ("default_locale", "de-" + "x" * 40),
        ("time_zone", "Europe/Bern"),
        ("min_group", 3),
        ("min_group", 51),
    ],
)
async def test_a_wrong_value_is_refused_by_name(
    key: str, now: datetime, field: str, value: object
) -> None:
    fields = {"key": key, "name": "North", "default_locale": "en", "min_group": 5}
    count = len(await list_organisations())

    with pytest.raises(FieldInvalid) as caught:
        await create_organisation(**(fields | {field: value}), now=now)  # type: ignore[arg-type]  # wrong on purpose

    assert caught.value.facts["field"] == field
    assert len(await list_organisations()) == count


async def test_the_operator_finds_an_organisation_by_its_key(key: str, now: datetime) -> None:
    made = await create_organisation(key=key, name="North", now=now)

    assert await organisation_by_key(key) == made


async def test_a_key_that_nobody_has_is_not_found(key: str) -> None:
    with pytest.raises(OrganisationNotFound):
        await organisation_by_key(key)


async def test_the_operator_lists_every_organisation_by_key(now: datetime) -> None:
    suffix = uuid4()
    for name in ("b", "a"):
        await create_organisation(key=f"{name}-{suffix}", name=name, now=now)

    keys = [found.key for found in await list_organisations() if str(suffix) in found.key]

    assert keys == [f"a-{suffix}", f"b-{suffix}"]


async def test_only_the_settings_given_change(organisation: UUID) -> None:
    before = await read_organisation(organisation)

    after = await change_organisation(organisation, OrganisationChange(min_group=8))

    assert after == await read_organisation(organisation)
    assert (after.min_group, after.name) == (8, before.name)


async def test_a_wrong_setting_changes_nothing(organisation: UUID) -> None:
    before = await read_organisation(organisation)

    with pytest.raises(FieldInvalid):
        await change_organisation(organisation, OrganisationChange(name="New", min_group=3))

    assert await read_organisation(organisation) == before


async def test_an_unknown_organisation_has_no_settings(database: str) -> None:
    with pytest.raises(OrganisationNotFound):
        await read_organisation(uuid4())
    with pytest.raises(OrganisationNotFound):
        await change_organisation(uuid4(), OrganisationChange(name="New"))
