"""Workers that are cut off in the middle of a job, and jobs that they have left behind."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from models.engine import operator_pool
from survey.jobs.worker import SILENCE

__all__ = ["cut_off_at", "leave_to_a_dead_worker"]

_PICKED = """
UPDATE pgqueuer SET status = 'picked', queue_manager_id = gen_random_uuid(),
                    heartbeat = now() - $2::interval
WHERE convert_from(payload, 'UTF8')::jsonb ->> 'job' = $1
"""
_END_WHO_WAITS = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted"


async def cut_off_at(table: str, database: str, working: Coroutine[Any, Any, None]) -> None:
    """Let work go on until it writes to a table, and end its connection there."""
    outside = await asyncpg.connect(database)
    async with outside.transaction():
        await outside.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        task = asyncio.create_task(working)
        async with asyncio.timeout(60):
            while not task.done() and not await outside.fetchval(_END_WHO_WAITS):  # noqa: ASYNC110 - the database has no event for it
                await asyncio.sleep(0.01)
        with pytest.raises(asyncpg.PostgresConnectionError):
            await task
    await outside.close()


async def leave_to_a_dead_worker(job: UUID) -> None:
    """Make of a queued job one that a worker has begun and that nobody has spoken of since."""
    silent_for = SILENCE + timedelta(seconds=1)
    async with operator_pool().acquire() as operator:
        status = await operator.execute(_PICKED, str(job), silent_for)
    assert status == "UPDATE 1"
