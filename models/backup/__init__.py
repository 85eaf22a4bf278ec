"""The whole database in one file, and back: our own tables, as text, by their owner.

PostgreSQL's own ``pg_dump`` needs a role that row-level security does not hold, and programs of
the server's version with its encryption; a managed database offers neither. This needs the
role that migrates and nothing else. The server key is not part of it.
"""
