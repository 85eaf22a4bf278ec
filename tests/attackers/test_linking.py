import hashlib
import hmac
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest

from tests.attackers.database_dump import Dump
from tests.attackers.linking import Linking, link_campaign
from tests.attackers.traces import Request

Row = dict[str, Any]
T = TypeVar("T")

PEOPLE, UNITS = 60, 3
START = datetime(2026, 11, 23, tzinfo=UTC)


def numbered(rows: list[Row], xmin: int = 900) -> list[Row]:
    """Add the system columns of one transaction to rows, in the given order."""
    return [row | {"ctid": place, "xmin": xmin} for place, row in enumerate(rows)]


@dataclass
class World:
    """The tables of a closed campaign without leaks; a test adds one leak to it."""

    rng: random.Random
    campaign: UUID
    persons: list[Row]
    invitations: list[Row]
    responses: list[Row]
    """Person to answers, in the order of the invitations before they are shuffled."""
    answers: dict[UUID, tuple[int | None, ...]]
    extra: dict[str, list[Row]] = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)

    def shuffled(self, rows: list[T]) -> list[T]:
        return self.rng.sample(rows, len(rows))

    def dump(self, responses: list[Row] | None = None) -> Dump:
        """Return the tables; responses are in random order unless given."""
        order = self.shuffled(self.responses) if responses is None else responses
        tables = {
            "person": numbered(self.persons, 100),
            "invitation": numbered(self.invitations, 800),
            "response": [
                {"xmin": 900} | row | {"ctid": place} for place, row in enumerate(order)
            ],
        }
        return Dump(tables | self.extra, self.logs)

    def attack(self, dump: Dump) -> Linking:
        return link_campaign(dump, self.campaign, answers=self.answers)["responses"]


