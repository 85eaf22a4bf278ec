"""What an import has changed, as lines in the terminal."""

from collections.abc import Iterable, Iterator, Sequence

from api.terminal.words import first_few, printable
from survey.capture.importing import ImportReport
from survey.directory.organisation_import import OrganisationReport
from survey.directory.sync import SyncReport
from survey.instruments.importing import InstrumentReport
from survey.report.notices import NoticeLine

__all__ = [
    "instrument_lines",
    "operating_model_lines",
    "organisation_lines",
    "response_lines",
    "sync_lines",
]

_SHOWN = 10
"""So many keys of a kind are named; the others are only counted."""


def organisation_lines(report: OrganisationReport) -> Iterator[str]:
    """Say whether the organisation is new, and which settings differ."""
    if report.created:
        yield f"{report.key}: new, with the standard instrument and the operating models"
    elif not report.changed:
        yield f"{report.key}: as it was"
    for setting, (before, after) in report.changed.items():
        yield f"{report.key}: {setting} was {before!r}, is {after!r}"
    yield from _rehearsal(dry_run=report.dry_run)


def sync_lines(report: SyncReport, *, one: str, many: str) -> Iterator[str]:
    """Say what a file means for units or people.

    Parameters
    ----------
    one, many
        What a row is, and what several are.
    """
    what = one if len(report.created) == 1 else many
    yield f"{len(report.created):6,} new {what}{_named(report.created)}"
    yield f"{len(report.changed):6,} changed{_named(report.changed)}"
    yield f"{report.unchanged:6,} as they were"
    if report.deactivated:
        yield f"{len(report.deactivated):6,} deactivated{_named(report.deactivated)}"
    if kept := sorted(set(report.missing) - set(report.deactivated)):
        yield f"{len(kept):6,} not in the file, and left as they are{_named(kept)}"
        yield "       (--deactivate-missing deactivates them)"
    yield from _notices(report.notices)
    yield from _rehearsal(dry_run=report.dry_run)


def instrument_lines(report: InstrumentReport) -> Iterator[str]:
    """Say what became of an instrument, and what stands against publishing it."""
    state = "published" if report.published else "draft"
    yield f"{report.key} version {report.version}: {report.outcome}, {state}"
    for problem in report.problems:
        yield f"  stands against publishing it: {problem}"
    yield from _rehearsal(dry_run=report.dry_run)


def operating_model_lines(version: str, *, new: bool, dry_run: bool) -> Iterator[str]:
    """Say whether a version of operating models is new, and what it is for."""
    yield f"operating models {version}: " + (
        "loaded; releases from now on use it" if new else "as they were"
    )
    yield from _rehearsal(dry_run=dry_run)


def response_lines(report: ImportReport, *, campaign: str, dry_run: bool) -> Iterator[str]:
    """Say how much a file of respondents has brought to a campaign."""
    yield f"{report.responses:6,} responses to {campaign}"
    yield f"{report.comments:6,} comments"
    if report.known:
        yield f"{report.known:6,} rows skipped: their respondent_id was imported before"
    if report.changed:
        yield f"{report.changed:6,} of these differ now; the answers that came first hold"
    yield from _notices(report.notices)
    yield from _rehearsal(dry_run=dry_run)


def _notices(notices: Iterable[NoticeLine]) -> Iterator[str]:
    for notice in notices:
        yield printable(notice.message)


def _rehearsal(*, dry_run: bool) -> Iterator[str]:
    if dry_run:
        yield "This was a dry run: nothing was written."


def _named(keys: Sequence[str]) -> str:
    if not keys:
        return ""
    return f": {first_few(keys, _SHOWN)}"
