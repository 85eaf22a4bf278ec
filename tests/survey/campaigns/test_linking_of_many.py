"""The linking attackers on 1 000 people who answer three campaigns at once.

The attacker holds all tables and files of the database, its log, the server key (so that it
knows whose token each request bears), the lines of the processes, and a proxy's list of who
asked for a form and sent one, when, and of what size.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from models.embedded import EmbeddedPostgres
from seed.content import standard_instrument
from survey.campaigns import unsealing
from survey.capture import queue
from survey.capture.submission import Submission
from survey.instruments.parts import Role
from survey.sealing.seal import Envelope, Seal
from survey.sealing.sheets import Comment, Contents, Sheet
from tests.attackers.candidates import Candidates, candidates_of
from tests.attackers.database_dump import Dump, dump_database
from tests.attackers.linking import Linking, link_campaign
from tests.databases import query
from tests.factories.campaigns import close_campaign
from tests.factories.crowd import Answering, answer, load_realistic_company, open_for
from tests.factories.server import SERVER_KEY

K = 5
INSTRUMENT = standard_instrument()


class Attack:
    """A story with an attacker at its end."""

    def __init__(self, server: EmbeddedPostgres, database: str, story: str) -> None:
        self._log = server.folder.log
        self._database = database
        self._story = random.Random(story)
        self.campaigns: list[Answering] = []

    async def after(self, *companies: tuple[UUID, int, str], pads: bool = True) -> Dump:
        """Return what is there once everybody has answered and all campaigns have closed.

        A company is an organisation, its number of people, and the modes of its campaigns.
        """
        since = str(await query(self._database, "SELECT pg_current_wal_insert_lsn()::text"))
        for organisation, people, modes in companies:
            roles = await load_realistic_company(organisation, people, self._story)
            self.campaigns += [
                await open_for(organisation, roles, mode=mode) for mode in modes.split()
            ]
        end = await answer(self.campaigns, self._story, pads=pads)
        for one in self.campaigns:
            await close_campaign(one.organisation, one.campaign, now=end + timedelta(days=1))
        superuser = await asyncpg.connect(self._database)
        try:
            lines = self._log.read_text().splitlines()
            return await dump_database(superuser, lines, since=since)
        finally:
            await superuser.close()


def linked(dump: Dump, one: Answering) -> dict[str, Linking]:
    return link_campaign(
        dump,
        one.campaign,
        answers=one.answers,
        comments=one.comments,
        requests=one.requests,
        server_key=SERVER_KEY,
    )


def responses(dump: Dump, one: Answering) -> list[dict[str, Any]]:
    return [row for row in dump.tables["response"] if row["campaign"] == one.campaign]


def sought(dump: Dump, one: Answering) -> list[Candidates]:
    return candidates_of(
        dump,
        one.campaign,
        answers=one.answers,
        requests=one.requests,
        body_bytes=body_bytes,
    )


def body_bytes(role: Role, answers: Sequence[int | None], seconds: int) -> int:
    """Return the size of the body that these answers would come in without comments."""
    asked = {item.key for item in INSTRUMENT.items_for(role)}
    given = zip(INSTRUMENT.item_keys, answers, strict=True)
    body = Submission(
        answers={key: one for key, one in given if key in asked},
        duration_s=seconds,
        consent=True if role == "sponsor" else None,
    )
    return len(body.canonical())


def singled_out(dump: Dump, one: Answering) -> list[Candidates]:
    """Return those whose own answers are among too few, though many share unit and role."""
    found = sought(dump, one)
    return [each for each in found if each.content and each.left < min(K, each.all)]


@pytest.fixture
def attack(server: EmbeddedPostgres, database: str, request: pytest.FixtureRequest) -> Attack:
    # Every story has answers of its own: what one leaves in the files helps in no other.
    return Attack(server, database, request.node.name)


@pytest.mark.slow
async def test_of_a_thousand_people_nobody_is_linked(
    attack: Attack, organisation: UUID, other_organisation: UUID
) -> None:
    dump = await attack.after(
        (organisation, 600, "anonymous confidential"), (other_organisation, 400, "anonymous")
    )

    everyone, panel, others = attack.campaigns
    for one in (everyone, others):
        for name, found in linked(dump, one).items():
            assert not found.better_than_chance, f"{name}: {found}"
        assert singled_out(dump, one) == []
    assert {row["person"] for row in responses(dump, panel)} == panel.answers.keys()


async def test_bodies_of_their_own_size_single_people_out(
    attack: Attack, organisation: UUID
) -> None:
    dump = await attack.after((organisation, 150, "anonymous"), pads=False)

    (one,) = attack.campaigns
    assert len(singled_out(dump, one)) > 0.3 * len(one.answers)


async def test_unless_they_are_exchanged_answers_in_haste_stay_in_their_unit(
    attack: Attack, organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsealing, "_exchanged", lambda kept: list(range(len(kept))))
    dump = await attack.after((organisation, 400, "anonymous"))

    (one,) = attack.campaigns
    units = {row["person"]: row["unit_code"] for row in dump.tables["invitation"]}
    owners = {said: person for person, said in one.answers.items()}
    hasty = [row for row in responses(dump, one) if row["too_fast"]]
    assert len(hasty) >= K
    for row in hasty:
        assert row["unit_code"] == units[owners[tuple(row["answers"])]]


@pytest.mark.slow
async def test_without_sealing_the_transactions_in_the_files_link(
    attack: Attack, organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Seal, "close", in_plain_text)
    monkeypatch.setattr(Seal, "open", as_it_lies)
    monkeypatch.setattr(queue, "MAX_GROUP", 1)
    dump = await attack.after((organisation, 200, "anonymous"))

    (one,) = attack.campaigns
    rows = [source for source in dump.files if source.name.startswith("file")]
    attempt = link_campaign(
        replace(dump, files=rows), one.campaign, answers=one.answers, comments=one.comments
    )
    assert attempt["responses"].rate > 0.8
    assert attempt["comments"].better_than_chance
    assert attempt["responses to comments"].rate > 0.8


def in_plain_text(seal: Seal, sheets: list[Sheet], comments: list[Comment]) -> Envelope:
    plain, envelope = seal.layout.pack(sheets, comments), uuid4()
    return Envelope(envelope, plain, seal._mark(envelope, plain))


def as_it_lies(seal: Seal, envelope: Envelope, _: object) -> Contents:
    return seal.layout.unpack(envelope.sealed)


@pytest.mark.slow
async def test_without_shuffling_the_times_of_requests_link(
    attack: Attack, organisation: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsealing, "_RANDOM", InOrder())
    dump = await attack.after((organisation, 200, "anonymous"))

    (one,) = attack.campaigns
    assert linked(dump, one)["responses"].rate > 0.9


class InOrder:
    """Draws what comes first."""

    def sample(self, population: Sequence[int], k: int) -> list[int]:
        return list(population)[:k]

    def shuffle(self, things: object) -> None:
        """Leave them as they are."""
