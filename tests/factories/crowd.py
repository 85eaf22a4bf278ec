"""A company that answers over some working days, and what a proxy in front of it has seen."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from models.engine import connection, transaction
from seed.content import standard_instrument
from seed.loader import load_standard_content
from survey.campaigns.draft import draft_campaign
from survey.campaigns.invitations import invitation_tokens
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignPlan
from survey.capture.forms import SavedAnswers, open_form, save_answers
from survey.capture.queue import Capture
from survey.capture.submission import Submission, padded_bytes
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from tests.attackers.traces import Request
from tests.factories.directory import people_file, person, unit, unit_file
from tests.factories.server import CHANNELS, KEYS, NOW, SEALS, SERVER_KEY

__all__ = ["Answering", "Clock", "answer", "load_realistic_company", "open_for"]

DAYS = 5
FUNCTIONS = ("business", "it", "data", "risk", "other")
_INSTRUMENT = standard_instrument()
_PADDED = padded_bytes(_INSTRUMENT)
_AT_ONCE = 12
"""Submissions that may wait for the same commit."""


class Clock:
    """Says what time it is in the story."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class Answering:
    """A campaign with the secrets of its people.

    Attributes
    ----------
    answers
        Person to stored answers.
    comments
        Person to comment, of those who wrote one.
    requests
        What the proxy has seen.
    """

    organisation: UUID
    campaign: UUID
    persons: dict[str, UUID]
    tokens: dict[str, str]
    roles: dict[str, str]
    answers: dict[UUID, tuple[int | None, ...]] = field(default_factory=dict)
    comments: dict[UUID, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)


@dataclass(frozen=True)
class _Visit:
    """One person who opens the form, thinks, and submits."""

    to: Answering
    person: str
    opened: datetime
    posted: datetime
    saves: bool
    pads: bool
    submission: Submission


async def load_realistic_company(
    organisation: UUID, people: int, rng: random.Random
) -> dict[str, str]:
    """Put people into units of 8 to 70, of all roles and functions; return their roles."""
    await load_standard_content(organisation, now=NOW)
    rows: list[dict[str, str]] = []
    codes: list[str] = []
    while len(rows) < people:
        code = f"U{len(codes)}"
        codes.append(code)
        for number in range(min(round(rng.lognormvariate(3.2, 0.6)) + 8, people - len(rows))):
            role = "sponsor" if number == 0 else "manager" if number % 8 == 1 else "contributor"
            rows.append(
                person(
                    f"{code}P{number:03}",
                    code,
                    role=role,
                    function=rng.choices(FUNCTIONS, (6, 2, 1, 1, 1))[0],
                    locale=rng.choices(("en", "de"), (3, 1))[0],
                )
            )
    rng.shuffle(rows)
    await sync_units(organisation, unit_file(unit("C"), *(unit(code, "C") for code in codes)))
    await sync_people(organisation, people_file(*rows))
    return {row["external_id"]: row["role"] for row in rows}


async def open_for(organisation: UUID, roles: dict[str, str], **plan: object) -> Answering:
    """Open a campaign of the standard instrument for everybody in an organisation."""
    standard = {
        "name": f"Conditions, {plan.get('mode', 'anonymous')}",
        "instrument_key": "ai-scaling-conditions",
        "instrument_version": 1,
    }
    drafted = await draft_campaign(organisation, CampaignPlan(**(standard | plan)), now=NOW)
    await open_campaign(
        organisation,
        drafted.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="console",
        channels=CHANNELS,
        now=NOW,
    )
    tokens = await invitation_tokens(organisation, drafted.id, server_key=SERVER_KEY)
    async with transaction(organisation):
        rows = await connection().fetch("SELECT external_id, id FROM person")
    return Answering(organisation, drafted.id, dict(map(tuple, rows)), tokens, roles)


async def answer(
    campaigns: Sequence[Answering], rng: random.Random, *, pads: bool = True
) -> datetime:
    """Let nine in ten answer each campaign over five days; return when the last one has.

    Their clients pad what they send, as the form asks, unless told not to.
    """
    visits = sorted(
        (visit for one in campaigns for visit in _visits(one, rng, pads=pads)),
        key=lambda visit: visit.posted,
    )
    clock = Clock()
    capture = Capture(clock, SEALS)
    await capture.start()
    while visits:
        some = rng.randint(1, _AT_ONCE)
        now, visits = visits[:some], visits[some:]
        for visit in now:
            await _begin(visit)
        clock.moment = now[-1].posted
        receipts = (
            capture.submit(visit.to.tokens[visit.person], visit.submission) for visit in now
        )
        await asyncio.gather(*receipts)
    await capture.stop()
    return clock.moment


async def _begin(visit: _Visit) -> None:
    token, given = visit.to.tokens[visit.person], visit.submission
    await open_form(token, locale=None, seals=SEALS, now=visit.opened)
    if visit.saves:
        half = dict(list(given.answers.items())[::2])
        await save_answers(token, SavedAnswers(answers=half), seals=SEALS, now=visit.posted)


def _visits(to: Answering, rng: random.Random, *, pads: bool) -> list[_Visit]:
    """Draw who answers what and when, and keep it for whoever judges the attack."""
    people = sorted(to.tokens)
    rng.shuffle(people)
    visits = []
    for key in people[: round(0.9 * len(people))]:
        submission = _submission(to.roles[key], rng)
        day = min(int(rng.expovariate(0.7)), DAYS - 1)
        opened = NOW + timedelta(days=day, seconds=rng.uniform(0, 9 * 3600))
        lasted = timedelta(seconds=(submission.duration_s or 0) + rng.uniform(0.2, 1.5))
        visit = _Visit(to, key, opened, opened + lasted, rng.random() < 0.2, pads, submission)
        visits.append(visit)
        _remember(visit)
    return visits


def _remember(visit: _Visit) -> None:
    to, owner = visit.to, visit.to.persons[visit.person]
    given = visit.submission
    to.answers[owner] = tuple(given.answers.get(item) for item in _INSTRUMENT.item_keys)
    for text in given.comments.values():
        to.comments[owner] = text
    to.requests.append(
        Request(
            person=owner,
            opened=visit.opened,
            posted=visit.posted,
            size=len(given.canonical().ljust(_PADDED if visit.pads else 0)),
        )
    )


def _submission(role: str, rng: random.Random) -> Submission:
    """Draw answers; some are left out, a few people hurry, a quarter comment."""
    left_out = rng.betavariate(0.5, 10)
    answers = {
        item.key: None if rng.random() < left_out else rng.randint(1, 5)
        for item in _INSTRUMENT.items_for(role)
    }
    seconds = rng.lognormvariate(6.2, 0.6) if rng.random() < 0.96 else rng.uniform(15, 55)
    comments = {}
    if role != "sponsor" and rng.random() < 0.25:
        words = [
            f"{rng.getrandbits(40):x}" for _ in range(round(rng.lognormvariate(2, 0.8)) + 1)
        ]
        comments["comment_help"] = " ".join(words)[:1000]
    return Submission(
        answers=answers,
        comments=comments,
        duration_s=round(seconds),
        consent=True if role == "sponsor" else None,
    )
