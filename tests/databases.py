"""Databases on a server of the tests: made, and asked in a connection of their own."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from models.login import LOGIN_ROLE

__all__ = ["create_database", "database_dsn", "login_dsn", "query", "select"]


async def create_database(dsn: str, name: str, *, template: str = "template1") -> str:
    """Create a database on the server of ``dsn`` and return its address."""
    await query(dsn, f"CREATE DATABASE {name} TEMPLATE {template}")
    return database_dsn(dsn, name)


def database_dsn(dsn: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))


def login_dsn(dsn: str) -> str:
    """Return the application's address of the same database, without the owner's password."""
    owners = urlsplit(dsn)
    rest = {name: value for name, value in parse_qsl(owners.query) if name != "password"}
    return urlunsplit(owners._replace(netloc=f"{LOGIN_ROLE}@", query=urlencode(rest)))


async def query(dsn: str, statement: str) -> Any:
    """Run one statement and return its first value, if it has one."""
    rows = await select(dsn, statement)
    return rows[0][0] if rows else None


async def select(dsn: str, statement: str) -> list[asyncpg.Record]:
    """Run one statement and return its rows."""
    outside = await asyncpg.connect(dsn)
    try:
        return list(await outside.fetch(statement))
    finally:
        await outside.close()
