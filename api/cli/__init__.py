"""The command `opmodel`: reads arguments, calls a use case, prints; each command loads late."""

import importlib
import sys

import click

__all__ = ["COMMANDS", "main", "opmodel"]

COMMANDS = {
    "analyse": "Analyse a respondent file, without a server.",
    "demo": "Run a whole campaign of an invented company, and show what it finds.",
    "serve": "Serve the API, with a worker inside.",
    "worker": "Send what is due and run long jobs.",
    "migrate": "Bring the database to the current tables.",
    "import": "Load organisations, units, people, instruments or responses from files.",
    "campaign": "List, close and abandon campaigns, and see their keys.",
    "key": "Create, list and revoke API keys.",
    "channel": "Set up, list, try out and remove channels for messages.",
    "audit": "Check the audit trail, and print its head.",
    "template": "Write a blank file to fill in.",
    "backup": "Write the database to a file.",
    "restore": "Read the database back from a file.",
}
"""Name of each command to its one line, in the order of a user's way."""


class _LateCommands(click.Group):
    """Imports a command's module when it is asked for: Polars alone takes half a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of a user's way."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Return the command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"api.cli.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands with their one line, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


_ENVIRONMENT = """\b
Environment:
  DATABASE_URL        PostgreSQL 16 or later; without it opmodel starts a
                      database of its own in the data directory
  DATABASE_OWNER_URL  the same database with the owner of its tables, if the
                      role of DATABASE_URL is not the owner; all commands but
                      `serve --no-worker` need it, then. The password may be
                      in DATABASE_OWNER_PASSWORD
  OPMODEL_HOME        the data directory; else ~/.local/share/opmodel
  OPMODEL_SECRET_KEY  what invitations are derived from, 32 characters or
                      more; else the file secret.key in the data directory
  OPMODEL_KEYS        the folder for the keys of open campaigns; needed with
                      DATABASE_URL, else the folder keys in the data directory
  OPMODEL_BACKUP_KEY  what backups are marked with, 32 characters or more; else
                      the file backup.mac-key in the folder of the keys
  OPMODEL_BACKUP_PASSPHRASE
                      for backup --with-keys and restore, if nobody can be asked
  OPMODEL_OUTBOX      where the channel folder writes messages; else the
                      folder outbox in the data directory
  OPMODEL_FORM_URL    where people reach the pages of the form, without /f; else
                      the address at which `serve` listens
  OPMODEL_CHANNEL_PASSWORD, OPMODEL_BOUNCE_SECRET
                      secrets for channel set, if nobody can be asked
  SSL_CERT_FILE       who may sign the certificate of a mail server, if it is
                      not one of the authorities of this machine
  OPMODEL_ENV         development: the channel console prints messages

\b
Exit codes: 0 done, 1 failed, 2 what was given is not right."""


@click.group("opmodel", cls=_LateCommands, epilog=_ENVIRONMENT)
@click.version_option(package_name="opmodel")
def opmodel() -> None:
    """Find the AI operating model that fits each business unit, and what holds it back."""


def main() -> None:
    """Run the command line; an expected failure ends with a sentence and an exit code."""
    try:
        opmodel(prog_name="opmodel")
    except Exception as error:
        failures = importlib.import_module("api.failures")
        failure = failures.expected(error)
        if failure is None:
            raise
        click.echo(f"opmodel: {failure.sentence}", err=True)
        sys.exit(failure.exit_code)
