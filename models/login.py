"""The role as which the application logs in: it owns nothing, and may become ``opmodel_app``.

Whoever migrates, backs up, lists organisations or takes jobs needs the owner of the tables.
"""

import hashlib
import hmac
import os
import unicodedata
from base64 import b64encode
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg

__all__ = ["LOGIN_ROLE", "give_password", "is_owner", "password_verifier"]

LOGIN_ROLE = "opmodel_login"
"""Made by the migrations."""

_ROUNDS = 4096
"""PostgreSQL's own number."""
_SALT_BYTES = 16

_OWNED = """
SELECT pg_has_role(session_user, relowner, 'MEMBER') FROM pg_class
WHERE oid = to_regclass('organisation')
"""
_IN_OUR_HANDS = """
SELECT rolsuper OR rolcreaterole AND pg_has_role($1, 'USAGE WITH ADMIN OPTION')
FROM pg_roles WHERE rolname = current_user
"""


async def is_owner(dsn: str) -> bool:
    """Tell whether an address logs in as the owner of the tables, or may become it."""
    connection = await asyncpg.connect(dsn)
    try:
        return bool(await connection.fetchval(_OWNED))
    finally:
        await connection.close()


async def give_password(connection: Any, login: str) -> None:
    """Give the application's role the password with which it will log in, if we may.

    Parameters
    ----------
    connection
        The owner's. If an administrator has made the role, its password is his business.
    login
        The application's address, with a password or beside ``PGPASSWORD``. If it names
        another role or there is no password, nothing changes.
    """
    named = urlsplit(login)
    password = unquote(named.password or "") or os.environ.get("PGPASSWORD", "")
    if named.username != LOGIN_ROLE or not password:
        return
    if await connection.fetchval(_IN_OUR_HANDS, LOGIN_ROLE):
        verifier = password_verifier(password)
        await connection.execute(f"ALTER ROLE {LOGIN_ROLE} PASSWORD '{verifier}'")


def password_verifier(password: str) -> str:
    """Return what PostgreSQL stores of a password, so that its log never shows the password.

    The form is that of RFC 5802, section 3, with SHA-256.

    Parameters
    ----------
    password
        The password; other characters than ASCII are normalised as clients do (RFC 4013).
    """
    salt = os.urandom(_SALT_BYTES)
    normal = unicodedata.normalize("NFKC", password).encode()
    salted = hashlib.pbkdf2_hmac("sha256", normal, salt, _ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    in_text = [b64encode(part).decode() for part in (salt, stored, server)]
    return "SCRAM-SHA-256${}:{}${}:{}".format(_ROUNDS, *in_text)
