"""API keys: what is stored, who gets in, who does not any more."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from models.engine import connection, transaction
from survey.access.errors import (
    BeyondOwnRights,
    ExpiryPassed,
    ImportReadsResults,
    KeyNotFound,
    KeyRefused,
    UnknownKeyUnit,
    UnknownScopes,
)
from survey.access.keys import (
    IssuedKey,
    KeyPlan,
    Principal,
    create_key,
    list_keys,
    revoke_key,
    verify_key,
)
from survey.access.scopes import GENERAL_SCOPES, SCOPES, not_grantable, unknown_scopes
from tests.factories.directory import load_company
from tests.factories.principals import make_principal


async def issue(organisation: UUID, now: datetime, **fields: object) -> IssuedKey:
    by = fields.pop("granted_by", None)
    plan = KeyPlan(**({"name": "Reader", "scopes": ("org:read",)} | fields))  # type: ignore[arg-type]  # a builder's
    return await create_key(organisation, plan, granted_by=by, now=now)  # type: ignore[arg-type]  # the same


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


async def test_a_revoked_key_leaves_the_index(organisation: UUID, now: datetime) -> None:
    issued = await issue(organisation, now)

    await revoke_key(organisation, issued.id, now=now)

    with pytest.raises(KeyRefused):
        await verify_key(issued.key, now=now)
    async with transaction(organisation):
        left = await connection().fetchval(
            "SELECT count(*) FROM api_key_index WHERE organisation = $1", organisation
        )
    assert left == 0


async def test_revoking_twice_keeps_the_first_moment(organisation: UUID, now: datetime) -> None:
    issued = await issue(organisation, now)

    await revoke_key(organisation, issued.id, now=now)
    await revoke_key(organisation, issued.id, now=now + timedelta(days=1))

    (view,) = (await list_keys(organisation)).items
    assert view.revoked_at == now


async def test_a_key_of_nobody_cannot_be_revoked(organisation: UUID, now: datetime) -> None:
    with pytest.raises(KeyNotFound):
        await revoke_key(organisation, uuid4(), now=now)


async def test_another_organisation_cannot_revoke_a_key(
    organisation: UUID, other_organisation: UUID, now: datetime
) -> None:
    issued = await issue(organisation, now)

    with pytest.raises(KeyNotFound):
        await revoke_key(other_organisation, issued.id, now=now)

    assert await verify_key(issued.key, now=now)


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
    giver = msgspec.structs.replace(
        await make_principal(organisation), scopes=frozenset({"org:read"}), unit="U1"
    )

    await issue(organisation, now, granted_by=giver, unit="U1")
    for beyond in ({"scopes": ["org:write"], "unit": "U1"}, {"unit": "U2"}, {"unit": None}):
        with pytest.raises(BeyondOwnRights):
            await issue(organisation, now, granted_by=giver, **beyond)


def test_scopes_that_do_not_exist_are_named_in_order() -> None:
    assert unknown_scopes(["z", "org:read", "a"]) == ["a", "z"]


def test_only_what_is_held_is_grantable() -> None:
    assert not_grantable(["org:read", "org:write"], held=["org:read"]) == ["org:write"]
    assert not_grantable(SCOPES, held=SCOPES) == []


def test_general_scopes_neither_bring_answers_in_nor_carry_them_off() -> None:
    assert set(SCOPES) - set(GENERAL_SCOPES) == {"responses:import", "responses:export"}
