"""The first answer is kept with its write, for a day, and for the same request alone."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from models.engine import connection, transaction
from survey.directory.organisations import (
    OrganisationChange,
    change_organisation,
    read_organisation,
)
from survey.errors import NotFound
from survey.idempotency import (
    Answer,
    KeyUsedOtherwise,
    Request,
    answer_afterwards,
    answer_once,
)

ANSWER = Answer(status=201, body=b"{}", headers={"Location": "/x"})
HASH = b"h" * 32


class Work:
    """Renames the organisation and counts how often it did."""

    def __init__(self, organisation: UUID, failure: Exception | None = None) -> None:
        self.done = 0
        self._organisation = organisation
        self._failure = failure

    async def __call__(self) -> Answer:
        self.done += 1
        await change_organisation(
            self._organisation, OrganisationChange(name=f"Name {self.done}")
        )
        if self._failure is not None:
            raise self._failure
        return ANSWER


async def once(
    organisation: UUID,
    work: Callable[[], Awaitable[Answer]],
    now: datetime,
    *,
    request_hash: bytes = HASH,
    operation: str = "Rename",
) -> Answer:
    request = Request(key="k", operation=operation, hash=request_hash)
    return await answer_once(organisation, work, request, now=now)


async def kept(organisation: UUID) -> int:
    async with transaction(organisation):
        return int(await connection().fetchval("SELECT count(*) FROM idempotency"))


async def test_work_is_done_once_and_answered_twice(organisation: UUID, now: datetime) -> None:
    work = Work(organisation)

    first = await once(organisation, work, now)
    second = await once(organisation, work, now)

    assert work.done == 1
    assert (first.replayed, second.replayed) == (False, True)
    assert (second.status, second.body, second.headers) == (201, b"{}", {"Location": "/x"})


async def test_an_error_undoes_the_work_and_keeps_no_answer(
    organisation: UUID, now: datetime
) -> None:
    before = await read_organisation(organisation)

    with pytest.raises(NotFound):
        await once(organisation, Work(organisation, NotFound("gone")), now)

    assert await read_organisation(organisation) == before
    assert await kept(organisation) == 0


async def test_another_request_with_the_same_key_is_refused(
    organisation: UUID, now: datetime
) -> None:
    await once(organisation, Work(organisation), now)
    other = Work(organisation)

    with pytest.raises(KeyUsedOtherwise):
        await once(organisation, other, now, request_hash=b"o" * 32)

    assert other.done == 0


async def test_the_same_key_counts_once_per_operation(
    organisation: UUID, now: datetime
) -> None:
    work = Work(organisation)

    await once(organisation, work, now, operation="A")
    await once(organisation, work, now, operation="B")

    assert work.done == 2


async def test_after_a_day_the_key_is_free_again(organisation: UUID, now: datetime) -> None:
    work = Work(organisation)
    await once(organisation, work, now)

    await once(organisation, work, now + timedelta(hours=24), request_hash=b"o" * 32)

    assert work.done == 2
    assert await kept(organisation) == 1


async def test_what_is_kept_may_be_less_than_what_is_answered(
    organisation: UUID, now: datetime
) -> None:
    async def secretive() -> Answer:
        return Answer(status=201, body=b"secret", kept=b"nothing")

    first = await once(organisation, secretive, now)
    second = await once(organisation, secretive, now)

    assert (first.body, second.body) == (b"secret", b"nothing")


async def test_another_organisation_has_keys_of_its_own(
    organisation: UUID, other_organisation: UUID, now: datetime
) -> None:
    works = [Work(organisation), Work(other_organisation)]

    await once(organisation, works[0], now)
    await once(other_organisation, works[1], now)

    assert [work.done for work in works] == [1, 1]


async def test_old_answers_are_forgotten_and_fresh_ones_kept(
    organisation: UUID, now: datetime
) -> None:
    await once(organisation, Work(organisation), now - timedelta(hours=24), operation="Old")
    await once(organisation, Work(organisation), now, operation="New")

    assert await kept(organisation) == 1


async def test_work_of_several_transactions_is_remembered_once_it_is_done(
    organisation: UUID, now: datetime
) -> None:
    work = Work(organisation)
    request = Request(key="k", operation="Long", hash=HASH)

    answers = [await answer_afterwards(organisation, work, request, now=now) for _ in range(2)]

    assert work.done == 1
    assert [answer.replayed for answer in answers] == [False, True]


async def test_work_of_several_transactions_that_fails_is_not_remembered(
    organisation: UUID, now: datetime
) -> None:
    request = Request(key="k", operation="Long", hash=HASH)

    with pytest.raises(NotFound):
        await answer_afterwards(
            organisation, Work(organisation, NotFound("gone")), request, now=now
        )

    assert await kept(organisation) == 0
