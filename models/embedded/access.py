"""Who may connect: the application without a password, the owner of everything with one.

The password lies in a file that only our own account can read. It keeps nobody out who can run
programs as this account. It keeps out whoever can do no more than connect, or knows no more
than the application's address.
"""

import os
import secrets
import subprocess
from pathlib import Path

from models.embedded.account import Account
from models.embedded.folder import ServerFolder
from models.embedded.handles import opened
from models.errors import EmbeddedServerFailed
from models.login import password_verifier

__all__ = ["OWNER", "restrict_access"]

OWNER = "postgres"
"""The superuser whom ``initdb`` makes, and who owns the tables."""

_RULES = f"""\
# Written by opmodel at every start. Only one account can enter the folder of the socket.
local all {OWNER} scram-sha-256
local all all trust
"""


def restrict_access(folder: ServerFolder, account: Account, programs: Path) -> None:
    """Give the owner a password unless there is one, and have the server ask for it.

    Call it while no server uses the folder. A server of an earlier version, which let everybody
    in as its owner, is changed as well.

    Raises
    ------
    EmbeddedServerFailed
        The server's programs refuse the password; the error carries their message.
    """
    if not folder.password.exists():
        password = secrets.token_urlsafe(32)
        _set_password(folder, account, programs, password)
        _keep(folder.password, password)
    (folder.data / "pg_hba.conf").write_text(_RULES)


def _set_password(
    folder: ServerFolder, account: Account, programs: Path, password: str
) -> None:
    """Set it without a server: nobody can connect before it is set."""
    statement = f"ALTER ROLE {OWNER} PASSWORD '{password_verifier(password)}'\n"
    with opened(account, folder.data) as handles:
        alone = [programs / "postgres", "--single", "-D", handles.names[0]]
        done = subprocess.run(  # noqa: S603 - our own programs, no shell
            account.command([*alone, "-c", "exit_on_error=on", "postgres"]),
            input=statement,
            capture_output=True,
            text=True,
            cwd="/",
            pass_fds=handles.descriptors,
            check=False,
        )
    if done.returncode != 0:
        msg = f"The embedded database did not take a password: {done.stderr.strip()}"
        raise EmbeddedServerFailed(msg)


def _keep(file: Path, password: str) -> None:
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as written:
        written.write(password)
        written.flush()
        os.fsync(written.fileno())
    new.rename(file)
