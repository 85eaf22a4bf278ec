"""The ways out of the building that an organisation has set up."""

from piccolo.columns import (
    JSONB,
    UUID,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.engine import DB
from models.identifiers import TimeOrderedId
from models.organisation import Organisation

__all__ = ["Channel"]


class Channel(Table, tablename="channel", db=DB):
    """How one organisation reaches people by one kind of channel."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=32, default=None, help_text="Such as email.")
    settings = JSONB(default="{}", help_text="What anybody who may see channels may read.")
    secrets = Bytea(
        null=True,
        default=None,
        help_text="Passwords, sealed with a key from the server key. Null: none.",
    )
    revision = Integer(default=1, help_text="Rises with every change.")
    free_at = Timestamptz(
        null=True, default=None, help_text="UTC. When its rate lets the next message leave."
    )
    updated_at = Timestamptz(default=None, help_text="UTC.")

    channel_kind_once = Unique(["organisation", "kind"])
    channel_kind_not_empty = Check("kind <> ''")
    channel_settings_are_an_object = Check("jsonb_typeof(settings) = 'object'")
