"""Ids are made in Python, so the database needs no default for them and no ``uuidv7()``."""

import uuid

from piccolo.columns.defaults.uuid import UUID4, UUID7
from uuid_utils.compat import uuid7

__all__ = ["RandomId", "TimeOrderedId"]


class TimeOrderedId(UUID7):
    """UUIDv7, for rows whose order of creation may show."""

    @property
    def postgres(self) -> str:
        """Keep the database without a default."""
        return "null"

    def python(self) -> uuid.UUID:
        """Return an id that sorts after the ones made before."""
        return uuid7()


class RandomId(UUID4):
    """UUIDv4, for responses and comments: the id reveals nothing about its time."""

    @property
    def postgres(self) -> str:
        """Keep the database without a default."""
        return "null"

    def python(self) -> uuid.UUID:
        """Return an id without order."""
        return uuid.uuid4()
