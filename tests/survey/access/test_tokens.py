from uuid import UUID

import pytest

from survey.access.tokens import derive_token, token_hash

KEY = b"k" * 32
INVITATION = UUID("018f0000-0000-7000-8000-000000000001")
TOKEN = derive_token(KEY, INVITATION, 1)


def test_the_same_invitation_always_has_the_same_token() -> None:
    assert derive_token(KEY, INVITATION, 1) == TOKEN


@pytest.mark.parametrize(
    "other",
    [
        derive_token(b"x" * 32, INVITATION, 1),
        derive_token(KEY, UUID(int=INVITATION.int + 1), 1),
        derive_token(KEY, INVITATION, 2),
    ],
    ids=["another key", "another invitation", "another generation"],
)
def test_a_token_differs_with_everything_it_is_made_of(other: str) -> None:
    assert other != TOKEN


def test_a_token_fits_into_a_link() -> None:
    assert len(TOKEN) == 43
    assert TOKEN.replace("-", "").replace("_", "").isalnum()


def test_the_stored_hash_does_not_hold_the_token() -> None:
    assert TOKEN.encode() not in token_hash(TOKEN)
    assert len(token_hash(TOKEN)) == 32
