"""What people answered: sealed until the campaign closes, and in the open afterwards.

In anonymous campaigns nothing here leads to a person.
"""

from piccolo.columns import (
    UUID,
    Array,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.campaign import Campaign
from models.constraints import bytes_long, one_of
from models.engine import DB
from models.enums import Role
from models.identifiers import RandomId, TimeOrderedId

__all__ = ["Comment", "Envelope", "ImportedFile", "ImportedRows", "Response"]


class Envelope(Table, tablename="envelope", db=DB):
    """Sheets that were submitted together, sealed; opened and removed when the campaign closes.

    The database holds neither the key that opens it nor the secret behind its mark.
    """

    id = UUID(primary_key=True, default=RandomId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, index=True, on_delete=OnDelete.restrict)
    sealed = Bytea(default=None, help_text="HPKE (RFC 9180); see survey.sealing.")
    mark = Bytea(default=None, help_text="HMAC under the campaign's secret.")

    envelope_mark_is_sha256 = bytes_long("mark", 32)


class Response(Table, tablename="response", db=DB):
    """One row per sheet of a closed campaign. Written once, by the closing job.

    The rows of a campaign are a partition of their own, and the primary key includes the
    campaign. The application may read them and nothing else.
    """

    id = UUID(primary_key=True, default=RandomId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    unit_code = Varchar(length=64, default=None)
    role = Varchar(length=16, default=None)
    function = Varchar(length=64, null=True, default=None)
    locale = Varchar(length=35, null=True, default=None)
    submitted_on = Date(
        null=True, default=None, help_text="UTC day. Null if fewer than k of a unit share it."
    )
    too_fast = Boolean(
        null=True,
        default=None,
        help_text="Whether the rules of speed leave the sheet out. Null if no time is known.",
    )
    duration_class = SmallInt(
        null=True,
        default=None,
        help_text="Up to 5, 10, 20, 40 minutes or longer: 0 to 4. Null as for the day.",
    )
    imported = Boolean(default=False, help_text="From a file, not from an invitation.")
    consent = Boolean(
        null=True,
        default=None,
        help_text="A sponsor's consent to be shown by name; null for other roles.",
    )
    person = UUID(
        null=True,
        default=None,
        index=True,
        help_text="Confidential campaigns only; a trigger refuses it in anonymous ones.",
    )
    answers = Array(
        base_column=SmallInt(),
        default=None,
        help_text="In the item order of the instrument version; null if not answered.",
    )

    response_role_is_known = one_of("role", Role)
    response_duration_class_in_range = Check("duration_class BETWEEN 0 AND 4")
    response_answers_are_one_row = Check(
        "cardinality(answers) > 0 AND array_ndims(answers) = 1"
    )
    response_consent_is_a_sponsors = Check("role = 'sponsor' OR consent IS NULL")


class Comment(Table, tablename="comment", db=DB):
    """One free text, with no link to the response it came with."""

    id = UUID(primary_key=True, default=RandomId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, index=True, on_delete=OnDelete.restrict)
    unit_code = Varchar(length=64, default=None)
    item = Varchar(length=64, default=None, help_text="Key of the open question.")
    locale = Varchar(length=35, null=True, default=None)
    text = Text(default=None)

    comment_text_not_empty = Check("text <> ''")


class ImportedFile(Table, tablename="imported_file", db=DB):
    """A respondent file that has been imported, so that it is not imported twice.

    Forgotten when the campaign closes.
    """

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    sha256 = Varchar(
        length=64,
        default=None,
        help_text="HMAC-SHA256 of the file's bytes, hex; not the plain hash.",
    )
    rows = Integer(default=None, help_text="Number of responses that were stored.")
    imported_at = Timestamptz(default=None, help_text="UTC.")

    imported_file_once = Unique(["campaign", "sha256"])
    imported_file_sha256_is_hex = Check("sha256 ~ '^[0-9a-f]{64}$'")
    imported_file_rows_not_negative = Check('"rows" >= 0')


class ImportedRows(Table, tablename="imported_rows", db=DB):
    """Which rows of files a campaign has taken, so that none counts twice.

    One row per campaign, deleted when it closes: a row per hash would have a place, an age and
    neighbours, which could lead from a hash to the response that came with it.
    """

    id = UUID(primary_key=True, default=RandomId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, unique=True, on_delete=OnDelete.restrict)
    respondents = Bytea(
        default=b"",
        help_text="HMAC-SHA256 of every respondent id, one after the other, sorted.",
    )
    sheets = Bytea(
        default=b"",
        help_text="The same of every sheet without its id; equal sheets stand side by side.",
    )

    imported_rows_respondents_are_hashes = Check("octet_length(respondents) % 32 = 0")
    imported_rows_sheets_are_hashes = Check("octet_length(sheets) % 32 = 0")
