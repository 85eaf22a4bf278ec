"""An envelope opens with its own key, in its own place, and only if nobody has touched it."""

from datetime import date
from uuid import UUID

import msgspec
import pytest

from survey.sealing.errors import EnvelopeRefused, KeyExchanged
from survey.sealing.key_pair import new_private_key
from survey.sealing.seal import Envelope, Seal, mark_of_key
from survey.sealing.sheets import Comment, Layout, Sheet

PRIVATE = new_private_key()
SECRET = b"s" * 32
LAYOUT = Layout(units=("U1", "U2"), items=("a_1",), questions=("why",), low=1)
SHEET = Sheet("U1", "contributor", None, None, date(2026, 11, 23), 9, None, False, None, (3,))
SAID = "Nobody listens to us"


def seal(**changes: object) -> Seal:
    made = Seal(
        organisation=UUID(int=1),
        campaign=UUID(int=2),
        secret=SECRET,
        public_key=PRIVATE.public_key(),
        layout=LAYOUT,
    )
    return msgspec.structs.replace(made, **changes)


def closed() -> Envelope:
    return seal().close([SHEET], [Comment("U1", "why", None, SAID)])


def test_an_envelope_opens_with_its_key() -> None:
    opened = seal().open(closed(), PRIVATE)

    assert opened.comments == [Comment("U1", "why", None, SAID)]
    assert len(opened.sheets) == len(LAYOUT.unpack(LAYOUT.pack([SHEET], [])).sheets)


def test_an_envelope_shows_nothing_of_what_is_in_it() -> None:
    assert SAID.encode() not in closed().sealed


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"organisation": UUID(int=9)},
        {"campaign": UUID(int=9)},
        {"layout": msgspec.structs.replace(LAYOUT, units=("U2", "U1"))},
        {"layout": msgspec.structs.replace(LAYOUT, items=("b_1",))},
        {"secret": b"x" * 32},
    ],
    ids=["organisation", "campaign", "units", "items", "secret"],
)
def test_an_envelope_opens_nowhere_else(elsewhere: dict[str, object]) -> None:
    with pytest.raises(EnvelopeRefused):
        seal(**elsewhere).open(closed(), PRIVATE)


def test_an_envelope_opens_under_its_own_id_alone() -> None:
    with pytest.raises(EnvelopeRefused):
        seal().open(closed()._replace(id=UUID(int=7)), PRIVATE)


def test_no_other_private_key_opens_an_envelope() -> None:
    with pytest.raises(EnvelopeRefused):
        seal().open(closed(), new_private_key())


def test_an_envelope_that_was_changed_is_refused() -> None:
    envelope = closed()
    changed = bytes([envelope.sealed[0] ^ 1]) + envelope.sealed[1:]

    with pytest.raises(EnvelopeRefused):
        seal().open(envelope._replace(sealed=changed), PRIVATE)


def test_whoever_has_the_public_key_alone_forges_no_envelope() -> None:
    forged = seal(secret=b"guessed" * 5).close([SHEET], [])

    with pytest.raises(EnvelopeRefused):
        seal().open(forged, PRIVATE)


def test_a_public_key_that_was_exchanged_is_refused() -> None:
    mine = new_private_key().public_key().to_bytes()

    with pytest.raises(KeyExchanged):
        Seal.of(
            UUID(int=1),
            UUID(int=2),
            secret=SECRET,
            public_key=mine,
            mark=mark_of_key(b"x" * 32, UUID(int=2), mine),
            layout=LAYOUT,
        )


def test_what_is_derived_needs_secret_and_token() -> None:
    told = seal().fingerprint("token", b"body")

    assert seal().fingerprint("token", b"body") == told
    others = {
        seal(secret=b"x" * 32).fingerprint("token", b"body"),
        seal().fingerprint("other", b"body"),
        seal().fingerprint("token", b"other"),
        seal().fingerprint("tokenb", b"ody"),
        seal().draft_key("token"),
        seal().row_key(),
    }
    assert len(others) == 6
    assert told not in others
