"""What every record on the wire has in common."""

import msgspec

__all__ = ["Record"]


class Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A record on the wire: camelCase, absent where ``None``."""
