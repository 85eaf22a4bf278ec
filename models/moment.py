"""Moments as the tables hold them: never without their distance to UTC."""

from datetime import datetime
from typing import Annotated

import msgspec

__all__ = ["Moment"]

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its distance to UTC (RFC 3339)."""
