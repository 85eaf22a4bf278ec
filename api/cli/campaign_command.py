"""`opmodel campaign`: what an operator may do with campaigns from the machine of the keys."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

import click

from api.cli import link_commands
from api.cli.environment import configured_keys, configured_server_key, on_database
from api.cli.organisation_choice import chosen_organisation, organisation_option
from api.failures import CommandFailed
from api.terminal.audience import audience_lines, invitee_lines
from api.terminal.words import printable
from models.location import data_directory
from survey.access.actors import COMMAND_LINE
from survey.campaigns.abandon import abandon_campaign
from survey.campaigns.close import closing, start_closing
from survey.campaigns.invitees import audience_plan, list_invitees
from survey.campaigns.read import CampaignView, find_campaign, list_campaigns
from survey.jobs.store import JobView, read_job
from survey.jobs.worker import drain_queue
from survey.messages.channels import channels_of, configured_channels
from survey.paging import whole_list
from survey.sealing.key_folder import KeyFolder
from survey.sealing.seals import Seals

__all__ = ["command", "schedule_words"]

_LOOK_S = 0.2
_NEED_KEYS = {"open", "closing"}

campaign_argument = click.argument("campaign")
wave_option = click.option(
    "--wave", type=click.IntRange(min=1), help="Which wave, if there are several."
)


@click.group("campaign")
def command() -> None:
    """See, close and abandon campaigns, see whom they invite, and hand out links."""


@command.command("list")
@organisation_option
def list_(*, organisation: str | None) -> None:
    """List the campaigns, the newest last, and when scheduled ones open."""
    for campaign in on_database(lambda: _campaigns(organisation)):
        click.echo(f"{_line(campaign)}{schedule_words(campaign)}")


@command.command("keys")
@organisation_option
def keys(*, organisation: str | None) -> None:
    """Say which campaigns that take answers have their keys in the key folder.

    Without its keys a campaign takes no answers and cannot be closed.
    """
    folder = configured_keys()
    found = on_database(lambda: _campaigns(organisation))
    for line in key_lines(found, folder):
        click.echo(line)


@command.command("audience")
@campaign_argument
@organisation_option
@wave_option
@click.option(
    "--channel", metavar="KIND", help="Channel to open a draft with: who does it not reach?"
)
@click.option("--people", is_flag=True, help="List those whom the channel does not reach.")
def audience(
    *,
    campaign: str,
    organisation: str | None,
    wave: int | None,
    channel: str | None,
    people: bool,
) -> None:
    """Say who is invited to CAMPAIGN, by its name or id, before it opens and after."""

    async def work() -> list[str]:
        owner = await chosen_organisation(organisation)
        found = await find_campaign(owner.id, campaign, wave=wave)
        channels = await channels_of(
            owner.id,
            installed=configured_channels(os.environ, home=data_directory(os.environ)),
            server_key=configured_server_key(),
        )
        plan = await audience_plan(owner.id, found.id, channel=channel, channels=channels)
        lines = list(audience_lines(found, plan))
        if people:
            missed = await whole_list(
                lambda after, limit: list_invitees(
                    owner.id,
                    found.id,
                    channel=channel,
                    channels=channels,
                    out_of_reach=True,
                    after=after,
                    limit=limit,
                )
            )
            lines += ["", *invitee_lines(missed)]
        return lines

    for line in on_database(work):
        click.echo(line)


@command.command("close")
@campaign_argument
@organisation_option
@wave_option
@click.option(
    "--accept-missing",
    type=click.IntRange(min=0),
    metavar="N",
    help="Close although up to N acknowledged answers are missing; noted in the audit trail.",
)
def close(
    *, campaign: str, organisation: str | None, wave: int | None, accept_missing: int | None
) -> None:
    """Close CAMPAIGN, by its name or id, and wait until it has closed."""
    folder = configured_keys()

    async def work() -> JobView:
        owner = await chosen_organisation(organisation)
        found = await find_campaign(owner.id, campaign, wave=wave)
        if found.state in _NEED_KEYS:
            _require_keys(found, folder)
        started = await start_closing(
            owner.id, found.id, by=COMMAND_LINE, now=_now(), accept_missing=accept_missing
        )
        return await _ended(owner.id, started, folder)

    ended = on_database(work)
    if ended.problem is not None:
        raise CommandFailed(ended.problem.detail)
    click.echo("Closed. Nothing leads from an answer to a person any more.")


@command.command("abandon")
@campaign_argument
@organisation_option
@wave_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def abandon(*, campaign: str, organisation: str | None, wave: int | None, yes: bool) -> None:
    """End CAMPAIGN without its answers, for instance because its keys are lost.

    Every answer to it is destroyed. This cannot be undone.
    """
    folder = configured_keys()
    if not yes:
        click.confirm(f"Destroy all answers to {campaign}?", abort=True)

    async def work() -> CampaignView:
        owner = await chosen_organisation(organisation)
        found = await find_campaign(owner.id, campaign, wave=wave)
        return await abandon_campaign(
            owner.id, found.id, keys=folder, by=COMMAND_LINE, now=_now()
        )

    ended = on_database(work)
    click.echo(f"Abandoned: {printable(ended.name)}, wave {ended.wave}.")


command.add_command(link_commands.links)
command.add_command(link_commands.letters)


async def _campaigns(organisation: str | None) -> Sequence[CampaignView]:
    owner = await chosen_organisation(organisation)
    return await whole_list(
        lambda after, limit: list_campaigns(owner.id, after=after, limit=limit)
    )


def _require_keys(campaign: CampaignView, folder: KeyFolder) -> None:
    """Refuse here what a job would try again for hours, in case the keys come back."""
    for missing in folder.problems([campaign.id]):
        msg = (
            f"{printable(campaign.name)} cannot be closed without its keys: "
            f"{printable(missing.reason)}. Bring them back, or end it without its answers: "
            f"opmodel campaign abandon {campaign.id}"
        )
        raise CommandFailed(msg)


async def _ended(organisation: UUID, started: JobView, folder: KeyFolder) -> JobView:
    """Do the job here, unless a worker has taken it; return how it ended."""
    await drain_queue([closing(seals=Seals(folder), clock=_now)])
    while (job := await read_job(organisation, started.id)).state in {"queued", "running"}:  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(_LOOK_S)
    return job


def _line(campaign: CampaignView) -> str:
    name = printable(campaign.name)
    return f"{campaign.id}  {campaign.state:<9}  {name}, wave {campaign.wave}"


def schedule_words(campaign: CampaignView) -> str:
    """Return when a scheduled campaign opens, and why it has not on time."""
    if campaign.state != "scheduled" or campaign.opens_at is None:
        return ""
    when = f", opens at {campaign.opens_at:%Y-%m-%dT%H:%MZ}"
    if campaign.problem is None:
        return when
    return f"{when}; not open yet: {printable(campaign.problem.detail)}"


def key_lines(campaigns: Sequence[CampaignView], folder: KeyFolder) -> Iterator[str]:
    """Yield a line per campaign that needs its keys, and where the keys are looked for."""
    needed = [one for one in campaigns if one.state in _NEED_KEYS]
    why = {one.campaign: one.reason for one in folder.problems(one.id for one in needed)}
    for campaign in needed:
        reason = why.get(campaign.id)
        word = "here" if reason is None else f"MISSING: {printable(reason)}"
        yield f"{_line(campaign)}: keys {word}"
    if not needed:
        yield "No campaign takes answers."
    yield f"Key folder: {folder.folder}"


def _now() -> datetime:
    return datetime.now(UTC)
