"""An organisation from a file is made once, changed if it differs, and otherwise left alone."""

from datetime import datetime
from uuid import uuid4

import msgspec
import pytest

from survey.directory.errors import OrganisationNotFound
from survey.directory.organisation_import import (
    OrganisationFile,
    OrganisationReport,
    import_organisation,
)
from survey.directory.organisations import organisation_by_key
from survey.errors import FieldInvalid


@pytest.fixture
def file(database: str) -> OrganisationFile:
    """Give a file of an organisation that is not there yet."""
    return OrganisationFile(key=f"o{uuid4().hex}", name="Company North")


async def test_makes_the_organisation(file: OrganisationFile, now: datetime) -> None:
    report = await import_organisation(file, now=now)

    found = await organisation_by_key(file.key)
    assert report == OrganisationReport(key=file.key, created=True, changed={}, dry_run=False)
    assert (found.name, found.default_locale, found.min_group) == ("Company North", "en", 5)


async def test_the_same_file_again_changes_nothing(
    file: OrganisationFile, now: datetime
) -> None:
    await import_organisation(file, now=now)
    before = await organisation_by_key(file.key)

    report = await import_organisation(file, now=now)

    assert report == OrganisationReport(key=file.key, created=False, changed={}, dry_run=False)
    assert await organisation_by_key(file.key) == before


async def test_changes_the_settings_that_differ(file: OrganisationFile, now: datetime) -> None:
    await import_organisation(file, now=now)

    report = await import_organisation(
        msgspec.structs.replace(file, min_group=8, default_locale="de"), now=now
    )

    found = await organisation_by_key(file.key)
    assert report.changed == {"default_locale": ("en", "de"), "min_group": (5, 8)}
    assert (found.default_locale, found.min_group) == ("de", 8)


async def test_a_dry_run_makes_nothing(file: OrganisationFile, now: datetime) -> None:
    report = await import_organisation(file, dry_run=True, now=now)

    assert report.created
    with pytest.raises(OrganisationNotFound):
        await organisation_by_key(file.key)


async def test_a_dry_run_changes_nothing(file: OrganisationFile, now: datetime) -> None:
    await import_organisation(file, now=now)
    before = await organisation_by_key(file.key)

    report = await import_organisation(
        msgspec.structs.replace(file, name="Other"), dry_run=True, now=now
    )

    assert report.changed == {"name": ("Company North", "Other")}
    assert await organisation_by_key(file.key) == before


@pytest.mark.parametrize(
    "wrong",
    [{"key": "No Slug"}, {"name": ""}, {"default_locale": "english!"}, {"min_group": 3}],
)
@pytest.mark.parametrize("dry_run", [True, False])
async def test_values_that_do_not_fit_are_refused(
    file: OrganisationFile, now: datetime, wrong: dict[str, object], dry_run: bool
) -> None:
    with pytest.raises(FieldInvalid):
        await import_organisation(
            msgspec.structs.replace(file, **wrong), dry_run=dry_run, now=now
        )
