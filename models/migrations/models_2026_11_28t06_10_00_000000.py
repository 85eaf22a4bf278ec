"""An address belongs to one active person of an organisation, whatever its case.

Addresses that several active people share today: the person who was entered first keeps theirs,
the others lose it and wait for another channel, so that each mailbox is invited once. The next
file of people says whose it is. Safe while the application runs: writes to ``person`` wait for
the index, which takes a second for a million people. Undo: drops the index; addresses that were
taken away stay away.

Case is compared with the collation "C", which knows the letters of ASCII and is the same on every
server; `survey.directory.people` compares all letters before it writes.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB

ID = "2026-11-28T06:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Give each address to one active person."

_ONE_OWNER = """
UPDATE person SET email = NULL
WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (
            PARTITION BY organisation, lower(email COLLATE "C") ORDER BY id) AS place
        FROM person WHERE active AND email IS NOT NULL
    ) AS shared WHERE place > 1)
"""
_INDEX = """
CREATE UNIQUE INDEX person_email_once ON person (organisation, lower(email COLLATE "C"))
WHERE active
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="models", description=DESCRIPTION)
    manager.add_raw(_put_up)
    manager.add_raw_backwards(_take_down)
    return manager


async def _put_up() -> None:
    # FORCE hides every row from the owner of the table, too.
    await DB.run_ddl("ALTER TABLE person NO FORCE ROW LEVEL SECURITY")
    await DB.run_ddl(_ONE_OWNER)
    await DB.run_ddl("ALTER TABLE person FORCE ROW LEVEL SECURITY")
    await DB.run_ddl(_INDEX)


async def _take_down() -> None:
    await DB.run_ddl("DROP INDEX person_email_once")
