"""Content that explains results; a changed text is a new version."""

from piccolo.columns import JSONB, UUID, ForeignKey, OnDelete, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.constraints import one_of
from models.engine import DB
from models.enums import CatalogueKind
from models.identifiers import TimeOrderedId
from models.organisation import Organisation

__all__ = ["Catalogue"]


class Catalogue(Table, tablename="catalogue", db=DB):
    """One version of one kind of content, such as the operating models or the phases."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=32, default=None)
    version = Varchar(length=32, default=None)
    content = JSONB(default=None)

    catalogue_version_once = Unique(["organisation", "kind", "version"])
    catalogue_version_not_empty = Check("version <> ''")
    catalogue_kind_is_known = one_of("kind", CatalogueKind)
