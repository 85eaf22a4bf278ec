"""The patient attacker: which responses could be a person's, given all that is known of both.

It claims nothing. For everybody it narrows the responses of unit and role step by step by what
colleagues, the directory and a proxy know of the person, and counts those that are left. It
knows that sheets which were filled in too fast have exchanged their answers within a role.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.attackers.database_dump import Dump
from tests.attackers.traces import Request, Thing, invited, written

__all__ = ["Candidates", "candidates_of"]

SECONDS_PER_ITEM = 1.0
"""Who is faster than this is left out of the scores; no secret."""
BodyBytes = Callable[[str, Sequence[int | None], int], int]
_Pair = tuple[dict[str, Any], Thing]
_CLASSES_S = (300, 600, 1200, 2400)


@dataclass(frozen=True)
class Candidates:
    """The responses that could be one person's.

    Attributes
    ----------
    person
        Whose response is sought.
    all
        Number of responses of the person's unit and role.
    left
        Number of them that fit everything else that is known.
    content
        Whether the person's true answers are among those left.
    narrowed_by
        The last fact that took away candidates.
    """

    person: UUID | None
    all: int
    left: int
    content: bool
    narrowed_by: str | None


def candidates_of(
    dump: Dump,
    campaign: UUID,
    *,
    answers: dict[UUID, tuple[int | None, ...]],
    requests: Sequence[Request],
    body_bytes: BodyBytes | None = None,
) -> list[Candidates]:
    """Return the candidates of everybody who has answered a closed campaign.

    Parameters
    ----------
    dump
        Everything that a superuser can SELECT.
    campaign
        The closed campaign.
    answers
        Person to stored answers, different for every person.
    requests
        What a proxy has seen, one per person.
    body_bytes
        Role, answers and seconds to the size of the body that would carry them without
        comments. By default sizes are not looked at.
    """
    owners = {said: person for person, said in answers.items()}
    rows = [row for row in dump.tables["response"] if row["campaign"] == campaign]
    things = written(dump, campaign, "response", "answers", owners)
    seen = {request.person: request for request in requests}
    pairs = list(zip(rows, things, strict=True))
    return [
        _narrowed(thing, seen[thing.owner], pairs, body_bytes)
        for thing in invited(dump, campaign)
        if thing.owner in seen
    ]


def _narrowed(
    person: Thing, request: Request, rows: list[_Pair], body_bytes: BodyBytes | None
) -> Candidates:
    left = [pair for pair in rows if pair[0]["role"] == person.cell["role"]]
    unit = [pair for pair in left if pair[0]["unit_code"] == person.cell["unit_code"]]
    everybody, narrowed_by = len(unit), None
    marked = any(row["too_fast"] for row, _ in unit)
    if marked and _in_haste(request, len(rows[0][0]["answers"])):
        left, narrowed_by = [pair for pair in left if pair[0]["too_fast"]], "too_fast"
    else:
        left = [pair for pair in unit if not pair[0]["too_fast"]]
        for name, value in _facts(person, request):
            fitting = [pair for pair in left if pair[0][name] == value]
            rest = fitting or [pair for pair in left if pair[0][name] is None] or left
            if len(rest) < len(left):
                left, narrowed_by = rest, name
    if body_bytes is not None:
        as_large = [
            pair
            for pair in left
            if body_bytes(pair[0]["role"], pair[0]["answers"], int(_seconds(request)))
            == request.size
        ]
        if 0 < len(as_large) < len(left):
            left, narrowed_by = as_large, "size"
    content = any(thing.owner == person.owner for _, thing in left)
    return Candidates(person.owner, everybody, len(left), content, narrowed_by)


def _in_haste(request: Request, items: int) -> bool:
    return _seconds(request) < SECONDS_PER_ITEM * items


def _facts(person: Thing, request: Request) -> Iterator[tuple[str, Any]]:
    """Yield what is known of a person under the names of the columns of a response."""
    yield "function", person.cell.get("function")
    yield "locale", person.cell.get("locale")
    yield "submitted_on", request.posted.date()
    yield "duration_class", sum(_seconds(request) > bound for bound in _CLASSES_S)


def _seconds(request: Request) -> float:
    return (request.posted - request.opened).total_seconds()
