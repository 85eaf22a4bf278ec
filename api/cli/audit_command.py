"""`opmodel audit`: check the audit trail, and print the head that is to be kept elsewhere."""

import click

from api.cli.environment import on_database
from api.cli.organisation_choice import chosen_organisation, organisation_option
from api.failures import CommandFailed
from survey.access.actors import COMMAND_LINE
from survey.access.audit import adopt_server_key
from survey.access.audit_reading import Verdict, verify_trail

__all__ = ["command"]


@click.group("audit")
def command() -> None:
    """Check the audit trail of an organisation."""


@command.command("verify")
@organisation_option
@click.option(
    "--head",
    metavar="HASH",
    help="The head that was kept elsewhere; the trail must reach it.",
)
def verify(*, organisation: str | None, head: str | None) -> None:
    """Prove that the trail is complete and unchanged, with the server key.

    The chain shows every entry that was changed, moved, added or removed, except if the last
    ones are missing. These show if --head names an entry: the head that `opmodel audit head`
    or the field mac of the first entry of GET /v1/audit gave at that time.
    """
    found = _verified(organisation, head)
    click.echo(f"In order: {found.entries} entries.")
    if found.unproven:
        click.echo(
            f"The first {found.unproven} are older than the chain or than this server key: "
            "none of them is missing, but what they say is not proven."
        )


@command.command("head")
@organisation_option
def head(*, organisation: str | None) -> None:
    """Check the trail, and print its head: keep it where no administrator can change it."""
    click.echo(_verified(organisation, None).head)


@command.command("new-key")
@organisation_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def new_key(*, organisation: str | None, yes: bool) -> None:
    """Go on with another server key, because the one before is lost or was exposed.

    An entry says so. The entries before it can be checked only with the key that made them.
    """
    if not yes:
        click.confirm("Go on with the server key of this machine?", abort=True)

    async def work() -> bool:
        owner = await chosen_organisation(organisation)
        return await adopt_server_key(owner.id, by=COMMAND_LINE)

    changed = on_database(work)
    click.echo("The trail goes on with this key." if changed else "It is the same key.")


def _verified(organisation: str | None, head: str | None) -> Verdict:
    async def work() -> Verdict:
        return await verify_trail((await chosen_organisation(organisation)).id, head=head)

    found = on_database(work)
    if found.problem is not None:
        raise CommandFailed(f"The audit trail is not in order. {found.problem}")
    return found
