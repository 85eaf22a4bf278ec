"""Backup of the whole database to one file, and restore: our own tables, copied as text.

PostgreSQL's own ``pg_dump`` needs a role that bypasses row-level security, and programs of the
server's version built with TLS; a managed database offers neither. This package needs only the
role that runs the migrations. The server key is not part of a backup; keys of open campaigns
are if somebody hands them over, encrypted.
"""