def uuid(rng: random.Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


def world(seed: int = 1) -> World:
    rng = random.Random(seed)
    campaign = uuid(rng)
    made = World(rng, campaign, [], [], [], {})
    for number in range(PEOPLE):
        person, unit = uuid(rng), f"U{number % UNITS}"
        answers = tuple(rng.choice([1, 2, 3, 4, 5, None]) for _ in range(62))
        made.answers[person] = answers
        made.persons.append(
            {"id": person, "external_id": f"E{number:04d}", "email": f"p{number}@example.org"}
        )
        place = {"campaign": campaign, "unit_code": unit, "role": "contributor"}
        token = hashlib.sha256(rng.randbytes(8)).digest()
        made.invitations.append(
            place | {"id": uuid(rng), "person": person, "token_hash": token, "completed": True}
        )
        made.responses.append(
            place | {"id": uuid(rng), "duration_s": rng.randint(60, 900), "answers": [*answers]}
        )
    return made


@pytest.mark.parametrize("seed", range(8))
def test_a_campaign_without_leaks_is_linked_no_better_than_by_chance(seed: int) -> None:
    quiet = world(seed)

    found = quiet.attack(quiet.dump())

    assert not found.better_than_chance
    assert found.chance == UNITS


def test_rows_in_the_order_of_the_invitations_are_linked() -> None:
    leaky = world()

    found = leaky.attack(leaky.dump(leaky.responses))

    assert found.better_than_chance
    assert found.rate == 1.0


def test_rows_in_the_reverse_order_are_linked() -> None:
    leaky = world()

    assert leaky.attack(leaky.dump(leaky.responses[::-1])).rate == 1.0


def ids_in_order(leaky: World) -> None:
    for number, response in enumerate(leaky.responses):
        response["id"] = UUID(int=(0x0192 << 112) + number)


def id_that_is_a_hash(leaky: World) -> None:
    for invitation, response in zip(leaky.invitations, leaky.responses, strict=True):
        response["id"] = hashlib.sha256(invitation["id"].bytes).hexdigest()


def person_kept(leaky: World) -> None:
    for invitation, response in zip(leaky.invitations, leaky.responses, strict=True):
        response["person"] = invitation["person"]


def hash_of_the_token_kept(leaky: World) -> None:
    for invitation, response in zip(leaky.invitations, leaky.responses, strict=True):
        response["origin"] = invitation["token_hash"].hex()


def transaction_shared(leaky: World) -> None:
    for number, pair in enumerate(zip(leaky.invitations, leaky.responses, strict=True)):
        for row in pair:
            row["batch"] = 7000 + number // 2


def time_of_the_last_reminder(leaky: World) -> None:
    spent = leaky.shuffled(list(range(PEOPLE)))
    leaky.extra["delivery"] = [
        {"invitation": invitation["id"], "at": START + timedelta(minutes=moment)}
        for invitation, moment in zip(leaky.invitations, spent, strict=True)
    ]
    for response, moment in zip(leaky.responses, spent, strict=True):
        response["submitted_at"] = START + timedelta(hours=5, minutes=moment)


def queue_that_names_both(leaky: World) -> None:
    pairs = list(zip(leaky.invitations, leaky.responses, strict=True))
    leaky.extra["pgqueuer"] = [
        {"payload": json.dumps({"i": str(i["id"]), "r": str(r["id"])}).encode()}
        for i, r in leaky.shuffled(pairs)
    ]


def log_that_names_both(leaky: World) -> None:
    pairs = list(zip(leaky.persons, leaky.responses, strict=True))
    leaky.logs = [f"{p['email']} sent {r['id']}" for p, r in leaky.shuffled(pairs)]


def log_with_answers(leaky: World) -> None:
    pairs = list(zip(leaky.persons, leaky.responses, strict=True))
    leaky.logs = [f"{p['external_id']}x {p['email']}: {r['answers']}" for p, r in pairs]
    leaky.logs = [line.replace("None", "null") for line in leaky.shuffled(leaky.logs)]


def two_logs_in_the_same_order(leaky: World) -> None:
    pairs = leaky.shuffled(list(zip(leaky.invitations, leaky.responses, strict=True)))
    leaky.logs = [f"opened {i['token_hash'].hex()}" for i, _ in pairs]
    leaky.logs += [f"stored {r['id']}" for _, r in pairs]


@pytest.mark.parametrize(
    "leak",
    [
        ids_in_order,
        id_that_is_a_hash,
        person_kept,
        hash_of_the_token_kept,
        transaction_shared,
        time_of_the_last_reminder,
        queue_that_names_both,
        log_that_names_both,
        log_with_answers,
        two_logs_in_the_same_order,
    ],
)
def test_a_planted_leak_is_found(leak: Callable[[World], None]) -> None:
    leaky = world()
    leak(leaky)

    found = leaky.attack(leaky.dump())

    assert found.better_than_chance, found
    assert found.rate > 0.4, found


def test_ids_that_only_the_server_key_explains_are_linked_by_whoever_holds_it() -> None:
    leaky, key = world(), b"k" * 32
    for invitation, response in zip(leaky.invitations, leaky.responses, strict=True):
        response["id"] = UUID(bytes=hmac.digest(key, invitation["id"].bytes, "sha256")[:16])
    dump = leaky.dump()

    without = link_campaign(dump, leaky.campaign, answers=leaky.answers)["responses"]
    found = link_campaign(dump, leaky.campaign, answers=leaky.answers, server_key=key)

    assert not without.better_than_chance
    assert found["responses"].rate == 1.0


def requests_of(leaky: World) -> list[Request]:
    """Return what a proxy has seen of people who answered one by one, in random order."""
    return [
        Request(
            person=person,
            opened=START + timedelta(minutes=9 * place),
            posted=START + timedelta(minutes=9 * place, seconds=seconds),
            size=2000,
        )
        for place, (person, seconds) in enumerate(
            leaky.shuffled([(one["person"], 60 + n) for n, one in enumerate(leaky.invitations)])
        )
    ]


def test_rows_in_the_order_of_requests_are_linked() -> None:
    leaky = world()
    requests = requests_of(leaky)
    place = {request.person: number for number, request in enumerate(requests)}
    pairs = zip(leaky.invitations, leaky.responses, strict=True)
    order = [response for _, response in sorted(pairs, key=lambda p: place[p[0]["person"]])]

    found = link_campaign(
        leaky.dump(order), leaky.campaign, answers=leaky.answers, requests=requests
    )

    assert found["responses"].rate == 1.0


def test_seconds_that_are_kept_are_linked_by_the_times_of_requests() -> None:
    leaky = world()
    for number, response in enumerate(leaky.responses):
        response["duration_s"] = 60 + number

    found = link_campaign(
        leaky.dump(), leaky.campaign, answers=leaky.answers, requests=requests_of(leaky)
    )

    assert found["responses"].rate == 1.0


def test_unanswered_invitations_do_not_hide_a_link() -> None:
    leaky = world()
    for place in range(0, PEOPLE, 2):
        leaky.invitations[place]["completed"] = False

    assert leaky.attack(leaky.dump(leaky.responses[1::2])).rate == 1.0


def test_people_alone_in_their_cell_count_as_linked_by_chance() -> None:
    alone = world()
    for number, pair in enumerate(zip(alone.invitations, alone.responses, strict=True)):
        for row in pair:
            row["unit_code"] = f"U{number}"

    found = alone.attack(alone.dump())

    assert (found.rate, found.chance_rate) == (1.0, 1.0)
    assert not found.better_than_chance


def test_another_campaign_is_not_attacked() -> None:
    quiet = world()
    other = world(2)
    dump = quiet.dump()
    dump.tables["invitation"] += other.dump(other.responses).tables["invitation"]
    dump.tables["response"] += other.dump(other.responses).tables["response"]

    assert quiet.attack(dump).people == PEOPLE


def with_comments(quiet: World, *, shuffled: bool) -> tuple[Dump, dict[UUID, str]]:
    """Return a dump in which every third person has written a comment, and the comments."""
    texts = {person: f"I miss {quiet.rng.random()} days" for person in [*quiet.answers][::3]}
    order = quiet.shuffled(quiet.responses)
    owner = {tuple(answers): person for person, answers in quiet.answers.items()}
    rows = [
        {
            "id": uuid(quiet.rng),
            "campaign": quiet.campaign,
            "unit_code": response["unit_code"],
            "text": texts[owner[tuple(response["answers"])]],
        }
        for response in order
        if owner[tuple(response["answers"])] in texts
    ]
    rows = quiet.shuffled(rows) if shuffled else rows
    quiet.extra["comment"] = numbered(rows)
    return quiet.dump([r for r in order if owner[tuple(r["answers"])] in texts]), texts


def test_comments_in_the_order_of_the_responses_are_linked() -> None:
    leaky = world()
    dump, texts = with_comments(leaky, shuffled=False)

    found = link_campaign(dump, leaky.campaign, answers=leaky.answers, comments=texts)

    assert found["responses to comments"].rate == 1.0
    assert not found["comments"].better_than_chance


def test_comments_in_a_different_order_are_not_linked() -> None:
    quiet = world()
    dump, texts = with_comments(quiet, shuffled=True)

    found = link_campaign(dump, quiet.campaign, answers=quiet.answers, comments=texts)

    assert not any(linking.better_than_chance for linking in found.values())


def test_people_with_the_same_answers_are_refused() -> None:
    same = world()
    first, second = list(same.answers)[:2]
    same.answers[first] = same.answers[second]

    with pytest.raises(ValueError, match="two people have the same answers"):
        same.attack(same.dump())
