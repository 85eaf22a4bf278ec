"""`opmodel key`: what programs authenticate with, shown when it is made and never again."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import click
import msgspec

from api.cli.environment import on_database
from api.cli.organisation_choice import chosen_organisation, organisation_option
from api.cli.text_option import Text
from api.terminal.words import printable
from models.edges import MAX_CODE, MAX_NAME
from survey.access.keys import (
    IssuedKey,
    KeyPlan,
    KeyView,
    create_key,
    list_keys,
)
from survey.access.revocation import Revocation, revoke_key
from survey.access.rotation import MAX_OVERLAP_HOURS, OVERLAP_HOURS, KeyRotation, rotate_key
from survey.access.scopes import GENERAL_SCOPES, SCOPES
from survey.paging import whole_list

__all__ = ["command", "key_lines", "revocation_lines"]

MOST_DAYS = 36_500
"""A century: what ends then is a moment that the API takes."""


@click.group("key")
def command() -> None:
    """Create, list, rotate and revoke the API keys of an organisation."""


@command.command(
    "create",
    epilog="\b\nScopes:\n"
    + "\n".join(f"  {scope:<22}{meaning}" for scope, meaning in SCOPES.items()),
)
@organisation_option
@click.option("--name", type=Text(MAX_NAME), required=True, help="What the key is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(list(SCOPES)),
    metavar="SCOPE",
    help="What the key may do; give it once per scope.",
)
@click.option(
    "--all-scopes",
    is_flag=True,
    help="Every scope but responses:import and responses:export.",
)
@click.option(
    "--unit",
    type=Text(MAX_CODE),
    metavar="CODE",
    help="Restrict the key to this business unit and those below.",
)
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    help="How long the key is valid; by default it does not expire.",
)
def create(
    *,
    organisation: str | None,
    name: str,
    scopes: tuple[str, ...],
    all_scopes: bool,
    unit: str | None,
    days: int | None,
) -> None:
    """Create a key and print it, the only time it can be seen.

    The key alone goes to standard output, so that it can be piped into a store of secrets.
    """
    if all_scopes == bool(scopes):
        msg = "Give --scope once or more, or --all-scopes."
        raise click.UsageError(msg)
    now = datetime.now(UTC)

    async def work() -> IssuedKey:
        plan = KeyPlan(
            name=name,
            scopes=GENERAL_SCOPES if all_scopes else scopes,
            unit=unit,
            expires_at=None if days is None else now + timedelta(days=days),
        )
        return await create_key((await chosen_organisation(organisation)).id, plan, now=now)

    issued = on_database(work)
    _show(issued)


@command.command("list")
@organisation_option
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table for people, or JSON for programs.",
)
def list_all(organisation: str | None, style: str) -> None:
    """List the keys of an organisation, revoked ones included, without the keys themselves."""

    async def work() -> list[KeyView]:
        return await _keys((await chosen_organisation(organisation)).id)

    views = on_database(work)
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(views)).decode())
    else:
        click.echo("\n".join(key_lines(views, now=datetime.now(UTC))))


@command.command("rotate")
@organisation_option
@click.argument("key", type=Text(MAX_NAME))
@click.option(
    "--overlap-hours",
    type=click.IntRange(0, MAX_OVERLAP_HOURS),
    default=OVERLAP_HOURS,
    show_default=True,
    help="For how many hours the old key still works; 0 ends it at once.",
)
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    help="How long the new key is valid; by default until the old one would have ended.",
)
def rotate(*, organisation: str | None, key: str, overlap_hours: int, days: int | None) -> None:
    """Replace KEY by a new key that may do the same, and print the new one.

    KEY is named by its id or by its prefix, and works on until the overlap is over. The keys
    that it made stay.
    """
    now = datetime.now(UTC)
    rotation = KeyRotation(
        overlap_hours=overlap_hours,
        expires_at=None if days is None else now + timedelta(days=days),
    )

    async def work() -> IssuedKey:
        owner = await chosen_organisation(organisation)
        return await rotate_key(owner.id, await _found(owner.id, key), rotation, now=now)

    _show(on_database(work))
    click.echo(f"The old key ends within {overlap_hours} hours.", err=True)


@command.command("revoke")
@organisation_option
@click.argument("key", type=Text(MAX_NAME))
def revoke(organisation: str | None, key: str) -> None:
    """Revoke KEY at once, with every key that was made with it.

    KEY is named by its id or by its prefix, omk_ and eight characters.
    """

    async def work() -> Revocation:
        owner = await chosen_organisation(organisation)
        return await revoke_key(owner.id, await _found(owner.id, key), now=datetime.now(UTC))

    click.echo("\n".join(revocation_lines(on_database(work), key)))


def _show(issued: IssuedKey) -> None:
    click.echo(issued.key)
    click.echo("Keep it now: it is stored as a hash and cannot be shown again.", err=True)


async def _keys(organisation: UUID) -> list[KeyView]:
    return await whole_list(
        lambda after, limit: list_keys(organisation, after=after, limit=limit)
    )


async def _found(organisation: UUID, key: str) -> UUID:
    return _named(key, await _keys(organisation))


def _named(key: str, views: Sequence[KeyView]) -> UUID:
    """Find a key by id or prefix.

    Raises
    ------
    click.BadParameter
        There is none, or the prefix is that of several.
    """
    found = [view.id for view in views if key in {str(view.id), view.prefix}]
    if len(found) == 1:
        return found[0]
    said = "Several keys have this prefix; give an id." if found else "There is no such key."
    raise click.BadParameter(said, param_hint="KEY")


def key_lines(views: Sequence[KeyView], *, now: datetime) -> Iterator[str]:
    """Describe keys in three lines each.

    Parameters
    ----------
    views
        The keys.
    now
        The present moment, UTC, which tells the expired ones.
    """
    if not views:
        yield "There are no keys."
    prefixes = {view.id: view.prefix for view in views}
    for view in views:
        used = "never used" if view.last_used_on is None else f"last used {view.last_used_on}"
        unit = "" if view.unit is None else f", for unit {printable(view.unit)} and below"
        yield f"{view.prefix}  {printable(view.name)}: {_state(view, now)}, {used}{unit}"
        yield f"    may {' '.join(view.scopes)}"
        yield f"    id  {view.id}{_origin(view, prefixes)}"


def revocation_lines(revocation: Revocation, key: str) -> Iterator[str]:
    """Say which keys were revoked.

    Parameters
    ----------
    revocation
        What was ended.
    key
        What the operator called the key: its id or its prefix.
    """
    named = [one for one in revocation.revoked if key in {str(one.id), one.prefix}]
    others = [one for one in revocation.revoked if one not in named]
    yield "The key is revoked." if named else "The key had been revoked before."
    if others:
        count = "one other key" if len(others) == 1 else f"{len(others)} other keys"
        yield f"With it, {count}, made with it or replaced by rotation:"
    for one in others:
        yield f"    {one.prefix}  {printable(one.name)}"


def _origin(view: KeyView, prefixes: Mapping[UUID, str]) -> str:
    made_by = "" if view.made_by is None else f", made by {prefixes[view.made_by]}"
    replaces = "" if view.replaces is None else f", replaces {prefixes[view.replaces]}"
    return made_by + replaces


def _state(view: KeyView, now: datetime) -> str:
    if view.revoked_at is not None:
        return f"revoked on {view.revoked_at.date()}"
    if view.expires_at is None:
        return "does not expire"
    word = "good until" if view.expires_at > now else "expired on"
    return f"{word} {view.expires_at.date()}"
