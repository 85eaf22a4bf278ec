"""Versions of instruments; a published one never changes (a trigger enforces it)."""

from piccolo.columns import JSONB, UUID, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.constraints import one_of
from models.engine import DB
from models.enums import InstrumentState
from models.identifiers import TimeOrderedId
from models.organisation import Organisation

__all__ = ["Instrument"]


class Instrument(Table, tablename="instrument", db=DB):
    """One version of a questionnaire: constructs and items in every language."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    key = Varchar(length=64, default=None)
    version = Integer(default=None, help_text="1, 2, 3, ...")
    state = Varchar(length=16, default=InstrumentState.DRAFT)
    definition = JSONB(default=None)
    checksum = Varchar(
        length=64, default=None, help_text="SHA-256, hex, of the canonical JSON."
    )
    published_at = Timestamptz(null=True, default=None, help_text="UTC. Null for a draft.")

    instrument_version_once = Unique(["organisation", "key", "version"])
    instrument_version_is_positive = Check("version >= 1")
    instrument_state_is_known = one_of("state", InstrumentState)
    instrument_checksum_is_sha256 = Check("checksum ~ '^[0-9a-f]{64}$'")
    instrument_published_has_a_time = Check(
        "(state = 'published') = (published_at IS NOT NULL)"
    )
