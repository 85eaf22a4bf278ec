"""PostgreSQL started by the program itself, from the binaries of a wheel."""

from models.embedded.server import EmbeddedPostgres, attach_or_start

__all__ = ["EmbeddedPostgres", "attach_or_start"]
