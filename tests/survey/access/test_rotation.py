"""Keys that are replaced: the new one may do the same, and the old one runs out."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from survey.access.errors import (
    BeyondOwnRights,
    ExpiryPassed,
    KeyEnded,
    KeyNotFound,
    KeyRefused,
    KeyReplaced,
    LastKeyMaker,
    OutlivesMaker,
)
from survey.access.keys import IssuedKey, list_keys, read_key, verify_key
from survey.access.revocation import revoke_key
from survey.access.rotation import OVERLAP_HOURS, KeyRotation, rotate_key
from tests.factories.directory import load_company
from tests.factories.keys import KEY_MAKER, caller, issue

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OVERLAP = timedelta(hours=OVERLAP_HOURS)
USUAL = KeyRotation()


async def works(key: IssuedKey, now: datetime) -> bool:
    try:
        await verify_key(str(key.key), now=now)
    except KeyRefused:
        return False
    return True


async def test_the_new_key_may_do_what_the_old_one_may(
    organisation: UUID, now: datetime
) -> None:
    await load_company(organisation, {"U1": 0})
    old = await issue(organisation, now, unit="U1", expires_at=now + DAY)

    new = await rotate_key(organisation, old.id, USUAL, now=now)

    principal = await verify_key(str(new.key), now=now)
    assert (principal.scopes, principal.unit) == (frozenset(old.scopes), "U1")
    assert (new.name, new.expires_at, new.replaces) == (old.name, old.expires_at, old.id)
    assert new.key != old.key


async def test_the_old_key_works_until_the_overlap_is_over(
    organisation: UUID, now: datetime
) -> None:
    old = await issue(organisation, now)

    new = await rotate_key(organisation, old.id, USUAL, now=now)

    assert await works(old, now + OVERLAP - HOUR)
    assert not await works(old, now + OVERLAP)
    assert await works(new, now + OVERLAP)


async def test_without_an_overlap_the_old_key_ends_at_once(
    organisation: UUID, now: datetime
) -> None:
    old = await issue(organisation, now)

    await rotate_key(organisation, old.id, KeyRotation(overlap_hours=0), now=now)

    assert not await works(old, now)


async def test_no_overlap_lasts_longer_than_the_old_key_would_have(
    organisation: UUID, now: datetime
) -> None:
    old = await issue(organisation, now, expires_at=now + HOUR)

    await rotate_key(organisation, old.id, KeyRotation(expires_at=now + DAY), now=now)

    assert (await read_key(organisation, old.id)).expires_at == now + HOUR


async def test_keys_that_the_old_one_made_outlast_it(organisation: UUID, now: datetime) -> None:
    old = await issue(organisation, now)
    made = await issue(organisation, now, by=await caller(old, now))

    await rotate_key(organisation, old.id, USUAL, now=now)

    assert await works(made, now + 2 * OVERLAP)


@pytest.mark.parametrize("ended", ["old", "new", "the one before"])
async def test_a_key_and_what_replaced_it_end_together_with_what_either_made(
    organisation: UUID, now: datetime, ended: str
) -> None:
    first = await issue(organisation, now)
    old = await rotate_key(organisation, first.id, USUAL, now=now)
    made_before = await issue(organisation, now, by=await caller(old, now))
    new = await rotate_key(organisation, old.id, USUAL, now=now)
    made_after = await issue(organisation, now, by=await caller(new, now))
    key = {"old": old, "new": new, "the one before": first}[ended]

    revoked = (await revoke_key(organisation, key.id, now=now)).revoked

    assert {one.id for one in revoked} == {
        one.id for one in (first, old, made_before, new, made_after)
    }


async def test_a_key_that_rotated_another_takes_the_new_one_with_it(
    organisation: UUID, now: datetime
) -> None:
    rotating = await issue(organisation, now, scopes=KEY_MAKER)
    old = await issue(organisation, now)
    new = await rotate_key(organisation, old.id, USUAL, by=await caller(rotating, now), now=now)

    await revoke_key(organisation, rotating.id, now=now)

    assert new.made_by == rotating.id
    assert not await works(new, now)


async def test_whoever_made_the_old_key_takes_the_new_one_with_it(
    organisation: UUID, now: datetime
) -> None:
    maker, other = [await issue(organisation, now, scopes=KEY_MAKER) for _ in range(2)]
    old = await issue(organisation, now, by=await caller(maker, now))
    new = await rotate_key(organisation, old.id, USUAL, by=await caller(other, now), now=now)

    await revoke_key(organisation, maker.id, now=now)

    assert not await works(new, now)
    assert await works(other, now)


async def test_a_key_gets_no_stronger_one_by_rotating_it(
    organisation: UUID, now: datetime
) -> None:
    weak = await caller(await issue(organisation, now, scopes=KEY_MAKER), now)
    strong = await issue(organisation, now, scopes=("org:write",))

    with pytest.raises(BeyondOwnRights):
        await rotate_key(organisation, strong.id, USUAL, by=weak, now=now)


@pytest.mark.parametrize("end", [None, timedelta(days=2)])
async def test_no_key_lasts_longer_by_rotating_itself(
    organisation: UUID, now: datetime, end: timedelta | None
) -> None:
    own = await issue(organisation, now, expires_at=now + DAY)
    rotation = KeyRotation(expires_at=None if end is None else now + end)
    by = await caller(own, now)

    if end is None:
        new = await rotate_key(organisation, own.id, rotation, by=by, now=now)
        assert new.expires_at == now + DAY
    else:
        with pytest.raises(OutlivesMaker):
            await rotate_key(organisation, own.id, rotation, by=by, now=now)


async def test_an_endless_key_is_not_rotated_by_one_that_ends(
    organisation: UUID, now: datetime
) -> None:
    by = await caller(await issue(organisation, now, expires_at=now + DAY), now)
    endless = await issue(organisation, now)

    with pytest.raises(OutlivesMaker):
        await rotate_key(organisation, endless.id, USUAL, by=by, now=now)


async def test_the_last_key_that_makes_keys_is_rotated_to_one_that_lasts(
    organisation: UUID, now: datetime
) -> None:
    last = await issue(organisation, now, scopes=KEY_MAKER)
    by = await caller(last, now)
    short = KeyRotation(expires_at=now + HOUR)

    with pytest.raises(LastKeyMaker, match=f"opmodel key rotate {last.id}"):
        await rotate_key(organisation, last.id, short, by=by, now=now)
    await rotate_key(organisation, last.id, KeyRotation(overlap_hours=0), by=by, now=now)

    assert [key.replaces for key in (await list_keys(organisation)).items] == [None, last.id]


async def test_a_key_is_rotated_once(organisation: UUID, now: datetime) -> None:
    old = await issue(organisation, now)

    results = await asyncio.gather(
        *(rotate_key(organisation, old.id, USUAL, now=now) for _ in range(3)),
        return_exceptions=True,
    )

    refusals = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in refusals] == [KeyReplaced, KeyReplaced]


async def test_a_key_that_has_ended_is_not_rotated(organisation: UUID, now: datetime) -> None:
    revoked = await issue(organisation, now)
    await revoke_key(organisation, revoked.id, now=now)
    expired = await issue(organisation, now - HOUR, expires_at=now)

    for key in (revoked, expired):
        with pytest.raises(KeyEnded):
            await rotate_key(organisation, key.id, KeyRotation(expires_at=now + DAY), now=now)


async def test_a_key_of_nobody_or_of_others_is_not_rotated(
    organisation: UUID, other_organisation: UUID, now: datetime
) -> None:
    theirs = await issue(other_organisation, now)

    for key in (theirs.id, uuid4()):
        with pytest.raises(KeyNotFound):
            await rotate_key(organisation, key, USUAL, now=now)


async def test_the_new_key_must_not_have_expired(organisation: UUID, now: datetime) -> None:
    old = await issue(organisation, now)

    with pytest.raises(ExpiryPassed):
        await rotate_key(organisation, old.id, KeyRotation(expires_at=now), now=now)


async def test_a_key_does_not_escape_its_revocation_by_rotating_itself(
    organisation: UUID, now: datetime
) -> None:
    for _ in range(5):
        own = await issue(organisation, now)
        by = await caller(own, now)

        await asyncio.gather(
            rotate_key(organisation, own.id, USUAL, by=by, now=now),
            revoke_key(organisation, own.id, now=now),
            return_exceptions=True,
        )

    keys = (await list_keys(organisation)).items
    assert [key for key in keys if key.revoked_at is None] == []
