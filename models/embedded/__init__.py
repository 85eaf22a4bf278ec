"""A PostgreSQL server that opmodel starts itself, from the binaries of a wheel."""

from models.embedded.server import EmbeddedPostgres, attach_or_start

__all__ = ["EmbeddedPostgres", "attach_or_start"]
