"""API keys: what is stored, who gets in, who does not any more."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from survey.access.errors import (
    BeyondOwnRights,
    ExpiryPassed,
    ImportReadsResults,
    KeyRefused,
    OutlivesMaker,
    UnknownKeyUnit,
    UnknownScopes,
)
from survey.access.keys import Principal, list_keys, verify_key
from survey.access.revocation import revoke_key
from survey.access.scopes import (
    GENERAL_SCOPES,
    SCOPES,
    not_grantable,
    outlives,
    unknown_scopes,
)
from tests.factories.directory import load_company
from tests.factories.keys import caller, issue

HOUR = timedelta(hours=1)


async def test_a_key_says_who_calls(organisation: UUID, now: datetime) -> None:
    await load_company(organisation, {"U1": 0})
    issued = await issue(organisation, now, unit="U1")

    principal = await verify_key(issued.key, now=now)

    assert principal == Principal(
        organisation=organisation,
        key=issued.id,
        scopes=frozenset({"org:read"}),
        unit="U1",
    )


async def test_a_key_is_marked_and_long_enough_to_be_random(
    organisation: UUID, now: datetime
) -> None:
    issued = await issue(organisation, now)

    mark, prefix, secret = issued.key.split("_", 2)
    assert (mark, f"omk_{prefix}") == ("omk", issued.prefix)
    assert len(secret) == 43


async def test_no_two_keys_are_the_same(organisation: UUID, now: datetime) -> None:
    keys = {(await issue(organisation, now)).key for _ in range(5)}

    assert len(keys) == 5


async def test_the_secret_is_not_part_of_what_is_printed(
    organisation: UUID, now: datetime
) -> None:
    issued = await issue(organisation, now)

    assert issued.key not in repr(issued)


async def test_a_changed_letter_is_another_key(organisation: UUID, now: datetime) -> None:
    key = (await issue(organisation, now)).key
    changed = key[:-1] + ("A" if key[-1] != "A" else "B")

    with pytest.raises(KeyRefused):
        await verify_key(changed, now=now)


async def test_a_key_ends_at_its_moment(organisation: UUID, now: datetime) -> None:
    end = now + timedelta(hours=1)
    key = (await issue(organisation, now, expires_at=end)).key

    await verify_key(key, now=end - timedelta(seconds=1))
    with pytest.raises(KeyRefused):
        await verify_key(key, now=end)


async def test_the_day_of_use_is_kept_and_not_the_moment(
    organisation: UUID, now: datetime
) -> None:
    issued = await issue(organisation, now)

    await verify_key(issued.key, now=now + timedelta(days=3))

    (view,) = (await list_keys(organisation)).items
    assert view.last_used_on == (now + timedelta(days=3)).date()


async def test_keys_are_listed_page_by_page(organisation: UUID, now: datetime) -> None:
    made = [(await issue(organisation, now)).id for _ in range(3)]

    first = await list_keys(organisation, limit=2)
    rest = await list_keys(organisation, after=first.next, limit=2)

    assert [view.id for view in (*first.items, *rest.items)] == made
    assert rest.next is None


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"scopes": ["everything"]}, UnknownScopes),
        ({"scopes": ["responses:import", "analytics:read"]}, ImportReadsResults),
        ({"scopes": ["responses:import", "comments:read"]}, ImportReadsResults),
        ({"scopes": ["responses:import", "recommendations:read"]}, ImportReadsResults),
        ({"scopes": ["responses:import", "responses:export"]}, ImportReadsResults),
        ({"unit": "nowhere"}, UnknownKeyUnit),
        ({"expires_at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")}, ExpiryPassed),
    ],
)
async def test_a_key_that_makes_no_sense_is_not_made(
    organisation: UUID, now: datetime, fields: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await issue(organisation, now, **fields)

    assert (await list_keys(organisation)).items == ()


async def test_a_key_finds_its_unit_in_any_spelling(organisation: UUID, now: datetime) -> None:
    await load_company(organisation, {"U1": 0})

    assert (await issue(organisation, now, unit="\u00a0U1\u200b")).unit == "U1"


async def test_nobody_hands_on_more_than_they_hold(organisation: UUID, now: datetime) -> None:
    await load_company(organisation, {"U1": 0, "U2": 0})
    giver = await caller(await issue(organisation, now, unit="U1"), now)

    await issue(organisation, now, by=giver, unit="U1")
    for beyond in ({"scopes": ["org:write"], "unit": "U1"}, {"unit": "U2"}, {"unit": None}):
        with pytest.raises(BeyondOwnRights):
            await issue(organisation, now, by=giver, **beyond)


async def test_a_key_says_which_key_made_it(organisation: UUID, now: datetime) -> None:
    maker = await issue(organisation, now)

    made = await issue(organisation, now, by=await caller(maker, now))

    assert (maker.made_by, made.made_by) == (None, maker.id)


@pytest.mark.parametrize("end", [timedelta(hours=1), timedelta(minutes=59)])
async def test_a_key_makes_keys_that_end_with_it_or_before(
    organisation: UUID, now: datetime, end: timedelta
) -> None:
    maker = await caller(await issue(organisation, now, expires_at=now + HOUR), now)

    made = await issue(organisation, now, by=maker, expires_at=now + end)

    assert made.expires_at == now + end


@pytest.mark.parametrize("end", [None, timedelta(hours=1, microseconds=1)])
async def test_no_key_is_outlived_by_one_that_it_makes(
    organisation: UUID, now: datetime, end: timedelta | None
) -> None:
    maker = await caller(await issue(organisation, now, expires_at=now + HOUR), now)

    with pytest.raises(OutlivesMaker, match="expiresAt must be a moment no later than"):
        await issue(organisation, now, by=maker, expires_at=None if end is None else now + end)

    assert len((await list_keys(organisation)).items) == 1


async def test_a_key_that_has_ended_since_its_request_began_makes_none(
    organisation: UUID, now: datetime
) -> None:
    revoked, expired = (
        await issue(organisation, now),
        await issue(organisation, now, expires_at=now + HOUR),
    )
    makers = [await caller(revoked, now), await caller(expired, now)]
    await revoke_key(organisation, revoked.id, now=now)

    for maker in makers:
        with pytest.raises(KeyRefused):
            await issue(organisation, now + HOUR, by=maker, expires_at=now + 2 * HOUR)


async def test_a_key_cannot_make_another_while_it_is_revoked(
    organisation: UUID, now: datetime
) -> None:
    maker = await issue(organisation, now)
    by = await caller(maker, now)

    results = await asyncio.gather(
        revoke_key(organisation, maker.id, now=now),
        *(issue(organisation, now, by=by) for _ in range(5)),
        return_exceptions=True,
    )

    assert len(results) == 6
    keys = (await list_keys(organisation)).items
    assert [key for key in keys if key.revoked_at is None] == []


def test_scopes_that_do_not_exist_are_named_in_order() -> None:
    assert unknown_scopes(["z", "org:read", "a"]) == ["a", "z"]


def test_only_what_is_held_is_grantable() -> None:
    assert not_grantable(["org:read", "org:write"], held=["org:read"]) == ["org:write"]
    assert not_grantable(SCOPES, held=SCOPES) == []


def test_what_lasts_forever_outlives_what_ends() -> None:
    soon = datetime.fromisoformat("2026-01-01T00:00:00+00:00")

    assert outlives(None, maker=soon)
    assert not outlives(None, maker=None)
    assert not outlives(soon, maker=None)
    assert not outlives(soon, maker=soon)


def test_general_scopes_neither_bring_answers_in_nor_carry_them_off() -> None:
    assert set(SCOPES) - set(GENERAL_SCOPES) == {
        "responses:import",
        "responses:export",
        "invitations:export",
    }
