"""Keys that end: at once, with those they made, and not the last that can make keys."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from models.engine import connection, operator_transaction
from survey.access.errors import KeyNotFound, KeyRefused, LastKeyMaker
from survey.access.keys import IssuedKey, list_keys, verify_key
from survey.access.revocation import revoke_key
from tests.factories.directory import load_company
from tests.factories.keys import KEY_MAKER, caller, issue

HOUR = timedelta(hours=1)


async def working(organisation: UUID, now: datetime) -> set[UUID]:
    """Return the keys that work."""
    keys = (await list_keys(organisation)).items
    return {
        key.id
        for key in keys
        if key.revoked_at is None and (key.expires_at is None or key.expires_at > now)
    }


async def line(organisation: UUID, now: datetime, length: int) -> list[IssuedKey]:
    """Return keys of which each made the next."""
    keys = [await issue(organisation, now)]
    while len(keys) < length:
        keys.append(await issue(organisation, now, by=await caller(keys[-1], now)))
    return keys


async def test_a_revoked_key_leaves_the_index(organisation: UUID, now: datetime) -> None:
    keys = await line(organisation, now, 3)

    await revoke_key(organisation, keys[0].id, now=now)

    for key in keys:
        with pytest.raises(KeyRefused):
            await verify_key(str(key.key), now=now)
    async with operator_transaction():
        left = await connection().fetchval(
            "SELECT count(*) FROM api_key_index WHERE organisation = $1", organisation
        )
    assert left == 0


async def test_revoking_twice_keeps_the_first_moment(organisation: UUID, now: datetime) -> None:
    issued = await issue(organisation, now)

    await revoke_key(organisation, issued.id, now=now)
    again = await revoke_key(organisation, issued.id, now=now + HOUR)

    (view,) = (await list_keys(organisation)).items
    assert (view.revoked_at, again.revoked) == (now, ())


async def test_a_key_of_nobody_cannot_be_revoked(organisation: UUID, now: datetime) -> None:
    with pytest.raises(KeyNotFound):
        await revoke_key(organisation, uuid4(), now=now)


async def test_another_organisation_cannot_revoke_a_key(
    organisation: UUID, other_organisation: UUID, now: datetime
) -> None:
    issued = await issue(organisation, now)

    with pytest.raises(KeyNotFound):
        await revoke_key(other_organisation, issued.id, now=now)

    assert await verify_key(str(issued.key), now=now)


async def test_with_a_key_end_all_that_it_made_and_no_others(
    organisation: UUID, now: datetime
) -> None:
    first, second, third, fourth = await line(organisation, now, 4)
    beside = await issue(organisation, now, by=await caller(first, now))

    ended = await revoke_key(organisation, second.id, now=now)

    assert [one.id for one in ended.revoked] == [second.id, third.id, fourth.id]
    assert await working(organisation, now) == {first.id, beside.id}


async def test_with_a_key_that_had_expired_end_those_that_it_made(
    organisation: UUID, now: datetime
) -> None:
    first = await issue(organisation, now, expires_at=now + HOUR)
    made = await issue(organisation, now, by=await caller(first, now), expires_at=now + HOUR)

    ended = await revoke_key(organisation, first.id, now=now + HOUR)

    assert {one.id for one in ended.revoked} == {first.id, made.id}


async def test_the_last_key_that_can_make_keys_is_ended_by_the_operator_alone(
    organisation: UUID, now: datetime
) -> None:
    last = await issue(organisation, now, scopes=KEY_MAKER)

    with pytest.raises(LastKeyMaker, match=f"opmodel key revoke {last.id}"):
        await revoke_key(organisation, last.id, by=await caller(last, now), now=now)
    assert await working(organisation, now) == {last.id}

    await revoke_key(organisation, last.id, now=now)
    assert await working(organisation, now) == set()


async def test_keys_that_the_last_one_made_end_with_it_and_so_save_nothing(
    organisation: UUID, now: datetime
) -> None:
    last = await issue(organisation, now, scopes=KEY_MAKER)
    by = await caller(last, now)
    await issue(organisation, now, by=by, scopes=KEY_MAKER)

    with pytest.raises(LastKeyMaker):
        await revoke_key(organisation, last.id, by=by, now=now)


async def test_a_key_that_is_restricted_revoked_expired_or_short_lived_is_no_other_maker(
    organisation: UUID, now: datetime
) -> None:
    await load_company(organisation, {"U1": 0})
    office = await issue(organisation, now, scopes=KEY_MAKER)
    await issue(organisation, now, scopes=KEY_MAKER, unit="U1")
    revoked = await issue(organisation, now, scopes=KEY_MAKER)
    await revoke_key(organisation, revoked.id, now=now)
    await issue(organisation, now - HOUR, scopes=KEY_MAKER, expires_at=now)
    await issue(organisation, now, scopes=KEY_MAKER, expires_at=now + HOUR)
    await issue(organisation, now, scopes=("org:read", "org:write"))

    with pytest.raises(LastKeyMaker):
        await revoke_key(organisation, office.id, by=await caller(office, now), now=now)


async def test_another_organisation_s_keys_make_none_here(
    organisation: UUID, other_organisation: UUID, now: datetime
) -> None:
    await issue(other_organisation, now, scopes=KEY_MAKER)
    last = await issue(organisation, now, scopes=KEY_MAKER)

    with pytest.raises(LastKeyMaker):
        await revoke_key(organisation, last.id, by=await caller(last, now), now=now)


async def test_of_two_that_end_each_other_at_once_one_stays(
    organisation: UUID, now: datetime
) -> None:
    for _ in range(5):
        first, second = [await issue(organisation, now, scopes=KEY_MAKER) for _ in range(2)]
        one, other = await caller(first, now), await caller(second, now)

        results = await asyncio.gather(
            revoke_key(organisation, first.id, by=other, now=now),
            revoke_key(organisation, second.id, by=one, now=now),
            return_exceptions=True,
        )

        assert [type(one) for one in results if isinstance(one, Exception)] == [KeyRefused]
        (left,) = await working(organisation, now)
        await revoke_key(organisation, left, now=now)


async def test_of_two_that_a_third_ends_at_once_one_stays(
    organisation: UUID, now: datetime
) -> None:
    for _ in range(5):
        keys = [await issue(organisation, now, scopes=KEY_MAKER) for _ in range(2)]
        by = [await caller(key, now) for key in keys]

        # Each ends itself, so that neither request is refused for the sake of its own key.
        results = await asyncio.gather(
            *(
                revoke_key(organisation, key.id, by=own, now=now)
                for key, own in zip(keys, by, strict=True)
            ),
            return_exceptions=True,
        )

        assert [type(one) for one in results if isinstance(one, Exception)] == [LastKeyMaker]
        (left,) = await working(organisation, now)
        await revoke_key(organisation, left, now=now)
