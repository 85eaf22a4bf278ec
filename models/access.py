"""API keys, stored responses for repeats, and the two indexes that lead to an organisation."""

from typing import Any

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    Bytea,
    Date,
    ForeignKey,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.constraints import bytes_long
from models.engine import DB
from models.identifiers import TimeOrderedId
from models.organisation import Organisation

__all__ = ["ApiKey", "ApiKeyIndex", "Idempotency", "TokenIndex"]


class ApiKey(Table, tablename="api_key", db=DB):
    """What a program may do. The key itself is shown once and never stored."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, index=True, on_delete=OnDelete.restrict)
    name = Varchar(length=200, default=None)
    prefix = Varchar(length=16, default=None, help_text="First letters, shown to identify it.")
    key_hash = Bytea(default=None, unique=True, help_text="SHA-256 of the key.")
    scopes = Array(base_column=Text(), default=None)
    unit_code = Varchar(
        length=64, null=True, default=None, help_text="Sees this unit and below. Null: all."
    )
    created_at = Timestamptz(default=None, help_text="UTC.")
    expires_at = Timestamptz(null=True, default=None, help_text="UTC. Null: never.")
    last_used_on = Date(null=True, default=None, help_text="UTC day.")
    revoked_at = Timestamptz(null=True, default=None, help_text="UTC. Null: still valid.")
    made_by: ForeignKey[Any] = ForeignKey(
        "self",
        null=True,
        default=None,
        on_delete=OnDelete.restrict,
        help_text="The key that made it. Null: the operator.",
    )
    replaces: ForeignKey[Any] = ForeignKey(
        "self",
        null=True,
        default=None,
        unique=True,
        on_delete=OnDelete.restrict,
        help_text="The key that it took over from when that was rotated. Null: none.",
    )

    api_key_hash_is_sha256 = bytes_long("key_hash", 32)
    api_key_import_reads_no_results = Check(
        "NOT (scopes @> ARRAY['responses:import'] AND scopes && ARRAY["
        "'analytics:read', 'comments:read', 'recommendations:read', 'responses:export'])"
    )


class Idempotency(Table, tablename="idempotency", db=DB):
    """The first response to an ``Idempotency-Key``, stored with the change it reports."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    key = Varchar(length=255, default=None)
    operation = Varchar(
        length=64, default=None, help_text="Operation id in the API description."
    )
    request_hash = Bytea(default=None, help_text="SHA-256 of the canonical request.")
    status = SmallInt(default=None, help_text="HTTP status.")
    body = Bytea(default=None)
    headers = JSONB(null=True, default=None)
    created_at = Timestamptz(default=None, help_text="UTC. Replayed for 24 hours.")

    idempotency_key_once = Unique(["organisation", "key", "operation"])
    idempotency_status_is_http = Check("status BETWEEN 100 AND 599")
    idempotency_request_hash_is_sha256 = bytes_long("request_hash", 32)


class TokenIndex(Table, tablename="token_index", db=DB):
    """Maps an invitation token to its organisation; read before the organisation is known."""

    token_hash = Bytea(primary_key=True, default=None, help_text="SHA-256 of the token.")
    organisation = UUID(default=None)

    token_index_hash_is_sha256 = bytes_long("token_hash", 32)


class ApiKeyIndex(Table, tablename="api_key_index", db=DB):
    """Maps an API key to its organisation; read before the organisation is known."""

    key_hash = Bytea(primary_key=True, default=None, help_text="SHA-256 of the key.")
    organisation = UUID(default=None)

    api_key_index_hash_is_sha256 = bytes_long("key_hash", 32)
