"""The account that runs the server: ours, or ``nobody`` for root, which PostgreSQL refuses."""

import os
import pwd
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

__all__ = ["Account", "server_account"]

_CHILD = str(Path(__file__).with_name("child.py"))


class Account(msgspec.Struct, frozen=True):
    """The account that runs the server; ids are ``None`` if it is our own."""

    uid: int | None = None
    gid: int | None = None

    def owns(self, folder: Path) -> None:
        """Make ``folder`` private to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def can_run(self, program: Path) -> bool:
        """Return whether the account can run ``program``, by trying it."""
        tried = subprocess.run(  # noqa: S603 - our own programs, no shell
            self.command([program, "--version"]), capture_output=True, cwd="/", check=False
        )
        return tried.returncode == 0

    def command(self, command: Sequence[Any], *, parent: int | None = None) -> list[str]:
        """Wrap ``command`` so that it runs as the account and ends when ``parent`` ends."""
        who = ["" if number is None else str(number) for number in (parent, self.uid, self.gid)]
        return [sys.executable, "-I", "-S", _CHILD, *who, *map(str, command)]


def server_account() -> Account:
    """Return our own account, or ``nobody`` if we are root."""
    if os.geteuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid)
