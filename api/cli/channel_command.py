"""`opmodel channel`: how the messages of an organisation reach people, and whether they can."""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import click
import msgspec

from api.cli.environment import configured_server_key, on_database
from api.cli.organisation_choice import chosen_organisation, organisation_option
from api.cli.text_option import Text
from api.failures import CommandFailed
from api.terminal.words import printable
from models.edges import MAX_EXTERNAL_ID
from models.location import data_directory
from survey.messages.channels import KINDS, configured_channels
from survey.messages.kind import MAX_SETTING, ChannelPlan
from survey.messages.setting_up import (
    ChannelTest,
    ChannelView,
    list_channels,
    remove_channel,
    set_channel,
    try_channel,
)
from survey.paging import whole_list

__all__ = ["BOUNCE_SECRET_VARIABLE", "PASSWORD_VARIABLE", "channel_lines", "command"]

PASSWORD_VARIABLE = "OPMODEL_CHANNEL_PASSWORD"  # noqa: S105 - the name of a variable
BOUNCE_SECRET_VARIABLE = "OPMODEL_BOUNCE_SECRET"  # noqa: S105 - the name of a variable


@click.group("channel")
def command() -> None:
    """Set up, list, try out and remove the channels of an organisation."""


@command.command("set")
@click.argument("kind", type=click.Choice(list(KINDS)))
@organisation_option
@click.option(
    "--url",
    type=Text(MAX_SETTING),
    required=True,
    help="Address of the server, such as smtp://user@mail.example.com:587?starttls=1 or "
    "smtps://user@mail.example.com. Whoever sees the list of processes sees a password in it: "
    f"give it in {PASSWORD_VARIABLE}, or when you are asked.",
)
@click.option(
    "--sender",
    type=Text(MAX_SETTING),
    required=True,
    help='Who writes, such as "Office <office@example.com>".',
)
@click.option(
    "--rate",
    type=click.IntRange(1, 100_000),
    help="Most messages that leave in a minute; 600 by default.",
)
def set_(
    *, kind: str, organisation: str | None, url: str, sender: str, rate: int | None
) -> None:
    """Set up the channel KIND, or set it up anew; nothing is kept of how it was before.

    OPMODEL_BOUNCE_SECRET may name what reports of bounced mail are signed with.
    """
    plan = ChannelPlan(
        url=url,
        sender=sender,
        rate_per_minute=rate,
        password=_password(url),
        bounce_secret=os.environ.get(BOUNCE_SECRET_VARIABLE) or None,
    )
    server_key = configured_server_key()

    async def work() -> ChannelView:
        owner = await chosen_organisation(organisation)
        return await set_channel(owner.id, kind, plan, server_key=server_key, now=_now())

    click.echo("\n".join(channel_lines([on_database(work)])))
    click.echo(f"Try it out: opmodel channel test {kind} --person ID", err=True)


@command.command("list")
@organisation_option
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Lines for people, or JSON for programs.",
)
def list_(*, organisation: str | None, style: str) -> None:
    """List the channels that an organisation has set up, without their secrets."""

    async def work() -> list[ChannelView]:
        owner = await chosen_organisation(organisation)
        return await whole_list(
            lambda after, limit: list_channels(owner.id, after=after, limit=limit)
        )

    views = on_database(work)
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(views)).decode())
    else:
        click.echo("\n".join(channel_lines(views)))


@command.command("test")
@click.argument("kind", type=Text(MAX_SETTING))
@organisation_option
@click.option(
    "--person",
    type=Text(MAX_EXTERNAL_ID),
    required=True,
    metavar="ID",
    help="External id of the person who gets the message.",
)
def test(*, kind: str, organisation: str | None, person: str) -> None:
    """Send one message without a link by the channel KIND, and say what happened."""
    server_key = configured_server_key()
    installed = configured_channels(os.environ, home=data_directory(os.environ))

    async def work() -> ChannelTest:
        owner = await chosen_organisation(organisation)
        return await try_channel(
            owner.id, kind, person=person, installed=installed, server_key=server_key
        )

    tried = on_database(work)
    if tried.outcome == "failed":
        raise CommandFailed(tried.detail)
    click.echo(tried.detail)


@command.command("remove")
@click.argument("kind", type=click.Choice(list(KINDS)))
@organisation_option
def remove(*, kind: str, organisation: str | None) -> None:
    """Forget the channel KIND and its secrets; messages that wait for it go on waiting."""

    async def work() -> None:
        owner = await chosen_organisation(organisation)
        await remove_channel(owner.id, kind)

    on_database(work)
    click.echo(f"Removed: {kind}.")


def channel_lines(views: Sequence[ChannelView]) -> Iterator[str]:
    """Describe channels in three lines each, without their secrets."""
    if not views:
        yield "No channel has been set up."
    for view in views:
        rate = "" if view.rate_per_minute is None else f", {view.rate_per_minute} a minute"
        stored = ", ".join(view.secrets) or "none"
        yield f"{view.kind}  {printable(view.url or '')}"
        yield f"    sender   {printable(view.sender or '')}{rate}"
        yield f"    secrets  {stored} (never shown)"


def _password(url: str) -> str | None:
    """Return the password of the user in an address, unless it is in the address itself.

    Raises
    ------
    click.UsageError
        It is in neither, and nobody can be asked.
    """
    given = os.environ.get(PASSWORD_VARIABLE)
    try:
        parts = urlsplit(url)
    except ValueError:
        return None  # the address is refused in words of its own
    if parts.password is not None or not parts.username:
        return None
    if given:
        return given
    if not sys.stdin.isatty():
        msg = f"Give the password in {PASSWORD_VARIABLE}: there is no terminal to ask at."
        raise click.UsageError(msg)
    asked: str = click.prompt("Password of the mail server", hide_input=True, err=True)
    return asked


def _now() -> datetime:
    return datetime.now(UTC)
