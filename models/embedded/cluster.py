"""Creation of a new server's files, and the settings that every embedded server runs with."""

import os
import shutil
import subprocess
from pathlib import Path

from models.embedded.access import OWNER
from models.embedded.account import Account
from models.embedded.folder import ServerFolder
from models.embedded.handles import opened
from models.errors import EmbeddedServerFailed

__all__ = ["SETTINGS", "create_cluster", "require_same_version"]

_VERSION = "18"

SETTINGS = {
    # No network: the socket in a private folder is the only way in.
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # No text that a person wrote may reach the log. Errors go to the client, which has the
    # context; the log keeps the server's messages about itself.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
    # An acknowledged answer is on disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}

_INITDB = (
    f"--username={OWNER}",
    "--auth=reject",  # until the rules are written that every start writes
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)


def create_cluster(folder: ServerFolder, account: Account, programs: Path) -> None:
    """Create the data folder unless it exists; an interrupted creation starts again.

    Raises
    ------
    EmbeddedServerFailed
        ``initdb`` fails; the error carries its message.
    """
    if folder.data.exists():
        return
    new = folder.unfinished_data
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    account.owns(new)
    with opened(account, new) as handles:
        made = subprocess.run(  # noqa: S603 - our own programs, no shell
            account.command([programs / "initdb", "-D", handles.names[0], *_INITDB]),
            capture_output=True,
            text=True,
            cwd="/",
            pass_fds=handles.descriptors,
            check=False,
        )
    if made.returncode != 0:
        msg = f"The embedded database could not be created: {made.stderr.strip()}"
        raise EmbeddedServerFailed(msg)
    new.rename(folder.data)
    _to_disk(folder.root)


def require_same_version(folder: ServerFolder) -> None:
    """Refuse data of another major version, which these programs cannot read.

    Raises
    ------
    EmbeddedServerFailed
        The data has another major version, or the folder holds no database.
    """
    try:
        found = (folder.data / "PG_VERSION").read_text().strip()
    except OSError as error:
        msg = f"{folder.data} does not hold a database: {error.strerror}."
        raise EmbeddedServerFailed(msg) from error
    if found != _VERSION:
        msg = f"{folder.data} was made by PostgreSQL {found}; the programs are {_VERSION}."
        raise EmbeddedServerFailed(msg)


def _to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
