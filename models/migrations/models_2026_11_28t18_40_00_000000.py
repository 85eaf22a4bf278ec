"""Let the application learn why a job fails, and nothing else of what went wrong with it.

Undo: drops the function.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from models.engine import DB

ID = "2026-11-28T18:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Say of which kind the jobs are that fail, and why"

# A traceback may quote what a job was about, so the application cannot read it. A kind of which
# another job has ended well since then moves, in spite of this one.
_MAKE = """
CREATE FUNCTION failing_job(late interval) RETURNS TABLE (
    kind text, attempts integer, since timestamptz, failure text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT q.entrypoint, q.attempts, q.created,
           f.traceback #>> '{additional_context,reason}'
    FROM pgqueuer q CROSS JOIN LATERAL (
        SELECT id, traceback FROM pgqueuer_log
        WHERE job_id = q.id AND traceback IS NOT NULL ORDER BY created DESC LIMIT 1) f
    WHERE q.status = 'queued' AND q.attempts > 1 AND q.created < now() - late
    AND NOT EXISTS (
        SELECT FROM pgqueuer_log w
        WHERE w.id > f.id AND w.entrypoint = q.entrypoint AND w.status = 'successful')
    ORDER BY q.id LIMIT 1
$$;

DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION failing_job(interval) SET search_path = %I, pg_temp',
                   current_schema());
END $$;
REVOKE ALL ON FUNCTION failing_job(interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION failing_job(interval) TO opmodel_login;
"""


class _OwnStatements(MigrationManager):
    """Piccolo knows no functions, and no table changes."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        await DB.run_ddl_script("DROP FUNCTION failing_job(interval)" if backwards else _MAKE)


async def forwards() -> MigrationManager:
    return _OwnStatements(migration_id=ID, app_name="models", description=DESCRIPTION)
