"""`opmodel audit`: check the audit trail, and print the head that is to be kept elsewhere."""

import click

from api.cli.environment import on_database
from api.cli.organisation_choice import chosen_organisation, organisation_option
from api.failures import CommandFailed
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
    older = f", {found.unchained} of them from before the chain" if found.unchained else ""
    click.echo(f"In order: {found.entries} entries{older}.")


@command.command("head")
@organisation_option
def head(*, organisation: str | None) -> None:
    """Check the trail, and print its head: keep it where no administrator can change it."""
    click.echo(_verified(organisation, None).head)


def _verified(organisation: str | None, head: str | None) -> Verdict:
    async def work() -> Verdict:
        return await verify_trail((await chosen_organisation(organisation)).id, head=head)

    found = on_database(work)
    if found.problem is not None:
        raise CommandFailed(f"The audit trail is not in order. {found.problem}")
    return found
