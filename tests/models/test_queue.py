"""The queue within transactions: a job exists exactly if its write does."""

from uuid import UUID

import asyncpg
import pytest
from pgqueuer.queries import Queries

from models.engine import connection, operator_pool, pool, transaction
from models.organisation import BusinessUnit


async def enqueue(organisation: UUID, *, fail: bool = False) -> None:
    async with transaction(organisation):
        await BusinessUnit.insert(BusinessUnit(organisation=organisation, code="n", name="N"))
        queue = Queries.from_asyncpg_connection(connection())
        await queue.enqueue(str(organisation), b"{}", dedupe_key=str(organisation))
        if fail:
            raise LookupError


async def waiting(organisation: UUID) -> int:
    async with pool().acquire() as operator:
        return int(
            await operator.fetchval(
                "SELECT count(*) FROM pgqueuer WHERE entrypoint = $1", str(organisation)
            )
        )


async def test_a_job_is_queued_with_its_write(organisation: UUID) -> None:
    await enqueue(organisation)

    assert await waiting(organisation) == 1


async def test_a_job_is_rolled_back_with_its_write(organisation: UUID) -> None:
    with pytest.raises(LookupError):
        await enqueue(organisation, fail=True)

    assert await waiting(organisation) == 0


async def test_the_worker_takes_the_job(organisation: UUID) -> None:
    await enqueue(organisation)

    queue = Queries.from_asyncpg_pool(operator_pool())
    sizes = {size.entrypoint: size.count for size in await queue.queue_size()}
    await queue.clear_queue(str(organisation))

    assert sizes[str(organisation)] == 1
    assert await waiting(organisation) == 0


@pytest.mark.parametrize(
    "statement", ["DELETE FROM pgqueuer", "UPDATE pgqueuer SET priority = 1"]
)
async def test_the_application_cannot_take_a_job(statement: str, organisation: UUID) -> None:
    async def attack() -> None:
        async with transaction(organisation):
            await connection().execute(statement)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attack()
